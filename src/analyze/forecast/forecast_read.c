// SPDX-License-Identifier: Apache-2.0
// From sales to series. A period without a sale is 0 once a series has begun; only a day on which
// nothing was sold anywhere is taken for closed, and a weekday that was nearly always such a day of
// late is none of the series' periods.
#include "analyze/forecast/forecast.h"

#include "base/time.h"
#include "forecast_sql.h"
#include "store/lake.h"
#include "store/setting.h"

#include <math.h>
#include <stdlib.h>

enum { WEEK = 7, MONTHS_LEAST = 24, WEEKS_LEAST = 26, PERIODS_MOST = 40000 };
enum { WEEKDAY_DATES = 13 }; // the last ones of a weekday, by which it counts as open or closed
enum { BELOW_LEAST = 5 };    // one value in so many is below 0: the forecast may be as well
static const double open_share = 0.1; // of a weekday's last dates, for it to count as open

// ---- the calendar ----

struct open_days { // from first_day on
    int32_t first_day, count;
    bool *is_open;
};

static int weekday_of(int32_t day) { // 0 Monday: 1970-01-01 was a Thursday
    return (int)(((day + 3) % WEEK + WEEK) % WEEK);
}

// What is sold today, where the business is, is not yet known; nor what was sold on days that were
// asked for and are after the last sale.
static code find_last_day(struct scope *scope, const struct forecast_options *options,
                          int32_t *ret_day) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    struct settings settings;
    int64_t last_day;

    if (options->as_of_day != FORECAST_LAST_DAY) {
        TRY(lake_int64(scope, sql_forecast_last_day, NO_BINDS, options->as_of_day, &last_day));
        *ret_day = last_day < options->as_of_day ? (int32_t)last_day : options->as_of_day;
        return OK;
    }
    TRY(settings_load(scope, &settings));
    TRY(zone_open(scope, settings.zone, &zone));
    *ret_day = zone_day(zone, scope->now_us) - 1;
    return OK;
}

static code read_days(struct scope *scope, const struct forecast_options *options,
                      struct open_days *ret_days) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int32_t end_day;
    struct open_days days = {0};
    size_t room = 1024, count = 0;
    int32_t *open = arena_array(&scope->arena, room, sizeof(*open));

    TRY(find_last_day(scope, options, &end_day));
    TRY(lake_query(scope, sql_forecast_days, BINDS(BIND_INT64(end_day)), &rows));
    while (rows_next(rows)) {
        if (count == room) {
            int32_t *larger = arena_array(&scope->arena, room * 2, sizeof(*open));

            for (size_t i = 0; i < count; i++)
                larger[i] = open[i];
            open = larger;
            room *= 2;
        }
        open[count++] = (int32_t)rows_int64(rows, 0);
    }
    TRY(rows_end(rows));
    if (count == 0) {
        scope_fail(scope, INVALID, "nothing was sold by that day");
        return scope_hint(scope, "import receipts, or name a later day");
    }
    days.first_day = open[0];
    days.count =
        (options->as_of_day != FORECAST_LAST_DAY ? end_day : open[count - 1]) - open[0] + 1;
    if (days.count > PERIODS_MOST)
        return scope_fail(scope, INVALID, "sales of %d days lie too far apart to be a series",
                          days.count);
    days.is_open = arena_array(&scope->arena, (size_t)days.count, sizeof(bool));
    for (size_t i = 0; i < count; i++)
        days.is_open[open[i] - open[0]] = true;
    *ret_days = days;
    return OK;
}

static int32_t period_of(enum forecast_grain grain, int32_t day) {
    int year, month, of_month;

    if (grain == FORECAST_DAY)
        return day;
    if (grain == FORECAST_WEEK)
        return day - weekday_of(day);
    day_to_civil(day, &year, &month, &of_month);
    return day_from_civil(year, month, 1);
}

static int32_t next_period(enum forecast_grain grain, int32_t period) {
    int year, month, of_month;

    if (grain == FORECAST_DAY)
        return period + 1;
    if (grain == FORECAST_WEEK)
        return period + WEEK;
    day_to_civil(period, &year, &month, &of_month);
    return day_from_civil(year, month + 1, 1);
}

// A first period counts when sales begin within its first days: a shop may be shut at New Year.
static int32_t first_period(enum forecast_grain grain, int32_t first_day) {
    const int32_t period = period_of(grain, first_day);
    const int32_t late = grain == FORECAST_WEEK ? 1 : 4;

    return first_day - period > late ? next_period(grain, period) : period;
}

static size_t count_periods(enum forecast_grain grain, int32_t first_day, int32_t last_day) {
    size_t count = 0;

    for (int32_t period = first_period(grain, first_day);
         next_period(grain, period) - 1 <= last_day; period = next_period(grain, period))
        count++;
    return count;
}

