// SPDX-License-Identifier: Apache-2.0
#include "analyze/lifetime_value/lifetime_value_cli.h"

#include "analyze/run/run_cli.h"

static const struct analysis_option options[] = {
    {"as-of", "as_of", ANALYSIS_TEXT},
    {"hold-out", "hold_out_days", ANALYSIS_NUMBER},
    {"months", "horizon_months", ANALYSIS_NUMBER},
    {"discount", "discount_percent", ANALYSIS_NUMBER},
    {"margin", "margin_percent", ANALYSIS_NUMBER},
    {"model", "model", ANALYSIS_TEXT},
    {"opportunity", "opportunity_days", ANALYSIS_NUMBER},
};
static const struct analysis_command lifetime_value = {
    .path = "/api/v1/lifetime-value",
    .never = "lifetime values were never estimated",
    .again = "tessera analyze lifetime-value",
    .options = options,
    .option_count = sizeof(options) / sizeof(*options),
};

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return analysis_cli_run(scope, cli, arguments, &lifetime_value);
}

static code run_customers(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"limit", "after", "customer", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/lifetime-value/customers"), names);
}

static const struct option run_options[] = {
    {.name = "as-of",
     .value = "DATE",
     .help = "the last day whose sales count; otherwise that of the last sale"},
    {.name = "hold-out",
     .value = "DAYS",
     .help = "days at the end on which models are measured; otherwise a third of all"},
    {.name = "months", .value = "N", .help = "months ahead that value is counted for (12)"},
    {.name = "discount", .value = "PERCENT", .help = "what money a year later is worth less (10)"},
    {.name = "margin", .value = "PERCENT", .help = "what remains of the gross amount (100)"},
    {.name = "model",
     .value = "MODEL",
     .help = "bg_nbd, mbg_nbd, pareto_nbd, bg_bb or contract instead of the one that forecasts "
             "best"},
    {.name = "opportunity",
     .value = "DAYS",
     .help = "days that an opportunity to buy lasts (weekly market 7, monthly fee 31), for bg_bb "
             "and contract"},
    {.name = "last", .help = "show the last run instead of running again"},
    {0},
};

static const struct option customer_options[] = {
    {.name = "customer", .value = "ID", .help = "only this customer"},
    {.name = "limit", .value = "ROWS", .help = "at most so many rows (50)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

const struct command lifetime_value_commands[] = {
    {.name = "analyze lifetime-value",
     .operands = "",
     .summary = "Estimate what each customer will buy and be worth",
     .help = "Fits models of repeat purchase (BG/NBD, MBG/NBD, Pareto/NBD) to the first two thirds "
             "of\n"
             "the data, measures them on the rest, takes the one with the smallest error, and "
             "gives\n"
             "every customer a probability of being alive, expected purchases and a discounted\n"
             "value. With --opportunity the models of discrete opportunities (BG/BB) and of\n"
             "contracts (shifted beta-geometric) are tried as well. The scores are columns of "
             "`lifetime_value` in `tessera sql`.\n"
             "\n"
             "  tessera analyze lifetime-value --months 12 --discount 10 --margin 30 --format json",
     .options = run_options,
     .run = run,
     .store = COMMAND_NEEDS_STORE},
    {.name = "lifetime-value customers",
     .operands = "",
     .summary = "List customers by their estimated value",
     .options = customer_options,
     .run = run_customers,
     .store = COMMAND_NEEDS_STORE},
};
const size_t lifetime_value_command_count =
    sizeof(lifetime_value_commands) / sizeof(*lifetime_value_commands);
