// SPDX-License-Identifier: Apache-2.0
#include "analyze/churn/churn.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/run/run.h"
#include "analyze/segment/segment.h"
#include "base/random.h"
#include "base/time.h"
#include "store/change.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct job_kind kinds[] = {{"churn", churn_run, JOB_LIGHT}};

static int32_t day(const char *text) {
    int32_t day;

    CHECK(day_parse(text_of(text), DATE_ORDER_YMD, &day));
    return day;
}

// ---- ledgers made up ----

enum { LINES = 4000, CUSTOMERS = 160, DAYS = 420 };

struct shop {
    struct test_line *lines;
    size_t count;
};

static void add_sale(struct scope *scope, struct shop *shop, int customer, int at) {
    char text[TIME_TEXT_SIZE];

    CHECK(shop->count < LINES);
    shop->lines[shop->count] = (struct test_line){.sale = (int64_t)shop->count + 1,
                                                  .kind = TEST_SALE,
                                                  .customer = 1000 + customer,
                                                  .product = 1 + customer % 4,
                                                  .quantity = 1,
                                                  .price = 5 + customer % 9 + at % 4};
    shop->lines[shop->count++].at =
        arena_printf(&scope->arena, "%s 12:00", day_format(day("2011-01-01") + at, text));
}

static struct shop shop_new(struct scope *scope) {
    return (struct shop){.lines = arena_array(&scope->arena, LINES, sizeof(struct test_line))};
}

// Everybody has a pace of 5 to 70 days, and half of them leave one day: how long somebody has been
// away says little, how long by the own pace says nearly all.
static void paced_shop(struct scope *scope) {
    struct random random = random_stream(1, 2, 3);
    struct shop shop = shop_new(scope);

    for (int customer = 0; customer < CUSTOMERS; customer++) {
        const int pace = 5 + (int)random_below(&random, 66);
        const int end = customer % 2 ? DAYS : 60 + (int)random_below(&random, DAYS - 60);

        for (int at = (int)random_below(&random, 60); at < end;
             at += pace - 1 + (int)random_below(&random, 3))
            add_sale(scope, &shop, customer, at);
    }
    test_sales(scope, shop.lines, shop.count);
}

// Who comes is left to chance, each day anew.
static void random_shop(struct scope *scope) {
    struct random random = random_stream(4, 5, 6);
    struct shop shop = shop_new(scope);

    for (int customer = 0; customer < CUSTOMERS; customer++)
        for (int at = (int)random_below(&random, 20); at < DAYS;
             at += 1 + (int)(random_exponential(&random) * 60))
            add_sale(scope, &shop, customer, at);
    test_sales(scope, shop.lines, shop.count);
}

static struct churn_options options_of(int64_t horizon_days) {
    struct churn_options options = churn_default_options();

    options.horizon_days = horizon_days;
    return options;
}

static code run_job(struct scope *scope, const struct churn_options *options) {
    int64_t job_id;

    CHECK_OK(churn_start(scope, options, &job_id));
    return job_run(scope, kinds, 1, job_id);
}

static const struct json *latest(struct scope *scope) {
    struct analysis_run run;
    struct json *result;
    bool found;

    CHECK_OK(analysis_run_latest(scope, ANALYSIS_CHURN, &run, &found));
    CHECK(found);
    CHECK_OK(json_parse_own(scope, run.result, &result));
    return result;
}

static bool is_usable(const struct json *result) {
    return json_member(result, "usable")->boolean;
}

static struct text scores_of(struct scope *scope, int64_t *ret_count) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;

    *ret_count = 0;
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(lake_query(scope,
                        "SELECT customer, probability, driver_1, effect_1, driver_2, effect_2 "
                        "FROM churn ORDER BY customer",
                        NO_BINDS, &rows));
    while (rows_next(rows)) {
        CHECK(rows_double(rows, 1) >= 0 && rows_double(rows, 1) <= 1);
        CHECK(fabs(rows_double(rows, 3)) >= fabs(rows_double(rows, 5)));
        buffer_printf(&text, "%.17g %.17g %.*s %.17g %.*s\n", rows_double(rows, 0),
                      rows_double(rows, 1), TEXT_ARG(rows_text(rows, 2)), rows_double(rows, 3),
                      TEXT_ARG(rows_text(rows, 4)));
        ++*ret_count;
    }
    CHECK_OK(rows_end(rows));
    return text_copy(&scope->arena, buffer_text(&text));
}

