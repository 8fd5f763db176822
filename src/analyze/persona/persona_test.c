// SPDX-License-Identifier: Apache-2.0
#include "analyze/persona/persona.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/run/run.h"
#include "analyze/segment/segment.h"
#include "store/change.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <math.h>
#include <string.h>

static const struct job_kind kinds[] = {{"persona", persona_run, JOB_LIGHT}};

enum { CUSTOMERS = 90, LINES = 3000 };

// Customers 1001 … 1090: a third buys every few days for much, a third now and then for little, a
// third bought once, long ago. Of the first, some fall silent in the last months.
static void three_crowds(struct scope *scope) {
    struct test_line *lines = arena_array(&scope->arena, LINES, sizeof(*lines));
    size_t count = 0;

    for (int customer = 0; customer < CUSTOMERS; customer++) {
        const int crowd = customer % 3;
        const int pace = crowd == 0 ? 9 + customer % 4 : crowd == 1 ? 60 + customer % 9 : 1000;
        const int last = crowd == 0 && customer % 5 == 0 ? 200 : 330;

        for (int at = crowd == 2 ? customer % 20 : customer % 40; at <= last && count < LINES;
             at += pace)
            lines[count] =
                (struct test_line){.sale = (int64_t)count + 1,
                                   .kind = TEST_SALE,
                                   .customer = 1001 + customer,
                                   .product = 1 + crowd * 3 + at % 3,
                                   .quantity = 1,
                                   .price = crowd == 0 ? 80 + at % 9 : 6 + customer % 5,
                                   .channel = crowd == 1 ? "web" : "store",
                                   .at = arena_printf(&scope->arena, "2011-%02d-%02d 12:00",
                                                      1 + at / 28, 1 + at % 28)},
            count++;
    }
    test_sales(scope, lines, count);
}

static struct persona_options options_of(struct scope *scope, const char *text) {
    struct persona_options options;
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(text), &json));
    CHECK_OK(persona_read_options(scope, json, &options));
    return options;
}

static const struct json *run_job(struct scope *scope, const char *options_text,
                                  struct text *ret_text) {
    const struct persona_options options = options_of(scope, options_text);
    struct analysis_run run;
    struct json *result;
    int64_t job_id;
    bool found;

    CHECK_OK(persona_start(scope, &options, &job_id));
    CHECK_OK(job_run(scope, kinds, 1, job_id));
    CHECK_OK(analysis_run_latest(scope, ANALYSIS_PERSONA, &run, &found));
    CHECK(found);
    CHECK_INT(run.job_id, job_id);
    CHECK_OK(json_parse_own(scope, run.result, &result));
    if (ret_text != NULL)
        *ret_text = run.result;
    return result;
}

static const struct json *cell(const struct json *result, const char *table, size_t row,
                               size_t column) {
    const struct json *at = json_member(json_member(result, table), "rows")->first;

    while (row-- > 0)
        at = at->next;
    at = at->first;
    while (column-- > 0)
        at = at->next;
    return at;
}

static int64_t row_count(const struct json *result, const char *table) {
    return json_member(json_member(result, table), "row_count")->int64;
}

static int64_t count_lake(struct scope *scope, const char *sql) {
    int64_t count;

    CHECK_OK(lake_refresh(scope));
    CHECK_OK(lake_int64(scope, sql, NO_BINDS, 0, &count));
    return count;
}

TEST(three_crowds_are_three_personas_the_one_that_spends_most_first) {
    const struct json *result;

    test_store(scope);
    three_crowds(scope);
    result = run_job(scope, "{\"personas\": 3}", NULL);
    CHECK_INT(json_member(result, "customers")->int64, CUSTOMERS);
    CHECK_INT(row_count(result, "personas"), 3);
    CHECK_INT(cell(result, "personas", 0, 0)->int64, 1);
    CHECK_INT(cell(result, "personas", 0, 3)->int64, 30);
    CHECK_INT(cell(result, "personas", 1, 3)->int64, 30);
    CHECK_INT(cell(result, "personas", 2, 3)->int64, 30);
    CHECK(cell(result, "personas", 0, 6)->number > 0.9); // of all spend
    CHECK_INT(count_lake(scope, "SELECT count(*) FROM persona WHERE persona = 1"), 30);
    // A typical customer of the first persona is one of it.
    CHECK_INT(count_lake(scope, "SELECT count(*) FROM persona p WHERE p.persona = 1 AND "
                                "(p.customer - 1001) % 3 = 0"),
              30);
    CHECK(row_count(result, "baskets") > 0);
    CHECK(row_count(result, "choice") == 7);
    CHECK_INT(row_count(result, "map"), CUSTOMERS);
}

