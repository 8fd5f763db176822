// SPDX-License-Identifier: Apache-2.0
// Uplift over a store made up: customers of France and of Germany were divided by lot, and a mail
// moves those of them who buy often, or nobody.
#include "analyze/uplift/uplift_run.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/run/run.h"
#include "analyze/segment/segment.h"
#include "base/random.h"
#include "base/time.h"
#include "store/change.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <string.h>

static const struct job_kind kinds[] = {{"uplift", uplift_run, JOB_LIGHT}};

enum { CUSTOMERS = 800, LINES = 8000 };

static int32_t day(const char *text) {
    int32_t day;

    CHECK(day_parse(text_of(text), DATE_ORDER_YMD, &day));
    return day;
}

struct shop {
    struct test_line *lines;
    size_t count;
};

static void add_sale(struct scope *scope, struct shop *shop, int customer, int32_t on, double price,
                     int64_t product) {
    char text[TIME_TEXT_SIZE];

    CHECK(shop->count < LINES);
    shop->lines[shop->count] = (struct test_line){.sale = (int64_t)shop->count + 1,
                                                  .kind = TEST_SALE,
                                                  .customer = 1000 + customer,
                                                  .product = product,
                                                  .quantity = 1,
                                                  .price = price};
    shop->lines[shop->count++].at = arena_printf(&scope->arena, "%s 12:00", day_format(on, text));
}

static void create(struct scope *scope, const char *name, const char *product) {
    struct json *tree;

    CHECK_OK(json_parse_own(scope,
                            text_printf(&scope->arena,
                                        "{\"sales\": \"count\", \"where\": {\"product\": \"%s\"}, "
                                        "\"operator\": \">=\", \"value\": 1}",
                                        product),
                            &tree));
    CHECK_OK(segment_create(scope, text_of(name), TEXT(""), tree));
}

// The first product bought says the arm: customers are divided in turns. Every third is a frequent
// buyer; in June a tenth of all buy, and of the frequent ones who were treated `moved` more.
static void make_shop(struct scope *scope, double moved) {
    struct random random = random_stream(7, 7, 8);
    struct shop shop = {.lines = arena_array(&scope->arena, LINES, sizeof(struct test_line))};

    for (int customer = 0; customer < CUSTOMERS; customer++) {
        const bool is_treated = customer % 2, is_frequent = customer % 3 == 0;
        const int purchases =
            is_frequent ? 6 + (int)random_below(&random, 4) : 1 + (int)random_below(&random, 2);
        double chance = 0.1;

        for (int i = 0; i < purchases; i++)
            add_sale(scope, &shop, customer,
                     day("2011-01-01") + (int32_t)random_below(&random, 150), 10,
                     is_treated ? 1 : 2);
        if (is_treated && is_frequent)
            chance += moved;
        if (random_chance(&random, chance))
            add_sale(scope, &shop, customer, day("2011-06-01") + (int32_t)random_below(&random, 30),
                     20, 3);
    }
    add_sale(scope, &shop, CUSTOMERS, day("2011-07-15"), 5, 4); // sales are known until here
    test_store(scope);
    test_sales(scope, shop.lines, shop.count);
    create(scope, "mailed", "P1");
    create(scope, "held out", "P2");
    CHECK_OK(lake_refresh(scope));
}

static struct uplift_options june(void) {
    return (struct uplift_options){.treated = TEXT("mailed"),
                                   .control = TEXT("held out"),
                                   .start_day = day("2011-06-01"),
                                   .arms_day = day("2011-05-31"),
                                   .window_days = 30,
                                   .seed = 1};
}

static code run_job(struct scope *scope, const struct uplift_options *options) {
    int64_t job_id;

    CHECK_OK(uplift_start(scope, options, &job_id));
    return job_run(scope, kinds, 1, job_id);
}

static const struct json *latest(struct scope *scope, struct text *ret_text) {
    struct analysis_run run;
    struct json *result;
    bool found;

    CHECK_OK(analysis_run_latest(scope, ANALYSIS_UPLIFT, &run, &found));
    CHECK(found);
    CHECK_INT(run.version, UPLIFT_VERSION);
    CHECK_OK(json_parse_own(scope, run.result, &result));
    if (ret_text != NULL)
        *ret_text = run.result;
    return result;
}

static int64_t count_of(struct scope *scope, const char *sql) {
    int64_t count = -1;

    CHECK_OK(lake_refresh(scope));
    CHECK_OK(lake_int64(scope, sql, NO_BINDS, 0, &count));
    return count;
}

