// SPDX-License-Identifier: Apache-2.0
#include "analyze/regression/regression_cli.h"

#include "analyze/run/run_cli.h"

// "channel,weekday" as a list.
static code write_drivers(struct scope *scope, const struct arguments *arguments,
                          struct json_writer *writer) {
    struct text list = argument_text(arguments, "drivers");

    (void)scope;
    if (!argument_given(arguments, "drivers"))
        return OK;
    json_key(writer, "drivers");
    json_begin_array(writer);
    while (list.size > 0) {
        const struct text name = text_trim(text_split(list, ',', &list));

        if (name.size > 0)
            json_write_text(writer, name);
    }
    json_end_array(writer);
    return OK;
}

static const struct analysis_option options[] = {
    {"of", "of", ANALYSIS_TEXT},
    {"outcome", "outcome", ANALYSIS_TEXT},
    {"from", "from", ANALYSIS_TEXT},
    {"to", "to", ANALYSIS_TEXT},
    {"logarithm", "logarithm", ANALYSIS_YES},
    {"confidence", "confidence_percent", ANALYSIS_NUMBER},
};
static const struct analysis_command drivers = {
    .path = "/api/v1/drivers",
    .never = "nobody has looked for drivers yet",
    .again = "tessera analyze regression",
    .options = options,
    .option_count = sizeof(options) / sizeof(*options),
    .write_more = write_drivers,
};

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return analysis_cli_run(scope, cli, arguments, &drivers);
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