TEST(churn_scores_those_who_are_late_by_their_own_pace) {
    const struct churn_options options = options_of(60);
    const struct segment_node *tree;
    const struct json *result;
    struct json *definition;
    int64_t count, again, at_risk, expected;
    struct text scores;

    test_store(scope);
    paced_shop(scope);
    CHECK_OK(run_job(scope, &options));
    result = latest(scope);
    CHECK(is_usable(result));
    CHECK(json_member(result, "log_loss")->number < json_member(result, "naive_log_loss")->number);
    CHECK(json_member(result, "auc")->number > 0.9);
    scores = scores_of(scope, &count);
    CHECK(count > 80);
    CHECK_INT(json_member(result, "customers")->int64, count);
    CHECK(strstr(text_string(&scope->arena, scores), "lateness") != NULL);
    CHECK_OK(run_job(scope, &options));
    CHECK_TEXT(scores_of(scope, &again), text_string(&scope->arena, scores)); // to the last digit

    CHECK_OK(json_parse(scope,
                        TEXT("{\"attribute\": \"churn_probability\", \"operator\": \">=\", "
                             "\"value\": 0.5}"),
                        &definition));
    CHECK_OK(segment_tree(scope, definition, TEXT(""), &tree, NULL));
    CHECK_OK(segment_count(scope, tree, SEGMENT_TODAY, &at_risk));
    CHECK_OK(lake_int64(scope, "SELECT count(*) FROM churn WHERE probability >= 0.5", NO_BINDS, 0,
                        &expected));
    CHECK(expected > 0);
    CHECK_INT(at_risk, expected);
}

TEST(churn_without_a_pattern_is_refused_and_scores_nobody) {
    const struct churn_options options = options_of(60);
    const struct json *result;
    int64_t count;

    test_store(scope);
    random_shop(scope);
    CHECK_OK(run_job(scope, &options));
    result = latest(scope);
    CHECK(!is_usable(result));
    CHECK(json_scalar_text(&scope->arena, json_member(result, "refusal")).size > 0);
    CHECK_INT(json_member(result, "customers")->int64, 0);
    scores_of(scope, &count);
    CHECK_INT(count, 0);
}

// ---- nothing of the future in features, nothing of the past in labels ----

static struct text features_of(struct scope *scope, const char *as_of) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct churn_rows rows;

    CHECK_OK(lake_refresh(scope));
    CHECK_OK(churn_features_read(scope, day(as_of), 365, 1, CHURN_SAMPLE_LIMIT, &rows));
    CHECK(rows.count > 0);
    for (size_t i = 0; i < rows.count; i++) {
        buffer_printf(&text, "%d", (int)rows.customers[i]);
        for (size_t j = 0; j < CHURN_FEATURES; j++)
            buffer_printf(&text, " %.17g", rows.values[i * CHURN_FEATURES + j]);
        buffer_add_char(&text, '\n');
    }
    return text_copy(&scope->arena, buffer_text(&text));
}

static struct text labels_of(struct scope *scope, const char *as_of) {
    static const int64_t customers[] = {10, 20, 30, 40};
    const struct churn_rows rows = {.count = 4, .customers = (int64_t *)customers};
    unsigned char labels[4];

    CHECK_OK(lake_refresh(scope));
    CHECK_OK(churn_labels_read(scope, day(as_of), 30, 1, &rows, labels));
    return text_printf(&scope->arena, "%d%d%d%d", labels[0], labels[1], labels[2], labels[3]);
}

static void put_sale(struct scope *scope, int64_t id, int64_t customer, int kind, const char *on) {
    const int64_t at_us = (int64_t)day(on) * INT64_C(86400000000) + INT64_C(43200000000);

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, store_id, channel, "
        "currency, identifier_id, origin, net_micros, vat_micros, gross_micros, discount_micros, "
        "line_count) VALUES ($1, 1, 'more', CAST($1 AS TEXT), $2, $3, 3, 'web', 'EUR', $4, $4, "
        "7000000, 0, 7000000, 1000000, 1)",
        BINDS(BIND_INT64(id), BIND_INT64(kind), BIND_INT64(at_us), BIND_INT64(customer))));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, product_id, "
        "quantity_micros, unit_price_micros, discount_micros, net_micros, vat_micros, "
        "gross_micros) VALUES ($1, 1, 1, 1, 1, 5, 1000000, 8000000, 1000000, 7000000, 0, 7000000)",
        BINDS(BIND_INT64(id))));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_CREATED, id, id));
    CHECK_OK(ledger_commit(scope));
}