TEST(personas_twice_in_a_row_are_the_same_to_the_last_digit) {
    struct text first, second;

    test_store(scope);
    three_crowds(scope);
    run_job(scope, "{\"features\": \"recency,receipts,spend,channels,categories,lines\"}", &first);
    run_job(scope, "{\"features\": \"recency,receipts,spend,channels,categories,lines\"}", &second);
    CHECK_TEXT(second, text_string(&scope->arena, first));
}

TEST(a_persona_keeps_its_number_and_its_name) {
    const struct json *result;

    test_store(scope);
    three_crowds(scope);
    run_job(scope, "{\"personas\": 3}", NULL);
    CHECK_OK(persona_rename(scope, 1, TEXT("  Regulars ")));
    // Grouped by something else, of which the same crowds come out; a seed changes no number.
    result =
        run_job(scope, "{\"personas\": 3, \"seed\": 9, \"features\": \"receipts,spend\"}", NULL);
    CHECK_INT(cell(result, "personas", 0, 0)->int64, 1);
    CHECK_TEXT(cell(result, "personas", 0, 1)->string, "Regulars");
    CHECK_INT(cell(result, "personas", 2, 0)->int64, 3);
    CHECK_OK(persona_rename(scope, 1, TEXT("")));
    result = run_job(scope, "{\"personas\": 3}", NULL);
    CHECK_TEXT(cell(result, "personas", 0, 1)->string,
               text_string(&scope->arena, cell(result, "personas", 0, 2)->string));
    CHECK_CODE(persona_rename(scope, 1,
                              TEXT("0123456789012345678901234567890123456789"
                                   "01234567890123456789012345678901234567890")),
               INVALID);
    scope_forgive(scope);
}

// What a run leaves behind that was broken off before its row was written: scores of some
// customers.
static void break_off(struct scope *scope, const char *customers, int64_t number) {
    const char *sql = arena_printf(&scope->arena,
                                   "UPDATE analysis_score SET run_id = run_id + 1, value_1 = $1 "
                                   "WHERE kind = 3 AND %s",
                                   customers);

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(scope, sql, BINDS(BIND_INT64(number * 1000000))));
    CHECK_OK(change_record(scope, CHANGE_ANALYSIS_SCORE, CHANGE_UPDATED, 1001, 1000 + CUSTOMERS));
    CHECK_OK(ledger_commit(scope));
}

static void check_numbers_differ(const struct json *result) {
    for (int64_t i = 0; i < row_count(result, "personas"); i++)
        for (int64_t k = 0; k < i; k++)
            CHECK(cell(result, "personas", (size_t)i, 0)->int64 !=
                  cell(result, "personas", (size_t)k, 0)->int64);
}

TEST(a_run_that_was_broken_off_gives_no_numbers) {
    const struct json *result;

    test_store(scope);
    three_crowds(scope);
    run_job(scope, "{\"personas\": 3}", NULL);
    break_off(scope, "(customer - 1001) % 3 = 0", 4);
    result = run_job(scope, "{\"personas\": 4}", NULL);
    CHECK_INT(row_count(result, "personas"), 4);
    check_numbers_differ(result);
    // Of a persona whose customers have the lost scores for the most part, the others tell.
    run_job(scope, "{\"personas\": 3}", NULL);
    result = run_job(scope, "{\"personas\": 3}", NULL);
    break_off(scope, "(customer - 1001) % 3 = 0 AND customer < 1075", 99);
    CHECK_INT(cell(run_job(scope, "{\"personas\": 3}", NULL), "personas", 0, 0)->int64,
              cell(result, "personas", 0, 0)->int64);
}

