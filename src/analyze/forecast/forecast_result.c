// SPDX-License-Identifier: Apache-2.0
// What a run found, written once, as the API answers with it: the page, the command line and an
// export show the same numbers.
#include "analyze/forecast/forecast.h"

#include "analyze/run/figures.h"
#include "base/time.h"

#include <inttypes.h>
#include <math.h>

// ---- one series ----

static const char *type_of(const struct metric *metric) {
    return metric->type == METRIC_MONEY      ? "money"
           : metric->type == METRIC_QUANTITY ? "quantity"
                                             : "number";
}

static const char *unit_of(const struct forecast *forecast, const struct metric *metric) {
    return metric->type == METRIC_MONEY ? forecast->currency : metric->unit;
}

// Forecasts to the ten-thousandth: digits behind it say nothing.
static double rounded(double value) {
    return fabs(value) < 1e11 ? round(value * 1e4) / 1e4 : value;
}

static void write_line(struct json_writer *writer, const char *key, const double *line,
                       size_t count, bool rounds) {
    json_key(writer, key);
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++)
        json_write_double(writer, rounds ? rounded(line[i]) : line[i]);
    json_end_array(writer);
}

static void write_days(struct json_writer *writer, const char *key, const int32_t *days,
                       size_t count) {
    char text[TIME_TEXT_SIZE];

    json_key(writer, key);
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++)
        json_write_string(writer, day_format(days[i], text));
    json_end_array(writer);
}

static void write_text(struct json_writer *writer, const char *key, struct text value) {
    json_key(writer, key);
    if (value.data)
        json_write_text(writer, value);
    else
        json_write_null(writer);
}

static void write_errors(struct json_writer *writer, const struct series_answer *answer) {
    json_key(writer, "errors");
    json_begin_object(writer);
    for (int method = 0; method < SERIES_METHODS; method++) {
        const struct series_errors *errors = &answer->errors[method];

        json_key(writer, series_method_name((enum series_method)method));
        json_begin_object(writer);
        figure_number(writer, "mean_absolute", rounded(errors->mean_absolute));
        figure_number(writer, "mase", rounded(errors->mase));
        figure_number(writer, "smape", rounded(errors->smape));
        figure_number(writer, "coverage_80", rounded(errors->coverage_80));
        figure_number(writer, "coverage_95", rounded(errors->coverage_95));
        json_end_object(writer);
    }
    json_end_object(writer);
}

static void write_fan(struct json_writer *writer, const struct series_fan *fan, size_t horizon) {
    write_line(writer, "mean", fan->mean, horizon, true);
    write_line(writer, "low_80", fan->low_80, horizon, true);
    write_line(writer, "high_80", fan->high_80, horizon, true);
    write_line(writer, "low_95", fan->low_95, horizon, true);
    write_line(writer, "high_95", fan->high_95, horizon, true);
}

static void write_total(struct json_writer *writer, const struct series_total *total) {
    json_key(writer, "total");
    json_begin_object(writer);
    figure_number(writer, "mean", rounded(total->mean));
    figure_number(writer, "low_80", rounded(total->low_80));
    figure_number(writer, "high_80", rounded(total->high_80));
    figure_number(writer, "low_95", rounded(total->low_95));
    figure_number(writer, "high_95", rounded(total->high_95));
    json_end_object(writer);
}

void forecast_write_series(struct json_writer *writer, const struct forecast *forecast,
                           const struct forecast_series *series) {
    const struct forecast_calendar *calendar = &forecast->calendar;
    const struct series_answer *answer = &series->answer;

    json_begin_object(writer);
    figure_text(writer, "metric", series->metric->name);
    figure_text(writer, "metric_label", series->metric->label);
    figure_text(writer, "type", type_of(series->metric));
    figure_text(writer, "unit", unit_of(forecast, series->metric));
    figure_text(writer, "dimension", series->dimension ? series->dimension->name : NULL);
    write_text(writer, "value", series->value);
    write_text(writer, "label", series->label);
    figure_text(writer, "method", series_method_name(answer->method));
    figure_text(writer, "model", answer->model);
    figure_integer(writer, "origins", (int64_t)answer->origins);
    figure_integer(writer, "tested_horizon", (int64_t)answer->tested_horizon);
    write_errors(writer, answer);
    write_days(writer, "periods", calendar->days + series->first,
               series->count + calendar->horizon);
    write_line(writer, "history", series->values, series->count, false);
    write_fan(writer, &answer->fan, calendar->horizon);
    write_total(writer, &answer->fan.total);
    json_end_object(writer);
}

