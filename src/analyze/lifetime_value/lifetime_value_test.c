// SPDX-License-Identifier: Apache-2.0
#include "analyze/lifetime_value/lifetime_value.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/run/run.h"
#include "analyze/segment/segment.h"
#include "base/time.h"
#include "store/change.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct job_kind kinds[] = {{"lifetime_value", lifetime_value_run, JOB_LIGHT}};

static int32_t day(const char *text) {
    int32_t day;

    CHECK(day_parse(text_of(text), DATE_ORDER_YMD, &day));
    return day;
}

static const struct test_line some_sales[] = {
    {.sale = 1,
     .kind = TEST_SALE,
     .at = "2011-01-03 10:00",
     .customer = 10,
     .quantity = 1,
     .price = 5},
    {.sale = 2,
     .kind = TEST_SALE,
     .at = "2011-01-10 10:00",
     .customer = 10,
     .quantity = 1,
     .price = 7},
    {.sale = 3,
     .kind = TEST_SALE,
     .at = "2011-01-10 18:00",
     .customer = 10,
     .quantity = 1,
     .price = 2},
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
     .quantity = 1,
     .price = 4},
    {.sale = 6,
     .kind = TEST_SALE,
     .at = "2011-02-01 10:00",
     .customer = 20,
     .quantity = 1,
     .price = 3},
    {.sale = 7,
     .kind = TEST_SALE,
     .at = "2011-01-05 10:00",
     .customer = 30,
     .quantity = 1,
     .price = 9},
    {.sale = 8,
     .kind = TEST_SALE,
     .at = "2011-02-08 10:00",
     .customer = 40,
     .quantity = 1,
     .price = 6},
    {.sale = 9, .kind = TEST_SALE, .at = "2011-01-06 10:00", .quantity = 1, .price = 100},
    {.sale = 10,
     .kind = TEST_SALE,
     .at = "2011-03-01 10:00",
     .customer = 10,
     .quantity = 1,
     .price = 1},
};

TEST(purchases_are_days_of_sales_of_known_customers) {
    struct purchase_records records;
    int32_t first, last;
    int64_t count, *days;

    test_store(scope);
    test_sales(scope, some_sales, sizeof(some_sales) / sizeof(*some_sales));
    test_alias(scope, 40, 30);
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(purchase_span(scope, &first, &last, &count));
    CHECK_INT(first, day("2011-01-03"));
    CHECK_INT(last, day("2011-03-01"));
    CHECK_OK(purchase_records_read(scope, day("2011-02-28"), day("2011-01-31"), 1, &records));
    CHECK_INT((int64_t)records.count, 3);
    CHECK_INT(records.customers[0], 10);
    CHECK_INT(records.first_days[0], day("2011-01-03"));
    CHECK_INT(records.last_days[0], day("2011-02-14"));
    CHECK_INT(records.repeats[0], 2); // two receipts of a day are one purchase, March is later
    CHECK_INT(records.repeat_gross_micros[0], 6000000); // 7 of the tenth of January came back
    CHECK_INT(records.split_repeats[0], 1);
    CHECK_INT(records.split_last_days[0], day("2011-01-10"));
    CHECK_INT(records.split_gross_micros[0], 2000000);
    CHECK_INT(records.split_repeats[1], -1); // 20 came in February
    CHECK_INT(records.repeats[2], 1);        // 40 is 30
    CHECK_INT(records.split_repeats[2], 0);
    CHECK_OK(purchase_days_read(scope, day("2011-02-28"), day("2011-01-31"), 1, &days));
    CHECK_INT(days[0], 0); // 20 was not there in January
    CHECK_INT(days[day("2011-02-08") - day("2011-02-01")], 1);
    CHECK_INT(days[day("2011-02-14") - day("2011-02-01")], 1);
}

TEST(sales_at_one_opportunity_are_one_purchase) {
    struct purchase_records records;
    int64_t *days;

    test_store(scope);
    test_sales(scope, some_sales, sizeof(some_sales) / sizeof(*some_sales));
    test_alias(scope, 40, 30);
    CHECK_OK(lake_refresh(scope));
    // Counted back from the end, two weeks end on 3, 17 and 31 January, 14 and 28 February.
    CHECK_OK(purchase_records_read(scope, day("2011-02-28"), day("2011-01-31"), 14, &records));
    CHECK_INT((int64_t)records.count, 3);
    CHECK_INT(records.first_days[0], day("2011-01-03"));
    CHECK_INT(records.last_days[0], day("2011-02-14"));
    CHECK_INT(records.repeats[0], 2);
    CHECK_INT(records.repeat_gross_micros[0], 6000000); // less what came back in January
    CHECK_INT(records.split_repeats[0], 1);
    CHECK_INT(records.split_last_days[0], day("2011-01-17"));
    CHECK_INT(records.first_days[2], day("2011-01-17"));
    CHECK_INT(records.last_days[2], day("2011-02-14"));
    CHECK_OK(purchase_days_read(scope, day("2011-02-28"), day("2011-01-31"), 14, &days));
    CHECK_INT(days[13], 2);
    CHECK_INT(days[27], 0);
}