TEST(personas_are_found_after_a_first_run_that_was_broken_off_or_cannot_be_read) {
    const struct json *result;

    test_store(scope);
    three_crowds(scope);
    run_job(scope, "{\"personas\": 3}", NULL);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(scope, "DELETE FROM analysis_run WHERE kind = 3", NO_BINDS));
    CHECK_OK(ledger_commit(scope));
    run_job(scope, "{\"personas\": 3}", NULL);
    result = run_job(scope, "{\"personas\": 4}", NULL);
    check_numbers_differ(result);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(scope, "UPDATE analysis_run SET result = '{}' WHERE kind = 3", NO_BINDS));
    CHECK_OK(ledger_commit(scope));
    result = run_job(scope, "{\"personas\": 5}", NULL);
    CHECK_INT(row_count(result, "personas"), 5);
    check_numbers_differ(result);
    CHECK(json_member(json_member(result, "model"), "last_number")->int64 >= 5);
}

// The measures that personas are made of, beside what anybody reads in the lake behind the run.
static void check_input(struct scope *scope, const char *end, int32_t window_days) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct persona_columns none = {0};
    struct persona_span span;
    struct persona_data data = {0};

    CHECK(day_parse(text_of(end), DATE_ORDER_YMD, &span.end_day));
    span.begin_day = span.end_day - window_days;
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(persona_data_read(scope, &none, span, PERSONA_WITH_MEASURES, &data));
    CHECK(data.count > 0);
    CHECK_OK(lake_query_untrusted(scope,
                                  TEXT("SELECT customer, recency, receipts, spend, "
                                       "average_receipt, lines, tenure, discount_share, "
                                       "return_share FROM persona_feature ORDER BY customer"),
                                  &rows));
    for (size_t i = 0; i < data.count; i++) {
        CHECK(rows_next(rows));
        CHECK_INT(rows_int64(rows, 0), data.customers[i]);
        for (size_t j = 0; j < PERSONA_CHANNELS; j++)
            CHECK_CLOSE(rows_double(rows, j + 1), data.measures[i * PERSONA_CHANNELS + j], 0);
    }
    CHECK(!rows_next(rows));
    CHECK_OK(rows_end(rows));
}

TEST(what_personas_are_grouped_by_stands_in_the_lake) {
    test_store(scope);
    three_crowds(scope);
    test_ledger_exec(scope, "UPDATE sale SET discount_micros = 1500000 WHERE id % 3 = 0; "
                            "UPDATE sale SET kind = 2, gross_micros = -gross_micros "
                            "WHERE id % 7 = 0");
    CHECK_OK(lake_rebuild(scope));
    CHECK_INT(count_lake(scope, "SELECT count(*) FROM persona_feature"), 0);
    run_job(scope, "{\"personas\": 3, \"as_of\": \"2011-10-20\", \"window_days\": 200}", NULL);
    check_input(scope, "2011-10-20", 200);
    // The frozen model's days, whatever else is said.
    run_job(scope, "{\"frozen\": true, \"as_of\": \"2011-11-20\"}", NULL);
    check_input(scope, "2011-11-20", 200);
    CHECK(count_lake(scope, "SELECT count(*) FROM persona_feature "
                            "WHERE discount_share > 0 AND return_share > 0") > 0);
}

TEST(the_frozen_model_assigns_as_of_another_day) {
    const struct json *before, *after;

    test_store(scope);
    three_crowds(scope);
    before = run_job(scope, "{\"personas\": 3, \"as_of\": \"2011-01-21\"}", NULL);
    CHECK(json_member(before, "customers")->int64 < CUSTOMERS);
    after = run_job(scope, "{\"frozen\": true, \"as_of\": \"2011-10-20\"}", NULL);
    CHECK_INT(json_member(after, "customers")->int64, CUSTOMERS);
    CHECK_INT(count_lake(scope, "SELECT count(*) FROM persona"), CUSTOMERS);
    CHECK_CLOSE(json_member(json_member(after, "model"), "centres")->first->number,
                json_member(json_member(before, "model"), "centres")->first->number, 0);
}

