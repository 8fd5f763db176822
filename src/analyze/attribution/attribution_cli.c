// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/attribution_cli.h"

#include "analyze/attribution/attribution.h"
#include "analyze/attribution/cost_file.h"
#include "analyze/run/run_cli.h"

// "email=120.5"
static code write_cost(struct scope *scope, struct text given, struct json_writer *writer) {
    struct text cost;
    const struct text channel = text_split(given, '=', &cost);

    json_begin_object(writer);
    json_key(writer, "channel");
    json_write_text(writer, channel);
    json_key(writer, "cost");
    TRY(analysis_cli_number(scope, "cost", cost, writer));
    json_end_object(writer);
    return OK;
}

static code write_costs(struct scope *scope, const struct arguments *arguments,
                        struct json_writer *writer) {
    struct text costs[ATTRIBUTION_COSTS];
    const size_t count = argument_all(arguments, "cost", costs, ATTRIBUTION_COSTS);

    json_key(writer, "costs");
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++)
        TRY(write_cost(scope, costs[i], writer));
    json_end_array(writer);
    return OK;
}

static const struct analysis_option fields[] = {
    {"from", "from", ANALYSIS_TEXT},
    {"until", "until", ANALYSIS_TEXT},
    {"look-back", "look_back_days", ANALYSIS_NUMBER},
    {"conversions", "conversions", ANALYSIS_TEXT},
    {"order", "order", ANALYSIS_NUMBER},
    {"half-life", "half_life_days", ANALYSIS_NUMBER},
    {"half-life-touches", "half_life_touches", ANALYSIS_NUMBER},
    {"sales-only", "with_nulls", ANALYSIS_NO},
};
static const struct analysis_command attribution = {
    .path = "/api/v1/attribution",
    .never = "sales were never attributed",
    .again = "tessera analyze attribution",
    .options = fields,
    .option_count = sizeof(fields) / sizeof(*fields),
    .write_more = write_costs,
};

static code run_file(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct attribution_options options;
    struct json *given, *answer;
    struct text result;

    TRY(analysis_cli_body(scope, arguments, &attribution, &body));
    TRY(json_parse(scope, buffer_text(&body), &given));
    TRY(attribution_read_options(scope, given, &options));
    TRY(attribution_of_file(
        scope, &options, text_string(&scope->arena, argument_text(arguments, "paths")), &result));
    TRY(json_parse_own(scope, result, &answer));
    return cli_print(scope, cli, answer);
}

static code run_store(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return analysis_cli_run(scope, cli, arguments, &attribution);
}

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    if (argument_given(arguments, "paths"))
        return run_file(scope, cli, arguments);
    return cli_with_store(scope, cli, arguments, COMMAND_NEEDS_STORE, run_store);
}

// ---- what channels cost, noted down ----

static const char costs_path[] = "/api/v1/attribution/costs";

static code list_costs(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"limit", "after", NULL};

    return cli_ask(scope, cli, arguments, text_of(costs_path), names);
}

static code note_cost(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const keys[] = {"channel", "from", "until", "amount", "currency"};
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "costs");
    json_begin_array(&writer);
    json_begin_object(&writer);
    for (int i = 0; i < (int)(sizeof(keys) / sizeof(*keys)); i++) {
        const struct text value = argument_operand(arguments, i);

        json_key(&writer, keys[i]);
        if (i == 3)
            TRY(analysis_cli_number(scope, keys[i], value, &writer));
        else
            json_write_text(&writer, value);
    }
    json_end_object(&writer);
    json_end_array(&writer);
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_PUT, text_of(costs_path), buffer_text(&body));
}

static code note_file(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "costs");
    json_begin_array(&writer);
    TRY(channel_cost_file_read(scope, text_string(&scope->arena, argument_operand(arguments, 0)),
                               &writer));
    json_end_array(&writer);
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_PUT, text_of(costs_path), buffer_text(&body));
}

