// SPDX-License-Identifier: Apache-2.0
#include "analyze/regression/correlation_kernel.h"

#include "analyze/kernel/distribution.h"
#include "analyze/kernel/special.h"

#include <math.h>
#include <stdlib.h>

static double product_moment(const double *x, const double *y, size_t count) {
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;

    for (size_t i = 0; i < count; i++) {
        mean_x += x[i] / (double)count;
        mean_y += y[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        const double a = x[i] - mean_x;
        const double b = y[i] - mean_y;

        xx += a * a;
        xy += a * b;
        yy += b * b;
    }
    // What rounding leaves of a constant is none.
    if (!(xx > 1e-24 * (double)count * mean_x * mean_x) ||
        !(yy > 1e-24 * (double)count * mean_y * mean_y))
        return NAN;
    return fmax(-1, fmin(1, xy / (sqrt(xx) * sqrt(yy))));
}

static struct correlation with_interval(double r, size_t count, double confidence,
                                        double widening) {
    struct correlation correlation = {.value = r, .low = NAN, .high = NAN, .p = NAN};
    const double rows = (double)count;

    if (isnan(r))
        return correlation;
    if (count > 2)
        correlation.p = student_t_both_tails(r * sqrt((rows - 2) / ((1 - r) * (1 + r))), rows - 2);
    if (count > 3) {
        const double reach =
            normal_quantile((1 + confidence) / 2) * sqrt((1 + widening * r * r) / (rows - 3));

        correlation.low = tanh(atanh(r) - reach);
        correlation.high = tanh(atanh(r) + reach);
    }
    return correlation;
}

struct correlation correlation_of(const double *x, const double *y, size_t count,
                                  double confidence) {
    return with_interval(product_moment(x, y, count), count, confidence, 0);
}

struct correlation correlation_of_ranks(const double *x, const double *y, size_t count,
                                        double confidence) {
    return with_interval(product_moment(x, y, count), count, confidence, 0.5);
}

struct place {
    double value;
    size_t index;
};

static int compare(const void *left, const void *right) {
    const struct place *a = left, *b = right;

    return a->value < b->value ? -1 : a->value > b->value;
}

void correlation_ranks(struct scope *scope, const double *values, size_t count, double *ranks) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct place *places = arena_array(&scope->arena, count, sizeof(*places));

    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){.value = values[i], .index = i};
    if (count > 0)
        qsort(places, count, sizeof(*places), compare);
    for (size_t first = 0, last; first < count; first = last) {
        for (last = first + 1; last < count && places[last].value == places[first].value; last++)
            continue;
        for (size_t i = first; i < last; i++)
            ranks[places[i].index] = ((double)first + (double)last + 1) / 2;
    }
    arena_rewind(&scope->arena, mark);
}
