// SPDX-License-Identifier: Apache-2.0
#include "analyze/rfm/rfm.h"

#include "analyze/metric/metric_testing.h"
#include "analyze/rfm/rfm_http.h"
#include "store/lake.h"
#include "store/setting.h"

// Numbers are those of the customers: 9 stands before 10, which is shorter.
static const struct test_line ledger[] = {
    {.sale = 1,
     .kind = TEST_SALE,
     .at = "2011-03-01 10:00",
     .customer = 10,
     .quantity = 1,
     .price = 5},
    {.sale = 2,
     .kind = TEST_SALE,
     .at = "2011-03-20 10:00",
     .customer = 10,
     .quantity = 2,
     .price = 5},
    {.sale = 2,
     .kind = TEST_SALE,
     .at = "2011-03-20 10:00",
     .customer = 10,
     .quantity = 1,
     .price = 1},
    {.sale = 3,
     .kind = TEST_REFUND,
     .at = "2011-03-30 10:00",
     .customer = 10,
     .quantity = -1,
     .price = 5},
    {.sale = 4, .kind = TEST_SALE, .at = "2011-03-25", .customer = 9, .quantity = 1, .price = 100},
    {.sale = 5, .kind = TEST_REFUND, .at = "2011-03-25", .customer = 8, .quantity = -1, .price = 3},
    {.sale = 6, .kind = TEST_SALE, .at = "2011-03-30 23:59", .quantity = 1, .price = 7},
};

static void make_ledger(struct scope *scope) {
    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("Europe/Berlin")));
    test_sales(scope, ledger, sizeof(ledger) / sizeof(*ledger));
    CHECK_OK(lake_refresh(scope));
}

TEST(rfm_counts_whole_days_to_the_midnight_after_the_last_sale) {
    const struct selection everything = {0};
    struct rfm rfm;
    int32_t day;

    make_ledger(scope);
    CHECK_OK(rfm_default_day(scope, &day));
    CHECK_INT(day, day_from_civil(2011, 3, 31));
    CHECK_OK(rfm_compute(scope, &everything, day, &rfm));
    CHECK_INT((int64_t)rfm.count, 2); // 8 never bought
    CHECK_TEXT(rfm.numbers[0], "9");
    CHECK_TEXT(rfm.numbers[1], "10");
    // At midnight sharp of the 25th: six days. The clocks of the 27th make no difference.
    CHECK_INT(rfm.recency_days[0], 6);
    CHECK_INT(rfm.recency_days[1], 10); // the refund of the 30th is no purchase
    CHECK_INT(rfm.frequency[1], 2);
    CHECK_INT(rfm.monetary_micros[1], 11000000); // 5 + 11 − 5
    CHECK_INT(rfm.recency_score[0], 5);
    CHECK_INT(rfm.recency_score[1], 1);
    CHECK_INT(rfm.frequency_score[1], 5);
    CHECK_TEXT(rfm.currency, "EUR");
}

TEST(rfm_as_of_a_day_knows_nothing_of_later_ones) {
    const struct selection everything = {0};
    struct rfm rfm;

    make_ledger(scope);
    CHECK_OK(rfm_compute(scope, &everything, day_from_civil(2011, 3, 20), &rfm));
    CHECK_INT((int64_t)rfm.count, 1);
    CHECK_TEXT(rfm.numbers[0], "10");
    CHECK_INT(rfm.recency_days[0], 18);
    CHECK_INT(rfm.frequency[0], 1);
    CHECK_INT(rfm.monetary_micros[0], 5000000);
}

TEST(rfm_is_answered_with_groups_and_a_list_of_one_group) {
    const struct request_parameter parameters[] = {{TEXT("group"), TEXT("champions")},
                                                   {TEXT("filter"), TEXT("customer=known")}};
    const struct request_parameter wrong[] = {{TEXT("group"), TEXT("Winners")}};
    struct request request = {.parameters = parameters,
                              .parameter_count = 2,
                              .route_parameters = rfm_customers_parameters};
    CLEANUP(response_clear) struct response response;

    make_ledger(scope);
    response_init(&response);
    CHECK_OK(rfm_http_customers(scope, &request, &response));
    CHECK(strstr(buffer_string(&response.body), "\"matching\":0") != NULL);
    CHECK(strstr(buffer_string(&response.body), "\"filters\":[\"customer=known\"]") != NULL);
    request.parameters = wrong;
    request.parameter_count = 1;
    CHECK_CODE(rfm_http_customers(scope, &request, &response), NOT_FOUND);
    CHECK(strstr(scope->failure.hint, "Champions") != NULL);
}

TEST(rfm_says_what_its_scores_stand_for_and_how_it_is_computed) {
    const struct request_parameter explain = {TEXT("sql"), TEXT("true")};
    struct request request = {.parameters = &explain, .parameter_count = 1};
    CLEANUP(response_clear) struct response response;
    const char *body;

    make_ledger(scope);
    response_init(&response);
    CHECK_OK(rfm_http_summary(scope, &request, &response));
    body = buffer_string(&response.body);
    // 10 bought twice, last on the 20th; 9 once, on the 25th.
    CHECK(strstr(body, "[5,\"2011-03-25\",\"2011-03-25\",2,2,100,100]") != NULL);
    CHECK(strstr(body, "[1,\"2011-03-20\",\"2011-03-20\",1,1,11,11]") != NULL);
    CHECK(strstr(body, "[3,null,null,null,null,null,null]") != NULL);
    CHECK(strstr(body, "[5,1,\"New\",1,0.5,100,") != NULL);
    CHECK(strstr(body, "\"explanation\":{\"definition\":\"Customers with") != NULL);
    CHECK(strstr(body, "\"values_bound\":[15063]") != NULL); // 2011-03-30, the day before
    response_clear(&response);
    response_init(&response);
    request.parameter_count = 0;
    CHECK_OK(rfm_http_summary(scope, &request, &response));
    CHECK(strstr(buffer_string(&response.body), "explanation") == NULL);
}
