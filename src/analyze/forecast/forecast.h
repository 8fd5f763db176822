// SPDX-License-Identifier: Apache-2.0
// What comes next: series of metrics (revenue, receipts, customers, …) by day, week or month, in
// total and by store, category and so on, are forecast with intervals, after each method was tried
// on the past beside the naive one. docs/forecast.md tells people how to read it.
#pragma once

#include "analyze/forecast/series_kernel.h"
#include "analyze/metric/metric.h"
#include "base/json.h"

enum {
    FORECAST_VERSION = 1,          // of the computation: raise it when digits change
    FORECAST_LAST_DAY = INT32_MIN, // as a day: that of the last sale
    FORECAST_METRICS = 8,
    FORECAST_DIMENSIONS = 4,
    FORECAST_SERIES_MOST = 5000, // of one metric by one dimension
    FORECAST_FIELDS = 7,
    FORECAST_RUNS_KEPT = 10, // whose series by store and so on are kept; totals stay for good
};

enum forecast_grain { FORECAST_AUTO, FORECAST_DAY, FORECAST_WEEK, FORECAST_MONTH };

struct forecast_options {
    const struct metric *metrics[FORECAST_METRICS];
    size_t metric_count;
    const struct dimension *dimensions[FORECAST_DIMENSIONS];
    size_t dimension_count;
    enum forecast_grain grain;
    int64_t horizon;   // periods; 0: as suits the grain
    int32_t as_of_day; // the last day whose sales count; FORECAST_LAST_DAY
    int64_t series_most;
    int64_t seed;
};
extern const struct json_field forecast_fields[FORECAST_FIELDS];
struct forecast_request { // as it is written in JSON
    struct text metrics, by, as_of;
    int grain;
    int64_t horizon, series_most, seed;
};
// INVALID with the field for what is out of range. NULL: as usual.
code forecast_read_options(struct scope *scope, const struct json *object,
                           struct forecast_options *ret_options);
// As JSON, in the arena.
struct text forecast_options_json(struct scope *scope, const struct forecast_options *options);
const char *forecast_grain_name(enum forecast_grain grain); // "week"

// Record the job.
code forecast_start(struct scope *scope, const struct forecast_options *options,
                    int64_t *ret_job_id);
// The job kind "forecast" (store/job.h). Its result names the run (analyze/run).
code forecast_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                  struct json_writer *result);

// ---- what a run works out, in order; for the parts of this noun ----

// Whole periods from the first sale to the last day. By day, weekdays on which hardly ever anything
// is sold are no periods.
struct forecast_calendar {
    enum forecast_grain grain;
    int season;
    size_t count, horizon;
    int32_t *days;   // the first one of each period, `horizon` periods ahead as well
    bool *is_closed; // days on which nothing was sold anywhere: filled from the weeks around
    size_t closed_count;
    int32_t left_out_days;       // with sales on a weekday that is closed: of no period
    unsigned closed_weekdays;    // bit 0 Monday … 6 Sunday
    int32_t first_day, last_day; // of sales that count
    int32_t skipped_first_days;  // at the beginning, of an incomplete period
    int32_t skipped_last_days;   // at the end
};

struct forecast_series {
    const struct metric *metric;
    const struct dimension *dimension; // NULL: the total
    struct text value, label;          // "S2", "Main street"; without data: none is stated
    size_t first;                      // period of the first value that is not 0
    size_t count;
    double *values;
    double total;     // of values
    bool is_positive; // nothing below 0 is forecast: the past was seldom, by refunds
    struct series_answer answer;
};

struct forecast {
    struct forecast_options options;
    struct forecast_calendar calendar;
    int64_t change_id;
    const char *currency;            // of amounts; NULL: there are none
    struct forecast_series **series; // totals first, then by metric, dimension and size
    size_t count, total_count;
    size_t left_out; // series past options.series_most
};

// Reads calendar and series (forecast_read.c). INVALID when there is nothing to go on from.
code forecast_read(struct scope *scope, struct forecast *forecast);
// The run's result; one series (forecast_result.c).
void forecast_write(struct scope *scope, struct json_writer *writer,
                    const struct forecast *forecast);
void forecast_write_series(struct json_writer *writer, const struct forecast *forecast,
                           const struct forecast_series *series);