// What `units` cost of the sale, as a line of a refund of that sale (0: it names none).
static void put_refund(struct scope *scope, int64_t id, const char *on, int64_t customer,
                       int64_t units, int64_t of_sale) {
    const int64_t at_us = (int64_t)day(on) * INT64_C(86400000000) + INT64_C(43200000000);

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, store_id, channel, "
        "currency, identifier_id, origin, net_micros, vat_micros, gross_micros, discount_micros, "
        "line_count) VALUES ($1, 1, 'more', CAST($1 AS TEXT), 2, $2, 3, 'web', 'EUR', $3, $3, "
        "-$4, 0, -$4, 0, 1)",
        BINDS(BIND_INT64(id), BIND_INT64(at_us), BIND_INT64(customer),
              BIND_INT64(units * 1000000))));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, product_id, "
        "quantity_micros, unit_price_micros, discount_micros, net_micros, vat_micros, "
        "gross_micros, refund_of_sale) VALUES ($1, 1, 1, 1, 1, 5, -1000000, $2, 0, -$2, 0, -$2, "
        "$3)",
        BINDS(BIND_INT64(id), BIND_INT64(units * 1000000), BIND_INT64_IF(of_sale > 0, of_sale))));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_CREATED, id, id));
    CHECK_OK(ledger_commit(scope));
}

TEST(refunds_are_taken_off_the_purchase_they_name) {
    struct purchase_records records;

    test_store(scope);
    test_sales(scope, some_sales, sizeof(some_sales) / sizeof(*some_sales));
    put_refund(scope, 21, "2011-02-20", 10, 1, 2); // bought on the tenth of January
    put_refund(scope, 22, "2011-02-21", 10, 3, 1); // on the first day, which is no repeat
    put_refund(scope, 23, "2011-02-22", 10, 2, 0); // the last purchase before: of February
    put_refund(scope, 24, "2011-01-02", 10, 9, 0); // before any purchase: of nothing
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(purchase_records_read(scope, day("2011-02-28"), day("2011-01-31"), 1, &records));
    CHECK_INT(records.repeats[0], 2);
    CHECK_INT(records.last_days[0], day("2011-02-14"));
    CHECK_INT(records.repeat_gross_micros[0], 3000000);
    CHECK_INT(records.split_gross_micros[0], 2000000); // what came back later was not known
}

// Customers 1 … 120: the first ones come back every few days, the last ones never.
static void many_sales(struct scope *scope) {
    enum { CUSTOMERS = 120, LINES = 2000 };
    struct test_line *lines = arena_array(&scope->arena, LINES, sizeof(*lines));
    size_t count = 0;

    for (int customer = 1; customer <= CUSTOMERS; customer++) {
        const int pace = 4 + customer * customer / 60;
        const int last = 300 - (customer * 37) % 280;

        for (int at = customer % 50; at <= 300 && count < LINES; at += pace + (at * customer) % 7) {
            if (at > customer % 50 && at > last)
                break;
            lines[count] = (struct test_line){.sale = (int64_t)count + 1,
                                              .kind = TEST_SALE,
                                              .customer = 1000 + customer,
                                              .quantity = 1,
                                              .price = 5 + customer % 9 + at % 4};
            lines[count].at =
                arena_printf(&scope->arena, "2011-%02d-%02d 12:00", 1 + at / 28, 1 + at % 28);
            count++;
        }
    }
    test_sales(scope, lines, count);
}

static const struct json *run_job(struct scope *scope,
                                  const struct lifetime_value_options *options) {
    struct analysis_run run;
    struct json *result;
    int64_t job_id;
    bool found;

    CHECK_OK(lifetime_value_start(scope, options, &job_id));
    CHECK_OK(job_run(scope, kinds, 1, job_id));
    CHECK_OK(analysis_run_latest(scope, ANALYSIS_LIFETIME_VALUE, &run, &found));
    CHECK(found);
    CHECK_INT(run.job_id, job_id);
    CHECK_OK(json_parse_own(scope, run.result, &result));
    return result;
}

