// SPDX-License-Identifier: Apache-2.0
// Random sales: whom a segment's clauses about RFM find in the lake is whom the report puts into
// the group, or gives the score, at the same filters and days.
#include "analyze/metric/metric_testing.h"
#include "analyze/rfm/rfm.h"
#include "analyze/segment/segment.h"
#include "base/random.h"
#include "base/time.h"
#include "store/lake.h"
#include "store/setting.h"

#include <stdlib.h>

enum { CUSTOMERS = 60, DOCUMENTS = 240, SELECTIONS = 4 };

static const char *const filters[] = {
    "customer=known", "quantity>0",    "unit_price>=1", "country=France",
    "channel!=web",   "kind!=refund",  "store=S1",      "store!=S2",
    "product=P1",     "category = C1", "gross<4",       "cashier=K9",
};

// Few instants, amounts and counts, so that many customers are equal; a quarter of the sales is at
// midnight sharp, which is a day further from the next one.
static void make_sales(struct scope *scope, struct random *random) {
    struct test_line *lines = arena_array(&scope->arena, DOCUMENTS, sizeof(*lines));

    for (int64_t i = 0; i < DOCUMENTS; i++) {
        const uint32_t kind = random_below(random, 9);

        lines[i] = (struct test_line){
            .sale = i + 1,
            .kind = kind == 0   ? TEST_REFUND
                    : kind == 1 ? TEST_ADJUSTMENT
                                : TEST_SALE,
            .at = arena_printf(&scope->arena, "2011-03-%02u%s", 20 + random_below(random, 11),
                               random_below(random, 4) ? " 12:30" : ""),
            .customer = i < CUSTOMERS             ? 5 + i // everybody is known
                        : random_below(random, 6) ? 5 + (int64_t)random_below(random, CUSTOMERS)
                                                  : 0,
            .product = random_below(random, 4),
            .quantity = (kind == 0 ? -1 : 1) * (1 + (double)random_below(random, 2)),
            .price = 0.5 * (double)(1 + random_below(random, 4)),
            .store = random_below(random, 3),
            .cashier = random_below(random, 3),
            .channel = random_below(random, 2) ? "web" : NULL,
            .country = random_below(random, 2) ? "France" : "Spain",
        };
    }
    test_sales(scope, lines, DOCUMENTS);
}

struct asked {
    struct selection selection;
    int32_t reference_day;
    const char *members; // of a clause: ", "filters": […], "window": {…}"
};

static int32_t some_day(struct random *random) {
    return day_from_civil(2011, 3, 18) + (int32_t)random_below(random, 16);
}

static struct asked draw_selection(struct scope *scope, struct random *random, int32_t as_of_day) {
    struct asked asked = {.reference_day = as_of_day + 1};
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
    CLEANUP(buffer_clear) struct buffer members = {0};

    buffer_add_string(&members, ", \"filters\": [");
    for (uint32_t i = random_below(random, 3); i > 0; i--) {
        const char *filter = filters[random_below(random, sizeof(filters) / sizeof(*filters))];

        CHECK_OK(selection_add_filter(scope, &asked.selection, text_of(filter)));
        buffer_printf(&members, "%s\"%s\"", asked.selection.filter_count > 1 ? ", " : "", filter);
    }
    buffer_add_char(&members, ']');
    if (random_below(random, 2)) {
        asked.selection.has_from = true;
        asked.selection.from_day = some_day(random);
        buffer_printf(&members, ", \"window\": {\"from\": \"%s\"",
                      day_format(asked.selection.from_day, from));
        if (random_below(random, 2)) {
            asked.selection.has_to = true;
            asked.selection.to_day = asked.selection.from_day + (int32_t)random_below(random, 9);
            buffer_printf(&members, ", \"to\": \"%s\"", day_format(asked.selection.to_day, to));
        }
        buffer_add_char(&members, '}');
    }
    asked.members = arena_printf(&scope->arena, "%s", buffer_string(&members));
    return asked;
}

