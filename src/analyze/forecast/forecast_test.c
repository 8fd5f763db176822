// SPDX-License-Identifier: Apache-2.0
#include "analyze/forecast/forecast.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/run/run.h"
#include "base/time.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <math.h>

static const struct job_kind kinds[] = {{"forecast", forecast_run, JOB_LIGHT}};

static struct forecast_options options_of(struct scope *scope, const char *json) {
    struct forecast_options options;
    struct json *object;

    CHECK_OK(json_parse(scope, text_of(json), &object));
    CHECK_OK(forecast_read_options(scope, object, &options));
    return options;
}

static const char *day_at(struct scope *scope, int32_t day, int hour) {
    char text[TIME_TEXT_SIZE];

    return arena_printf(&scope->arena, "%s %02d:00", day_format(day, text), hour);
}

// Sales of `days` days from a Monday: none on Sundays, one of store 1 on all others, more on
// Saturdays, and one of store 2 every second day from the 30th on. Day 31 is closed. On the last
// `sundays` Sundays there is one of 77.
static void shops_with_sundays(struct scope *scope, int32_t days, int32_t sundays) {
    const int32_t monday = day_from_civil(2011, 1, 3);
    struct test_line *lines = arena_array(&scope->arena, 2 * (size_t)days, sizeof(*lines));
    size_t count = 0;

    for (int32_t i = 0; i < days; i++) {
        const bool is_sunday = i % 7 == 6;

        if (i == 31 || (is_sunday && i < days - 7 * sundays))
            continue;
        lines[count] = (struct test_line){.sale = (int64_t)count + 1,
                                          .kind = TEST_SALE,
                                          .at = day_at(scope, monday + i, 10),
                                          .store = 1,
                                          .product = 1,
                                          .customer = 100 + i % 5,
                                          .quantity = 1,
                                          .price = is_sunday ? 77 : (i % 7 == 5 ? 40 : 20) + i % 3};
        count++;
        if (i < 30 || i % 2 == 1 || is_sunday)
            continue;
        lines[count] = (struct test_line){.sale = (int64_t)count + 1,
                                          .kind = TEST_SALE,
                                          .at = day_at(scope, monday + i, 11),
                                          .store = 2,
                                          .product = 2,
                                          .quantity = 2,
                                          .price = 5};
        count++;
    }
    test_sales(scope, lines, count);
}

static void some_shops(struct scope *scope, int32_t days) {
    shops_with_sundays(scope, days, 0);
}

static void read_forecast(struct scope *scope, const char *json, struct forecast *forecast) {
    *forecast = (struct forecast){.options = options_of(scope, json)};
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(forecast_read(scope, forecast));
}

TEST(days_are_those_on_which_shops_are_open) {
    const int32_t monday = day_from_civil(2011, 1, 3);
    struct forecast forecast;
    const struct forecast_calendar *calendar = &forecast.calendar;
    const struct forecast_series *total, *second;

    test_store(scope);
    some_shops(scope, 70);
    read_forecast(scope, "{\"metrics\": \"revenue_gross,receipts\", \"by\": \"store\"}", &forecast);
    CHECK_INT(calendar->grain, FORECAST_DAY); // ten weeks
    CHECK_INT(calendar->season, 6);
    CHECK_INT(calendar->closed_weekdays, 1u << 6);
    CHECK_INT((int64_t)calendar->count, 60);
    CHECK_INT((int64_t)calendar->horizon, 24);
    CHECK_INT(calendar->days[5], monday + 5);
    CHECK_INT(calendar->days[6], monday + 7);
    CHECK_INT(calendar->days[60], monday + 70);
    CHECK_INT((int64_t)calendar->closed_count, 1);
    CHECK_INT((int64_t)forecast.total_count, 2);
    CHECK_INT((int64_t)forecast.count, 6);
    total = forecast.series[0];
    CHECK_CLOSE(total->values[0], 20, 1e-12);
    CHECK_CLOSE(total->values[5], 42, 1e-12); // Saturday
    // The closed Thursday is what it was a week before and after: (21 + 22 + 10) / 2 …
    CHECK_CLOSE(total->values[27], (20 + 24 % 3 + 20 + 38 % 3 + 10) / 2.0, 1e-12);
    // … and store 2, which sold every second day, has zeros on the others.
    second = forecast.series[3];
    CHECK_TEXT(second->value, "S2");
    CHECK_INT((int64_t)second->first, 26); // day 30
    CHECK_CLOSE(second->values[0], 10, 1e-12);
    CHECK_CLOSE(second->values[3], 0, 1e-12);
    CHECK(second->is_positive);
    CHECK_STRING(forecast.currency, "EUR");
}