static code delete_cost(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct text id = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return cli_send(scope, cli, METHOD_DELETE,
                    text_printf(&scope->arena, "%s/%.*s", costs_path, TEXT_ARG(id)), TEXT(""));
}

static const struct option cost_list_options[] = {
    {.name = "limit", .value = "ROWS", .help = "at most so many rows (100)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

static const struct option options[] = {
    {.name = "paths",
     .value = "FILE",
     .help = "journeys from a file with the columns path (a > b > c), conversions, value, nulls, "
             "instead of the store's"},
    {.name = "from",
     .value = "DATE",
     .help = "the first day whose sales count; otherwise a year before the last"},
    {.name = "until",
     .value = "DATE",
     .help = "the last day whose sales count; otherwise that of the last sale"},
    {.name = "look-back", .value = "DAYS", .help = "days for which a touch counts (30)"},
    {.name = "conversions",
     .value = "WHICH",
     .help = "sales that count: all, the first of each customer, or of new customers the first "
             "(all)",
     .choices = journey_conversion_names},
    {.name = "order", .value = "N", .help = "touches that the Markov chain remembers, 1 to 3 (1)"},
    {.name = "sales-only", .help = "the Markov chain knows only journeys that ended in a sale"},
    {.name = "half-life", .value = "DAYS", .help = "days in which a touch fades by half (7)"},
    {.name = "half-life-touches", .value = "N", .help = "touches in which one fades by half (7)"},
    {.name = "cost",
     .value = "CHANNEL=AMOUNT",
     .help = "what a channel cost in the period, instead of what was noted down; may be given for "
             "each",
     .repeats = true},
    {.name = "last", .help = "show the last run instead of running again"},
    {0},
};

const struct command attribution_commands[] = {
    {.name = "analyze attribution",
     .operands = "",
     .summary = "Divide up sales among the channels that led to them",
     .help =
         "Follows each customer's touches to each sale and shares out its credit by nine rules\n"
         "side by side: first, last, last but direct, linear, position, decay by touches and\n"
         "by days, Shapley values and Markov removal effects, which are solved exactly.\n"
         "\n"
         "  tessera analyze attribution --look-back 30 --cost email=900 --cost \"paid "
         "search=4200\"\n"
         "  tessera analyze attribution --paths paths.csv --format json",
     .options = options,
     .run = run,
     .store = COMMAND_WITHOUT_STORE},
    {.name = "attribution costs",
     .operands = "",
     .summary = "What channels cost, as noted down",
     .options = cost_list_options,
     .run = list_costs,
     .store = COMMAND_NEEDS_STORE},
    {.name = "attribution cost",
     .operands = "CHANNEL FROM UNTIL AMOUNT CURRENCY",
     .summary = "Note down what a channel cost from one day to another",
     .help = "Attributions read it for their period: of costs that reach beyond, the share of the\n"
             "days. Another amount for the same channel, days and currency replaces it; costs of\n"
             "other days add up.\n"
             "\n"
             "  tessera attribution cost \"paid search\" 2025-01-01 2025-01-31 4200 EUR",
     .run = note_cost,
     .minimum_operands = 5,
     .maximum_operands = 5,
     .store = COMMAND_NEEDS_STORE},
    {.name = "attribution cost-file",
     .operands = "FILE",
     .summary = "Note down what channels cost, from a file",
     .help =
         "A CSV file with the columns channel, from, until, amount, currency; up to 1,000 rows, "
         "of\n"
         "which either all are noted down or none. Noting it down again changes nothing.",
     .run = note_file,
     .minimum_operands = 1,
     .maximum_operands = 1,
     .store = COMMAND_NEEDS_STORE},
    {.name = "attribution cost-delete",
     .operands = "ID",
     .summary = "Take a noted cost away",
     .run = delete_cost,
     .minimum_operands = 1,
     .maximum_operands = 1,
     .store = COMMAND_NEEDS_STORE},
};
const size_t attribution_command_count =
    sizeof(attribution_commands) / sizeof(*attribution_commands);