static int64_t members_of(struct scope *scope, const char *definition) {
    const struct segment_node *tree;
    struct json *json;
    int64_t count;

    CHECK_OK(json_parse(scope, text_of(definition), &json));
    CHECK_OK(segment_tree(scope, json, TEXT(""), &tree, NULL));
    CHECK_OK(segment_count(scope, tree, SEGMENT_TODAY, &count));
    return count;
}

TEST(uplift_of_the_store_finds_those_whom_the_treatment_moves) {
    const struct uplift_options options = june();
    struct text first, again;
    const struct json *result;

    make_shop(scope, 0.6);
    CHECK_OK(run_job(scope, &options));
    result = latest(scope, &first);
    CHECK(json_member(result, "usable")->boolean);
    CHECK(!json_member(result, "noise")->boolean);
    CHECK_INT(json_member(result, "treated")->int64, CUSTOMERS / 2);
    CHECK_INT(json_member(result, "control")->int64, CUSTOMERS / 2);
    CHECK_INT(json_member(result, "never_bought")->int64, 0);
    CHECK(strstr(text_string(&scope->arena, first), "Chance did not divide") == NULL);
    CHECK_INT(json_member(result, "customers")->int64, CUSTOMERS + 1);
    // Frequent buyers are a third of customers, and nearly all of the first 30 percent.
    CHECK_INT(count_of(scope, "SELECT count(*) FROM uplift"), CUSTOMERS + 1);
    CHECK(count_of(scope, "SELECT count(*) FROM uplift WHERE rank <= 0.3 AND customer IN (SELECT "
                          "coalesce(alias.customer, sale.origin) FROM sale LEFT JOIN alias ON "
                          "alias.origin = sale.origin WHERE sale.sold_on < DATE '2011-06-01' GROUP "
                          "BY 1 HAVING count(*) >= 6)") > CUSTOMERS * 27 / 100);
    CHECK_INT(members_of(scope, "{\"attribute\": \"uplift_rank\", \"operator\": \"<=\", "
                                "\"value\": 0.3}"),
              count_of(scope, "SELECT count(*) FROM uplift WHERE rank <= 0.3"));
    CHECK_INT(members_of(scope, "{\"attribute\": \"uplift\", \"operator\": \">=\", "
                                "\"value\": 0.2}"),
              count_of(scope, "SELECT count(*) FROM uplift WHERE uplift >= 0.2"));
    CHECK_OK(run_job(scope, &options));
    latest(scope, &again);
    CHECK_TEXT(again, text_string(&scope->arena, first)); // to the last digit
}

TEST(uplift_that_is_noise_is_kept_says_so_and_scores_nobody) {
    const struct uplift_options options = june();
    const struct json *result;
    struct text text;

    make_shop(scope, 0);
    CHECK_OK(run_job(scope, &options));
    result = latest(scope, &text);
    CHECK(json_member(result, "noise")->boolean);
    CHECK(!json_member(result, "usable")->boolean);
    CHECK_INT(json_member(result, "customers")->int64, 0);
    CHECK(strstr(text_string(&scope->arena, text), "Nothing here") != NULL);
    CHECK_INT(count_of(scope, "SELECT count(*) FROM uplift"), 0);
}

// ---- features strictly before the start, responses from it on ----

static struct text rows_of(struct scope *scope, const struct uplift_options *options,
                           int64_t *ret_responses) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct uplift_test test = {.options = *options,
                               .end_day = options->start_day + (int32_t)options->window_days - 1};

    CHECK_OK(lake_refresh(scope));
    CHECK_OK(uplift_test_read(scope, &test));
    *ret_responses = 0;
    for (size_t i = 0; i < test.rows.count; i++) {
        *ret_responses += test.rows.responded[i];
        for (size_t j = 0; j < test.rows.features; j++)
            buffer_printf(&text, "%.17g ", test.rows.values[i * test.rows.features + j]);
    }
    return text_copy(&scope->arena, buffer_text(&text));
}

static void put_sale(struct scope *scope, int64_t customer, const char *on, int64_t units) {
    const int64_t at_us = (int64_t)day(on) * INT64_C(86400000000) + INT64_C(43200000000);
    const int64_t id = 100000 + day(on);

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(
        scope,
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, store_id, channel, "
        "currency, identifier_id, origin, net_micros, vat_micros, gross_micros, discount_micros, "
        "line_count) VALUES ($1, 1, 'more', CAST($1 AS TEXT), 1, $2, 3, 'web', 'EUR', $3, $3, "
        "$4, 0, $4, 0, 1)",
        BINDS(BIND_INT64(id), BIND_INT64(at_us), BIND_INT64(customer),
              BIND_INT64(units * INT64_C(1000000)))));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_CREATED, id, id));
    CHECK_OK(ledger_end(scope, OK));
}

