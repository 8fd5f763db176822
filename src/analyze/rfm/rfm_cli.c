// SPDX-License-Identifier: Apache-2.0
#include "analyze/rfm/rfm_cli.h"

#include "analyze/metric/metric_cli.h"

#define EDGE_NAMES "recency-edges", "frequency-edges", "monetary-edges"

static code run_summary(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"as-of", EDGE_NAMES, SELECTION_OPTION_NAMES, NULL};
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/rfm"));
    request_builder_options(&builder, arguments, names);
    return selection_cli_call(scope, cli, &builder.request);
}

static code run_customers(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {
        "as-of", EDGE_NAMES, "group", "limit", "after", SELECTION_OPTION_NAMES, NULL};
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/rfm/customers"));
    request_builder_options(&builder, arguments, names);
    return selection_cli_call(scope, cli, &builder.request);
}

#define AS_OF                                                                                      \
    {                                                                                              \
        .name = "as-of", .value = "DATE",                                                          \
        .help = "count up to this day's midnight; otherwise the day after the last sale"           \
    }

#define EDGES                                                                                      \
    {.name = "recency-edges",                                                                      \
     .value = "DAYS",                                                                              \
     .help = "score by four numbers of days instead of quintiles, as 30,90,180,365"},              \
        {.name = "frequency-edges",                                                                \
         .value = "RECEIPTS",                                                                      \
         .help = "score by four numbers of receipts, as 2,4,8,16"},                                \
    {                                                                                              \
        .name = "monetary-edges", .value = "AMOUNTS",                                              \
        .help = "score by four amounts, as 50,100,250,500"                                         \
    }

static const struct option summary_options[] = {AS_OF, EDGES, SELECTION_OPTIONS, {0}};

static const struct option customer_options[] = {
    AS_OF,
    EDGES,
    SELECTION_OPTIONS,
    {.name = "group", .value = "NAME", .help = "only customers of this group, as Champions"},
    {.name = "limit", .value = "ROWS", .help = "at most so many rows (1000)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

const struct command rfm_commands[] = {
    {.name = "rfm",
     .operands = "",
     .summary = "Score customers by recency, frequency and monetary value",
     .help = "Scores every customer who bought from 1 to 5 for how recently (R), how often (F) and "
             "for\n"
             "how much (M), a fifth of the customers each, and names groups of these scores. Rules "
             "of the\n"
             "house (edges) may take the place of fifths.\n"
             "\n"
             "  tessera rfm --filter customer=known --filter 'quantity>0' --filter 'unit_price>0'",
     .options = summary_options,
     .run = run_summary,
     .store = COMMAND_NEEDS_STORE},
    {.name = "rfm customers",
     .operands = "",
     .summary = "List every customer with their scores and group",
     .options = customer_options,
     .run = run_customers,
     .store = COMMAND_NEEDS_STORE},
};
const size_t rfm_command_count = sizeof(rfm_commands) / sizeof(*rfm_commands);
