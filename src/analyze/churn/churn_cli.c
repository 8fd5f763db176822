// SPDX-License-Identifier: Apache-2.0
#include "analyze/churn/churn_cli.h"

#include "analyze/run/run_cli.h"

static const struct analysis_option options[] = {
    {"as-of", "as_of", ANALYSIS_TEXT},
    {"model", "model", ANALYSIS_TEXT},
    {"horizon", "horizon_days", ANALYSIS_NUMBER},
    {"active", "active_days", ANALYSIS_NUMBER},
};
static const struct analysis_command churn = {
    .path = "/api/v1/churn",
    .never = "who will leave was never estimated",
    .again = "tessera analyze churn",
    .options = options,
    .option_count = sizeof(options) / sizeof(*options),
};

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return analysis_cli_run(scope, cli, arguments, &churn);
}

static code run_customers(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"limit", "after", "customer", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/churn/customers"), names);
}

static const struct option run_options[] = {
    {.name = "as-of",
     .value = "DATE",
     .help = "the last day that counts; otherwise that of the last sale"},
    {.name = "horizon",
     .value = "DAYS",
     .help = "who buys nothing within so many days has left (90)"},
    {.name = "active",
     .value = "DAYS",
     .help = "who bought within so many days is a customer still (365)"},
    {.name = "model", .value = "MODEL", .help = "best, logistic or trees (best)"},
    {.name = "last", .help = "show the last run instead of running again"},
    {0},
};

static const struct option customer_options[] = {
    {.name = "customer", .value = "ID", .help = "only this customer"},
    {.name = "limit", .value = "ROWS", .help = "at most so many rows (50)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

const struct command churn_commands[] = {
    {.name = "analyze churn",
     .operands = "",
     .summary = "Estimate who will leave, and why",
     .help =
         "Tests logistic regression and boosted trees on past months, each taught only by what\n"
         "was known then, and gives every customer of now a probability of buying nothing\n"
         "within the horizon, with the two reasons that weigh most. Where no model beats the\n"
         "naive ones nobody is scored. The scores are columns of `churn` in `tessera sql`.\n"
         "\n"
         "  tessera analyze churn --horizon 60 --format json",
     .options = run_options,
     .run = run,
     .store = COMMAND_NEEDS_STORE},
    {.name = "churn customers",
     .operands = "",
     .summary = "List customers by how likely they are to leave",
     .options = customer_options,
     .run = run_customers,
     .store = COMMAND_NEEDS_STORE},
};
const size_t churn_command_count = sizeof(churn_commands) / sizeof(*churn_commands);
