// SPDX-License-Identifier: Apache-2.0
#include "analyze/rfm/rfm_score.h"
#include "base/test.h"

TEST(rfm_quintiles_of_ten_are_pairs) {
    // Edges 1 + 9k/5: 2.8, 4.6, 6.4, 8.2, 10. Ranks 1 2 | 3 4 | 5 6 | 7 8 | 9 10.
    const int64_t values[] = {100, 10, 90, 20, 80, 30, 70, 40, 60, 50};
    const uint8_t expected[] = {5, 1, 5, 1, 4, 2, 4, 2, 3, 3};
    uint8_t scores[10];

    rfm_quintiles(values, 10, scores);
    for (size_t i = 0; i < 10; i++)
        CHECK_INT(scores[i], expected[i]);
}

TEST(rfm_quintiles_take_the_edge_into_the_lower_score) {
    // Six values: edges 2, 3, 4, 5, 6 are ranks themselves.
    const int64_t values[] = {1, 2, 3, 4, 5, 6};
    const uint8_t expected[] = {1, 1, 2, 3, 4, 5};
    uint8_t scores[6];

    rfm_quintiles(values, 6, scores);
    for (size_t i = 0; i < 6; i++)
        CHECK_INT(scores[i], expected[i]);
}

TEST(rfm_quintiles_of_equal_values_follow_the_order_given) {
    const int64_t values[] = {7, 7, 7, 7, 7, 7};
    const uint8_t expected[] = {1, 1, 2, 3, 4, 5};
    uint8_t scores[6];

    rfm_quintiles(values, 6, scores);
    for (size_t i = 0; i < 6; i++)
        CHECK_INT(scores[i], expected[i]);
}

TEST(rfm_quintiles_of_few_values_stay_in_range) {
    const int64_t values[] = {INT64_MAX, INT64_MIN, 0};
    uint8_t scores[3] = {9, 9, 9};

    rfm_quintiles(values, 0, scores);
    CHECK_INT(scores[0], 9);
    rfm_quintiles(values, 1, scores);
    CHECK_INT(scores[0], 1);
    rfm_quintiles(values, 2, scores);
    CHECK_INT(scores[0], 5);
    CHECK_INT(scores[1], 1);
    rfm_quintiles(values, 3, scores); // edges 1.4 1.8 2.2 2.6 3
    CHECK_INT(scores[0], 5);
    CHECK_INT(scores[1], 1);
    CHECK_INT(scores[2], 3);
}

TEST(rfm_groups_hold_every_cell_exactly_once) {
    for (int cell = 0; cell < RFM_CELLS; cell++) {
        const int r = cell / 25 + 1, f = cell / 5 % 5 + 1, m = cell % 5 + 1;
        int holders = 0;

        for (size_t i = 0; i < rfm_group_count; i++) {
            const struct rfm_group *group = &rfm_groups[i];

            holders += r >= group->recency_low && r <= group->recency_high &&
                       f >= group->frequency_low && f <= group->frequency_high &&
                       m >= group->monetary_low && m <= group->monetary_high;
        }
        CHECK_INT(holders, 1);
    }
    CHECK_STRING(rfm_groups[rfm_group_of(5, 5, 5)].name, "Champions");
    CHECK_STRING(rfm_groups[rfm_group_of(1, 5, 1)].name, "Cannot lose");
    CHECK_STRING(rfm_groups[rfm_group_of(1, 1, 1)].name, "Hibernating");
}