TEST(moves_are_counted_by_one_model_at_both_days) {
    const struct json *result;
    int64_t all = 0;

    test_store(scope);
    three_crowds(scope);
    result =
        run_job(scope, "{\"personas\": 3, \"before\": \"2011-03-01\", \"window_days\": 120}", NULL);
    for (int64_t row = 0; row < row_count(result, "moves"); row++)
        all += cell(result, "moves", (size_t)row, 2)->int64;
    CHECK(all >= json_member(result, "customers")->int64);
    // Who bought once in January is in no persona of the last 120 days.
    CHECK_INT(count_lake(scope, "SELECT count(*) FROM persona WHERE (customer - 1001) % 3 = 2"), 0);
    CHECK(json_member(result, "moved_up")->int64 + json_member(result, "moved_down")->int64 +
              json_member(result, "stayed")->int64 <=
          all);
    CHECK_INT(count_lake(scope, "SELECT count(*) FROM persona WHERE earlier = persona"),
              json_member(result, "stayed")->int64);
}

static void check_segment(struct scope *scope, const char *definition, const char *sql) {
    const struct segment_node *tree;
    struct json *json;
    int64_t count;

    CHECK_OK(json_parse(scope, text_of(definition), &json));
    CHECK_OK(segment_tree(scope, json, TEXT(""), &tree, NULL));
    CHECK_OK(segment_count(scope, tree, SEGMENT_TODAY, &count));
    CHECK(count > 0);
    CHECK_INT(count, count_lake(scope, sql));
}

TEST(segments_ask_for_the_persona) {
    test_store(scope);
    three_crowds(scope);
    run_job(scope, "{\"personas\": 3}", NULL);
    check_segment(scope, "{\"attribute\": \"persona\", \"operator\": \"is\", \"value\": 1}",
                  "SELECT count(*) FROM persona WHERE persona = 1");
    check_segment(scope,
                  "{\"all\": [{\"attribute\": \"persona\", \"operator\": \"is\", \"value\": 1},"
                  " {\"attribute\": \"persona_before\", \"operator\": \"is\", \"value\": 1}]}",
                  "SELECT count(*) FROM persona WHERE persona = 1 AND earlier = 1");
}

TEST(a_mixture_of_gaussians_finds_the_crowds_as_well) {
    const struct json *result;

    test_store(scope);
    three_crowds(scope);
    result = run_job(scope, "{\"personas\": 3, \"method\": \"gaussian_mixture\"}", NULL);
    CHECK_INT(cell(result, "personas", 0, 3)->int64, 30);
    CHECK_INT(count_lake(scope, "SELECT count(*) FROM persona WHERE certainty > 0.99"), CUSTOMERS);
    result = run_job(scope, "{\"frozen\": true}", NULL);
    CHECK_INT(cell(result, "personas", 0, 3)->int64, 30);
}

// What becomes of a job that cannot say anything.
static void check_refused(struct scope *scope, const char *options_text) {
    const struct persona_options options = options_of(scope, options_text);
    int64_t job_id;

    CHECK_OK(persona_start(scope, &options, &job_id));
    CHECK_CODE(job_run(scope, kinds, 1, job_id), INVALID);
    scope_forgive(scope);
}

TEST(without_purchases_there_are_no_personas) {
    test_store(scope);
    check_refused(scope, "{}");
}

TEST(customers_who_do_not_differ_are_refused_in_words) {
    static const struct test_line alike[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-01-03 10:00",
         .customer = 10,
         .quantity = 1,
         .price = 5},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-01-03 10:00",
         .customer = 20,
         .quantity = 1,
         .price = 5},
    };

    test_store(scope);
    test_sales(scope, alike, 2);
    check_refused(scope, "{}");
    check_refused(scope, "{\"frozen\": true}");
    check_refused(scope, "{\"as_of\": \"2010-01-01\"}");
}

TEST(one_customer_and_two_currencies_make_no_personas) {
    static const struct test_line two[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-01-03 10:00",
         .customer = 10,
         .quantity = 1,
         .price = 5},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-01-09 10:00",
         .customer = 30,
         .quantity = 1,
         .price = 7,
         .currency = "CHF"},
    };

    test_store(scope);
    test_sales(scope, two, 2);
    check_refused(scope, "{}");
    check_refused(scope, "{\"as_of\": \"2011-01-05\"}"); // one customer differs from nobody
}