static enum forecast_grain choose_grain(int32_t first_day, int32_t last_day) {
    if (count_periods(FORECAST_MONTH, first_day, last_day) >= MONTHS_LEAST)
        return FORECAST_MONTH;
    if (count_periods(FORECAST_WEEK, first_day, last_day) >= WEEKS_LEAST)
        return FORECAST_WEEK;
    return FORECAST_DAY;
}

// By what was done last: a shop that opens on Sundays since spring is open on Sundays.
static unsigned closed_weekdays(const struct open_days *days) {
    int dates[WEEK] = {0}, open[WEEK] = {0};
    unsigned closed = 0;

    for (int32_t i = days->count - 1; i >= 0; i--) {
        const int weekday = weekday_of(days->first_day + i);

        if (dates[weekday] == WEEKDAY_DATES)
            break; // as have all others
        dates[weekday]++;
        open[weekday] += days->is_open[i];
    }
    for (int weekday = 0; weekday < WEEK; weekday++)
        if (dates[weekday] >= 2 && open[weekday] < open_share * dates[weekday])
            closed |= 1u << weekday;
    return closed;
}

static bool is_closed_weekday(unsigned closed, int32_t day) {
    return (closed >> weekday_of(day) & 1) != 0;
}

// The last day of which all is known: weekdays that are closed follow it without a sale.
static int32_t last_complete_day(unsigned closed, int32_t last_day) {
    for (int i = 0; i < WEEK && is_closed_weekday(closed, last_day + 1); i++)
        last_day++;
    return last_day;
}

static void set_weekdays(const struct open_days *days, unsigned closed,
                         struct forecast_calendar *calendar) {
    calendar->closed_weekdays = closed;
    calendar->season = WEEK;
    for (int weekday = 0; weekday < WEEK; weekday++)
        calendar->season -= (int)(closed >> weekday & 1);
    for (int32_t i = 0; i < days->count; i++)
        calendar->left_out_days +=
            days->is_open[i] && is_closed_weekday(closed, days->first_day + i);
}

static bool is_period(const struct forecast_calendar *calendar, int32_t day) {
    return calendar->grain != FORECAST_DAY || !is_closed_weekday(calendar->closed_weekdays, day);
}

static void fill_periods(struct forecast_calendar *calendar, const struct open_days *days,
                         int32_t complete_day) {
    int32_t period = first_period(calendar->grain, calendar->first_day);
    size_t ahead = 0;

    calendar->skipped_first_days = period > calendar->first_day ? period - calendar->first_day : 0;
    while (ahead < calendar->horizon) {
        const int32_t next = next_period(calendar->grain, period);
        const bool is_past = next - 1 <= complete_day;

        if (is_period(calendar, period)) {
            calendar->days[calendar->count + ahead] = period;
            if (is_past && calendar->grain == FORECAST_DAY &&
                !days->is_open[period - days->first_day]) {
                calendar->is_closed[calendar->count] = true;
                calendar->closed_count++;
            }
            *(is_past ? &calendar->count : &ahead) += 1;
        }
        if (!is_past && ahead == 1 && period <= calendar->last_day)
            calendar->skipped_last_days = calendar->last_day - period + 1;
        period = next;
    }
}

static size_t usual_horizon(const struct forecast_calendar *calendar) {
    if (calendar->grain == FORECAST_MONTH)
        return 12;
    return calendar->grain == FORECAST_WEEK ? 13 : 4 * (size_t)calendar->season;
}

static code make_calendar(struct scope *scope, const struct forecast_options *options,
                          struct forecast_calendar *calendar) {
    struct open_days days = {0};
    int32_t complete_day;
    unsigned closed;
    size_t most;

    TRY(read_days(scope, options, &days));
    calendar->first_day = days.first_day;
    calendar->last_day = days.first_day + days.count - 1;
    closed = closed_weekdays(&days);
    complete_day = last_complete_day(closed, calendar->last_day);
    calendar->grain = options->grain != FORECAST_AUTO
                          ? options->grain
                          : choose_grain(calendar->first_day, complete_day);
    calendar->season = calendar->grain == FORECAST_MONTH ? 12 : 52;
    if (calendar->grain == FORECAST_DAY)
        set_weekdays(&days, closed, calendar);
    calendar->horizon = options->horizon > 0 ? (size_t)options->horizon : usual_horizon(calendar);
    most = count_periods(calendar->grain, calendar->first_day, complete_day);
    calendar->days = arena_array(&scope->arena, most + calendar->horizon, sizeof(*calendar->days));
    calendar->is_closed =
        arena_array(&scope->arena, most + calendar->horizon, sizeof(*calendar->is_closed));
    fill_periods(calendar, &days, complete_day);
    if (calendar->count > 0)
        return OK;
    scope_fail(scope, INVALID, "there is no whole %s of sales",
               forecast_grain_name(calendar->grain));
    return scope_hint(scope, "choose a finer grain");
}

