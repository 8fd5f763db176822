// SPDX-License-Identifier: Apache-2.0
// Series are forecast in portions, so that a job can be cancelled and says how far it is; which
// thread takes which series changes no digit.
#include "analyze/forecast/forecast.h"

#include "analyze/kernel/parallel.h"
#include "analyze/run/run.h"
#include "base/progress.h"
#include "base/random.h"
#include "base/time.h"
#include "forecast_sql.h"
#include "store/change.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>
#include <string.h>

enum { PORTION = 64, TRANSACTION = 500, SERIES_USUAL = 1000 };

// ---- options ----

static const char *const grains[] = {"auto", "day", "week", "month", NULL};

#define AT(member) offsetof(struct forecast_request, member)
const struct json_field forecast_fields[FORECAST_FIELDS] = {
    {"metrics", JSON_FIELD_TEXT, AT(metrics), false, NULL,
     "names of metrics that are sums or counts, with commas between; "
     "revenue_gross,receipts,customers when nothing is said"},
    {"by", JSON_FIELD_TEXT, AT(by), false, NULL,
     "names of dimensions, with commas between, that have forecasts of their own beside the total; "
     "store,category when nothing is said"},
    {"grain", JSON_FIELD_ENUM, AT(grain), false, grains,
     "what a period is; \"auto\" when nothing is said: months when there are 24 whole ones, "
     "otherwise weeks when there are 26, otherwise days"},
    {"horizon", JSON_FIELD_INT64, AT(horizon), false, NULL,
     "periods ahead; otherwise 12 months, 13 weeks or 4 weeks of days"},
    {"as_of", JSON_FIELD_TEXT, AT(as_of), false, NULL,
     "the last day whose sales count; otherwise that of the last sale, or yesterday"},
    {"series_most", JSON_FIELD_INT64, AT(series_most), false, NULL,
     "series of one metric by one dimension at most, the largest ones; 1000 when nothing is said"},
    {"seed", JSON_FIELD_INT64, AT(seed), false, NULL, "of simulated intervals; 1 otherwise"},
};
#undef AT

const char *forecast_grain_name(enum forecast_grain grain) {
    return grains[grain];
}

static code add_metric(struct scope *scope, struct text name, struct forecast_options *options) {
    const struct metric *metric;

    TRY(metric_find(scope, name, &metric));
    if (metric->type == METRIC_SHARE || metric->type == METRIC_NUMBER)
        return scope_fail_field(scope, INVALID, "metrics",
                                "metric \"%s\" is a ratio: a period without sales has none",
                                metric->name);
    for (size_t i = 0; i < options->metric_count; i++)
        if (options->metrics[i] == metric)
            return OK;
    if (options->metric_count == FORECAST_METRICS)
        return scope_fail_field(scope, INVALID, "metrics", "more than %d metrics were named",
                                FORECAST_METRICS);
    options->metrics[options->metric_count++] = metric;
    return OK;
}

static code add_dimension(struct scope *scope, struct text name, struct forecast_options *options) {
    const struct dimension *dimension;

    TRY(dimension_find(scope, name, &dimension));
    if (dimension_is_time(dimension) || dimension->type == DIMENSION_RATE ||
        text_is(name, "currency"))
        return scope_fail_field(scope, INVALID, "by", "a forecast cannot be made by \"%s\"",
                                dimension->name);
    for (size_t i = 0; i < options->dimension_count; i++)
        if (options->dimensions[i] == dimension)
            return OK;
    if (options->dimension_count == FORECAST_DIMENSIONS)
        return scope_fail_field(scope, INVALID, "by", "more than %d dimensions were named",
                                FORECAST_DIMENSIONS);
    options->dimensions[options->dimension_count++] = dimension;
    return OK;
}

static code add_names(struct scope *scope, struct text names, struct forecast_options *options,
                      code (*add)(struct scope *, struct text, struct forecast_options *)) {
    struct text rest = names;

    while (rest.size > 0) {
        const struct text name = text_trim(text_split(rest, ',', &rest));

        if (name.size > 0)
            TRY(add(scope, name, options));
    }
    return OK;
}

static code check_request(struct scope *scope, const struct forecast_request *request) {
    if (request->horizon < 0 || request->horizon > SERIES_HORIZON_MOST)
        return scope_fail_field(scope, INVALID, "horizon",
                                "a horizon of %" PRId64 " periods is not 1 to %d", request->horizon,
                                SERIES_HORIZON_MOST);
    if (request->series_most < 1 || request->series_most > FORECAST_SERIES_MOST)
        return scope_fail_field(scope, INVALID, "series_most", "%" PRId64 " series are not 1 to %d",
                                request->series_most, FORECAST_SERIES_MOST);
    return OK;
}

