// SPDX-License-Identifier: Apache-2.0
#include "analyze/report/report.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/report/report_http.h"
#include "store/lake.h"

#include <stdio.h>

// Three lines of 0.05 at 19 %: each holds 0.007983 of VAT, all three 0.023949, which is two cents.
static const struct test_line cents[] = {
    {.sale = 1,
     .kind = TEST_SALE,
     .at = "2011-01-05",
     .quantity = 1,
     .price = 0.05,
     .rate_bp = 1900},
    {.sale = 2,
     .kind = TEST_SALE,
     .at = "2011-02-05",
     .quantity = 1,
     .price = 0.05,
     .rate_bp = 1900},
    {.sale = 3,
     .kind = TEST_SALE,
     .at = "2011-03-05",
     .quantity = 1,
     .price = 0.05,
     .rate_bp = 1900},
    {.sale = 4,
     .kind = TEST_SALE,
     .at = "2011-03-06",
     .quantity = 1,
     .price = 1.07,
     .rate_bp = 700},
    {.sale = 5, .kind = TEST_SALE, .at = "2011-03-07", .quantity = 1, .price = 2.5},
};

TEST(vat_rows_add_up_to_the_exact_total_rounded_once) {
    const struct selection everything = {0};
    const struct dimension *month;
    struct vat_row *rows;
    int64_t vat = 0, gross = 0;
    size_t count;

    test_store(scope);
    test_sales(scope, cents, sizeof(cents) / sizeof(*cents));
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(dimension_find(scope, TEXT("month"), &month));
    CHECK_OK(report_vat(scope, &everything, month, &rows, &count));
    CHECK_INT((int64_t)count, 5);
    for (size_t i = 0; i < count; i++) {
        CHECK_INT(rows[i].net_micros + rows[i].vat_micros, rows[i].gross_micros);
        CHECK_INT(rows[i].vat_micros % 10000, 0);
        CHECK_INT(rows[i].gross_micros % 10000, 0);
        vat += rows[i].vat_micros;
        gross += rows[i].gross_micros;
    }
    CHECK_INT(gross, 3720000);
    CHECK_INT(vat, 90000); // 0.023949 + 0.07
    CHECK_TEXT(rows[0].period, "2011-01");
    CHECK_INT(rows[0].vat_micros, 10000); // 0.0239… is two cents: the first two months have one
    CHECK_INT(rows[1].vat_micros, 10000);
    CHECK_TEXT(rows[3].period, "2011-03");
    CHECK_INT(rows[2].rate_bp, 700);
    CHECK_INT(rows[2].vat_micros, 70000);
    CHECK_INT(rows[3].rate_bp, 1900);
    CHECK_INT(rows[3].vat_micros, 0);
    CHECK(!rows[4].has_rate);
    CHECK_INT(rows[4].net_micros, 2500000);
}

static const struct test_line places[] = {
    {.sale = 1,
     .kind = TEST_SALE,
     .at = "2011-01-05",
     .customer = 10,
     .quantity = 1,
     .price = 60,
     .store = 1},
    {.sale = 2,
     .kind = TEST_SALE,
     .at = "2011-01-06",
     .customer = 20,
     .quantity = 1,
     .price = 60,
     .store = 2,
     .cashier = 2},
    {.sale = 3,
     .kind = TEST_SALE,
     .at = "2011-01-07",
     .customer = 10,
     .quantity = 1,
     .price = 100,
     .store = 3,
     .cashier = 2},
    {.sale = 4,
     .kind = TEST_REFUND,
     .at = "2011-01-08",
     .customer = 10,
     .quantity = -1,
     .price = 20,
     .store = 3,
     .cashier = 2},
};

static const char *answer(struct scope *scope, handler handle, const char *name,
                          const char *value) {
    const struct request_parameter parameter = {text_of(name), text_of(value)};
    const struct request request = {.parameters = &parameter,
                                    .parameter_count = name ? 1 : 0,
                                    .route_parameters = report_period_parameters};
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    CHECK_OK(handle(scope, &request, &response));
    return text_string(&scope->arena, buffer_text(&response.body));
}