// ---- tables ----

static void write_method(struct json_writer *writer, const struct forecast_series *series,
                         enum series_method method) {
    static const char *const labels[] = {"Naive", "Theta", "Exponential smoothing (ETS)"};
    const struct series_errors *errors = &series->answer.errors[method];

    json_begin_array(writer);
    json_write_string(writer, series->metric->label);
    json_write_string(writer, labels[method]);
    json_write_double(writer, rounded(errors->mase));
    json_write_double(writer, rounded(errors->smape));
    json_write_double(writer, rounded(errors->coverage_80));
    json_write_double(writer, rounded(errors->coverage_95));
    json_write_bool(writer, series->answer.method == method);
    json_end_array(writer);
}

static void write_tests(struct json_writer *writer, const struct forecast *forecast) {
    static const struct figure_column columns[] = {
        {"metric", "Metric", "text", NULL},
        {"method", "Method", "text", NULL},
        {"mase", "Error (MASE)", "number", NULL},
        {"smape", "Error (sMAPE)", "share", NULL},
        {"coverage_80", "Within the 80% range", "share", NULL},
        {"coverage_95", "Within the 95% range", "share", NULL},
        {"chosen", "Used", "bool", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "tests", columns);
    for (size_t i = 0; i < forecast->total_count; i++)
        for (int method = 0; method < SERIES_METHODS; method++)
            write_method(writer, forecast->series[i], (enum series_method)method);
    figures_end_table(writer, (int64_t)(forecast->total_count * SERIES_METHODS));
}

static void write_ahead_of(struct json_writer *writer, const struct forecast *forecast,
                           const struct forecast_series *series) {
    const struct series_fan *fan = &series->answer.fan;
    char text[TIME_TEXT_SIZE];

    for (size_t h = 0; h < forecast->calendar.horizon; h++) {
        const double values[] = {fan->mean[h], fan->low_80[h], fan->high_80[h], fan->low_95[h],
                                 fan->high_95[h]};

        json_begin_array(writer);
        json_write_string(writer, series->metric->label);
        json_write_string(writer,
                          day_format(forecast->calendar.days[forecast->calendar.count + h], text));
        for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
            json_write_double(writer, rounded(values[i]));
        json_end_array(writer);
    }
}

// The totals' forecasts as rows.
static void write_ahead(struct json_writer *writer, const struct forecast *forecast) {
    static const struct figure_column columns[] = {
        {"metric", "Metric", "text", NULL},       {"period", "Period from", "day", NULL},
        {"forecast", "Forecast", "number", NULL}, {"low_80", "Low, 80%", "number", NULL},
        {"high_80", "High, 80%", "number", NULL}, {"low_95", "Low, 95%", "number", NULL},
        {"high_95", "High, 95%", "number", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "ahead", columns);
    for (size_t i = 0; i < forecast->total_count; i++)
        write_ahead_of(writer, forecast, forecast->series[i]);
    figures_end_table(writer, (int64_t)(forecast->total_count * forecast->calendar.horizon));
}

static double sum_of(const double *values, size_t count) {
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

static void write_parts_of(struct json_writer *writer, const struct forecast *forecast,
                           const struct forecast_series *total, const struct dimension *dimension,
                           int64_t *row_count) {
    const size_t horizon = forecast->calendar.horizon;
    double past = 0, ahead = 0;
    int64_t count = 0, naive = 0;

    for (size_t i = forecast->total_count; i < forecast->count; i++) {
        const struct forecast_series *series = forecast->series[i];

        if (series->metric != total->metric || series->dimension != dimension)
            continue;
        past += series->total;
        ahead += sum_of(series->answer.fan.mean, horizon);
        naive += series->answer.method == SERIES_NAIVE;
        count++;
    }
    if (count == 0)
        return;
    json_begin_array(writer);
    json_write_string(writer, total->metric->label);
    json_write_string(writer, dimension->label);
    json_write_int64(writer, count);
    json_write_int64(writer, naive);
    json_write_double(writer, total->total != 0 ? rounded(past / total->total) : NAN);
    json_write_double(writer, rounded(sum_of(total->answer.fan.mean, horizon)));
    json_write_double(writer, rounded(ahead));
    json_end_array(writer);
    *row_count += 1;
}

// The total's forecast beside the sum of those of its parts.
static void write_parts(struct json_writer *writer, const struct forecast *forecast) {
    static const struct figure_column columns[] = {
        {"metric", "Metric", "text", NULL},
        {"by", "By", "text", NULL},
        {"series", "Series", "integer", NULL},
        {"naive", "Of them naive", "integer", NULL},
        {"past_share", "Parts of the total so far", "share", NULL},
        {"total", "Forecast of the total", "number", NULL},
        {"parts", "Sum of the parts' forecasts", "number", NULL},
    };
    int64_t rows = 0;

    FIGURES_BEGIN_TABLE(writer, "parts", columns);
    for (size_t i = 0; i < forecast->total_count; i++)
        for (size_t k = 0; k < forecast->options.dimension_count; k++)
            write_parts_of(writer, forecast, forecast->series[i], forecast->options.dimensions[k],
                           &rows);
    figures_end_table(writer, rows);
}

// ---- when not to trust it ----

#define WARN(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

static const char *periods_of(enum forecast_grain grain) {
    return grain == FORECAST_MONTH ? "months" : grain == FORECAST_WEEK ? "weeks" : "days";
}

static void warn_of_history(struct scope *scope, struct json_writer *writer,
                            const struct forecast *forecast) {
    const struct forecast_calendar *calendar = &forecast->calendar;
    const char *periods = periods_of(calendar->grain);
    const int32_t span = calendar->last_day - calendar->first_day + 1;

    if (calendar->count < 2 * (size_t)calendar->season)
        WARN("%zu %s are fewer than two seasons of %d: what returns every %s is not known to the "
             "forecast.",
             calendar->count, periods, calendar->season,
             calendar->grain == FORECAST_DAY ? "week" : "year");
    if (calendar->grain == FORECAST_DAY)
        WARN("By day only the week is a season: what returns every year, such as Christmas, is not "
             "known to the forecast.");
    else if (span < 3 * 365 && calendar->count >= 2 * (size_t)calendar->season)
        WARN("The season of the year was seen fewer than three times.");
    if (calendar->left_out_days > 0)
        WARN("On %d %s something was sold although that weekday counts as closed: these sales are "
             "left out. By week or month they count.",
             calendar->left_out_days, calendar->left_out_days == 1 ? "day" : "days");
    if (2 * calendar->horizon > calendar->count)
        WARN("The forecast looks %zu %s ahead from %zu behind: its end says little.",
             calendar->horizon, periods, calendar->count);
}

static void warn_of_choice(struct scope *scope, struct json_writer *writer,
                           const struct forecast *forecast, const struct forecast_series *series) {
    const struct series_answer *answer = &series->answer;
    const struct series_errors *errors = &answer->errors[answer->method];
    const char *periods = periods_of(forecast->calendar.grain);

    if (answer->origins == 0) {
        WARN("%s: too few %s to try a forecast on the past; what is shown is the naive one, "
             "untried.",
             series->metric->label, periods);
        return;
    }
    if (answer->method == SERIES_NAIVE)
        WARN("%s: no method forecast the past better than the naive one; use the naive one.",
             series->metric->label);
    else if (errors->mean_absolute > 0.95 * answer->errors[SERIES_NAIVE].mean_absolute)
        WARN("%s: the forecast is hardly better than the naive one (error %.3f against %.3f).",
             series->metric->label, errors->mase, answer->errors[SERIES_NAIVE].mase);
    if (answer->tested_horizon < forecast->calendar.horizon)
        WARN("%s: tried %zu %s ahead only, of the %zu shown.", series->metric->label,
             answer->tested_horizon, periods, forecast->calendar.horizon);
    if (errors->coverage_80 < 0.6)
        WARN("%s: in the past %.0f percent of the values lay within the 80 percent range: take it "
             "for wider than it is drawn.",
             series->metric->label, 100 * errors->coverage_80);
}

static void warn_of_series(struct scope *scope, struct json_writer *writer,
                           const struct forecast *forecast, const struct forecast_series *series) {
    const struct series_answer *answer = &series->answer;
    char day[TIME_TEXT_SIZE];
    size_t zeros = 0;

    for (size_t i = 0; i < series->count; i++)
        zeros += series->values[i] == 0;
    if (answer->surprise > 5)
        WARN("%s: the %s of %s differs from the one before it in the season by %.0f times the "
             "usual: a break, a promotion or faulty data, which the forecast takes for ordinary.",
             series->metric->label, forecast_grain_name(forecast->calendar.grain),
             day_format(forecast->calendar.days[series->first + answer->surprise_at], day),
             answer->surprise);
    if (zeros * 5 > series->count)
        WARN("%s: %zu of %zu values are 0; these methods are made for series that seldom are.",
             series->metric->label, zeros, series->count);
    if (!series->is_positive)
        WARN("%s was below 0 often: its forecast may be as well.", series->metric->label);
}

static void write_warnings(struct scope *scope, struct json_writer *writer,
                           const struct forecast *forecast) {
    json_key(writer, "warnings");
    json_begin_array(writer);
    warn_of_history(scope, writer, forecast);
    for (size_t i = 0; i < forecast->total_count; i++) {
        warn_of_choice(scope, writer, forecast, forecast->series[i]);
        warn_of_series(scope, writer, forecast, forecast->series[i]);
    }
    if (forecast->left_out > 0)
        WARN("%zu smaller series were left out.", forecast->left_out);
    json_end_array(writer);
}

// ---- the whole ----

static void write_calendar(struct json_writer *writer, const struct forecast_calendar *calendar) {
    figure_day(writer, "from", calendar->first_day);
    figure_day(writer, "as_of", calendar->last_day);
    figure_text(writer, "grain", forecast_grain_name(calendar->grain));
    figure_integer(writer, "season", calendar->season);
    figure_integer(writer, "periods", (int64_t)calendar->count);
    figure_integer(writer, "horizon", (int64_t)calendar->horizon);
    figure_day(writer, "first_ahead", calendar->days[calendar->count]);
    figure_integer(writer, "skipped_first_days", calendar->skipped_first_days);
    figure_integer(writer, "skipped_last_days", calendar->skipped_last_days);
    figure_integer(writer, "closed_days", (int64_t)calendar->closed_count);
    json_key(writer, "closed_weekdays"); // 1 Monday … 7 Sunday
    json_begin_array(writer);
    for (int weekday = 0; weekday < 7; weekday++)
        if (calendar->closed_weekdays >> weekday & 1)
            json_write_int64(writer, weekday + 1);
    json_end_array(writer);
}

static void write_counts(struct json_writer *writer, const struct forecast *forecast) {
    size_t of_method[SERIES_METHODS] = {0}, untried = 0;

    for (size_t i = 0; i < forecast->count; i++) {
        of_method[forecast->series[i]->answer.method]++;
        untried += forecast->series[i]->answer.origins == 0;
    }
    figure_integer(writer, "series", (int64_t)forecast->count);
    figure_integer(writer, "left_out", (int64_t)forecast->left_out);
    figure_integer(writer, "untried", (int64_t)untried);
    figure_integer(writer, "naive", (int64_t)of_method[SERIES_NAIVE]);
    figure_integer(writer, "theta", (int64_t)of_method[SERIES_THETA]);
    figure_integer(writer, "ets", (int64_t)of_method[SERIES_ETS]);
    figure_integer(writer, "seed", forecast->options.seed);
    figure_integer(writer, "paths", SERIES_PATHS);
}

static void write_names(struct json_writer *writer, const struct forecast *forecast) {
    json_key(writer, "metrics");
    json_begin_array(writer);
    for (size_t i = 0; i < forecast->options.metric_count; i++)
        json_write_string(writer, forecast->options.metrics[i]->name);
    json_end_array(writer);
    json_key(writer, "by"); // those that do divide the sales
    json_begin_array(writer);
    for (size_t i = forecast->total_count; i < forecast->count; i++)
        if (forecast->series[i]->dimension != forecast->series[i - 1]->dimension)
            json_write_string(writer, forecast->series[i]->dimension->name);
    json_end_array(writer);
}

void forecast_write(struct scope *scope, struct json_writer *writer,
                    const struct forecast *forecast) {
    json_begin_object(writer);
    write_calendar(writer, &forecast->calendar);
    figure_text(writer, "currency", forecast->currency);
    write_counts(writer, forecast);
    write_names(writer, forecast);
    json_key(writer, "totals");
    json_begin_array(writer);
    for (size_t i = 0; i < forecast->total_count; i++)
        forecast_write_series(writer, forecast, forecast->series[i]);
    json_end_array(writer);
    write_ahead(writer, forecast);
    write_tests(writer, forecast);
    write_parts(writer, forecast);
    write_warnings(scope, writer, forecast);
    json_end_object(writer);
}
