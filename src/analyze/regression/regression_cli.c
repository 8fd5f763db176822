// SPDX-License-Identifier: Apache-2.0
#include "analyze/regression/regression_cli.h"

#include "cli/cli.h"

static void add_drivers(struct json_writer *writer, struct text list) {
    json_key(writer, "drivers");
    json_begin_array(writer);
    while (list.size > 0) {
        const struct text name = text_trim(text_split(list, ',', &list));

        if (name.size > 0)
            json_write_text(writer, name);
    }
    json_end_array(writer);
}

static code write_body(struct scope *scope, const struct arguments *arguments,
                       struct json_writer *writer) {
    static const char *const names[] = {"of", "outcome", "from", "to"};
    double confidence;

    json_begin_object(writer);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (argument_given(arguments, names[i])) {
            json_key(writer, names[i]);
            json_write_text(writer, argument_text(arguments, names[i]));
        }
    if (argument_given(arguments, "drivers"))
        add_drivers(writer, argument_text(arguments, "drivers"));
    if (argument_given(arguments, "logarithm")) {
        json_key(writer, "logarithm");
        json_write_bool(writer, true);
    }
    if (argument_given(arguments, "confidence")) {
        const struct text given = argument_text(arguments, "confidence");

        if (!text_to_double(given, &confidence))
            return scope_fail_field(scope, INVALID, "confidence",
                                    "--confidence \"%.*s\" is no number", TEXT_ARG(given));
        json_key(writer, "confidence_percent");
        json_write_double(writer, confidence);
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
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/drivers/runs"));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return cli_job_of(scope, answer, ret_job_id);
}

static code show(struct scope *scope, struct cli *cli) {
    struct request_builder builder;
    const struct json *answer, *result;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/drivers"));
    if (cli->format == FORMAT_JSON)
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    result = json_member(answer, "result");
    if (result == NULL || result->type == JSON_NULL) {
        scope_fail(scope, NOT_FOUND, "nobody has looked for drivers yet");
        return scope_hint(scope, "run `tessera analyze regression`");
    }
    return cli_print(scope, cli, result);
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

static code run_fields(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/drivers/fields"));
    return cli_call(scope, cli, &builder.request);
}

static const struct option run_options[] = {
    {.name = "of", .value = "WHAT", .help = "what one row is: receipts (as usual) or customers"},
    {.name = "outcome", .value = "NAME", .help = "what is to be explained (spend)"},
    {.name = "drivers",
     .value = "NAMES",
     .help = "what it may go with, by commas; A:B where one goes with it differently by the other"},
    {.name = "from", .value = "DATE", .help = "the first day"},
    {.name = "to", .value = "DATE", .help = "the last day"},
    {.name = "logarithm", .help = "explain the logarithm: effects are percentages then"},
    {.name = "confidence", .value = "PERCENT", .help = "of intervals (95)"},
    {.name = "last", .help = "show the last run instead of running again"},
    {0},
};

static const struct option no_options[] = {{0}};

const struct command regression_commands[] = {
    {.name = "analyze regression",
     .operands = "",
     .summary = "Find what goes with spend per receipt, visits and more",
     .help = "A linear regression over one row per receipt or per customer: coefficients with "
             "robust\n"
             "and classical errors, tests, inflation, residuals and influence, correlations. It "
             "tells\n"
             "what goes together, not what causes what. `tessera drivers fields` lists names.\n"
             "\n"
             "  tessera analyze regression --outcome spend --drivers channel,weekday,discount\n"
             "  tessera analyze regression --of customers --drivers tenure,channel --logarithm",
     .options = run_options,
     .run = run,
     .store = COMMAND_NEEDS_STORE},
    {.name = "drivers fields",
     .operands = "",
     .summary = "List what a regression can be asked about",
     .options = no_options,
     .run = run_fields,
     .store = COMMAND_NEEDS_STORE},
};
const size_t regression_command_count = sizeof(regression_commands) / sizeof(*regression_commands);
