// SPDX-License-Identifier: Apache-2.0
#include "analyze/forecast/forecast_http.h"

#include "analyze/forecast/forecast.h"
#include "analyze/run/run_http.h"
#include "forecast_sql.h"
#include "store/ledger.h"

#include <inttypes.h>

// ---- a run ----

const struct route_answer forecast_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANALYSIS_SHOW_MEMBERS(
        "what was found: the calendar, totals (history, mean, low_80 … high_95 of each metric), "
        "and "
        "the tables tests (errors of each method on the past beside the naive one) and parts (sums "
        "of series beside the total's); warnings say when not to trust it"),
};

code forecast_http_show(struct scope *scope, const struct request *request,
                        struct response *response) {
    return analysis_http_show(scope, ANALYSIS_FORECAST, request, response);
}

code forecast_http_runs(struct scope *scope, const struct request *request,
                        struct response *response) {
    return analysis_http_runs(scope, ANALYSIS_FORECAST, request, response);
}

// ---- series ----

const struct route_parameter forecast_series_parameters[] = {
    {.name = "run", PARAMETER_INTEGER, "an earlier run, by id", .maximum = INT64_MAX},
    {.name = "metric", PARAMETER_TEXT, "only series of this metric"},
    {.name = "by", PARAMETER_TEXT, "only series by this dimension"},
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};
const struct route_answer forecast_series_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "series",
         ANSWER_OBJECT,
         "metric, dimension, value and label, method and model, errors on the past, periods, "
         "history, and mean, low_80, high_80, low_95, high_95 of the periods behind it; totals "
         "first, then the largest ones",
         .is_list = true},
        ANSWER_NEXT),
};

static code run_of(struct scope *scope, const struct request *request, int64_t *ret_run_id) {
    struct analysis_run run;
    int64_t id;
    bool found;

    TRY(request_int64(scope, request, "run", 1, INT64_MAX, 0, &id));
    if (id > 0) {
        TRY(analysis_run_find(scope, ANALYSIS_FORECAST, id, &run));
        *ret_run_id = id;
        return OK;
    }
    TRY(analysis_run_latest(scope, ANALYSIS_FORECAST, &run, &found));
    *ret_run_id = found ? run.id : 0;
    return OK;
}

// Empty where nothing is asked for.
static struct bind bind_of(const struct request *request, const char *name) {
    const struct text value = request_text(request, name);

    return BIND_TEXT(value.data ? value : TEXT(""));
}

// One row more than the page, to see whether there is another.
static code query_series(struct scope *scope, const struct request *request, int64_t limit,
                         struct rows **ret_rows) {
    int64_t run_id, after;

    TRY(request_int64(scope, request, "after", 0, 1000000000, 0, &after));
    TRY(run_of(scope, request, &run_id));
    return ledger_query(scope, sql_forecast_series_page,
                        BINDS(BIND_INT64(run_id), bind_of(request, "metric"),
                              bind_of(request, "by"), BIND_INT64(after), BIND_INT64(limit + 1)),
                        ret_rows);
}

code forecast_http_series(struct scope *scope, const struct request *request,
                          struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    struct json_writer *writer = &response->writer;
    int64_t count = 0, place = 0;

    TRY(query_series(scope, request, limit, &rows));
    json_begin_object(writer);
    json_key(writer, "series");
    json_begin_array(writer);
    while (count < limit && rows_next(rows)) {
        struct json *series;

        TRY(json_parse_own(scope, rows_text(rows, 1), &series));
        json_write(writer, series);
        place = rows_int64(rows, 0);
        count++;
    }
    json_end_array(writer);
    if (count == limit && rows_next(rows)) {
        json_key(writer, "next");
        json_write_text(writer, text_printf(&scope->arena, "%" PRId64, place));
    }
    TRY(rows_end(rows));
    json_end_object(writer);
    return OK;
}

// ---- periods as rows ----

static const struct column point_columns[] = {
    {"metric", "Metric", COLUMN_TEXT, NULL},     {"by", "By", COLUMN_TEXT, NULL},
    {"value", "Value", COLUMN_TEXT, NULL},       {"label", "Label", COLUMN_TEXT, NULL},
    {"unit", "Unit", COLUMN_TEXT, NULL},         {"period", "Period", COLUMN_DAY, NULL},
    {"actual", "Actual", COLUMN_NUMBER, NULL},   {"forecast", "Forecast", COLUMN_NUMBER, NULL},
    {"low_80", "Low, 80%", COLUMN_NUMBER, NULL}, {"high_80", "High, 80%", COLUMN_NUMBER, NULL},
    {"low_95", "Low, 95%", COLUMN_NUMBER, NULL}, {"high_95", "High, 95%", COLUMN_NUMBER, NULL},
    {"model", "Model", COLUMN_TEXT, NULL},
};

static const char *const fan_lines[] = {"mean", "low_80", "high_80", "low_95", "high_95"};
enum { FAN_LINES = sizeof(fan_lines) / sizeof(*fan_lines) };

static void write_value(struct json_writer *writer, const struct json *value) {
    if (value)
        json_write(writer, value);
    else
        json_write_null(writer);
}

static void write_names(struct json_writer *writer, const struct json *series) {
    static const char *const names[] = {"metric", "dimension", "value", "label", "unit"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        write_value(writer, json_member(series, names[i]));
}

static const struct json *first_of(const struct json *array) {
    return array ? array->first : NULL;
}

// One row for each period: those of the history, then those ahead.
static void write_points(struct response *response, const struct json *series) {
    struct json_writer *writer = &response->writer;
    const struct json *actual = first_of(json_member(series, "history"));
    const struct json *ahead[FAN_LINES];

    for (size_t line = 0; line < FAN_LINES; line++)
        ahead[line] = first_of(json_member(series, fan_lines[line]));
    for (const struct json *period = first_of(json_member(series, "periods")); period;
         period = period->next) {
        response_begin_row(response);
        write_names(writer, series);
        json_write(writer, period);
        write_value(writer, actual);
        for (size_t line = 0; line < FAN_LINES; line++) {
            write_value(writer, actual ? NULL : ahead[line]);
            if (!actual && ahead[line])
                ahead[line] = ahead[line]->next;
        }
        write_value(writer, json_member(series, "model"));
        response_end_row(response);
        actual = actual ? actual->next : NULL;
    }
}

code forecast_http_points(struct scope *scope, const struct request *request,
                          struct response *response) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    int64_t count = 0, place = 0;

    TRY(query_series(scope, request, limit, &rows));
    response_begin_table(response, NULL, point_columns,
                         sizeof(point_columns) / sizeof(*point_columns));
    while (count < limit && rows_next(rows)) {
        struct json *series;

        TRY(json_parse_own(scope, rows_text(rows, 1), &series));
        write_points(response, series);
        place = rows_int64(rows, 0);
        count++;
    }
    if (!(count == limit && rows_next(rows)))
        place = 0;
    TRY(rows_end(rows));
    response_end_page(response, place);
    return OK;
}

// ---- running ----

const struct route_body forecast_start_body = {
    .fields = forecast_fields,
    .field_count = FORECAST_FIELDS,
    .is_optional = true,
};

code forecast_http_start(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct forecast_options options;
    int64_t job_id;

    TRY(forecast_read_options(scope, request->body, &options));
    TRY(forecast_start(scope, &options, &job_id));
    return analysis_http_started(scope, "forecast.run", job_id, response);
}
