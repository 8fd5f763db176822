// SPDX-License-Identifier: Apache-2.0
#include "analyze/forecast/forecast_cli.h"

#include "analyze/run/run_cli.h"

// All but the totals' lines of numbers, which a table of the periods ahead says again.
static code print(struct scope *scope, struct cli *cli, const struct json *result) {
    struct json shown = {.type = JSON_OBJECT};
    struct json **place = &shown.first;

    for (const struct json *member = result->first; member; member = member->next) {
        if (text_is(member->key, "totals"))
            continue;
        *place = arena_copy(&scope->arena, member, sizeof(*member));
        place = &(*place)->next;
        shown.count++;
    }
    *place = NULL;
    return cli_print(scope, cli, &shown);
}

static const struct analysis_option options[] = {
    {"metric", "metrics", ANALYSIS_TEXT}, {"by", "by", ANALYSIS_TEXT},
    {"grain", "grain", ANALYSIS_TEXT},    {"horizon", "horizon", ANALYSIS_NUMBER},
    {"as-of", "as_of", ANALYSIS_TEXT},    {"series-most", "series_most", ANALYSIS_NUMBER},
    {"seed", "seed", ANALYSIS_NUMBER},
};
static const struct analysis_command forecast = {
    .path = "/api/v1/forecast",
    .never = "no forecast was ever made",
    .again = "tessera analyze forecast",
    .options = options,
    .option_count = sizeof(options) / sizeof(*options),
    .print = print,
};

static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return analysis_cli_run(scope, cli, arguments, &forecast);
}

static code run_points(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"run", "metric", "by", "limit", "after", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/forecast/points"), names);
}

static const struct option run_options[] = {
    {.name = "metric",
     .value = "NAMES",
     .help = "metrics that are sums or counts, with commas between "
             "(revenue_gross,receipts,customers)"},
    {.name = "by",
     .value = "NAMES",
     .help = "dimensions to forecast by beside the total (store,category); \"\" for none"},
    {.name = "grain", .value = "PERIOD", .help = "day, week, month or auto (auto)"},
    {.name = "horizon",
     .value = "N",
     .help = "periods ahead; otherwise 12 months, 13 weeks or 4 weeks of days"},
    {.name = "as-of",
     .value = "DATE",
     .help = "the last day whose sales count; otherwise that of the last sale, or yesterday"},
    {.name = "series-most",
     .value = "N",
     .help = "series of one metric by one dimension at most, the largest ones (1000)"},
    {.name = "seed", .value = "N", .help = "of simulated intervals (1)"},
    {.name = "last", .help = "show the last run instead of running again"},
    {0},
};

static const struct option point_options[] = {
    {.name = "run", .value = "ID", .help = "an earlier run"},
    {.name = "metric", .value = "NAME", .help = "only series of this metric"},
    {.name = "by", .value = "NAME", .help = "only series by this dimension"},
    {.name = "limit", .value = "SERIES", .help = "at most so many series (50)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

const struct command forecast_commands[] = {
    {.name = "analyze forecast",
     .operands = "",
     .summary = "Forecast revenue, receipts and customers, in total and by store and category",
     .help =
         "Forecasts series of metrics by day, week or month with 80 and 95 percent ranges.\n"
         "Exponential smoothing (the form chosen by AICc), Theta and the naive method are tried\n"
         "on the past of each series; the best one is used, and the naive one where it wins.\n"
         "\n"
         "  tessera analyze forecast --grain month --horizon 12\n"
         "  tessera analyze forecast --metric units --by product --series-most 3000\n"
         "  tessera forecast points --by store --format csv > forecast.csv",
     .options = run_options,
     .run = run,
     .store = COMMAND_NEEDS_STORE},
    {.name = "forecast points",
     .operands = "",
     .summary = "List past values and forecasts of the last run, one row for each period",
     .options = point_options,
     .run = run_points,
     .store = COMMAND_NEEDS_STORE},
};
const size_t forecast_command_count = sizeof(forecast_commands) / sizeof(*forecast_commands);