// ---- series ----

struct reading {
    struct scope *scope;
    struct forecast *forecast;
    const struct dimension *dimension;              // NULL: the total
    struct forecast_series *open[FORECAST_METRICS]; // of the value being read
    struct forecast_series **series;
    size_t count, room;
};

static void add_series(struct reading *reading, struct forecast_series *series) {
    if (reading->count == reading->room) {
        const size_t room = reading->room > 0 ? 2 * reading->room : 64;
        struct forecast_series **larger =
            arena_array(&reading->scope->arena, room, sizeof(*larger));

        for (size_t i = 0; i < reading->count; i++)
            larger[i] = reading->series[i];
        reading->series = larger;
        reading->room = room;
    }
    reading->series[reading->count++] = series;
}

// Series of another value of the dimension begin: one of each metric.
static void open_series(struct reading *reading, struct text value, struct text label) {
    struct arena *arena = &reading->scope->arena;
    const struct forecast *forecast = reading->forecast;

    for (size_t i = 0; i < forecast->options.metric_count; i++) {
        struct forecast_series *series = arena_alloc(arena, sizeof(*series));

        *series = (struct forecast_series){
            .metric = forecast->options.metrics[i],
            .dimension = reading->dimension,
            .value = value.data ? text_copy(arena, value) : value,
            .label = label.data ? text_copy(arena, label) : label,
            .values = arena_array(arena, forecast->calendar.count, sizeof(*series->values)),
        };
        reading->open[i] = series;
        add_series(reading, series);
    }
}

static double value_of(const struct metric *metric, const struct rows *rows, size_t column) {
    if (metric->type == METRIC_MONEY || metric->type == METRIC_QUANTITY)
        return (double)rows_int64(rows, column) / 1e6;
    return (double)rows_int64(rows, column);
}