static struct text scores_of(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;

    CHECK_OK(lake_refresh(scope));
    CHECK_OK(lake_query(scope,
                        "SELECT customer, alive, purchases, spend_micros, value_micros "
                        "FROM lifetime_value ORDER BY customer",
                        NO_BINDS, &rows));
    while (rows_next(rows)) {
        CHECK(rows_double(rows, 1) >= 0 && rows_double(rows, 1) <= 1);
        CHECK(rows_double(rows, 2) >= 0);
        for (size_t i = 0; i < 5; i++)
            buffer_printf(&text, "%.17g ", rows_double(rows, i));
        buffer_add_char(&text, '\n');
    }
    CHECK_OK(rows_end(rows));
    return text_copy(&scope->arena, buffer_text(&text));
}

TEST(a_run_scores_every_customer_and_the_next_one_takes_its_place) {
    struct lifetime_value_options options = lifetime_value_default_options();
    const struct json *result, *again;
    struct text scores;
    int64_t count;

    test_store(scope);
    many_sales(scope);
    result = run_job(scope, &options);
    CHECK_INT(json_member(result, "customers")->int64, 120);
    CHECK(json_member(result, "expected_purchases")->number > 0);
    CHECK_INT(json_member(json_member(result, "models"), "row_count")->int64, 4);
    scores = scores_of(scope);
    again = run_job(scope, &options);
    CHECK_CLOSE(json_member(again, "log_likelihood")->number,
                json_member(result, "log_likelihood")->number, 0);
    CHECK_TEXT(scores_of(scope), text_string(&scope->arena, scores)); // to the last digit

    // As of March fewer customers had come; the others have no score any more.
    options.as_of_day = day("2011-02-10");
    result = run_job(scope, &options);
    CHECK(json_member(result, "customers")->int64 < 120);
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(lake_int64(scope, "SELECT count(*) FROM lifetime_value", NO_BINDS, 0, &count));
    CHECK_INT(count, json_member(result, "customers")->int64);
}

static int32_t day_of(struct scope *scope, const struct json *result, const char *figure) {
    return day(text_string(&scope->arena, json_member(result, figure)->string));
}

// A history as the models are given it: x, t_x, t, spend and NULL where there is none.
static void check_history(const struct rows *rows, size_t column, int64_t repeats, double last,
                          double observed, int64_t gross_micros) {
    CHECK_INT(rows_int64(rows, column), repeats);
    CHECK_CLOSE(rows_double(rows, column + 1), last, 0);
    CHECK_CLOSE(rows_double(rows, column + 2), observed, 0);
    CHECK_INT(rows_is_null(rows, column + 3), repeats == 0);
    if (repeats > 0)
        CHECK_CLOSE(rows_double(rows, column + 3), (double)gross_micros / 1e6 / (double)repeats, 0);
}

// What the job reads, beside what anybody reads in the lake behind it. Answers with how many came
// behind the split.
static int64_t check_input(struct scope *scope, const struct json *result, int32_t unit_days,
                           double time_days) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct purchase_records records;
    int64_t late = 0;

    CHECK_OK(lake_refresh(scope));
    CHECK_OK(purchase_records_read(scope, day_of(scope, result, "as_of"),
                                   day_of(scope, result, "split"), unit_days, &records));
    CHECK_INT((int64_t)records.count, json_member(result, "customers")->int64);
    CHECK_OK(lake_query_untrusted(scope,
                                  TEXT("SELECT customer, x, t_x, t, spend, split_x, split_t_x, "
                                       "split_t, split_spend FROM purchase_history "
                                       "ORDER BY customer"),
                                  &rows));
    for (size_t i = 0; i < records.count; i++) {
        const int32_t first = records.first_days[i];

        CHECK(rows_next(rows));
        CHECK_INT(rows_int64(rows, 0), records.customers[i]);
        check_history(rows, 1, records.repeats[i], (records.last_days[i] - first) / time_days,
                      (records.end_day - first) / time_days, records.repeat_gross_micros[i]);
        CHECK_INT(rows_is_null(rows, 5), records.split_repeats[i] < 0);
        late += records.split_repeats[i] < 0;
        if (records.split_repeats[i] >= 0)
            check_history(rows, 5, records.split_repeats[i],
                          (records.split_last_days[i] - first) / time_days,
                          (records.split_day - first) / time_days, records.split_gross_micros[i]);
    }
    CHECK(!rows_next(rows));
    CHECK_OK(rows_end(rows));
    return late;
}

