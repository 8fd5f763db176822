// SPDX-License-Identifier: Apache-2.0
#include "analyze/retention/retention.h"
#include "base/test.h"

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

TEST(cohorts_of_nothing_are_empty) {
    struct retention retention;

    retention_fill(scope, NULL, 0, &retention);
    CHECK_INT((int64_t)retention.size, 0);
    CHECK(retention.customers == NULL);
}