TEST(weeks_and_months_are_whole_ones) {
    struct forecast forecast;
    const struct forecast_calendar *calendar = &forecast.calendar;

    test_store(scope);
    some_shops(scope, 200);
    read_forecast(scope, "{}", &forecast);
    CHECK_INT(calendar->grain, FORECAST_WEEK);
    CHECK_INT((int64_t)calendar->count, 28);
    CHECK_INT(calendar->skipped_last_days, 200 - 28 * 7);
    CHECK_INT((int64_t)calendar->horizon, 13);
    read_forecast(scope, "{\"grain\": \"month\", \"as_of\": \"2011-06-15\", \"horizon\": 3}",
                  &forecast);
    CHECK_INT((int64_t)calendar->count, 5); // January began on the 3rd: that is whole
    CHECK_INT(calendar->days[0], day_from_civil(2011, 1, 1));
    CHECK_INT(calendar->days[7], day_from_civil(2011, 8, 1));
    CHECK_INT(calendar->skipped_last_days, 15);
    read_forecast(scope, "{\"grain\": \"week\", \"as_of\": \"2011-01-16\"}", &forecast);
    CHECK_INT((int64_t)calendar->count, 2);
    CHECK_INT(calendar->skipped_last_days, 0);
}

// A tenth of all Sundays, and all of late.
TEST(a_weekday_is_open_when_it_was_of_late) {
    struct forecast forecast;
    const struct forecast_calendar *calendar = &forecast.calendar;

    test_store(scope);
    shops_with_sundays(scope, 150 * 7, 13);
    read_forecast(scope, "{\"grain\": \"day\", \"metrics\": \"revenue_gross\"}", &forecast);
    CHECK_INT(calendar->closed_weekdays, 0);
    CHECK_INT(calendar->season, 7);
    CHECK_INT(calendar->left_out_days, 0);
    CHECK_CLOSE(forecast.series[0]->values[150 * 7 - 1], 77, 1e-12);
}

TEST(days_after_the_last_sale_are_not_known_whatever_is_asked) {
    const int32_t monday = day_from_civil(2011, 1, 3);
    struct forecast forecast;
    const struct forecast_calendar *calendar = &forecast.calendar;

    test_store(scope);
    some_shops(scope, 66); // to a Wednesday
    read_forecast(scope, "{\"grain\": \"week\", \"as_of\": \"2011-12-31\"}", &forecast);
    CHECK_INT(calendar->last_day, monday + 65);
    CHECK_INT((int64_t)calendar->count, 9);
    CHECK_INT(calendar->skipped_last_days, 3);
}

TEST(a_closed_weekday_makes_the_last_week_whole) {
    const int32_t monday = day_from_civil(2011, 1, 3);
    struct forecast forecast;
    const struct forecast_calendar *calendar = &forecast.calendar;

    test_store(scope);
    some_shops(scope, 70); // the last sale on a Saturday
    read_forecast(scope, "{\"grain\": \"week\"}", &forecast);
    CHECK_INT(calendar->last_day, monday + 68);
    CHECK_INT((int64_t)calendar->count, 10);
    CHECK_INT(calendar->skipped_last_days, 0);
    CHECK_INT(calendar->days[10], monday + 70);
}

TEST(yesterday_is_that_of_the_business) {
    const int32_t monday = day_from_civil(2011, 1, 3);
    struct forecast forecast;

    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("Pacific/Auckland")));
    some_shops(scope, 20);
    scope->now_us =
        (monday + 10) * US_PER_DAY + INT64_C(20) * 3600 * US_PER_SECOND; // there, the 11th day
    read_forecast(scope, "{\"grain\": \"day\"}", &forecast);
    CHECK_INT(forecast.calendar.last_day, monday + 10);
    scope->now_us =
        (monday + 10) * US_PER_DAY + INT64_C(5) * 3600 * US_PER_SECOND; // there, still the 10th
    read_forecast(scope, "{\"grain\": \"day\"}", &forecast);
    CHECK_INT(forecast.calendar.last_day, monday + 9);
}

static const struct json *run_job(struct scope *scope, const char *json,
                                  struct analysis_run *ret_run) {
    const struct forecast_options options = options_of(scope, json);
    struct json *result;
    int64_t job_id;
    bool found;

    CHECK_OK(forecast_start(scope, &options, &job_id));
    CHECK_OK(job_run(scope, kinds, 1, job_id));
    CHECK_OK(analysis_run_latest(scope, ANALYSIS_FORECAST, ret_run, &found));
    CHECK(found);
    CHECK_INT(ret_run->job_id, job_id);
    CHECK_OK(json_parse_own(scope, ret_run->result, &result));
    return result;
}

