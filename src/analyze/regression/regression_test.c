// SPDX-License-Identifier: Apache-2.0
#include "analyze/regression/regression.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/run/run.h"
#include "base/time.h"
#include "store/job.h"
#include "store/lake.h"

#include <math.h>
#include <string.h>

static const struct job_kind kinds[] = {{"regression", regression_run, JOB_LIGHT}};

// Customer 10 comes three times, 20 once, 30 (who is 10) once before; one receipt is anonymous.
static const struct test_line few_sales[] = {
    {.sale = 1,
     .kind = TEST_SALE,
     .at = "2011-01-03 10:00",
     .customer = 30,
     .product = 1,
     .quantity = 2,
     .price = 5,
     .store = 1,
     .channel = "store"},
    {.sale = 2,
     .kind = TEST_SALE,
     .at = "2011-01-10 23:30",
     .customer = 10,
     .product = 2,
     .quantity = 1,
     .price = 7,
     .discount = 3,
     .store = 1,
     .channel = "store",
     .coupon = "TEN"},
    {.sale = 2,
     .kind = TEST_SALE,
     .at = "2011-01-10 23:30",
     .customer = 10,
     .product = 4,
     .quantity = 3,
     .price = 1,
     .store = 1,
     .channel = "store"},
    {.sale = 3,
     .kind = TEST_SALE,
     .at = "2011-01-11 09:00",
     .quantity = 1,
     .price = 2,
     .channel = "web"},
    {.sale = 4,
     .kind = TEST_REFUND,
     .at = "2011-01-20 10:00",
     .customer = 10,
     .quantity = -1,
     .price = 7},
    {.sale = 5,
     .kind = TEST_SALE,
     .at = "2011-02-14 10:00",
     .customer = 10,
     .product = 1,
     .quantity = 1,
     .price = 4,
     .store = 2,
     .channel = "web"},
    {.sale = 6,
     .kind = TEST_SALE,
     .at = "2011-02-20 10:00",
     .customer = 20,
     .product = 3,
     .quantity = 1,
     .price = 3,
     .store = 2,
     .channel = "web"},
};

static struct regression_options options_of(struct scope *scope, const char *json) {
    struct regression_options options;
    struct json *object;

    CHECK_OK(json_parse(scope, text_of(json), &object));
    CHECK_OK(regression_read_options(scope, object, &options));
    return options;
}

static const char *levels_of(struct scope *scope, const struct regression_table *table, size_t i) {
    CLEANUP(buffer_clear) struct buffer text = {0};

    for (size_t row = 0; row < table->row_count; row++)
        if (table->columns[i].numbers)
            buffer_printf(&text, "%g ", table->columns[i].numbers[row]);
        else
            buffer_printf(&text, "%.*s ",
                          TEXT_ARG(table->levels[i][table->columns[i].codes[row]].name));
    return text_string(&scope->arena, text_trim(buffer_text(&text)));
}

TEST(receipts_are_read_with_what_was_known_before_them) {
    struct regression_table table;
    struct regression_options options;

    test_store(scope);
    test_sales(scope, few_sales, sizeof(few_sales) / sizeof(*few_sales));
    test_alias(scope, 30, 10);
    CHECK_OK(lake_refresh(scope));
    options = options_of(scope, "{\"drivers\": [\"channel\", \"store\", \"weekday\", \"coupon\", "
                                "\"items\", \"category\", \"known\", \"first\", \"hour\"]}");
    CHECK_OK(regression_read(scope, &options, &table));
    CHECK_INT((int64_t)table.row_count, 5);
    CHECK_STRING(levels_of(scope, &table, 0), "store store web web web");
    CHECK_STRING(levels_of(scope, &table, 1), "Store 1 Store 1 (not stated) Store 2 Store 2");
    CHECK_STRING(levels_of(scope, &table, 2), "Monday Monday Tuesday Monday Sunday");
    CHECK_STRING(levels_of(scope, &table, 3), "no yes no no no");
    CHECK_STRING(levels_of(scope, &table, 4), "2 4 1 1 1");
    CHECK_STRING(levels_of(scope, &table, 5), "C1 C2 (not stated) C1 (not stated)");
    CHECK_STRING(levels_of(scope, &table, 6), "yes yes no yes yes");
    CHECK_STRING(levels_of(scope, &table, 7), "yes no (not stated) no yes");
    CHECK_STRING(levels_of(scope, &table, 8), "10:00 23:00 09:00 10:00 10:00");
    CHECK_INT(table.columns[0].reference, 0); // web is the most frequent and comes first
    CHECK_TEXT(table.levels[0][0].name, "web");
    CHECK(table.outcome[0] == 10 && table.outcome[2] == 2);

    // A number that is not known leaves its row out.
    options = options_of(scope, "{\"drivers\": [\"tenure\", \"visits\"]}");
    CHECK_OK(regression_read(scope, &options, &table));
    CHECK_INT((int64_t)table.row_count, 4);
    CHECK_INT(table.incomplete_count, 1);
    CHECK_STRING(levels_of(scope, &table, 0), "0 7 42 0");
    CHECK_STRING(levels_of(scope, &table, 1), "0 1 2 0");
    options = options_of(scope, "{\"drivers\": [\"recency\"], \"from\": \"2011-01-05\"}");
    CHECK_OK(regression_read(scope, &options, &table));
    CHECK_STRING(levels_of(scope, &table, 0), "7 35");
    CHECK_INT(table.incomplete_count, 2);
}