// What a clause finds, in the order of the ids.
static size_t found_by(struct scope *scope, const char *clause, int32_t as_of_day, int64_t *ids) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct segment_node *tree;
    struct json *json;
    const char *sql;
    struct binds binds;
    size_t count = 0;

    CHECK_OK(json_parse(scope, text_of(clause), &json));
    CHECK_OK(segment_tree(scope, json, TEXT(""), &tree, NULL));
    CHECK_OK(segment_sql(scope, tree, as_of_day, &sql, &binds));
    CHECK_OK(lake_query(scope, sql, binds, &rows));
    while (rows_next(rows))
        ids[count++] = rows_int64(rows, 0);
    CHECK_OK(rows_end(rows));
    return count;
}

static void check_found(struct scope *scope, const struct rfm *rfm, const uint8_t *values,
                        uint8_t value, const char *clause, int32_t as_of_day) {
    int64_t ids[CUSTOMERS + 9];
    const size_t found = found_by(scope, clause, as_of_day, ids);
    size_t expected = 0;

    for (size_t i = 0; i < rfm->count; i++) {
        bool is_found = false;

        for (size_t k = 0; k < found; k++)
            is_found = is_found || ids[k] == rfm->customers[i];
        expected += values[i] == value;
        if (is_found != (values[i] == value))
            test_fail(__FILE__, __LINE__, "customer %d is %sfound by %s", (int)rfm->customers[i],
                      is_found ? "" : "not ", clause);
    }
    if (found != expected)
        test_fail(__FILE__, __LINE__, "%zu customers instead of %zu are found by %s", found,
                  expected, clause);
}

static void check_selection(struct scope *scope, const struct asked *asked, int32_t as_of_day) {
    static const char *const measures[] = {"recency", "frequency", "monetary"};
    struct rfm rfm;
    const uint8_t *scores[3];

    CHECK_OK(rfm_compute(scope, &asked->selection, asked->reference_day, &rfm));
    scores[0] = rfm.recency_score;
    scores[1] = rfm.frequency_score;
    scores[2] = rfm.monetary_score;
    for (uint8_t group = 0; group < rfm_group_count; group++)
        check_found(
            scope, &rfm, rfm.group, group,
            arena_printf(&scope->arena,
                         "{\"rfm\": \"group\", \"operator\": \"in\", \"value\": [\"%s\"]%s}",
                         rfm_groups[group].name, asked->members),
            as_of_day);
    for (size_t measure = 0; measure < 3; measure++)
        for (int score = 1; score <= RFM_SCORES; score++)
            check_found(scope, &rfm, scores[measure], (uint8_t)score,
                        arena_printf(&scope->arena,
                                     "{\"rfm\": \"%s\", \"operator\": \"is\", \"value\": %d%s}",
                                     measures[measure], score, asked->members),
                        as_of_day);
}

static void check_world(struct scope *scope, uint64_t seed, const char *zone) {
    struct random random = random_stream(11, 1, seed);
    const int32_t as_of_day = day_from_civil(2011, 3, 31) - (int32_t)random_below(&random, 3);

    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), text_of(zone)));
    make_sales(scope, &random);
    for (int64_t i = random_below(&random, 8); i > 0; i--)
        test_alias(scope, 5 + i, 30 + i);
    CHECK_OK(lake_refresh(scope));
    for (int i = 0; i < SELECTIONS; i++) {
        const struct asked asked = draw_selection(scope, &random, as_of_day);

        check_selection(scope, &asked, as_of_day);
    }
    test_store_close(scope);
}

TEST(a_segment_of_a_group_holds_whom_the_report_puts_into_it) {
    check_world(scope, 1, "Europe/Berlin"); // summer time begins within these days
}

TEST(a_segment_of_a_group_holds_whom_the_report_puts_into_it_in_utc) {
    check_world(scope, 2, "UTC");
}

TEST(a_segment_of_a_group_holds_whom_the_report_puts_into_it_far_west) {
    check_world(scope, 3, "America/St_Johns");
}

