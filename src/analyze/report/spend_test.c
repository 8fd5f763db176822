// SPDX-License-Identifier: Apache-2.0
#include "analyze/report/spend.h"
#include "base/test.h"

#include <stdlib.h>

TEST(spend_histogram_has_bins_of_one_two_five) {
    const int64_t micros[] = {-5000000, 0, 1000000, 1999999, 2000000, 4999999, 5000000, 25000000};
    struct spend_bin bins[SPEND_BINS];

    // negative, zero, 1–2, 2–5, 5–10, 10–20 (empty), 20–50
    CHECK_INT((int64_t)spend_histogram(micros, 8, bins), 7);
    CHECK_INT(bins[0].low_micros, INT64_MIN);
    CHECK_INT(bins[0].count, 1);
    CHECK_INT(bins[0].sum_micros, -5000000);
    CHECK_INT(bins[1].high_micros, 0);
    CHECK_INT(bins[1].count, 1);
    CHECK_INT(bins[2].low_micros, 1000000);
    CHECK_INT(bins[2].high_micros, 2000000);
    CHECK_INT(bins[2].count, 2);
    CHECK_INT(bins[3].count, 2);
    CHECK_INT(bins[3].sum_micros, 6999999);
    CHECK_INT(bins[4].count, 1);
    CHECK_INT(bins[5].count, 0);
    CHECK_INT(bins[6].low_micros, 20000000);
    CHECK_INT(bins[6].count, 1);
}

TEST(spend_histogram_has_a_bin_for_every_amount_there_can_be) {
    const int64_t micros[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
    struct spend_bin bins[SPEND_BINS];
    const size_t count = spend_histogram(micros, 5, bins);
    int64_t customers = 0;

    CHECK(count <= SPEND_BINS);
    for (size_t i = 0; i < count; i++)
        customers += bins[i].count;
    CHECK_INT(customers, 5);
    CHECK_INT((int64_t)spend_histogram(micros, 0, bins), 0);
}

TEST(the_best_customers_bring_their_share) {
    int64_t micros[] = {10, 30, 60, 100, 200, 0, 0, 0, 0, 600};
    int64_t sum;

    spend_sort(micros, 10);
    CHECK_INT(micros[0], 600);
    CHECK_INT((int64_t)spend_top(micros, 10, 10, &sum), 1);
    CHECK_INT(sum, 600);
    CHECK_INT((int64_t)spend_top(micros, 10, 11, &sum), 2); // 1.1 customers: rounded up
    CHECK_INT(sum, 800);
    CHECK_INT((int64_t)spend_top(micros, 10, 100, &sum), 10);
    CHECK_INT(sum, 1000);
    CHECK_INT((int64_t)spend_count_for(micros, 10, 0.8), 2);
    CHECK_INT((int64_t)spend_count_for(micros, 10, 0.81), 3);
    CHECK_INT((int64_t)spend_top(micros, 0, 20, &sum), 0);
    CHECK_INT(sum, 0);
}

TEST(gini_is_zero_for_equals_and_a_quarter_for_one_to_four) {
    const int64_t equal[] = {5, 5, 5, 5};
    const int64_t steps[] = {4, 3, 2, 1}; // 2 × (1 + 4 + 9 + 16) / (4 × 10) − 5/4
    const int64_t one[] = {1000};

    CHECK_CLOSE(spend_gini(equal, 4) + 1, 1, 1e-15);
    CHECK_CLOSE(spend_gini(steps, 4), 0.25, 1e-15);
    CHECK_CLOSE(spend_gini(one, 1) + 1, 1, 1e-15);
    CHECK_CLOSE(spend_gini(one, 0) + 1, 1, 1e-15);
}

TEST(rounded_amounts_add_up_to_the_rounded_sum) {
    // Thirds of a cent: 0.333 + 0.333 + 0.334 = 1.00; two round down, the largest remainder up.
    const int64_t thirds[] = {333000, 333000, 334000};
    const int64_t halves[] = {5000, 5000};             // 0.005 + 0.005 = 0.01
    const int64_t refunds[] = {-12346000, 2345000, 0}; // −12.346 + 2.345 = −10.001 → −10.00
    const int64_t exact[] = {10000, -20000, 120000};
    int64_t rounded[3];

    spend_round(thirds, 3, 10000, rounded);
    CHECK_INT(rounded[0], 330000);
    CHECK_INT(rounded[1], 330000);
    CHECK_INT(rounded[2], 340000);
    spend_round(halves, 2, 10000, rounded);
    CHECK_INT(rounded[0], 10000);
    CHECK_INT(rounded[1], 0);
    spend_round(refunds, 3, 10000, rounded);
    CHECK_INT(rounded[0], -12350000);
    CHECK_INT(rounded[1], 2350000);
    CHECK_INT(rounded[2], 0);
    spend_round(exact, 3, 10000, rounded);
    for (size_t i = 0; i < 3; i++)
        CHECK_INT(rounded[i], exact[i]);
}

TEST(rounding_moves_no_amount_by_a_unit) {
    uint64_t state = 7;
    int64_t micros[200], rounded[200], sum = 0, rounded_sum = 0;

    for (size_t i = 0; i < 200; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
        micros[i] = (int64_t)(state >> 34) - (INT64_C(1) << 29);
        sum += micros[i];
    }
    spend_round(micros, 200, 10000, rounded);
    for (size_t i = 0; i < 200; i++) {
        CHECK(rounded[i] % 10000 == 0);
        CHECK(llabs(rounded[i] - micros[i]) < 10000);
        rounded_sum += rounded[i];
    }
    CHECK(llabs(rounded_sum - sum) <= 5000);
}