static void put_event(struct scope *scope, int64_t id, int64_t customer, const char *name,
                      const char *channel, const char *direction, const char *on) {
    const int64_t at_us = (int64_t)day(on) * INT64_C(86400000000) + INT64_C(43200000000);

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO event (id, import_id, seen_import, source, event_key, "
                         "origin, at_us, name, channel, direction) VALUES ($1, 1, 1, 't', "
                         "CAST($1 AS TEXT), $2, $3, $4, $5, $6)",
                         BINDS(BIND_INT64(id), BIND_INT64(customer), BIND_INT64(at_us),
                               BIND_STRING(name), BIND_STRING(channel), BIND_STRING(direction))));
    CHECK_OK(change_record(scope, CHANGE_EVENT, CHANGE_CREATED, id, id));
    CHECK_OK(ledger_commit(scope));
}

static void put_everything(struct scope *scope, int64_t first_id, int64_t customer,
                           const char *on) {
    put_sale(scope, first_id, customer, TEST_SALE, on);
    put_sale(scope, first_id + 1, customer, TEST_REFUND, on);
    put_event(scope, first_id, customer, "viewed", "web", "in", on);
    put_event(scope, first_id + 1, customer, "sent", "email", "out", on);
    put_event(scope, first_id + 2, customer, "opened", "email", "in", on);
    put_event(scope, first_id + 3, customer, "complaint_call", "phone", "in", on);
}

static const struct test_line leak_sales[] = {
    {.sale = 1, .kind = TEST_SALE, .at = "2011-01-03 10:00", .customer = 10, .quantity = 1},
    {.sale = 2, .kind = TEST_SALE, .at = "2011-03-10 10:00", .customer = 10, .quantity = 1},
    {.sale = 3, .kind = TEST_SALE, .at = "2011-03-31 23:00", .customer = 20, .quantity = 1},
    {.sale = 4, .kind = TEST_SALE, .at = "2011-04-01 00:10", .customer = 30, .quantity = 1},
    {.sale = 5, .kind = TEST_SALE, .at = "2011-04-20 10:00", .customer = 20, .quantity = 1},
    {.sale = 6, .kind = TEST_SALE, .at = "2011-05-20 10:00", .customer = 10, .quantity = 1},
};

TEST(what_happens_after_the_day_changes_no_feature_and_before_it_no_label) {
    const char *as_of = "2011-03-31";
    struct text features, labels;

    test_store(scope);
    test_sales(scope, leak_sales, sizeof(leak_sales) / sizeof(*leak_sales));
    features = features_of(scope, as_of);
    labels = labels_of(scope, as_of);
    CHECK_TEXT(labels, "1001"); // 20 and 30 bought within 30 days; 10 later, 40 never

    put_everything(scope, 100, 10, "2011-04-01"); // the day after
    put_everything(scope, 110, 20, "2011-09-01");
    CHECK_TEXT(features_of(scope, as_of), text_string(&scope->arena, features));
    CHECK_TEXT(labels_of(scope, as_of), "0001");

    put_everything(scope, 120, 10, "2011-03-31"); // the day itself
    put_everything(scope, 130, 40, "2011-02-01");
    CHECK_TEXT(labels_of(scope, as_of), "0001");
    CHECK(!text_equal(features_of(scope, as_of), features));
}

