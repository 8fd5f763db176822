// SPDX-License-Identifier: Apache-2.0
#include "analyze/forecast/forecast_cli.h"

#include "cli/cli.h"

static const struct {
    const char *option, *field;
    bool is_number;
} fields[] = {{"metric", "metrics", false}, {"by", "by", false},
              {"grain", "grain", false},    {"horizon", "horizon", true},
              {"as-of", "as_of", false},    {"series-most", "series_most", true},
              {"seed", "seed", true}};
enum { FIELDS = sizeof(fields) / sizeof(*fields) };

static code add_field(struct scope *scope, const struct arguments *arguments, size_t i,
                      struct json_writer *writer) {
    const struct text given = argument_text(arguments, fields[i].option);
    int64_t number;

    if (!argument_given(arguments, fields[i].option))
        return OK;
    json_key(writer, fields[i].field);
    if (!fields[i].is_number) {
        json_write_text(writer, given);
        return OK;
    }
    if (!text_to_int64(given, &number))
        return scope_fail_field(scope, INVALID, fields[i].option,
                                "--%s \"%.*s\" is no whole number", fields[i].option,
                                TEXT_ARG(given));
    json_write_int64(writer, number);
    return OK;
}

static code start(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                  int64_t *ret_job_id) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    const struct json *answer;
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    for (size_t i = 0; i < FIELDS; i++)
        TRY(add_field(scope, arguments, i, &writer));
    json_end_object(&writer);
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/forecast/runs"));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return cli_job_of(scope, answer, ret_job_id);
}

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

static code show(struct scope *scope, struct cli *cli) {
    struct request_builder builder;
    const struct json *answer, *result;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/forecast"));
    if (cli->format == FORMAT_JSON)
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    result = json_member(answer, "result");
    if (result == NULL || result->type == JSON_NULL) {
        scope_fail(scope, NOT_FOUND, "no forecast was ever made");
        return scope_hint(scope, "run `tessera analyze forecast`");
    }
    return print(scope, cli, result);
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

static code run_points(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"run", "metric", "by", "limit", "after", NULL};
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/forecast/points"));
    request_builder_options(&builder, arguments, names);
    return cli_call(scope, cli, &builder.request);
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