static bool holds(const char *whole, const char *part) {
    if (strstr(whole, part))
        return true;
    fprintf(stderr, "  %s\n  does not hold %s\n", whole, part);
    return false;
}

TEST(leagues_rank_and_share_and_equal_ones_share_a_rank) {
    test_store(scope);
    test_sales(scope, places, sizeof(places) / sizeof(*places));
    CHECK(holds(answer(scope, report_http_stores, NULL, NULL),
                "[[1,\"S3\",\"Store 3\",80,2,100,1,20,0.2,0.4],"
                "[2,\"S1\",\"Store 1\",60,1,60,1,0,0,0.3],"
                "[2,\"S2\",\"Store 2\",60,1,60,1,0,0,0.3]]"));
    CHECK(holds(answer(scope, report_http_cashiers, NULL, NULL),
                "[[1,\"K2\",\"Cashier 2\",140,3,80,2,20,0.125,0.7],"
                "[null,null,null,60,1,60,1,0,0,0.3]]"));
    CHECK(holds(answer(scope, report_http_cashiers, "filter", "store!=S1"),
                "[[1,\"K2\",\"Cashier 2\",140,3,80,2,20,0.125,1]]"));
}

TEST(spend_is_what_each_customer_paid_less_refunds) {
    const struct selection everything = {0};
    struct spend spend;

    test_store(scope);
    test_sales(scope, places, sizeof(places) / sizeof(*places));
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(report_spend(scope, &everything, &spend));
    spend_sort(spend.micros, spend.count);
    CHECK_INT((int64_t)spend.count, 2);
    CHECK_INT(spend.micros[0], 140000000);
    CHECK_INT(spend.micros[1], 60000000);
    CHECK(holds(answer(scope, report_http_pareto, NULL, NULL), "\"customers_for_80_percent\":2"));
    CHECK(holds(answer(scope, report_http_pareto, NULL, NULL), "[50,1,140,0.7]"));
    CHECK(holds(answer(scope, report_http_histogram, NULL, NULL),
                "[[50,100,1,0.5,60,0.3],[100,200,1,0.5,140,0.7]]"));
}

TEST(every_report_answers_an_empty_store) {
    static const handler handlers[] = {
        report_http_overview, report_http_sales,     report_http_vat,   report_http_stores,
        report_http_cashiers, report_http_histogram, report_http_pareto};

    test_store(scope);
    for (size_t i = 0; i < sizeof(handlers) / sizeof(*handlers); i++)
        CHECK(holds(answer(scope, handlers[i], "from", "2011-01-01"), "\"from\":\"2011-01-01\""));
}

TEST(periods_that_are_none_are_refused) {
    const struct request_parameter parameter = {TEXT("by"), TEXT("store")};
    const struct request request = {.parameters = &parameter, .parameter_count = 1};

    CHECK_CODE(route_check_parameters(scope, &request, report_period_parameters), INVALID);
    CHECK_STRING(scope->failure.field, "by");
    CHECK(strstr(scope->failure.hint, "quarter") != NULL);
}

TEST(the_span_of_reports_is_that_of_the_documents) {
    test_store(scope);
    CHECK(holds(answer(scope, report_http_span, NULL, NULL),
                "{\"first_day\":null,\"last_day\":null,\"today\":\"20"));
    test_sales(scope, places, sizeof(places) / sizeof(*places));
    CHECK(holds(answer(scope, report_http_span, NULL, NULL),
                "{\"first_day\":\"2011-01-05\",\"last_day\":\"2011-01-08\",\"today\":"));
    CHECK(holds(answer(scope, report_http_span, NULL, NULL), "\"currencies\":[\"EUR\"]}"));
}

TEST(spend_reports_explain_themselves_when_asked_to) {
    test_store(scope);
    test_sales(scope, places, sizeof(places) / sizeof(*places));
    CHECK(holds(answer(scope, report_http_histogram, "sql", "true"),
                "\"explanation\":{\"definition\":\"What each known customer spent"));
    CHECK(holds(answer(scope, report_http_pareto, "sql", "true"), "GROUP BY selected.customer"));
    CHECK(!strstr(answer(scope, report_http_pareto, NULL, NULL), "explanation"));
}