TEST(features_are_what_they_are_called) {
    const double *values;
    struct churn_rows rows;

    test_store(scope);
    test_sales(scope, leak_sales, sizeof(leak_sales) / sizeof(*leak_sales));
    put_everything(scope, 100, 10, "2011-02-01");
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(churn_features_read(scope, day("2011-03-31"), 365, 1, CHURN_SAMPLE_LIMIT, &rows));
    CHECK_INT((int64_t)rows.count, 2);
    CHECK_INT(rows.customers[0], 10);
    values = rows.values;
    CHECK_CLOSE(values[CHURN_RECENCY], log(1 + 21), 1e-12);
    CHECK_CLOSE(values[CHURN_TENURE], log(1 + 87), 1e-12);
    CHECK_CLOSE(values[CHURN_PURCHASES], log(1 + 3), 1e-12);
    CHECK_CLOSE(values[CHURN_LATENESS], log(22.0 / (66.0 / 2 + 1)), 1e-12);
    CHECK_CLOSE(values[CHURN_SPEND_90], 1, 1e-12);
    CHECK_CLOSE(values[CHURN_DISCOUNT], 1.0 / 8, 1e-12);
    CHECK_CLOSE(values[CHURN_REFUNDS], log(2), 1e-12);
    CHECK_CLOSE(values[CHURN_PLACES], log(3), 1e-12);
    CHECK_CLOSE(values[CHURN_VISITS], log(2), 1e-12);
    CHECK_CLOSE(values[CHURN_MESSAGES], log(2), 1e-12);
    CHECK_CLOSE(values[CHURN_RESPONSES], log(2), 1e-12);
    CHECK_CLOSE(values[CHURN_SERVICE_90], log(2), 1e-12);
    CHECK_CLOSE(values[CHURN_SERVICE], log(2), 1e-12);
}

// A count or an amount of the view, as the models take it.
static double log_of(const struct rows *rows, size_t column) {
    return log(1 + rows_double(rows, column));
}

static void check_features(const struct rows *rows, const double *values) {
    static const enum churn_feature counts[] = {
        CHURN_RECENCY,   CHURN_TENURE,     CHURN_PURCHASES,  CHURN_PURCHASES_90, CHURN_REFUNDS,
        CHURN_PLACES,    CHURN_PRODUCTS,   CHURN_CATEGORIES, CHURN_VISITS,       CHURN_MESSAGES,
        CHURN_RESPONSES, CHURN_SERVICE_90, CHURN_SERVICE};
    enum { COUNTS = sizeof(counts) / sizeof(*counts) };
    const double gross = rows_double(rows, COUNTS + 2) / 1e6;
    const double discount = rows_double(rows, COUNTS + 4) / 1e6;

    for (size_t i = 0; i < COUNTS; i++)
        CHECK_CLOSE(values[counts[i]], log_of(rows, i + 1), 1e-12);
    CHECK_CLOSE(values[CHURN_TREND], log_of(rows, 4) - log_of(rows, COUNTS + 1), 1e-12);
    CHECK_CLOSE(values[CHURN_SPEND], log(1 + gross / rows_double(rows, 3)), 1e-12);
    CHECK_CLOSE(values[CHURN_SPEND_90], rows_double(rows, COUNTS + 3) / 1e6 / gross, 1e-12);
    CHECK_CLOSE(values[CHURN_DISCOUNT], discount / (gross + discount), 1e-12);
}

TEST(what_churn_scores_by_stands_in_the_lake) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct churn_options options = options_of(60);
    struct churn_rows read;
    const char *as_of;

    test_store(scope);
    paced_shop(scope);
    put_everything(scope, 100000, 1001, "2012-02-01");
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*) FROM churn_feature"), "0");
    options.active_days = 120;
    CHECK_OK(run_job(scope, &options));
    CHECK_OK(lake_refresh(scope));
    as_of = text_string(&scope->arena, json_member(latest(scope), "as_of")->string);
    CHECK_OK(churn_features_read(scope, day(as_of), 120, 1, CHURN_SAMPLE_LIMIT, &read));
    CHECK(read.count > 10 && read.count < CUSTOMERS);
    CHECK_OK(lake_query_untrusted(scope,
                                  TEXT("SELECT customer, recency, tenure, purchases, purchases_90, "
                                       "refunds, places, products, categories, visits, messages, "
                                       "responses, service_90, service, purchases_180, "
                                       "gross_micros, gross_90_micros, discount_micros "
                                       "FROM churn_feature ORDER BY customer"),
                                  &rows));
    for (size_t i = 0; i < read.count; i++) {
        CHECK(rows_next(rows));
        CHECK_INT(rows_int64(rows, 0), read.customers[i]);
        check_features(rows, read.values + i * CHURN_FEATURES);
    }
    CHECK(!rows_next(rows));
    CHECK_OK(rows_end(rows));
}

// ---- merged customers ----