TEST(sales_on_a_weekday_that_is_closed_are_told) {
    struct forecast forecast = {0};
    const struct forecast_calendar *calendar = &forecast.calendar;
    struct analysis_run run;
    const struct json *result, *warning;
    bool is_told = false;

    test_store(scope);
    shops_with_sundays(scope, 140, 1);
    read_forecast(scope, "{\"grain\": \"day\"}", &forecast);
    CHECK_INT(calendar->closed_weekdays, 1u << 6);
    CHECK_INT(calendar->left_out_days, 1);
    result = run_job(scope, "{\"grain\": \"day\"}", &run);
    for (warning = json_member(result, "warnings")->first; warning; warning = warning->next)
        is_told = is_told || text_starts_with(warning->string, TEXT("On 1 day something was sold"));
    CHECK(is_told);
    read_forecast(scope, "{\"grain\": \"week\"}", &forecast);
    CHECK_INT(calendar->left_out_days, 0);
}

static struct text series_of(struct scope *scope, int64_t run_id) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;

    CHECK_OK(ledger_query(scope,
                          "SELECT place, result FROM forecast_series WHERE run_id = $1 "
                          "ORDER BY place",
                          BINDS(BIND_INT64(run_id)), &rows));
    while (rows_next(rows)) {
        buffer_add_text(&text, rows_text(rows, 1));
        buffer_add_char(&text, '\n');
    }
    CHECK_OK(rows_end(rows));
    return text_copy(&scope->arena, buffer_text(&text));
}

TEST(a_run_is_the_same_to_the_last_digit_twice_and_keeps_its_series) {
    struct analysis_run first, second;
    const struct json *result, *totals, *mean;
    struct text series;

    test_store(scope);
    some_shops(scope, 140);
    result = run_job(scope, "{\"grain\": \"day\"}", &first);
    CHECK_INT(json_member(result, "series")->int64, 3 + 3 + 3 + 2 + 2);
    totals = json_member(result, "totals");
    CHECK_INT((int64_t)totals->count, 3);
    mean = json_member(totals->first, "mean");
    CHECK_INT((int64_t)mean->count, 24);
    for (const struct json *value = mean->first; value; value = value->next)
        CHECK(value->type == JSON_INT64 ? value->int64 > 0 : value->number > 0);
    series = series_of(scope, first.id);
    result = run_job(scope, "{\"grain\": \"day\"}", &second);
    CHECK(text_equal(first.result, second.result));
    CHECK(second.id != first.id);
    CHECK(series.size > 0 && text_equal(series, series_of(scope, second.id)));
    CHECK(text_equal(series, series_of(scope, first.id)));
}

static int64_t in_lake(struct scope *scope, const char *sql, int64_t run_id) {
    int64_t number;

    CHECK_OK(lake_int64(scope, sql, BINDS(BIND_INT64(run_id)), -1, &number));
    return number;
}

TEST(what_a_forecast_read_and_found_stands_in_the_lake_as_rows) {
    const struct json *total, *first_mean;
    struct analysis_run run;

    test_store(scope);
    some_shops(scope, 140);
    total = json_member(run_job(scope, "{\"grain\": \"day\"}", &run), "totals")->first;
    CHECK_OK(lake_refresh(scope));
    CHECK_INT(in_lake(scope,
                      "SELECT count(*) FROM analysis_run WHERE id = $1 AND kind = 'forecast'",
                      run.id),
              1);
    CHECK_INT(in_lake(scope,
                      "SELECT count(DISTINCT metric || ' ' || dimension || ' ' || value) "
                      "FROM forecast WHERE run_id = $1",
                      run.id),
              13);
    CHECK_INT(in_lake(scope,
                      "SELECT count(actual) FROM forecast WHERE run_id = $1 AND dimension = '' "
                      "AND metric = 'revenue_gross' AND forecast IS NULL",
                      run.id),
              (int64_t)json_member(total, "history")->count);
    CHECK_INT(in_lake(scope,
                      "SELECT count(high_95) FROM forecast WHERE run_id = $1 AND dimension = '' "
                      "AND metric = 'revenue_gross' AND actual IS NULL AND low_95 <= forecast",
                      run.id),
              24);
    first_mean = json_member(total, "mean")->first;
    CHECK_INT(in_lake(scope,
                      "SELECT CAST(round(10000 * forecast) AS BIGINT) FROM forecast "
                      "WHERE run_id = $1 AND dimension = '' AND metric = 'revenue_gross' "
                      "AND actual IS NULL ORDER BY period LIMIT 1",
                      run.id),
              llround(1e4 * (first_mean->type == JSON_INT64 ? (double)first_mean->int64
                                                            : first_mean->number)));
    CHECK_INT(in_lake(scope,
                      "SELECT count(*) FROM analysis_cell WHERE run_id = $1 "
                      "AND table_name = 'ahead' AND column_name = 'high_95' AND number > 0",
                      run.id),
              3 * 24);
    CHECK_INT(in_lake(scope,
                      "SELECT CAST(number AS BIGINT) FROM analysis_figure WHERE run_id = $1 "
                      "AND name = 'series'",
                      run.id),
              13);
}

