// SPDX-License-Identifier: Apache-2.0
#include "analyze/persona/persona_cli.h"

#include "cli/cli.h"

static const struct {
    const char *option, *field;
} texts[] = {{"as-of", "as_of"},
             {"before", "before"},
             {"features", "features"},
             {"method", "method"}},
  numbers[] = {
      {"window", "window_days"}, {"personas", "personas"}, {"most", "most"}, {"seed", "seed"}};

static code add_number(struct scope *scope, const struct arguments *arguments, size_t i,
                       struct json_writer *writer) {
    const struct text given = argument_text(arguments, numbers[i].option);
    int64_t number;

    if (!argument_given(arguments, numbers[i].option))
        return OK;
    if (!text_to_int64(given, &number))
        return scope_fail_field(scope, INVALID, numbers[i].option,
                                "--%s \"%.*s\" is no whole number", numbers[i].option,
                                TEXT_ARG(given));
    json_key(writer, numbers[i].field);
    json_write_int64(writer, number);
    return OK;
}

static code write_body(struct scope *scope, const struct arguments *arguments,
                       struct json_writer *writer) {
    json_begin_object(writer);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (argument_given(arguments, texts[i].option)) {
            json_key(writer, texts[i].field);
            json_write_text(writer, argument_text(arguments, texts[i].option));
        }
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        TRY(add_number(scope, arguments, i, writer));
    if (argument_given(arguments, "frozen")) {
        json_key(writer, "frozen");
        json_write_bool(writer, true);
    }
    json_end_object(writer);
    return OK;
}

static code start(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                  int64_t *ret_job_id) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    const struct json *answer;
    struct json_writer writer;

    json_writer_init(&writer, &body);
    TRY(write_body(scope, arguments, &writer));
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/personas/runs"));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return cli_job_of(scope, answer, ret_job_id);
}

static code show(struct scope *scope, struct cli *cli) {
    struct request_builder builder;
    const struct json *answer, *result;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/personas"));
    if (cli->format == FORMAT_JSON)
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    result = json_member(answer, "result");
    if (result == NULL || result->type == JSON_NULL) {
        scope_fail(scope, NOT_FOUND, "personas were never looked for");
        return scope_hint(scope, "run `tessera analyze persona`");
    }
    return cli_print(scope, cli, json_member(result, "personas"));
}

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct json *result;
    int64_t job_id;

    if (argument_given(arguments, "last"))
        return show(scope, cli);
    TRY(start(scope, cli, arguments, &job_id));
    TRY(cli_watch_job(scope, cli, job_id, &result)); // told by what is shown below
    return show(scope, cli);
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
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/personas/crossing"));
    request_builder_options(&builder, arguments, names);
    return cli_call(scope, cli, &builder.request);
}

static code run_customers(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"persona", "limit", "after", NULL};
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/personas/customers"));
    request_builder_options(&builder, arguments, names);
    return cli_call(scope, cli, &builder.request);
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
