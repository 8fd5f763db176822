// SPDX-License-Identifier: Apache-2.0
#include "analyze/metric/metric_testing.h"
#include "analyze/retention/retention.h"
#include "store/lake.h"
#include "store/setting.h"

TEST(cohorts_fill_a_square_from_the_first_to_the_last_month) {
    const int32_t january = 2011 * 12;
    const struct retention_entry entries[] = {
        {january + 2, january + 2, 3}, // a later cohort that never came back
        {january, january, 10},
        {january, january + 2, 4}, // nobody of January in February
        {january, january + 3, 5},
    };
    struct retention retention;

    retention_fill(scope, entries, 4, &retention);
    CHECK_INT(retention.first_month, january);
    CHECK_INT(retention.last_month, january + 3);
    CHECK_INT((int64_t)retention.size, 4);
    CHECK_INT(retention.customers[0], 10);
    CHECK_INT(retention.customers[1], 0);
    CHECK_INT(retention.customers[2], 4);
    CHECK_INT(retention.customers[3], 5);
    CHECK_INT(retention.customers[4], 0); // February has no cohort
    CHECK_INT(retention.customers[8], 3);
    CHECK_INT(retention.customers[9], 0);
    CHECK_INT((int64_t)retention_known(&retention, 0), 4);
    CHECK_INT((int64_t)retention_known(&retention, 2), 2);
}

TEST(a_point_of_the_curve_has_the_cohorts_that_have_come_so_far) {
    const int32_t january = 2011 * 12;
    const struct retention_entry entries[] = {
        {january, january, 10},        {january, january + 1, 4},     {january, january + 2, 3},
        {january + 2, january + 2, 6}, {january + 1, january + 1, 8}, {january + 1, january + 2, 2},
    };
    struct retention retention;

    retention_fill(scope, entries, 6, &retention);
    CHECK_INT((int64_t)retention_point(&retention, 0).cohorts, 3);
    CHECK_INT(retention_point(&retention, 0).customers, 24);
    CHECK_INT(retention_point(&retention, 1).customers, 6);
    CHECK_INT(retention_point(&retention, 1).of, 18); // March is not a month old
    CHECK_INT(retention_point(&retention, 2).customers, 3);
    CHECK_INT(retention_point(&retention, 2).of, 10);
}

TEST(cohorts_of_nothing_are_empty) {
    struct retention retention;

    retention_fill(scope, NULL, 0, &retention);
    CHECK_INT((int64_t)retention.size, 0);
    CHECK(retention.customers == NULL);
}

TEST(cohorts_count_customers_in_months_of_the_business_zone) {
    static const struct test_line ledger[] = {
        {.sale = 1, .kind = TEST_SALE, .at = "2010-12-31 23:30", .customer = 10, .quantity = 1},
        {.sale = 2, .kind = TEST_SALE, .at = "2011-01-01 00:30", .customer = 20, .quantity = 1},
        {.sale = 3, .kind = TEST_SALE, .at = "2011-02-15 12:00", .customer = 10, .quantity = 1},
        {.sale = 4, .kind = TEST_SALE, .at = "2011-02-16 12:00", .customer = 10, .quantity = 1},
        {.sale = 5, .kind = TEST_REFUND, .at = "2011-01-20 12:00", .customer = 10, .quantity = -1},
        {.sale = 6, .kind = TEST_SALE, .at = "2011-02-20 12:00", .quantity = 1},
        {.sale = 7, .kind = TEST_SALE, .at = "2011-02-21 12:00", .customer = 30, .quantity = 1},
    };
    const struct selection everything = {0};
    struct retention retention;

    test_store(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("America/New_York")));
    test_sales(scope, ledger, sizeof(ledger) / sizeof(*ledger));
    test_alias(scope, 30, 20);
    CHECK_OK(lake_refresh(scope));
    CHECK_OK(retention_compute(scope, &everything, &retention));
    CHECK_INT((int64_t)retention.size, 3);
    CHECK_INT(retention.first_month, 2010 * 12 + 11);
    CHECK_INT(retention.customers[0], 1); // 10 in December
    CHECK_INT(retention.customers[1], 0); // a refund brings nobody back
    CHECK_INT(retention.customers[2], 1); // twice in February, counted once
    CHECK_INT(retention.customers[3], 1); // 20 in January
    CHECK_INT(retention.customers[4], 1); // 30 is 20: back in February
    CHECK_INT(retention.customers[6], 0); // so that February has no cohort
}
