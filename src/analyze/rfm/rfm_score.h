// SPDX-License-Identifier: Apache-2.0
// The arithmetic of RFM: rank quintiles and the named groups. Arrays in, arrays out.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { RFM_SCORES = 5, RFM_CELLS = RFM_SCORES * RFM_SCORES * RFM_SCORES };

// Scores 1 (lowest values) to 5 (highest) by rank: equal values keep the order of the array, so
// every score has a fifth of the customers however many values are equal. The value of rank r = 1 …
// count has the score of the first edge 1 + (count − 1) × k / 5, k = 1 … 5, that is not below r;
// rank 1 has score 1. O(count log count); allocates a working array once.
void rfm_quintiles(const int64_t *values, size_t count, uint8_t *ret_scores);

// A rectangle of scores. The groups cover every cell, and none twice.
struct rfm_group {
    const char *name;
    uint8_t recency_low, recency_high;
    uint8_t frequency_low, frequency_high;
    uint8_t monetary_low, monetary_high;
    const char *meaning;
};

extern const struct rfm_group rfm_groups[];
extern const size_t rfm_group_count;

// The index of a cell's group, scores 1 … 5.
size_t rfm_group_of(uint8_t recency, uint8_t frequency, uint8_t monetary);