static void check_scored(struct scope *scope, int64_t expected) {
    static const char *const counts[] = {"SELECT count(*) FROM lifetime_value",
                                         "SELECT count(*) FROM churn",
                                         "SELECT count(*) FROM persona"};

    CHECK_OK(lake_refresh(scope));
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        int64_t count;

        CHECK_OK(lake_int64(scope, counts[i], NO_BINDS, 0, &count));
        CHECK_INT(count, expected);
    }
}

TEST(who_became_another_customer_has_no_score_any_more) {
    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    for (int64_t kind = 1; kind <= 3; kind++)
        for (int64_t customer = 10; customer <= 20; customer += 10)
            CHECK_OK(ledger_exec(scope,
                                 "INSERT INTO analysis_score (customer, kind, run_id, value_1, "
                                 "value_2, value_3, value_4, value_5) "
                                 "VALUES ($1, $2, 1, 1000000, 1000000, 1000000, 2000000, 1000000)",
                                 BINDS(BIND_INT64(customer), BIND_INT64(kind))));
    CHECK_OK(change_record(scope, CHANGE_ANALYSIS_SCORE, CHANGE_UPDATED, 10, 20));
    CHECK_OK(ledger_commit(scope));
    check_scored(scope, 2);
    test_alias(scope, 20, 10);
    check_scored(scope, 1);
}

// ---- samples ----

// Customers with ids as they are made: milliseconds above 22 bits that count within one.
static int64_t made_at(int ms) {
    return (INT64_C(1700000000000) + ms) << 22;
}

static void made_shop(struct scope *scope, int count) {
    struct shop shop = shop_new(scope);

    for (int customer = 0; customer < count; customer++) {
        add_sale(scope, &shop, customer, customer % 30);
        shop.lines[shop.count - 1].customer = made_at(customer * 37);
    }
    test_sales(scope, shop.lines, shop.count);
    CHECK_OK(lake_refresh(scope));
}

TEST(a_sample_of_customers_made_live_is_the_part_that_was_asked_for) {
    static const int64_t strides[] = {2, 3, 4, 8};
    enum { MADE = 600 };

    test_store(scope);
    made_shop(scope, MADE);
    for (size_t i = 0; i < sizeof(strides) / sizeof(*strides); i++) {
        const double part = (double)MADE / (double)strides[i];
        struct churn_rows rows;
        unsigned char labels[MADE];

        CHECK_OK(churn_features_read(scope, day("2011-02-01"), 365, strides[i], CHURN_SAMPLE_LIMIT,
                                     &rows));
        CHECK((double)rows.count > 0.7 * part && (double)rows.count < 1.3 * part);
        // Labels are those of the same customers: all of them bought in January.
        CHECK_OK(churn_labels_read(scope, day("2010-12-31"), 60, strides[i], &rows, labels));
        for (size_t k = 0; k < rows.count; k++)
            CHECK_INT(labels[k], 0);
    }
}

TEST(a_sample_is_never_larger_than_its_limit_and_comes_from_all_of_the_customers) {
    struct churn_rows all, some;

    test_store(scope);
    made_shop(scope, 100);
    CHECK_OK(churn_features_read(scope, day("2011-02-01"), 365, 1, 100, &all));
    CHECK_INT((int64_t)all.count, 100);
    CHECK_OK(churn_features_read(scope, day("2011-02-01"), 365, 1, 15, &some));
    CHECK_INT((int64_t)some.count, 13); // every eighth
    for (size_t i = 0; i < some.count; i++) {
        CHECK_INT(some.customers[i], all.customers[8 * i]);
        CHECK(test_is_same(some.values + i * CHURN_FEATURES, all.values + 8 * i * CHURN_FEATURES,
                           CHURN_FEATURES * sizeof(double)));
    }
}

// ---- threads ----

static void prepare(struct scope *scope, struct churn *churn) {
    *churn = (struct churn){.options = options_of(60),
                            .first_day = day("2011-01-01"),
                            .end_day = day("2011-01-01") + DAYS - 1,
                            .buyers = CUSTOMERS,
                            .stride = 1};
    CHECK_OK(lake_refresh(scope));
}

