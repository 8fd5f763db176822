// SPDX-License-Identifier: Apache-2.0
// Which days stand beside which, and the numbers of both periods: counted by hand, and against two
// queries made one after the other.
#include "analyze/metric/comparison.h"

#include "analyze/metric/metric_http.h"
#include "analyze/metric/metric_testing.h"
#include "base/random.h"

#include <math.h>
#include <stdio.h>

static struct selection days(int32_t from, int32_t to) {
    return (struct selection){.has_from = true, .has_to = true, .from_day = from, .to_day = to};
}

TEST(the_previous_period_ends_where_this_one_begins) {
    const struct selection march = days(day_from_civil(2011, 3, 1), day_from_civil(2011, 3, 31));
    struct selection before;

    CHECK_OK(comparison_before(scope, &march, COMPARE_PREVIOUS, &before));
    CHECK_INT(before.from_day, day_from_civil(2011, 1, 29));
    CHECK_INT(before.to_day, day_from_civil(2011, 2, 28));
}

TEST(a_year_before_has_the_same_days_and_february_ends) {
    const struct selection leap = days(day_from_civil(2012, 2, 29), day_from_civil(2012, 12, 31));
    struct selection before;

    CHECK_OK(comparison_before(scope, &leap, COMPARE_YEAR, &before));
    CHECK_INT(before.from_day, day_from_civil(2011, 2, 28));
    CHECK_INT(before.to_day, day_from_civil(2011, 12, 31));
}

TEST(a_comparison_needs_both_ends) {
    struct selection open = days(1, 2), before;

    open.has_to = false;
    CHECK_CODE(comparison_before(scope, &open, COMPARE_YEAR, &before), INVALID);
    CHECK_STRING(scope->failure.field, "to");
}

TEST(days_of_a_year_before_go_by_the_calendar) {
    const struct selection now = days(day_from_civil(2012, 1, 1), day_from_civil(2012, 12, 31));
    const struct selection before = days(day_from_civil(2011, 1, 1), day_from_civil(2011, 12, 31));
    int64_t day;

    CHECK(comparison_beside(COMPARE_YEAR, &now, &before, DIMENSION_DAY, day_from_civil(2012, 3, 1),
                            &day));
    CHECK_INT(day, day_from_civil(2011, 3, 1));
    CHECK(!comparison_beside(COMPARE_YEAR, &now, &before, DIMENSION_DAY,
                             day_from_civil(2012, 2, 29), &day));
}

// The next period has the next number, over four hundred years and in every type.
TEST(periods_are_numbered_one_after_the_other) {
    static const enum dimension_type types[] = {DIMENSION_DAY, DIMENSION_WEEK, DIMENSION_MONTH,
                                                DIMENSION_QUARTER, DIMENSION_YEAR};
    static const int64_t least[] = {146097, 20871, 4800, 1600, 400};

    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
        const int32_t first = day_from_civil(1800, 1, 1), last = day_from_civil(2200, 1, 1);
        int64_t number = comparison_period(types[i], first);

        for (int32_t day = first + 1; day <= last; day++) {
            const int64_t next = comparison_period(types[i], day);

            CHECK(next == number || next == number + 1);
            number = next;
        }
        CHECK_INT(number - comparison_period(types[i], first), least[i]);
    }
    CHECK_INT(comparison_period(DIMENSION_WEEK, day_from_civil(2011, 1, 9)) -
                  comparison_period(DIMENSION_WEEK, day_from_civil(2011, 1, 3)),
              0); // Monday to Sunday
    CHECK_INT(comparison_period(DIMENSION_WEEK, day_from_civil(2011, 1, 10)) -
                  comparison_period(DIMENSION_WEEK, day_from_civil(2011, 1, 9)),
              1);
}

static const struct test_line ledger[] = {
    {.sale = 1, .kind = TEST_SALE, .at = "2010-01-05", .customer = 10, .quantity = 1, .price = 80},
    {.sale = 2, .kind = TEST_SALE, .at = "2010-02-06", .customer = 10, .quantity = 1, .price = 40},
    {.sale = 3, .kind = TEST_SALE, .at = "2010-04-06", .customer = 20, .quantity = 1, .price = 7},
    {.sale = 4, .kind = TEST_SALE, .at = "2011-01-07", .customer = 20, .quantity = 1, .price = 100},
    {.sale = 5, .kind = TEST_SALE, .at = "2011-02-08", .customer = 20, .quantity = 1, .price = 30},
    {.sale = 6, .kind = TEST_SALE, .at = "2011-03-08", .customer = 20, .quantity = 2, .price = 5},
};

static const char *ask(struct scope *scope, const struct request_parameter *parameters,
                       size_t count) {
    const struct request request = {.parameters = parameters,
                                    .parameter_count = count,
                                    .path_parameter_count = 1,
                                    .route_parameters = metric_values_parameters};
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    if (route_check_parameters(scope, &request, request.route_parameters) != OK ||
        metric_http_values(scope, &request, &response) != OK)
        return scope->failure.message;
    return text_string(&scope->arena, buffer_text(&response.body));
}

static bool holds(const char *whole, const char *part) {
    if (strstr(whole, part))
        return true;
    fprintf(stderr, "  %s\n  does not hold %s\n", whole, part);
    return false;
}