code forecast_read_options(struct scope *scope, const struct json *object,
                           struct forecast_options *ret_options) {
    struct forecast_options options = {.as_of_day = FORECAST_LAST_DAY};
    struct forecast_request request = {.metrics = TEXT("revenue_gross,receipts,customers"),
                                       .by = TEXT("store,category"),
                                       .series_most = SERIES_USUAL,
                                       .seed = 1};

    if (object != NULL)
        TRY(json_read_record(scope, object, forecast_fields, FORECAST_FIELDS, &request));
    TRY(check_request(scope, &request));
    if (request.as_of.size > 0 && !day_parse(request.as_of, DATE_ORDER_YMD, &options.as_of_day))
        return scope_fail_field(scope, INVALID, "as_of", "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(request.as_of));
    TRY(add_names(scope, request.metrics, &options, add_metric));
    TRY(add_names(scope, request.by, &options, add_dimension));
    if (options.metric_count == 0)
        return scope_fail_field(scope, INVALID, "metrics", "no metric was named");
    options.grain = (enum forecast_grain)request.grain;
    options.horizon = request.horizon;
    options.series_most = request.series_most;
    options.seed = request.seed;
    *ret_options = options;
    return OK;
}

struct text forecast_options_json(struct scope *scope, const struct forecast_options *options) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    CLEANUP(buffer_clear) struct buffer named = {0};
    CLEANUP(buffer_clear) struct buffer by = {0};
    struct forecast_request request = {.grain = (int)options->grain,
                                       .horizon = options->horizon,
                                       .series_most = options->series_most,
                                       .seed = options->seed};
    struct json_writer writer;
    char day[TIME_TEXT_SIZE];

    for (size_t i = 0; i < options->metric_count; i++)
        buffer_printf(&named, "%s%s", i > 0 ? "," : "", options->metrics[i]->name);
    for (size_t i = 0; i < options->dimension_count; i++)
        buffer_printf(&by, "%s%s", i > 0 ? "," : "", options->dimensions[i]->name);
    request.metrics = buffer_text(&named);
    request.by = by.size > 0 ? buffer_text(&by) : TEXT("");
    if (options->as_of_day != FORECAST_LAST_DAY)
        request.as_of = text_of(day_format(options->as_of_day, day));
    json_writer_init(&writer, &text);
    json_write_record(&writer, forecast_fields, FORECAST_FIELDS, &request);
    return text_copy(&scope->arena, buffer_text(&text));
}

code forecast_start(struct scope *scope, const struct forecast_options *options,
                    int64_t *ret_job_id) {
    return job_create(scope, "forecast", TEXT("forecast sales"),
                      forecast_options_json(scope, options), ret_job_id);
}

// ---- forecasting ----

struct portion {
    const struct forecast *forecast;
    size_t first;
    double **scratch; // of each thread
};

// The seed of a series is its own, whichever others there are and in whatever order.
static uint64_t seed_of(const struct forecast *forecast, const struct forecast_series *series) {
    const uint64_t of_dimension =
        series->dimension ? text_hash(text_of(series->dimension->name)) : 1;

    return random_mix((uint64_t)forecast->options.seed ^
                      random_mix(text_hash(text_of(series->metric->name)) ^
                                 random_mix(of_dimension ^ random_mix(text_hash(series->value)))));
}

static void forecast_one(void *data, size_t piece, int thread) {
    const struct portion *portion = data;
    const struct forecast *forecast = portion->forecast;
    struct forecast_series *series = forecast->series[portion->first + piece];
    const struct series_question question = {
        .values = series->values,
        .count = series->count,
        .season = forecast->calendar.season,
        .horizon = forecast->calendar.horizon,
        .seed = seed_of(forecast, series),
        .is_positive = series->is_positive,
    };

    series_forecast(&question, portion->scratch[thread], &series->answer);
}