TEST(threads_change_no_digit_of_a_back_test_and_of_scores) {
    CLEANUP(churn_clear) struct churn one = {0};
    CLEANUP(churn_clear) struct churn two = {0};

    test_store(scope);
    paced_shop(scope);
    prepare(scope, &one);
    prepare(scope, &two);
    CHECK_OK(churn_backtest(scope, &one, 1));
    CHECK_OK(churn_backtest(scope, &two, 2));
    CHECK_INT((int64_t)one.tested, (int64_t)two.tested);
    for (size_t k = 0; k < CHURN_MODELS; k++)
        CHECK(memcmp(one.probabilities[k], two.probabilities[k], one.tested * sizeof(double)) == 0);
    CHECK_OK(churn_score(scope, &one, 1));
    CHECK_OK(churn_score(scope, &two, 2));
    CHECK_INT((int64_t)one.count, (int64_t)two.count);
    for (size_t k = 0; k < 5; k++)
        CHECK(memcmp(one.scores[k], two.scores[k], one.count * sizeof(int64_t)) == 0);
}

// ---- corners ----

static void check_refused(struct scope *scope, const struct churn_options *options,
                          const char *word) {
    CHECK_CODE(run_job(scope, options), INVALID);
    CHECK(strstr(scope->failure.message, word) != NULL);
    scope_forgive(scope);
}

TEST(churn_says_what_is_missing_of_nobody_one_customer_and_few_months) {
    const struct churn_options options = options_of(60);
    struct churn_options early = options;
    struct shop shop = shop_new(scope);

    test_store(scope);
    check_refused(scope, &options, "no known customer");
    for (int at = 0; at < DAYS; at += 10)
        add_sale(scope, &shop, 1, at);
    test_sales(scope, shop.lines, shop.count);
    check_refused(scope, &options, "no customer left"); // one, who always comes
    early.as_of_day = day("2011-04-30");
    check_refused(scope, &early, "too few"); // 120 days of sales
    early.as_of_day = day("2010-04-30");
    check_refused(scope, &early, "by that day");
}

TEST(churn_of_whom_all_left_is_refused) {
    const struct churn_options options = options_of(30);
    struct shop shop = shop_new(scope);

    test_store(scope);
    for (int customer = 0; customer < CUSTOMERS; customer++)
        add_sale(scope, &shop, customer, customer % 30);
    add_sale(scope, &shop, CUSTOMERS, DAYS);
    test_sales(scope, shop.lines, shop.count);
    check_refused(scope, &options, "all customers left");
}

TEST(churn_of_too_few_customers_is_refused) {
    const struct churn_options options = options_of(30);
    struct shop shop = shop_new(scope);

    test_store(scope);
    for (int customer = 0; customer < 2; customer++)
        for (int at = 0; at < DAYS / (1 + customer); at += 10)
            add_sale(scope, &shop, customer, at);
    test_sales(scope, shop.lines, shop.count);
    check_refused(scope, &options, "too few customers");
}

TEST(churn_options_out_of_range_are_refused_by_name) {
    static const char *const bad[] = {
        "{\"horizon_days\": 6}",     "{\"horizon_days\": 731}", "{\"active_days\": 0}",
        "{\"as_of\": \"tomorrow\"}", "{\"model\": \"oracle\"}", "{\"depth\": 3}",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct churn_options options;
        struct json *json;

        CHECK_OK(json_parse(scope, text_of(bad[i]), &json));
        CHECK_CODE(churn_read_options(scope, json, &options), INVALID);
        CHECK(scope->failure.field[0] != '\0');
        scope_forgive(scope);
    }
}

TEST(the_lake_names_the_features_that_the_scores_number) {
    test_store(scope);
    for (int i = 0; i < CHURN_FEATURES; i++) {
        CLEANUP(rows_close) struct rows *rows = NULL;

        CHECK_OK(ledger_begin(scope));
        CHECK_OK(ledger_exec(scope,
                             "INSERT INTO analysis_score (customer, kind, run_id, value_1, value_2)"
                             " VALUES ($1, 2, 1, 500000, $2)",
                             BINDS(BIND_INT64(i + 1), BIND_INT64((i + 1) * INT64_C(1000000)))));
        CHECK_OK(change_record(scope, CHANGE_ANALYSIS_SCORE, CHANGE_UPDATED, i + 1, i + 1));
        CHECK_OK(ledger_commit(scope));
        CHECK_OK(lake_refresh(scope));
        CHECK_OK(lake_query(scope, "SELECT driver_1 FROM churn WHERE customer = $1",
                            BINDS(BIND_INT64(i + 1)), &rows));
        CHECK(rows_next(rows));
        CHECK_TEXT(rows_text(rows, 0), churn_feature_names[i].name);
    }
}