TEST(customers_are_read_with_what_they_did_in_the_period) {
    struct regression_table table;
    struct regression_options options;

    test_store(scope);
    test_sales(scope, few_sales, sizeof(few_sales) / sizeof(*few_sales));
    test_alias(scope, 30, 10);
    CHECK_OK(lake_refresh(scope));
    options = options_of(scope, "{\"of\": \"customers\", \"drivers\": [\"receipts\", \"tenure\", "
                                "\"recency\", \"channel\", \"lines\"], \"from\": \"2011-01-05\"}");
    CHECK_OK(regression_read(scope, &options, &table));
    CHECK_INT((int64_t)table.row_count, 2);
    CHECK_INT(table.ids[0], 10);
    CHECK_CLOSE(table.outcome[0], 11, 0);
    CHECK_CLOSE(table.outcome[1], 3, 0);
    CHECK_STRING(levels_of(scope, &table, 0), "2 1");
    CHECK_STRING(levels_of(scope, &table, 1), "48 0"); // since the first purchase ever
    CHECK_STRING(levels_of(scope, &table, 2), "6 0");
    CHECK_STRING(levels_of(scope, &table, 4), "1.5 1");
    CHECK_TEXT(table.currency, "EUR");
}

TEST(every_field_is_read_from_both_stores) {
    test_store(scope);
    test_sales(scope, few_sales, sizeof(few_sales) / sizeof(*few_sales));
    CHECK_OK(lake_refresh(scope));
    for (int unit = 0; regression_units[unit]; unit++)
        for (size_t i = 0; i < regression_field_count((enum regression_unit)unit); i++) {
            const struct regression_field *field =
                regression_field_at((enum regression_unit)unit, i);
            struct regression_options options = {
                .unit = (enum regression_unit)unit,
                .outcome = field->can_be_outcome
                               ? field
                               : regression_field_at((enum regression_unit)unit, 0),
                .drivers = {field},
                .driver_count = field->can_be_driver ? 1 : 0,
                .from_day = REGRESSION_NO_DAY,
                .to_day = REGRESSION_NO_DAY,
            };
            struct regression_table table;

            CHECK_OK(regression_read(scope, &options, &table));
            CHECK((int64_t)table.row_count + table.incomplete_count == (unit == 0 ? 5 : 3));
        }
}

// ---- runs ----

static const char *const channels[] = {"store", "web", "phone"};

static void many_sales(struct scope *scope) {
    enum { LINES = 600 };
    struct test_line *lines = arena_array(&scope->arena, LINES, sizeof(*lines));

    for (int i = 0; i < LINES; i++) {
        lines[i] = (struct test_line){
            .sale = i + 1,
            .kind = TEST_SALE,
            .customer = i % 7 == 0 ? 0 : 1000 + i % 41,
            .product = 1 + i % 9,
            .quantity = 1 + i % 3,
            .price = 4 + i * 7 % 11 + (i % 5 == 1 ? 6 : 0),
            .store = 1 + i % 4,
            .channel = channels[i % 5 == 1   ? 1
                                : i % 5 == 2 ? 2
                                             : 0],
        };
        lines[i].at = arena_printf(&scope->arena, "2011-%02d-%02d %02d:%02d", 1 + i / 56,
                                   1 + i / 2 % 28, 9 + i % 2 * 5, i % 60);
    }
    test_sales(scope, lines, LINES);
}

static struct text result_of(struct scope *scope, const char *parameters) {
    const struct regression_options options = options_of(scope, parameters);
    struct analysis_run run;
    int64_t job_id;
    bool found;