// Four conditions on one selection are one pass; their binds do not get into each other's way.
TEST(clauses_about_scores_stand_beside_others) {
    static const char tree[] =
        "{\"all\": [{\"sales\": \"count\", \"operator\": \">=\", \"value\": 2},"
        " {\"rfm\": \"recency\", \"filters\": [\"quantity>0\"], \"operator\": \">=\", \"value\": "
        "2},"
        " {\"any\": [{\"rfm\": \"frequency\", \"filters\": [\"quantity>0\"], \"operator\": \"<\","
        " \"value\": 5}, {\"rfm\": \"group\", \"filters\": [\"country=France\"],"
        " \"operator\": \"is_not\", \"value\": \"Champions\"}]}]}";
    struct random random = random_stream(11, 1, 4);
    const int32_t as_of_day = day_from_civil(2011, 3, 31);
    const struct segment_node *read;
    struct segment_reason *reasons;
    int64_t ids[CUSTOMERS + 9];
    struct json *json;
    size_t count, clauses;

    test_store(scope);
    make_sales(scope, &random);
    CHECK_OK(lake_refresh(scope));
    count = found_by(scope, tree, as_of_day, ids);
    CHECK(count > 0 && count < CUSTOMERS);
    CHECK_OK(json_parse(scope, TEXT(tree), &json));
    CHECK_OK(segment_tree(scope, json, TEXT(""), &read, NULL));
    CHECK_OK(segment_why(scope, read, as_of_day, ids, count, &reasons, &clauses));
    CHECK_INT((int64_t)clauses, 4);
    for (size_t i = 0; i < count; i++) {
        CHECK(reasons[4 * i].holds && reasons[4 * i + 1].holds);
        CHECK(reasons[4 * i + 2].holds || reasons[4 * i + 3].holds);
    }
    CHECK(strstr(reasons[1].words.data, "RFM recency of quantity>0 = ") != NULL);
}

TEST(scores_of_several_currencies_are_refused_as_the_report_refuses_them) {
    const struct test_line lines[] = {
        {.sale = 1,
         .kind = TEST_SALE,
         .at = "2011-03-01",
         .customer = 9,
         .quantity = 1,
         .price = 5},
        {.sale = 2,
         .kind = TEST_SALE,
         .at = "2011-03-02",
         .customer = 9,
         .quantity = 1,
         .price = 5,
         .currency = "GBP"},
    };
    const struct segment_node *tree;
    struct json *json;
    int64_t count;

    test_store(scope);
    test_sales(scope, lines, 2);
    CHECK_OK(json_parse(scope, TEXT("{\"rfm\": \"monetary\", \"operator\": \"is\", \"value\": 1}"),
                        &json));
    CHECK_OK(segment_tree(scope, json, TEXT(""), &tree, NULL));
    CHECK_CODE(segment_count(scope, tree, SEGMENT_TODAY, &count), INVALID);
    CHECK(strstr(scope->failure.message, "several currencies") != NULL);
}

TEST(what_is_no_group_and_no_filter_is_refused_with_its_place) {
    static const struct {
        const char *json, *field;
    } cases[] = {
        {"{\"rfm\": \"group\", \"operator\": \"is\", \"value\": \"Winners\"}", "value"},
        {"{\"rfm\": \"recency\", \"operator\": \"is\", \"value\": 6}", "value"},
        {"{\"rfm\": \"recency\", \"operator\": \"is\", \"value\": 0}", "value"},
        {"{\"rfm\": \"luck\", \"operator\": \"is\", \"value\": 1}", "rfm"},
        {"{\"all\": [{\"rfm\": \"recency\", \"filters\": [\"weight>1\"], \"operator\": \"is\","
         " \"value\": 1}]}",
         "all[0].filters"},
        {"{\"rfm\": \"recency\", \"filters\": \"quantity>0\", \"operator\": \"is\", \"value\": 1}",
         "filters"},
    };

    test_store(scope);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct segment_node *tree;
        struct json *json;

        CHECK_OK(json_parse(scope, text_of(cases[i].json), &json));
        CHECK_CODE(segment_tree(scope, json, TEXT(""), &tree, NULL), INVALID);
        CHECK_TEXT(text_of(scope->failure.field), cases[i].field);
        scope_forgive(scope);
    }
}
