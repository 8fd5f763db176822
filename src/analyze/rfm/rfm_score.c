// SPDX-License-Identifier: Apache-2.0
// Ranks by sorting (value, place) pairs: the place makes the order of equal values certain.
#include "analyze/rfm/rfm_score.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct ranked {
    int64_t value;
    size_t place;
};

static int by_value_then_place(const void *a, const void *b) {
    const struct ranked *first = a;
    const struct ranked *second = b;

    if (first->value != second->value)
        return first->value < second->value ? -1 : 1;
    return first->place < second->place ? -1 : first->place > second->place;
}

void rfm_quintiles(const int64_t *values, size_t count, uint8_t *ret_scores) {
    struct ranked *ranked = calloc(count > 0 ? count : 1, sizeof(*ranked));

    if (!ranked) {
        fputs("tessera: out of memory\n", stderr);
        abort();
    }
    for (size_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){.value = values[i], .place = i};
    qsort(ranked, count, sizeof(*ranked), by_value_then_place);
    // r ≤ 1 + (n − 1) k / 5  ⇔  k ≥ 5 (r − 1) / (n − 1), here with r − 1 = i.
    for (size_t i = 0; i < count; i++) {
        size_t score = i == 0 ? 1 : (RFM_SCORES * i + count - 2) / (count - 1);

        ret_scores[ranked[i].place] = (uint8_t)score;
    }
    free(ranked);
}

// To change the groups: rfm_test.c checks that every cell has exactly one.
const struct rfm_group rfm_groups[] = {
    {"Champions", 5, 5, 4, 5, 1, 5, "bought just now and buy often"},
    {"Loyal", 3, 4, 4, 5, 1, 5, "buy often, the last time not long ago"},
    {"Potential loyalists", 4, 5, 2, 3, 1, 5, "bought recently and more than once"},
    {"New", 5, 5, 1, 1, 1, 5, "bought just now, rarely before"},
    {"Promising", 4, 4, 1, 1, 1, 5, "bought recently, rarely before"},
    {"Need attention", 3, 3, 3, 3, 1, 5, "middling in everything"},
    {"About to sleep", 3, 3, 1, 2, 1, 5, "buy rarely, the last time some while ago"},
    {"Cannot lose", 1, 2, 5, 5, 1, 5, "used to buy very often, not seen for long"},
    {"At risk", 1, 2, 3, 4, 1, 5, "used to buy often, not seen for long"},
    {"Hibernating", 1, 2, 1, 2, 1, 5, "bought rarely, long ago"},
};
const size_t rfm_group_count = sizeof(rfm_groups) / sizeof(*rfm_groups);

static int is_within(uint8_t score, uint8_t low, uint8_t high) {
    return score >= low && score <= high;
}

size_t rfm_group_of(uint8_t recency, uint8_t frequency, uint8_t monetary) {
    for (size_t i = 0; i < rfm_group_count; i++) {
        const struct rfm_group *group = &rfm_groups[i];

        if (is_within(recency, group->recency_low, group->recency_high) &&
            is_within(frequency, group->frequency_low, group->frequency_high) &&
            is_within(monetary, group->monetary_low, group->monetary_high))
            return i;
    }
    assert(0); // the groups cover every cell
    return rfm_group_count - 1;
}