    CHECK_OK(regression_start(scope, &options, &job_id));
    CHECK_OK(job_run(scope, kinds, 1, job_id));
    CHECK_OK(analysis_run_latest(scope, ANALYSIS_REGRESSION, &run, &found));
    CHECK(found);
    CHECK_INT(run.job_id, job_id);
    CHECK_INT(run.customer_count, 0);
    return run.result;
}

static double cell(const struct json *table, size_t row, const char *column) {
    const struct json *found = json_member(table, "rows")->first;
    const struct json *name = json_member(table, "columns")->first;

    for (; row > 0; row--)
        found = found->next;
    found = found->first;
    for (; !text_is(json_member(name, "name")->string, column); name = name->next)
        found = found->next;
    return found->type == JSON_INT64 ? (double)found->int64 : found->number;
}

TEST(one_driver_with_levels_is_the_difference_of_their_means) {
    struct json *result;
    const struct json *coefficients;
    double mean[3] = {0};

    test_store(scope);
    many_sales(scope);
    CHECK_OK(json_parse_own(scope, result_of(scope, "{\"drivers\": [\"channel\"]}"), &result));
    CHECK_OK(lake_refresh(scope));
    for (int i = 0; i < 3; i++) {
        CLEANUP(rows_close) struct rows *rows = NULL;

        CHECK_OK(lake_query(scope,
                            "SELECT CAST(sum(gross_micros) AS DOUBLE PRECISION) / 1000000 / "
                            "count(*) FROM sale WHERE channel = $1",
                            BINDS(BIND_STRING(channels[i])), &rows));
        CHECK(rows_next(rows));
        mean[i] = rows_double(rows, 0);
    }
    coefficients = json_member(result, "coefficients");
    CHECK_INT(json_member(coefficients, "row_count")->int64, 3);
    CHECK_CLOSE(cell(coefficients, 0, "coefficient"), mean[0], 1e-12);      // store: the reference
    CHECK_CLOSE(cell(coefficients, 1, "effect"), mean[2] - mean[0], 1e-10); // phone
    CHECK_CLOSE(cell(coefficients, 2, "effect"), mean[1] - mean[0], 1e-10); // web
    CHECK_INT((int64_t)cell(coefficients, 2, "rows"), 120);
    CHECK_INT(json_member(result, "rows")->int64, 600);
    CHECK(json_member(result, "reading")->count >= 2);
}

// On the web 4 less is spent than in the store, but on Saturdays 5 more. Mondays are the most.
static void sales_of_two_days(struct scope *scope) {
    enum { LINES = 360 };
    struct test_line *lines = arena_array(&scope->arena, LINES, sizeof(*lines));

    for (int i = 0; i < LINES; i++) {
        const bool is_web = i % 5 < 2, is_saturday = i / 5 % 3 == 2;

        lines[i] = (struct test_line){
            .sale = i + 1,
            .kind = TEST_SALE,
            .at = is_saturday ? "2011-01-08 10:00" : "2011-01-03 10:00",
            .product = 1,
            .quantity = 1,
            .price = 20 + i * 7 % 11 % 3 + (is_web ? is_saturday ? 5 : -4 : 0),
            .channel = is_web ? "web" : "store",
        };
    }
    test_sales(scope, lines, LINES);
}

static struct text reading_of(struct scope *scope, const char *parameters) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json *result;

    CHECK_OK(json_parse_own(scope, result_of(scope, parameters), &result));
    for (const struct json *item = json_member(result, "reading")->first; item; item = item->next)
        buffer_printf(&text, "%.*s\n", TEXT_ARG(item->string));
    return text_copy(&scope->arena, buffer_text(&text));
}

TEST(a_reading_names_where_an_effect_holds_and_what_it_depends_on) {
    const char *reading;

    test_store(scope);
    sales_of_two_days(scope);
    reading = text_string(&scope->arena, reading_of(scope, "{\"drivers\": [\"channel:weekday\"]}"));
    CHECK(strstr(reading, "Channel: with “web” instead of “store”, Spend is 3.99") != NULL);
    CHECK(strstr(reading, " EUR lower (−4.1") != NULL); // the lower bound comes first
    CHECK(strstr(reading, " to −3.7") != NULL);
    CHECK(strstr(reading, "), where Weekday is “Monday”, all else equal.") != NULL);
    CHECK(strstr(reading, "Channel × Weekday: what “web” instead of “store” goes with is itself "
                          "8.94 EUR higher (8.") != NULL);
    CHECK(strstr(reading, ") with “Saturday” instead of “Monday”.") != NULL);
    CHECK(strstr(text_string(&scope->arena,
                             reading_of(scope, "{\"drivers\": [\"channel\", \"weekday\"]}")),
                 "where") == NULL);
}