TEST(what_the_models_were_fitted_to_stands_in_the_lake) {
    struct lifetime_value_options options = lifetime_value_default_options();

    test_store(scope);
    many_sales(scope);
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*) FROM purchase_history"), "0");
    check_input(scope, run_job(scope, &options), 1, 7);
    options.as_of_day = day("2011-03-10");
    options.hold_out_days = 30;
    CHECK(check_input(scope, run_job(scope, &options), 1, 7) > 0);
    options.opportunity_days = 14;
    check_input(scope, run_job(scope, &options), 14, 14);
}

static void check_segment(struct scope *scope, const char *definition, const char *sql) {
    const struct segment_node *tree;
    int64_t count, expected;
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(definition), &json));
    CHECK_OK(segment_tree(scope, json, TEXT(""), &tree, NULL));
    CHECK_OK(segment_count(scope, tree, SEGMENT_TODAY, &count));
    CHECK_OK(lake_int64(scope, sql, NO_BINDS, 0, &expected));
    CHECK(expected > 0);
    CHECK_INT(count, expected);
}

TEST(segments_ask_for_what_was_estimated) {
    const struct lifetime_value_options options = lifetime_value_default_options();

    test_store(scope);
    many_sales(scope);
    run_job(scope, &options);
    check_segment(scope, "{\"attribute\": \"alive\", \"operator\": \">=\", \"value\": 0.5}",
                  "SELECT count(*) FROM lifetime_value WHERE alive >= 0.5");
    check_segment(scope,
                  "{\"any\": [{\"attribute\": \"lifetime_value\", \"operator\": \">\", "
                  "\"value\": 20.5}, {\"not\": {\"attribute\": \"expected_purchases\", "
                  "\"operator\": \"<\", \"value\": 1}}]}",
                  "SELECT count(*) FROM lifetime_value "
                  "WHERE value_micros > 20500000 OR purchases >= 1");
}

TEST(a_run_without_purchases_says_what_is_missing) {
    const struct lifetime_value_options options = lifetime_value_default_options();
    static const struct test_line one[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-01-03 10:00",
         .customer = 10,
         .quantity = 1,
         .price = 5},
    };
    int64_t job_id;

    test_store(scope);
    CHECK_OK(lifetime_value_start(scope, &options, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), INVALID);
    scope_forgive(scope);
    test_sales(scope, one, 1);
    CHECK_OK(lifetime_value_start(scope, &options, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), INVALID); // one day cannot be divided
    scope_forgive(scope);
}

TEST(amounts_of_several_currencies_are_not_added_up) {
    static const struct test_line ledger[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-01-03 10:00",
         .customer = 10,
         .quantity = 1,
         .price = 5},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-03-03 10:00",
         .customer = 10,
         .quantity = 1,
         .price = 5,
         .currency = "CHF"},
    };
    const struct lifetime_value_options options = lifetime_value_default_options();
    int64_t job_id;

    test_store(scope);
    test_sales(scope, ledger, 2);
    CHECK_OK(lifetime_value_start(scope, &options, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), INVALID);
    scope_forgive(scope);
}

TEST(two_customers_of_whom_one_came_back_get_defined_scores) {
    static const struct test_line ledger[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-01-03 10:00",
         .customer = 10,
         .quantity = 1,
         .price = 5},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-03-03 10:00",
         .customer = 10,
         .quantity = 1,
         .price = 5},
        {.sale = 3,
         .kind = TEST_SALE,
         .at = "2011-01-09 10:00",
         .customer = 20,
         .quantity = 1,
         .price = 5},
    };
    const struct lifetime_value_options options = lifetime_value_default_options();
    const struct json *result;

    test_store(scope);
    test_sales(scope, ledger, 3);
    result = run_job(scope, &options);
    CHECK(json_member(result, "warnings")->count >= 3);
    scores_of(scope);
}