TEST(each_month_has_that_of_the_year_before_beside_it) {
    const struct request_parameter parameters[] = {
        {TEXT("names"), TEXT("revenue_gross,receipts")},
        {TEXT("by"), TEXT("month")},
        {TEXT("compare"), TEXT("year")},
        {TEXT("from"), TEXT("2011-01-01")},
        {TEXT("to"), TEXT("2011-03-31")},
    };
    const char *answer;

    test_store(scope);
    test_sales(scope, ledger, sizeof(ledger) / sizeof(*ledger));
    answer = ask(scope, parameters, 5);
    // 100 after 80 is a quarter more; 30 after 40 a quarter less; March had nothing before.
    CHECK(holds(answer, "[\"2011-01\",100,80,0.25,1,1,0]"));
    CHECK(holds(answer, "[\"2011-02\",30,40,-0.25,1,1,0]"));
    CHECK(holds(answer, "[\"2011-03\",10,null,null,1,null,null]"));
    CHECK(holds(answer, "\"compared_with\":{\"from\":\"2010-01-01\",\"to\":\"2010-03-31\"}"));
    CHECK(holds(answer, "\"name\":\"revenue_gross_before\",\"label\":\"Revenue, gross, before\","
                        "\"type\":\"money\",\"unit\":\"EUR\""));
}

TEST(the_whole_has_the_days_before_beside_it) {
    const struct request_parameter parameters[] = {
        {TEXT("names"), TEXT("revenue_gross")},
        {TEXT("compare"), TEXT("previous")},
        {TEXT("from"), TEXT("2011-02-01")},
        {TEXT("to"), TEXT("2011-02-28")},
    };

    test_store(scope);
    test_sales(scope, ledger, sizeof(ledger) / sizeof(*ledger));
    // 28 days before: 4 to 31 January.
    CHECK(holds(ask(scope, parameters, 4), "\"rows\":[[30,100,-0.7]]"));
}

TEST(what_is_no_comparison_is_refused) {
    const struct request_parameter wrong[] = {{TEXT("names"), TEXT("receipts")},
                                              {TEXT("compare"), TEXT("decade")}};
    const struct request_parameter open[] = {{TEXT("names"), TEXT("receipts")},
                                             {TEXT("compare"), TEXT("year")},
                                             {TEXT("from"), TEXT("2011-01-01")}};

    test_store(scope);
    CHECK_STRING(ask(scope, wrong, 2), "\"decade\" cannot be the compare");
    scope_forgive(scope);
    CHECK_STRING(ask(scope, open, 3), "a comparison needs a first and a last day");
}

static const struct json *rows_of(struct scope *scope, const char *answer) {
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(answer), &json));
    return json_member(json_member(json, "values"), "rows")->first;
}

static double number_of(const struct json *cell) {
    return cell->type == JSON_INT64 ? (double)cell->int64 : cell->number;
}

// The row whose first cell is this text; NULL when there is none.
static const struct json *row_with(const struct json *row, struct text first) {
    while (row && !text_equal(row->first->string, first))
        row = row->next;
    return row;
}

// Whatever the days: the value beside is the one that a query of the earlier days gives.
TEST(the_values_beside_are_those_of_the_earlier_query) {
    struct random random = random_stream(7, 0, 0);
    int compared = 0;

    test_store(scope);
    test_sales(scope, ledger, sizeof(ledger) / sizeof(*ledger));
    for (int round = 0; round < 40; round++) {
        char texts[4][TIME_TEXT_SIZE];
        const int32_t from = day_from_civil(2011, 1, 1) + (int32_t)random_below(&random, 80);
        const int32_t length = (int32_t)random_below(&random, 300);
        const struct selection now = days(from, from + length);
        const enum comparison kind = random_below(&random, 2) > 0 ? COMPARE_YEAR : COMPARE_PREVIOUS;
        struct selection before;
        const struct json *both, *earlier;

        CHECK_OK(comparison_before(scope, &now, kind, &before));
        const struct request_parameter asked[] = {
            {TEXT("names"), TEXT("revenue_gross")},
            {TEXT("by"), TEXT("currency")},
            {TEXT("from"), text_of(day_format(now.from_day, texts[0]))},
            {TEXT("to"), text_of(day_format(now.to_day, texts[1]))},
            {TEXT("compare"), text_of(comparison_names[kind - 1])}};
        const struct request_parameter alone[] = {
            {TEXT("names"), TEXT("revenue_gross")},
            {TEXT("by"), TEXT("currency")},
            {TEXT("from"), text_of(day_format(before.from_day, texts[2]))},
            {TEXT("to"), text_of(day_format(before.to_day, texts[3]))}};

        both = rows_of(scope, ask(scope, asked, 5));
        earlier = rows_of(scope, ask(scope, alone, 4));
        for (; both; both = both->next) {
            const struct json *found = row_with(earlier, both->first->string);
            const struct json *beside = both->first->next->next;

            if (!found) {
                CHECK(beside->type == JSON_NULL);
                continue;
            }
            CHECK_CLOSE(number_of(beside), number_of(found->first->next), 1e-12);
            compared++;
        }
    }
    CHECK(compared > 10);
}
