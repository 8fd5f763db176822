// SPDX-License-Identifier: Apache-2.0
// Hoare's selection (CACM 4, 1961), the pivot the middle of three; each quantile begins where the
// one before it ended.
#include "analyze/forecast/quantile.h"

#include <math.h>

struct column {
    double *first;
    size_t width;
};

static inline double *at(const struct column *column, size_t i) {
    return column->first + i * column->width;
}

static inline void swap(double *a, double *b) {
    const double kept = *a;

    *a = *b;
    *b = kept;
}

static double middle_of(double a, double b, double c) {
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

// Brings the value of rank `rank` of [low, high] to its place.
static void select_rank(const struct column *column, size_t low, size_t high, size_t rank) {
    while (low < high) {
        const double pivot =
            middle_of(*at(column, low), *at(column, low + (high - low) / 2), *at(column, high));
        size_t i = low, j = high;

        while (i <= j) {
            while (*at(column, i) < pivot)
                i++;
            while (*at(column, j) > pivot)
                j--;
            if (i > j)
                break;
            swap(at(column, i++), at(column, j));
            if (j == 0)
                break;
            j--;
        }
        if (rank <= j && j < high)
            high = j;
        else if (rank >= i)
            low = i;
        else
            return;
    }
}

void quantiles_of_column(double *table, size_t rows, size_t width, size_t column,
                         const double *probabilities, size_t probability_count,
                         double *ret_quantiles) {
    struct column values = {.width = width};
    size_t low = 0;

    values.first = table + column;
    for (size_t q = 0; q < probability_count; q++) {
        const double place = ceil(probabilities[q] * (double)rows);
        size_t rank = place < 1 ? 0 : (size_t)place - 1;

        if (rank > rows - 1)
            rank = rows - 1;
        select_rank(&values, low, rows - 1, rank);
        ret_quantiles[q * width + column] = *at(&values, rank);
        low = rank;
    }
}