TEST(options_out_of_range_are_refused_by_name) {
    static const char *const bad[] = {
        "{\"horizon_months\": 0}", "{\"horizon_months\": 121}",
        "{\"hold_out_days\": -1}", "{\"discount_percent\": 101}",
        "{\"margin_percent\": 0}", "{\"as_of\": \"soon\"}",
        "{\"depth\": 3}",          "{\"model\": \"oracle\"}",
        "{\"model\": \"bg_bb\"}",  "{\"opportunity_days\": 3}",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct lifetime_value_options options;
        struct json *json;

        CHECK_OK(json_parse(scope, text_of(bad[i]), &json));
        CHECK_CODE(lifetime_value_read_options(scope, json, &options), INVALID);
        CHECK(scope->failure.field[0] != '\0');
        scope_forgive(scope);
    }
}

TEST(the_model_that_was_asked_for_is_taken) {
    static const char *const labels[] = {NULL,         "BG/NBD", "MBG/NBD",
                                         "Pareto/NBD", "BG/BB",  "Shifted beta-geometric"};
    struct lifetime_value_options options = lifetime_value_default_options();

    test_store(scope);
    many_sales(scope);
    options.opportunity_days = 7;
    for (options.model = 1; options.model <= (int)purchase_model_count; options.model++) {
        const struct json *result = run_job(scope, &options);

        CHECK_TEXT(json_member(result, "model")->string, labels[options.model]);
        CHECK_INT(json_member(json_member(result, "models"), "row_count")->int64, 6);
    }
    scores_of(scope);
}

// Of `count` customers who pay every 30 days from `from` on, each other renewal loses one in
// `share`; day 0 is 1 January 2011.
static size_t put_payers(struct scope *scope, struct test_line *lines, size_t first, int64_t id,
                         int from, int count, int share) {
    for (int customer = 0; customer < count; customer++)
        for (int at = from, period = 0; at < 360; at += 30, period++) {
            char text[TIME_TEXT_SIZE];

            if (period > 0 && (customer * 7 + period * 4) % share == 0)
                break;
            lines[first++] = (struct test_line){
                .sale = (int64_t)first + 1,
                .kind = TEST_SALE,
                .customer = id + customer,
                .quantity = 1,
                .price = 10,
                .at = arena_printf(&scope->arena, "%s 12:00",
                                   day_format(day("2011-01-01") + at, text)),
            };
        }
    return first;
}

TEST(contracts_are_told_by_the_model_of_contracts) {
    struct lifetime_value_options options = lifetime_value_default_options();
    struct test_line *lines = arena_array(&scope->arena, 5000, sizeof(*lines));
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct json *result;

    test_store(scope);
    test_sales(scope, lines, put_payers(scope, lines, 0, 1000, 0, 100, 11));
    options.opportunity_days = 30;
    result = run_job(scope, &options); // nobody asked for a model: it forecast best
    CHECK_TEXT(json_member(result, "model")->string, "Shifted beta-geometric");
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(lake_query(scope,
                        "SELECT count(*) FILTER (WHERE alive = 0), count(*) FILTER "
                        "(WHERE alive = 1), sum(purchases) FILTER (WHERE alive = 0) "
                        "FROM lifetime_value",
                        NO_BINDS, &rows));
    CHECK(rows_next(rows));
    CHECK(rows_int64(rows, 0) > 10);
    CHECK_INT(rows_int64(rows, 0) + rows_int64(rows, 1), 100);
    CHECK_CLOSE(rows_double(rows, 2), 0, 0); // who left does not come back
    CHECK_OK(rows_end(rows));
}

static double of_cohort(const struct json *result, size_t row, size_t column) {
    const struct json *at = json_member(json_member(result, "cohorts"), "rows")->first;

    for (; row > 0; row--)
        at = at->next;
    for (at = at->first; column > 0; column--)
        at = at->next;
    return at->number;
}

TEST(cohorts_are_compared_by_what_a_new_customer_will_buy) {
    const struct lifetime_value_options options = lifetime_value_default_options();
    struct test_line *lines = arena_array(&scope->arena, 5000, sizeof(*lines));
    const struct json *result;
    size_t count;

    test_store(scope);
    count = put_payers(scope, lines, 0, 1000, 10, 100, 11);
    count = put_payers(scope, lines, count, 2000, 190, 100, 3); // those of July hardly stay
    test_sales(scope, lines, count);
    result = run_job(scope, &options);
    CHECK(json_member(result, "cohort_probability")->number < 1e-6);
    CHECK(json_member(result, "cohort_freedom")->number > 0);
    CHECK(strstr(text_string(&scope->arena, json_member(result, "cohort_reading")->string),
                 "behave differently"));
    CHECK(of_cohort(result, 0, 5) > 1.5 * of_cohort(result, 2, 5));
    CHECK(of_cohort(result, 0, 5) > 0);
}