// Of the arm that was held out, without a sale from June on.
static int64_t quiet_customer(struct scope *scope) {
    int64_t customer;

    CHECK_OK(ledger_int64(
        scope,
        "SELECT MIN(origin) FROM sale WHERE origin > 1010 AND origin % 2 = 0 AND origin NOT IN "
        "(SELECT origin FROM sale WHERE origin IS NOT NULL AND sold_at_us >= $1)",
        BINDS(BIND_INT64((int64_t)day("2011-06-01") * INT64_C(86400000000))), 0, &customer));
    CHECK(customer > 0);
    return customer;
}

TEST(uplift_knows_nothing_of_the_test_and_nothing_before_it_is_a_response) {
    struct uplift_options options = june();
    int64_t responses, more, rich;
    struct text before;

    make_shop(scope, 0.3);
    before = rows_of(scope, &options, &responses);
    put_sale(scope, quiet_customer(scope), "2011-06-01", 15);
    CHECK_TEXT(rows_of(scope, &options, &more), text_string(&scope->arena, before));
    CHECK_INT(more, responses + 1);
    put_sale(scope, 1004, "2011-07-01", 15); // after the window
    CHECK_TEXT(rows_of(scope, &options, &rich), text_string(&scope->arena, before));
    CHECK_INT(rich, more);
    put_sale(scope, 1006, "2011-05-31", 15);
    CHECK(!text_equal(rows_of(scope, &options, &rich), before));
    CHECK_INT(rich, more);
    options.spend_at_least_micros = 18 * INT64_C(1000000);
    rows_of(scope, &options, &rich);
    CHECK_INT(rich, responses); // all but the one who spent 15
    options.spend_at_least_micros = 15 * INT64_C(1000000);
    rows_of(scope, &options, &rich);
    CHECK_INT(rich, more);
    options.spend_at_least_micros = 41 * INT64_C(1000000);
    rows_of(scope, &options, &rich);
    CHECK_INT(rich, 0);
}

TEST(uplift_says_that_chance_did_not_divide_segments_that_differ) {
    struct uplift_options options = june();
    struct json *tree;
    struct text text;

    make_shop(scope, 0.3);
    CHECK_OK(json_parse_own(
        scope, TEXT("{\"sales\": \"count\", \"operator\": \">=\", \"value\": 4}"), &tree));
    CHECK_OK(segment_create(scope, TEXT("often"), TEXT(""), tree));
    CHECK_OK(json_parse_own(
        scope, TEXT("{\"sales\": \"count\", \"operator\": \"<=\", \"value\": 3}"), &tree));
    CHECK_OK(segment_create(scope, TEXT("rarely"), TEXT(""), tree));
    options.treated = TEXT("often");
    options.control = TEXT("rarely");
    CHECK_OK(run_job(scope, &options));
    latest(scope, &text);
    CHECK(strstr(text_string(&scope->arena, text), "Chance did not divide") != NULL);
}

TEST(uplift_refuses_what_it_cannot_be_asked) {
    struct uplift_options options = june();
    struct json *json;

    make_shop(scope, 0.3);
    CHECK_OK(json_parse(
        scope, TEXT("{\"treated\": \"a\", \"control\": \"a\", \"start\": \"2011-06-01\"}"), &json));
    CHECK_CODE(uplift_read_options(scope, json, &options), INVALID);
    scope_forgive(scope);
    CHECK_OK(json_parse(
        scope, TEXT("{\"treated\": \"a\", \"control\": \"b\", \"start\": \"soon\"}"), &json));
    CHECK_CODE(uplift_read_options(scope, json, &options), INVALID);
    scope_forgive(scope);
    options = june();
    options.start_day = day("2012-01-01");
    CHECK_CODE(run_job(scope, &options), INVALID);
    scope_forgive(scope);
    options = june();
    options.treated = TEXT("nobody's");
    CHECK_CODE(run_job(scope, &options), NOT_FOUND);
    scope_forgive(scope);
    options = june();
    options.start_day = day("2011-01-02"); // nobody to speak of had bought before
    CHECK_CODE(run_job(scope, &options), INVALID);
}
