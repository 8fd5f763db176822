// SPDX-License-Identifier: Apache-2.0
#include "analyze/persona/persona_cli.h"

#include "analyze/run/run_cli.h"

static code print(struct scope *scope, struct cli *cli, const struct json *result) {
    return cli_print(scope, cli, json_member(result, "personas"));
}

static const struct analysis_option options[] = {
    {"as-of", "as_of", ANALYSIS_TEXT},          {"before", "before", ANALYSIS_TEXT},
    {"features", "features", ANALYSIS_TEXT},    {"method", "method", ANALYSIS_TEXT},
    {"window", "window_days", ANALYSIS_NUMBER}, {"personas", "personas", ANALYSIS_NUMBER},
    {"most", "most", ANALYSIS_NUMBER},          {"seed", "seed", ANALYSIS_NUMBER},
    {"frozen", "frozen", ANALYSIS_YES},
};
static const struct analysis_command persona = {
    .path = "/api/v1/personas",
    .never = "personas were never looked for",
    .again = "tessera analyze persona",
    .options = options,
    .option_count = sizeof(options) / sizeof(*options),
    .print = print,
};

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return analysis_cli_run(scope, cli, arguments, &persona);
}

static code rename_persona(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "name");
    json_write_text(&writer, argument_operand(arguments, 1));
    json_end_object(&writer);
    request_builder_init(
        &builder, METHOD_PUT,
        text_printf(&scope->arena, "/api/v1/personas/names/%.*s",
                    TEXT_ARG(request_path_element(&scope->arena, argument_operand(arguments, 0)))));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    return cli_call(scope, cli, &builder.request);
}

static code run_crossing(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"by", "values", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/personas/crossing"), names);
}

static code run_customers(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"persona", "limit", "after", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/personas/customers"), names);
}

static const struct option run_options[] = {
    {.name = "as-of",
     .value = "DATE",
     .help = "the last day whose sales count; otherwise that of the last sale"},
    {.name = "before",
     .value = "DATE",
     .help = "the day that moves are counted from; otherwise 90 days earlier"},
    {.name = "window", .value = "DAYS", .help = "only sales of so many days count; otherwise all"},
    {.name = "features",
     .value = "NAMES",
     .help = "what customers are grouped by (recency,receipts,spend)"},
    {.name = "method", .value = "NAME", .help = "k_means or gaussian_mixture (k_means)"},
    {.name = "personas", .value = "N", .help = "how many; otherwise chosen"},
    {.name = "most", .value = "N", .help = "the largest number that is tried (8)"},
    {.name = "seed", .value = "N", .help = "of what is drawn (1)"},
    {.name = "frozen",
     .help = "keep the model of the last run, and only say who belongs where now"},
    {.name = "last", .help = "show the last run instead of running again"},
    {0},
};

static const struct option crossing_options[] = {
    {.name = "by",
     .value = "WHAT",
     .help = "channel, sale_country, country, city or gender (channel)"},
    {.name = "values", .value = "N", .help = "the most frequent so many values (12)"},
    {0},
};

static const struct option customer_options[] = {
    {.name = "persona", .value = "N", .help = "its number"},
    {.name = "limit", .value = "ROWS", .help = "at most so many rows (50)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

const struct command persona_commands[] = {
    {.name = "analyze persona",
     .operands = "",
     .summary = "Find groups of customers who buy alike",
     .help = "Groups customers by chosen numbers, scaled, and describes each group: its size and\n"
             "value, what sets it apart, its basket and channels, a typical customer, who came\n"
             "from where. Groups keep their numbers and names from run to run. Features are\n"
             "recency, receipts, spend, average_receipt, lines, tenure, discount_share,\n"
             "return_share, channels and categories.\n"
             "\n"
             "  tessera analyze persona --features recency,receipts,spend,channels --window 365\n"
             "  tessera analyze persona --frozen --format json",
     .options = run_options,
     .run = run,
     .store = COMMAND_NEEDS_STORE},
    {.name = "persona crossing",
     .operands = "",
     .summary = "Cross personas with what else is known of customers",
     .options = crossing_options,
     .run = run_crossing,
     .store = COMMAND_NEEDS_STORE},
    {.name = "persona customers",
     .operands = "",
     .summary = "List the customers of a persona",
     .options = customer_options,
     .run = run_customers,
     .store = COMMAND_NEEDS_STORE},
    {.name = "persona rename",
     .operands = "NUMBER NAME",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .summary = "Give a persona a name that it keeps from run to run",
     .run = rename_persona,
     .store = COMMAND_NEEDS_STORE},
};
const size_t persona_command_count = sizeof(persona_commands) / sizeof(*persona_commands);
