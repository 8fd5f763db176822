// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/attribution_cli.h"

#include "analyze/attribution/attribution.h"
#include "cli/cli.h"

#include <stdlib.h>

// ---- options, as the body of a request ----

static const struct {
    const char *option, *field;
    bool is_number;
} fields[] = {{"from", "from", false},
              {"until", "until", false},
              {"look-back", "look_back_days", true},
              {"conversions", "conversions", false},
              {"order", "order", true},
              {"half-life", "half_life_days", true},
              {"half-life-touches", "half_life_touches", true}};
enum { FIELDS = sizeof(fields) / sizeof(*fields) };

// The number as it was written: what takes it says what is wrong with it.
static code write_number(struct scope *scope, struct text given, const char *option,
                         struct json_writer *writer) {
    int64_t whole;
    double number;

    if (text_to_int64(given, &whole))
        json_write_int64(writer, whole);
    else if (text_to_double(given, &number))
        json_write_double(writer, number);
    else
        return scope_fail_field(scope, INVALID, option, "--%s \"%.*s\" is no number", option,
                                TEXT_ARG(given));
    return OK;
}

// "email=120.5"
static code write_cost(struct scope *scope, struct text given, struct json_writer *writer) {
    struct text cost;
    const struct text channel = text_split(given, '=', &cost);

    json_begin_object(writer);
    json_key(writer, "channel");
    json_write_text(writer, channel);
    json_key(writer, "cost");
    TRY(write_number(scope, cost, "cost", writer));
    json_end_object(writer);
    return OK;
}

static code write_body(struct scope *scope, const struct arguments *arguments,
                       struct buffer *body) {
    struct text costs[ATTRIBUTION_COSTS];
    const size_t count = argument_all(arguments, "cost", costs, ATTRIBUTION_COSTS);
    struct json_writer writer;

    json_writer_init(&writer, body);
    json_begin_object(&writer);
    for (size_t i = 0; i < FIELDS; i++) {
        const struct text given = argument_text(arguments, fields[i].option);

        if (!argument_given(arguments, fields[i].option))
            continue;
        json_key(&writer, fields[i].field);
        if (fields[i].is_number)
            TRY(write_number(scope, given, fields[i].option, &writer));
        else
            json_write_text(&writer, given);
    }
    if (argument_given(arguments, "sales-only")) {
        json_key(&writer, "with_nulls");
        json_write_bool(&writer, false);
    }
    json_key(&writer, "costs");
    json_begin_array(&writer);
    for (size_t i = 0; i < count; i++)
        TRY(write_cost(scope, costs[i], &writer));
    json_end_array(&writer);
    json_end_object(&writer);
    return OK;
}

// ---- a file of paths ----

static code run_file(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct attribution_options options;
    struct json *given, *answer;
    struct text result;

    TRY(write_body(scope, arguments, &body));
    TRY(json_parse(scope, buffer_text(&body), &given));
    TRY(attribution_read_options(scope, given, &options));
    TRY(attribution_of_file(
        scope, &options, text_string(&scope->arena, argument_text(arguments, "paths")), &result));
    TRY(json_parse_own(scope, result, &answer));
    return cli_print(scope, cli, answer);
}

// ---- the store's journeys ----

static code show(struct scope *scope, struct cli *cli) {
    struct request_builder builder;
    const struct json *answer, *result;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/attribution"));
    if (cli->format == FORMAT_JSON)
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    result = json_member(answer, "result");
    if (result == NULL || result->type == JSON_NULL) {
        scope_fail(scope, NOT_FOUND, "sales were never attributed");
        return scope_hint(scope, "run `tessera analyze attribution`");
    }
    return cli_print(scope, cli, result);
}

static code run_store(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    const struct json *result;
    struct request_builder builder;
    const struct json *answer;
    int64_t job_id;

    if (argument_given(arguments, "last"))
        return show(scope, cli);
    TRY(write_body(scope, arguments, &body));
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/attribution/runs"));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    TRY(cli_job_of(scope, answer, &job_id));
    TRY(cli_watch_job(scope, cli, job_id, &result)); // told by what is shown below
    return show(scope, cli);
}

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    if (argument_given(arguments, "paths"))
        return run_file(scope, cli, arguments);
    return cli_with_store(scope, cli, arguments, COMMAND_NEEDS_STORE, run_store);
}

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
     .help = "what a channel cost in the period; may be given for each",
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
};
const size_t attribution_command_count =
    sizeof(attribution_commands) / sizeof(*attribution_commands);