TEST(a_second_regression_changes_no_digit) {
    static const char *const parameters =
        "{\"drivers\": [\"channel:weekday\", \"store\", \"hour\", \"lines\", \"visits\"], "
        "\"logarithm\": true}";
    struct text first;
    struct json *result;

    test_store(scope);
    many_sales(scope);
    first = result_of(scope, parameters);
    CHECK_TEXT(result_of(scope, parameters), text_string(&scope->arena, first));
    CHECK_OK(json_parse_own(scope, first, &result));
    CHECK(json_member(result, "incomplete_rows")->int64 > 0);
    CHECK_INT(json_member(json_member(result, "terms"), "row_count")->int64, 7);
    CHECK_INT(json_member(json_member(result, "correlations"), "row_count")->int64, 3);
    CHECK(json_member(result, "warnings")->count > 0); // lines are all 1: left out by name
}

TEST(a_regression_without_rows_says_what_is_missing) {
    static const struct test_line one[] = {
        {.sale = 1, .kind = TEST_SALE, .at = "2011-01-03 10:00", .quantity = 1, .price = 5},
    };
    struct regression_options options = options_of(scope, "{\"drivers\": [\"weekday\"]}");
    struct regression_table table;
    int64_t job_id;

    test_store(scope);
    CHECK_CODE(regression_read(scope, &options, &table), INVALID);
    CHECK_STRING(scope->failure.message, "there are no receipts in the period");
    scope_forgive(scope);
    test_sales(scope, one, 1);
    CHECK_OK(regression_start(scope, &options, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), INVALID);
    CHECK_STRING(scope->failure.message, "the outcome is 5 in all 1 rows: nothing to explain");
    scope_forgive(scope);
    options = options_of(scope, "{\"drivers\": [\"visits\"]}");
    CHECK_OK(regression_start(scope, &options, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), INVALID);
    CHECK_STRING(scope->failure.message, "no row states all that is asked for (1 do not)");
    scope_forgive(scope);
}

TEST(amounts_of_several_currencies_are_not_compared) {
    static const struct test_line two_currencies[] = {
        {.sale = 1, .kind = TEST_SALE, .at = "2011-01-03 10:00", .quantity = 1, .price = 5},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-03-03 10:00",
         .quantity = 1,
         .price = 5,
         .currency = "CHF"},
    };
    struct regression_options options = options_of(scope, "{\"drivers\": [\"weekday\"]}");
    struct regression_table table;

    test_store(scope);
    test_sales(scope, two_currencies, 2);
    CHECK_OK(lake_refresh(scope));
    CHECK_CODE(regression_read(scope, &options, &table), INVALID);
    CHECK(strstr(scope->failure.message, "several currencies") != NULL);
    scope_forgive(scope);
    options = options_of(scope, "{\"outcome\": \"lines\", \"drivers\": [\"weekday\"]}");
    CHECK_OK(regression_read(scope, &options, &table)); // no amount is asked for
    CHECK_INT((int64_t)table.row_count, 2);
}

TEST(what_a_regression_cannot_be_asked_is_refused_by_name) {
    static const char *const bad[] = {
        "{\"outcome\": \"weather\"}",
        "{\"outcome\": \"channel\"}",
        "{\"drivers\": [\"moon\"]}",
        "{\"drivers\": [\"spend\"]}",
        "{\"drivers\": [\"store:store\"]}",
        "{\"drivers\": [\"store:\"]}",
        "{\"drivers\": []}",
        "{\"drivers\": \"store\"}",
        "{\"outcome\": \"lines\", \"drivers\": [\"lines\"]}",
        "{\"of\": \"stores\"}",
        "{\"from\": \"soon\"}",
        "{\"from\": \"2011-02-01\", \"to\": \"2011-01-01\"}",
        "{\"confidence_percent\": 100}",
        "{\"depth\": 3}",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct regression_options options;
        struct json *json;

        CHECK_OK(json_parse(scope, text_of(bad[i]), &json));
        CHECK_CODE(regression_read_options(scope, json, &options), INVALID);
        CHECK(scope->failure.field[0] != '\0');
        scope_forgive(scope);
    }
}

TEST(what_was_asked_is_written_as_it_is_read) {
    const char *text = "{\"of\":\"customers\",\"outcome\":\"receipts\",\"drivers\":[\"tenure\","
                       "\"channel\",\"tenure:channel\"],\"from\":\"2011-01-05\","
                       "\"logarithm\":true,\"confidence_percent\":90}";
    const struct regression_options options = options_of(scope, text);

    CHECK_TEXT(regression_options_json(scope, &options), text);
    CHECK_INT((int64_t)options.interaction_count, 1);
}
