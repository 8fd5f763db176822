// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <assert.h>
#include <math.h>

double random_exponential(struct random *random) {
    return -log(random_uniform(random));
}

double random_normal(struct random *random) {
    for (;;) {
        const double x = 2 * random_uniform(random) - 1;
        const double y = 2 * random_uniform(random) - 1;
        const double square = x * x + y * y;

        // The pair's other number is thrown away: a stream is then its state and nothing else.
        if (square < 1 && square > 0)
            return x * sqrt(-2 * log(square) / square);
    }
}

double random_gamma(struct random *random, double shape) {
    if (shape < 1) {
        const double power = pow(random_uniform(random), 1 / shape);
        return random_gamma(random, shape + 1) * power;
    }

    const double d = shape - 1.0 / 3;
    const double c = 1 / sqrt(9 * d);

    for (;;) {
        const double x = random_normal(random);
        const double base = 1 + c * x;
        const double v = base * base * base;

        if (base > 0 && log(random_uniform(random)) < x * x / 2 + d - d * v + d * log(v))
            return d * v;
    }
}

uint32_t random_poisson(struct random *random, double mean) {
    if (mean >= 50) {
        const double rounded = floor(mean + sqrt(mean) * random_normal(random) + 0.5);
        return rounded > 0 ? (uint32_t)rounded : 0;
    }

    const double limit = exp(-mean);
    uint32_t count = 0;

    for (double product = random_uniform(random); product > limit; count++)
        product *= random_uniform(random);
    return count;
}

static void slot_set(struct weighted_slot *slot, double share, uint32_t other) {
    slot->threshold = share >= 1 ? UINT32_MAX : (uint32_t)(share * 0x1p32);
    slot->other = other;
}

void weighted_choice_build(struct weighted_choice *choice, const double *weights, double *scratch) {
    const uint32_t count = choice->count;
    double sum = 0;

    for (uint32_t i = 0; i < count; i++)
        sum += weights[i];
    assert(sum > 0);
    for (uint32_t i = 0; i < count; i++) {
        scratch[i] = weights[i] / sum * count;
        slot_set(&choice->slots[i], 1, i);
    }

    // Two cursors walk the slots that are too light and those too heavy; a heavy slot that becomes
    // light behind the light cursor is taken at once. So no work lists are needed.
    uint32_t light = 0, heavy = 0;

    while (light < count && scratch[light] >= 1)
        light++;
    for (uint32_t next = light; light < count;) {
        while (heavy < count && scratch[heavy] < 1)
            heavy++;
        if (heavy == count)
            break;
        slot_set(&choice->slots[light], scratch[light], heavy);
        scratch[heavy] -= 1 - scratch[light];
        if (scratch[heavy] < 1 && heavy < next) {
            light = heavy;
            continue;
        }
        do
            next++;
        while (next < count && scratch[next] >= 1);
        light = next;
    }
}

// Each one is taken with the probability that keeps all choices of the rest equally likely.
void random_sample(struct random *random, size_t count, size_t take, size_t *ret_indexes) {
    size_t taken = 0;

    for (size_t i = 0; taken < take; i++)
        if (random_below(random, (uint32_t)(count - i)) < take - taken)
            ret_indexes[taken++] = i;
}