TEST(series_of_old_runs_go_and_the_runs_stay) {
    struct analysis_run run;
    int64_t count, first_id = 0;

    test_store(scope);
    some_shops(scope, 21);
    for (int i = 0; i < FORECAST_RUNS_KEPT + 2; i++) {
        run_job(scope, "{\"metrics\": \"receipts\", \"by\": \"\"}", &run);
        first_id = first_id == 0 ? run.id : first_id;
    }
    CHECK_OK(ledger_int64(scope, "SELECT count(DISTINCT run_id) FROM forecast_series", NO_BINDS, 0,
                          &count));
    CHECK_INT(count, FORECAST_RUNS_KEPT);
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(lake_int64(scope, "SELECT count(DISTINCT run_id) FROM forecast", NO_BINDS, 0, &count));
    CHECK_INT(count, FORECAST_RUNS_KEPT);
    CHECK_OK(analysis_run_find(scope, ANALYSIS_FORECAST, first_id, &run));
}

TEST(a_forecast_from_one_day_of_sales_is_defined_and_warned_of) {
    struct analysis_run run;
    const struct json *result, *total;

    test_store(scope);
    some_shops(scope, 1);
    result = run_job(scope, "{}", &run);
    CHECK_INT(json_member(result, "periods")->int64, 1);
    CHECK(json_member(result, "warnings")->count >= 3);
    total = json_member(result, "totals")->first;
    CHECK_TEXT(json_member(total, "method")->string, "naive");
    CHECK_INT(json_member(total, "mean")->first->int64, 20);
    CHECK_INT(json_member(total, "low_80")->first->type, JSON_NULL); // nothing is known of it
}

TEST(without_sales_or_a_whole_period_it_says_what_is_missing) {
    const struct forecast_options options = options_of(scope, "{}");
    const struct forecast_options monthly = options_of(scope, "{\"grain\": \"month\"}");
    int64_t job_id;

    test_store(scope);
    CHECK_OK(forecast_start(scope, &options, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), INVALID);
    scope_forgive(scope);
    some_shops(scope, 20);
    CHECK_OK(forecast_start(scope, &monthly, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), INVALID);
    scope_forgive(scope);
}

TEST(forecast_options_out_of_range_are_refused_by_name) {
    static const char *const bad[] = {
        "{\"metrics\": \"refund_rate\"}",
        "{\"metrics\": \"\"}",
        "{\"by\": \"month\"}",
        "{\"by\": \"vat_rate\"}",
        "{\"by\": \"currency\"}",
        "{\"horizon\": -1}",
        "{\"horizon\": 121}",
        "{\"series_most\": 0}",
        "{\"series_most\": 5001}",
        "{\"as_of\": \"soon\"}",
        "{\"grain\": \"fortnight\"}",
        "{\"depth\": 3}",
        "{\"by\": \"store,till,country,channel,brand\"}",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct forecast_options options;
        struct json *json;

        CHECK_OK(json_parse(scope, text_of(bad[i]), &json));
        CHECK_CODE(forecast_read_options(scope, json, &options), INVALID);
        CHECK(scope->failure.field[0] != '\0');
        scope_forgive(scope);
    }
}

TEST(forecast_options_are_read_as_they_were_written) {
    const struct forecast_options options = options_of(
        scope,
        "{\"metrics\": \"units, receipts\", \"by\": \"\", \"grain\": \"week\", \"horizon\": 9, "
        "\"as_of\": \"2011-02-03\", \"series_most\": 7, \"seed\": 99}");
    const struct forecast_options again =
        options_of(scope, text_string(&scope->arena, forecast_options_json(scope, &options)));

    CHECK_INT((int64_t)again.metric_count, 2);
    CHECK_STRING(again.metrics[0]->name, "units");
    CHECK_INT((int64_t)again.dimension_count, 0);
    CHECK_INT(again.grain, FORECAST_WEEK);
    CHECK_INT(again.horizon, 9);
    CHECK_INT(again.as_of_day, day_from_civil(2011, 2, 3));
    CHECK_INT(again.series_most, 7);
    CHECK_INT(again.seed, 99);
}