TEST(few_customers_make_few_personas_and_are_warned_of) {
    static const struct test_line few[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-01-03 10:00",
         .customer = 10,
         .quantity = 1,
         .price = 5},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-01-05 10:00",
         .customer = 20,
         .quantity = 1,
         .price = 900},
        {.sale = 3,
         .kind = TEST_SALE,
         .at = "2011-02-05 10:00",
         .customer = 30,
         .quantity = 1,
         .price = 0},
    };
    const struct json *result;

    test_store(scope);
    test_sales(scope, few, 3);
    result = run_job(scope, "{}", NULL);
    CHECK_INT(json_member(result, "customers")->int64, 2); // a receipt of nothing is none
    CHECK_INT(row_count(result, "personas"), 1);
    CHECK(json_member(result, "warnings")->count >= 2);
    result = run_job(scope, "{\"personas\": 2}", NULL);
    CHECK_INT(row_count(result, "personas"), 2);
    check_refused(scope, "{\"personas\": 3}");
}

static bool is_warned(struct scope *scope, const struct json *result, const char *words) {
    const struct json *warnings = json_member(result, "warnings");

    for (const struct json *each = warnings->first; each != NULL; each = each->next)
        if (strstr(text_string(&scope->arena, each->string), words) != NULL)
            return true;
    return false;
}

TEST(groups_that_were_not_measured_are_not_called_stable) {
    static const char *const words = "was not measured";

    test_store(scope);
    three_crowds(scope);
    CHECK(!is_warned(scope, run_job(scope, "{\"personas\": 3}", NULL), words));
    CHECK(is_warned(scope, run_job(scope, "{\"frozen\": true}", NULL), words));
    CHECK(is_warned(scope, run_job(scope, "{\"personas\": 3, \"most\": 2}", NULL), words));
}

TEST(who_became_another_customer_is_in_no_persona) {
    test_store(scope);
    three_crowds(scope);
    run_job(scope, "{\"personas\": 3}", NULL);
    test_alias(scope, 1001, 1004);
    CHECK_INT(count_lake(scope, "SELECT count(*) FROM persona WHERE customer = 1001"), 0);
    CHECK_INT(count_lake(scope, "SELECT count(*) FROM persona"), CUSTOMERS - 1);
}

// Thirteen channels, the last ones as rare as each other.
TEST(channels_beyond_the_most_frequent_are_one_that_says_so) {
    enum { CHANNELS = 13, SALES = 2 * (CHANNELS - 2) + 2 };
    struct test_line lines[SALES];
    struct persona_data data;
    struct persona_counts channels;
    uint32_t labels[SALES] = {0};
    const struct persona_span span = {15100, 14900};

    for (int i = 0; i < SALES; i++)
        lines[i] = (struct test_line){
            .sale = i + 1,
            .kind = TEST_SALE,
            .at = "2011-01-05 10:00",
            .customer = 900 - i,
            .quantity = 1,
            .price = 1 + i,
            .channel = arena_printf(&scope->arena, "c%02d", i < SALES - 2 ? i / 2 : i)};
    test_store(scope);
    test_sales(scope, lines, SALES);
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(
        persona_data_read(scope, &(struct persona_columns){0}, span, PERSONA_WITH_MEASURES, &data));
    CHECK_INT((int64_t)data.count, SALES);
    CHECK_OK(persona_channels(scope, &data, labels, 1, &channels));
    CHECK_INT((int64_t)channels.count, 12);
    CHECK_TEXT(channels.names[0], "c00");
    CHECK_TEXT(channels.names[10], "c10");
    CHECK_TEXT(channels.names[11], "(other)");
    CHECK_INT(channels.in_group[10], 2);
    CHECK_INT(channels.in_group[11], 2);
}

TEST(persona_options_out_of_range_are_refused_by_name) {
    static const char *const bad[] = {
        "{\"personas\": 13}",        "{\"most\": 1}",        "{\"window_days\": -1}",
        "{\"features\": \"shoes\"}", "{\"features\": \"\"}", "{\"method\": \"magic\"}",
        "{\"as_of\": \"soon\"}",     "{\"depth\": 3}",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct persona_options options;
        struct json *json;

        CHECK_OK(json_parse(scope, text_of(bad[i]), &json));
        CHECK_CODE(persona_read_options(scope, json, &options), INVALID);
        CHECK(scope->failure.field[0] != '\0');
        scope_forgive(scope);
    }
}
