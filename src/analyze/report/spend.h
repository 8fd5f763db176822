// SPDX-License-Identifier: Apache-2.0
// How unequal customers are: a histogram of what they spent, the share of the best ones, the Gini
// coefficient. And the rounding of amounts that have to add up. Arrays in, arrays out.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SPEND_BINS = 64 };

// Amounts from low (inclusive) to high (exclusive). The bin of negative amounts has high 0 and low
// INT64_MIN, that of zero has low = high = 0.
struct spend_bin {
    int64_t low_micros;
    int64_t high_micros;
    int64_t count;
    int64_t sum_micros; // stays at the end of the range when it would pass it
};

// Bins with edges 1, 2, 5, 10, 20, 50, … × 10ⁿ micros, from the one of the smallest positive amount
// to that of the largest, empty ones between them included; before them negative amounts and zero
// when there are any. Returns the number of bins, at most SPEND_BINS. O(count × log of the bins).
size_t spend_histogram(const int64_t *micros, size_t count, struct spend_bin bins[SPEND_BINS]);

// Sorts descending, in place.
void spend_sort(int64_t *micros, size_t count);
// Of amounts sorted descending, all positive: the number of first ones that are `percent` of all
// (rounded up), and their sum.
size_t spend_top(const int64_t *sorted, size_t count, double percent, int64_t *ret_sum_micros);
// How many of the first ones have together at least this share (0 … 1) of the sum.
size_t spend_count_for(const int64_t *sorted, size_t count, double share);
// The Gini coefficient of amounts sorted descending, all positive: 0 everybody spends the same,
// towards 1 one customer spends everything. G = 2 Σ i xᵢ / (n Σ xᵢ) − (n + 1) / n, x ascending, i
// from 1. 0 for none.
double spend_gini(const int64_t *sorted, size_t count);

// Round amounts to multiples of `unit` (of the currency's minor unit, > 0) so that they add up to
// the rounded sum: each is rounded down, and those with the largest remainders up, the earlier of
// equal ones first. No amount moves by a unit or more; amounts that are multiples already stay.
void spend_round(const int64_t *micros, size_t count, int64_t unit, int64_t *ret_rounded);
