// SPDX-License-Identifier: Apache-2.0
#include "analyze/retention/retention_cli.h"

#include "analyze/metric/metric_cli.h"
#include "cli/cli.h"

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {SELECTION_OPTION_NAMES, NULL};
    const char *table = argument_given(arguments, "shares") ? "shares" : "counts";
    struct request_builder builder;
    const struct json *answer;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/cohorts"));
    request_builder_options(&builder, arguments, names);
    if (cli->format == FORMAT_JSON)
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return cli_print(scope, cli, json_member(answer, table));
}

static code run_tenure(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {SELECTION_OPTION_NAMES, "silence", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/retention"), names);
}

static const struct option tenure_options[] = {
    SELECTION_OPTIONS,
    {.name = "silence",
     .value = "DAYS",
     .help = "days without a purchase that count as silence; otherwise from the data"},
    {0},
};

static const struct option options[] = {
    SELECTION_OPTIONS,
    {.name = "shares", .help = "shares of the cohort instead of numbers of customers"},
    {0},
};

const struct command retention_commands[] = {
    {.name = "cohorts",
     .operands = "",
     .summary = "Show who comes back after how many months",
     .help =
         "Customers by the month of their first purchase, and how many of them purchase again so\n"
         "many months later.\n"
         "\n"
         "  tessera cohorts --shares --from 2011-01-01",
     .options = options,
     .run = run,
     .store = COMMAND_NEEDS_STORE},
    {.name = "analyze retention",
     .operands = "",
     .summary = "Show how long customers stay and when they come back",
     .help = "Time until the second purchase and until a silence (Kaplan-Meier), days between\n"
             "purchases, who comes back after a silence, retention and churn rates without\n"
             "contracts and, where a month's purchase is a renewal, with them (and projected),\n"
             "reasons that customers gave.\n"
             "\n"
             "  tessera analyze retention --silence 90 --format json",
     .options = tenure_options,
     .run = run_tenure,
     .store = COMMAND_NEEDS_STORE},
};
const size_t retention_command_count = sizeof(retention_commands) / sizeof(*retention_commands);
