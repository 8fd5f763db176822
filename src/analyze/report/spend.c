// SPDX-License-Identifier: Apache-2.0
#include "analyze/report/spend.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LADDER_EDGES = 57 }; // 1, 2, 5 × 10⁰ … 10¹⁸

// ---- histogram ----

static void fill_ladder(int64_t ladder[LADDER_EDGES]) {
    int64_t power = 1;

    for (size_t i = 0; i < LADDER_EDGES; i += 3) {
        ladder[i] = power;
        ladder[i + 1] = 2 * power;
        ladder[i + 2] = 5 * power;
        if (i + 3 < LADDER_EDGES)
            power *= 10;
    }
}

// The last edge that is not above a positive amount.
static size_t edge_below(const int64_t ladder[LADDER_EDGES], int64_t micros) {
    size_t low = 0, high = LADDER_EDGES;

    while (high - low > 1) {
        const size_t middle = (low + high) / 2;

        if (ladder[middle] <= micros)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void count_in(struct spend_bin *bin, int64_t micros) {
    bin->count++;
    if (__builtin_add_overflow(bin->sum_micros, micros, &bin->sum_micros))
        bin->sum_micros = micros < 0 ? INT64_MIN : INT64_MAX;
}

size_t spend_histogram(const int64_t *micros, size_t count, struct spend_bin bins[SPEND_BINS]) {
    struct spend_bin negative = {.low_micros = INT64_MIN}, zero = {0}, positive[LADDER_EDGES] = {0};
    int64_t ladder[LADDER_EDGES];
    size_t first = LADDER_EDGES, last = 0, bin_count = 0;

    fill_ladder(ladder);
    for (size_t i = 0; i < count; i++) {
        if (micros[i] > 0) {
            const size_t edge = edge_below(ladder, micros[i]);

            count_in(&positive[edge], micros[i]);
            first = edge < first ? edge : first;
            last = edge > last ? edge : last;
        } else {
            count_in(micros[i] < 0 ? &negative : &zero, micros[i]);
        }
    }
    if (negative.count > 0)
        bins[bin_count++] = negative;
    if (zero.count > 0)
        bins[bin_count++] = zero;
    for (size_t i = first; i <= last && i < LADDER_EDGES; i++) {
        positive[i].low_micros = ladder[i];
        positive[i].high_micros = i + 1 < LADDER_EDGES ? ladder[i + 1] : INT64_MAX;
        bins[bin_count++] = positive[i];
    }
    return bin_count;
}

// ---- the best customers ----

static int descending(const void *a, const void *b) {
    const int64_t first = *(const int64_t *)a;
    const int64_t second = *(const int64_t *)b;

    return (first < second) - (first > second);
}

void spend_sort(int64_t *micros, size_t count) {
    if (count > 0)
        qsort(micros, count, sizeof(*micros), descending);
}

size_t spend_top(const int64_t *sorted, size_t count, double percent, int64_t *ret_sum_micros) {
    // The little that floating point may add to a whole number must not make it one more.
    const size_t top = (size_t)ceil((double)count * percent / 100 - 1e-9);
    int64_t sum = 0;

    for (size_t i = 0; i < top && i < count; i++)
        sum += sorted[i];
    *ret_sum_micros = sum;
    return top < count ? top : count;
}

static int64_t sum_of(const int64_t *values, size_t count) {
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

size_t spend_count_for(const int64_t *sorted, size_t count, double share) {
    const double wanted = (double)sum_of(sorted, count) * share;
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        if ((double)sum >= wanted)
            return i;
        sum += sorted[i];
    }
    return count;
}

double spend_gini(const int64_t *sorted, size_t count) {
    const double n = (double)count;
    const double sum = (double)sum_of(sorted, count);
    long double weighted = 0;

    if (count == 0 || sum <= 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        weighted += (long double)(count - i) * (long double)sorted[i];
    return (double)(2 * weighted / ((long double)n * (long double)sum)) - (n + 1) / n;
}

// ---- amounts that add up ----

struct remainder {
    int64_t above; // the multiple below
    size_t place;
};

static int by_remainder(const void *a, const void *b) {
    const struct remainder *first = a;
    const struct remainder *second = b;

    if (first->above != second->above)
        return first->above > second->above ? -1 : 1;
    return first->place < second->place ? -1 : first->place > second->place;
}

static int64_t multiple_below(int64_t micros, int64_t unit) {
    const int64_t remainder = micros % unit;

    return micros - remainder - (remainder < 0 ? unit : 0);
}

// Half away from zero.
static int64_t multiple_near(int64_t micros, int64_t unit) {
    const int64_t magnitude = micros < 0 ? -micros : micros;
    const int64_t rounded = (magnitude + unit / 2) / unit * unit;

    return micros < 0 ? -rounded : rounded;
}

void spend_round(const int64_t *micros, size_t count, int64_t unit, int64_t *ret_rounded) {
    struct remainder *remainders = calloc(count > 0 ? count : 1, sizeof(*remainders));
    int64_t missing = multiple_near(sum_of(micros, count), unit);

    if (!remainders) {
        fputs("tessera: out of memory\n", stderr);
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        ret_rounded[i] = multiple_below(micros[i], unit);
        remainders[i] = (struct remainder){.above = micros[i] - ret_rounded[i], .place = i};
        missing -= ret_rounded[i];
    }
    qsort(remainders, count, sizeof(*remainders), by_remainder);
    for (size_t i = 0; missing > 0 && i < count; i++, missing -= unit)
        ret_rounded[remainders[i].place] += unit;
    free(remainders);
}