static bool find_period(const struct forecast_calendar *calendar, int32_t day, size_t *ret_i) {
    size_t low = 0, high = calendar->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (calendar->days[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_i = low;
    return low < calendar->count && calendar->days[low] == day;
}

static bool is_same(struct text a, struct text b) {
    if (a.data == NULL || b.data == NULL)
        return a.data == b.data;
    return text_equal(a, b);
}

// Columns: the period, the dimension's one or two, then the metrics. Rows of one value follow each
// other.
static void take_row(struct reading *reading, const struct rows *rows) {
    const struct forecast *forecast = reading->forecast;
    const size_t width = reading->dimension ? dimension_width(reading->dimension) : 0;
    struct text value = {0}, label = {0};
    size_t i;

    if (width > 0 && !rows_is_null(rows, 1))
        value = label = rows_text(rows, 1);
    if (width > 1 && !rows_is_null(rows, 2))
        label = rows_text(rows, 2);
    if (reading->open[0] == NULL || !is_same(reading->open[0]->value, value))
        open_series(reading, value, label);
    if (!find_period(&forecast->calendar, (int32_t)rows_int64(rows, 0), &i))
        return;
    for (size_t k = 0; k < forecast->options.metric_count; k++)
        reading->open[k]->values[i] += value_of(forecast->options.metrics[k], rows, 1 + width + k);
}

static code ask(struct scope *scope, const struct forecast *forecast,
                const struct dimension *dimension, struct rows **ret_rows,
                struct text *ret_currency) {
    const struct forecast_calendar *calendar = &forecast->calendar;
    struct metric_query query = {.metric_count = forecast->options.metric_count,
                                 .order_dimension = dimension,
                                 .selection = {.has_to = true, .to_day = calendar->last_day}};

    for (size_t i = 0; i < query.metric_count; i++)
        query.metrics[i] = forecast->options.metrics[i];
    TRY(metric_query_by(scope, &query, text_of(forecast_grain_name(calendar->grain))));
    if (dimension)
        TRY(metric_query_by(scope, &query, text_of(dimension->name)));
    return metric_run(scope, &query, ret_rows, ret_currency);
}

// ---- making them whole ----

// The mean of what the same weekday was in the weeks before and after, closed days passed over.
static double fill_of(const struct forecast_calendar *calendar,
                      const struct forecast_series *series, size_t i) {
    const size_t season = (size_t)calendar->season;
    double sum = 0;
    int found = 0;

    for (size_t k = i; k >= season + series->first;) {
        k -= season;
        if (calendar->is_closed[k])
            continue;
        sum += series->values[k];
        found++;
        break;
    }
    for (size_t k = i + season; k < calendar->count; k += season) {
        if (calendar->is_closed[k])
            continue;
        sum += series->values[k];
        found++;
        break;
    }
    return found > 0 ? sum / found : 0;
}

// A series begins with its first value: before it, there was no such store. Values move to the
// front. False when there is none.
static bool finish(const struct forecast_calendar *calendar, struct forecast_series *series) {
    size_t below = 0;

    while (series->first < calendar->count && series->values[series->first] == 0)
        series->first++;
    if (series->first == calendar->count)
        return false;
    for (size_t i = series->first; i < calendar->count; i++)
        if (calendar->is_closed[i])
            series->values[i] = fill_of(calendar, series, i);
    for (size_t i = series->first; i < calendar->count; i++) {
        series->total += series->values[i];
        below += series->values[i] < 0;
    }
    series->is_positive = below * BELOW_LEAST < calendar->count - series->first;
    series->values += series->first;
    series->count = calendar->count - series->first;
    return true;
}

static size_t place_of(const struct forecast_series *series,
                       const struct forecast_options *options) {
    size_t place = 0;

    for (size_t i = 0; i < options->metric_count; i++)
        if (options->metrics[i] == series->metric)
            place = i;
    return place;
}

// By metric as they were named, the largest first; equal ones by their value.
static int by_size(const void *a, const void *b, void *data) {
    const struct forecast_series *x = *(struct forecast_series *const *)a;
    const struct forecast_series *y = *(struct forecast_series *const *)b;
    const size_t x_place = place_of(x, data), y_place = place_of(y, data);

    if (x_place != y_place)
        return x_place < y_place ? -1 : 1;
    if (x->total != y->total)
        return x->total > y->total ? -1 : 1;
    return text_compare(x->value, y->value);
}

// Drops those that are empty, and of each metric those past the largest ones.
static void arrange(struct reading *reading) {
    struct forecast *forecast = reading->forecast;
    const struct metric *metric = NULL;
    size_t kept = 0, of_metric = 0, count = 0;

    for (size_t i = 0; i < reading->count; i++)
        if (finish(&forecast->calendar, reading->series[i]))
            reading->series[kept++] = reading->series[i];
    if (kept > 0)
        qsort_r(reading->series, kept, sizeof(*reading->series), by_size, &forecast->options);
    for (size_t i = 0; i < kept; i++) {
        of_metric = reading->series[i]->metric == metric ? of_metric + 1 : 1;
        metric = reading->series[i]->metric;
        if (of_metric <= (size_t)forecast->options.series_most)
            reading->series[count++] = reading->series[i];
        else
            forecast->left_out++;
    }
    reading->count = count;
}

// A dimension of which nothing is stated, or the same of everything, is the total once more.
static bool divides(const struct reading *reading) {
    for (size_t i = 1; i < reading->count; i++)
        if (!is_same(reading->series[i]->value, reading->series[0]->value))
            return true;
    return false;
}

static void append(struct scope *scope, struct forecast *forecast, const struct reading *reading) {
    struct forecast_series **all = arena_array(&scope->arena, forecast->count + reading->count,
                                               sizeof(struct forecast_series *));

    for (size_t i = 0; i < forecast->count; i++)
        all[i] = forecast->series[i];
    for (size_t i = 0; i < reading->count; i++)
        all[forecast->count + i] = reading->series[i];
    forecast->series = all;
    forecast->count += reading->count;
}

static code read_by(struct scope *scope, struct forecast *forecast,
                    const struct dimension *dimension) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct reading reading = {.scope = scope, .forecast = forecast, .dimension = dimension};
    struct text currency;

    TRY(ask(scope, forecast, dimension, &rows, &currency));
    while (rows_next(rows))
        take_row(&reading, rows);
    TRY(rows_end(rows));
    forecast->currency = currency.size > 0 ? text_string(&scope->arena, currency) : NULL;
    arrange(&reading);
    if (dimension == NULL || divides(&reading))
        append(scope, forecast, &reading);
    return OK;
}

code forecast_read(struct scope *scope, struct forecast *forecast) {
    TRY(make_calendar(scope, &forecast->options, &forecast->calendar));
    TRY(read_by(scope, forecast, NULL));
    if (forecast->count == 0)
        return scope_fail(scope, INVALID, "all values of these metrics are 0");
    forecast->total_count = forecast->count;
    for (size_t i = 0; i < forecast->options.dimension_count; i++)
        TRY(read_by(scope, forecast, forecast->options.dimensions[i]));
    return OK;
}
