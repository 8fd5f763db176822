// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/multiple_tests.h"

#include <math.h>
#include <stdlib.h>

struct place {
    double p;
    size_t index;
};

static int compare(const void *left, const void *right) {
    const struct place *a = left, *b = right;

    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

// The tests that were made, by their p.
static struct place *sort(struct scope *scope, const double *p, size_t count, double *adjusted,
                          size_t *ret_count) {
    struct place *places = arena_array(&scope->arena, count, sizeof(*places));
    size_t made = 0;

    for (size_t i = 0; i < count; i++) {
        adjusted[i] = NAN;
        if (!isnan(p[i]))
            places[made++] = (struct place){.p = p[i], .index = i};
    }
    if (made > 0)
        qsort(places, made, sizeof(*places), compare);
    *ret_count = made;
    return places;
}

void false_discovery_adjust(struct scope *scope, const double *p, size_t count, double *adjusted) {
    size_t made;
    const struct place *places = sort(scope, p, count, adjusted, &made);
    double least = 1;

    for (size_t k = made; k-- > 0;) {
        least = fmin(least, places[k].p * (double)made / (double)(k + 1));
        adjusted[places[k].index] = least;
    }
}

void holm_adjust(struct scope *scope, const double *p, size_t count, double *adjusted) {
    size_t made;
    const struct place *places = sort(scope, p, count, adjusted, &made);
    double most = 0;

    for (size_t k = 0; k < made; k++) {
        most = fmax(most, fmin(1, places[k].p * (double)(made - k)));
        adjusted[places[k].index] = most;
    }
}