static code forecast_all(struct scope *scope, const struct forecast *forecast) {
    const int threads = parallel_threads(0);
    const size_t room = series_scratch_count(forecast->calendar.count, forecast->calendar.horizon);
    double **scratch = arena_array(&scope->arena, (size_t)threads, sizeof(*scratch));

    for (int i = 0; i < threads; i++)
        scratch[i] = arena_array(&scope->arena, room, sizeof(**scratch));
    for (size_t first = 0; first < forecast->count; first += PORTION) {
        const size_t rest = forecast->count - first;
        struct portion portion = {forecast, first, scratch};

        progress_report(scope->progress, "forecasting", (int64_t)first, (int64_t)forecast->count,
                        "series");
        TRY(scope_check(scope));
        parallel_pieces(rest < PORTION ? rest : PORTION, threads, forecast_one, &portion);
    }
    return OK;
}

// ---- keeping ----

static code put_series(struct scope *scope, const struct forecast *forecast, int64_t run_id,
                       size_t place) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    const struct forecast_series *series = forecast->series[place];
    struct json_writer writer;

    json_writer_init(&writer, &text);
    forecast_write_series(&writer, forecast, series);
    return ledger_exec(scope, sql_forecast_series_put,
                       BINDS(BIND_INT64(run_id), BIND_INT64((int64_t)place + 1),
                             BIND_STRING(series->metric->name),
                             BIND_STRING(series->dimension ? series->dimension->name : ""),
                             BIND_TEXT(buffer_text(&text))));
}

static code put_portion(struct scope *scope, const struct forecast *forecast, int64_t run_id,
                        size_t first, size_t last) {
    for (size_t i = first; i < last; i++)
        TRY(put_series(scope, forecast, run_id, i));
    return change_record(scope, CHANGE_FORECAST_SERIES, CHANGE_UPDATED, run_id, run_id);
}

static code put_all(struct scope *scope, const struct forecast *forecast, int64_t run_id) {
    for (size_t first = 0; first < forecast->count; first += TRANSACTION) {
        const size_t rest = forecast->count - first;
        const size_t last = first + (rest < TRANSACTION ? rest : TRANSACTION);

        TRY(scope_check(scope));
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, put_portion(scope, forecast, run_id, first, last)));
        progress_report(scope->progress, "keeping series", (int64_t)last, (int64_t)forecast->count,
                        "series");
    }
    return OK;
}

static code remove_until(struct scope *scope, int64_t run_id) {
    TRY(ledger_exec(scope, sql_forecast_series_remove, BINDS(BIND_INT64(run_id))));
    return change_record(scope, CHANGE_FORECAST_SERIES, CHANGE_UPDATED, 1, run_id);
}

static code remove_stale(struct scope *scope) {
    int64_t newest;

    TRY(ledger_int64(scope, sql_forecast_series_stale,
                     BINDS(BIND_INT64(ANALYSIS_FORECAST), BIND_INT64(FORECAST_RUNS_KEPT - 1)), 0,
                     &newest));
    if (newest == 0)
        return OK;
    TRY(ledger_begin(scope));
    return ledger_end(scope, remove_until(scope, newest));
}

// The run's row comes last: who sees it finds its series. Series of a run that was broken off go
// with those of the runs before it.
static code keep(struct scope *scope, const struct forecast *forecast, int64_t job_id,
                 struct analysis_run *run) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    const struct analysis_scores none = {0};
    struct json_writer writer;

    json_writer_init(&writer, &text);
    forecast_write(scope, &writer, forecast);
    *run = (struct analysis_run){
        .id = store_new_id(scope),
        .kind = ANALYSIS_FORECAST,
        .version = FORECAST_VERSION,
        .as_of_day = forecast->calendar.last_day,
        .seed = forecast->options.seed,
        .change_id = forecast->change_id,
        .parameters = forecast_options_json(scope, &forecast->options),
        .result = text_copy(&scope->arena, buffer_text(&text)),
        .job_id = job_id,
    };
    TRY(remove_stale(scope));
    TRY(put_all(scope, forecast, run->id));
    return analysis_run_keep(scope, run, &none);
}

code forecast_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                  struct json_writer *result) {
    struct forecast forecast = {0};
    struct analysis_run run;

    TRY(forecast_read_options(scope, parameters, &forecast.options));
    progress_report(scope->progress, "reading sales", 0, 0, "series");
    TRY(lake_snapshot_begin(scope, &forecast.change_id));
    TRY(lake_snapshot_end(scope, forecast_read(scope, &forecast)));
    TRY(forecast_all(scope, &forecast));
    TRY(keep(scope, &forecast, job_id, &run));
    json_begin_object(result);
    json_key(result, "run_id");
    json_write_text(result, text_printf(&scope->arena, "%" PRId64, run.id));
    json_key(result, "series");
    json_write_int64(result, (int64_t)forecast.count);
    json_end_object(result);
    return OK;
}
