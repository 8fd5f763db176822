// SPDX-License-Identifier: Apache-2.0
// Weights of a path are whole before they are shared out: a path of a thousand touches divides
// once.
#include "analyze/attribution/rule_kernel.h"

#include <math.h>
#include <string.h>

struct rule_options rule_default_options(void) {
    return (struct rule_options){
        .first_share = 0.4, .last_share = 0.4, .half_life_touches = 7, .direct = SIZE_MAX};
}

// Weights need not add up to one; at least one of them is above 0.
static size_t last_non_direct(const uint16_t *path, size_t count, size_t direct) {
    for (size_t i = count; i > 0; i--)
        if (path[i - 1] != direct)
            return i - 1;
    return count - 1;
}

static void weigh_position(size_t count, const struct rule_options *options, double *weights) {
    const double middle = 1 - options->first_share - options->last_share;

    for (size_t i = 1; i + 1 < count; i++)
        weights[i] = middle / (double)(count - 2);
    weights[0] = options->first_share;
    if (count > 1)
        weights[count - 1] = options->last_share;
}

static void weigh_distinct(const uint16_t *path, size_t count, double *weights) {
    uint64_t seen[(PATH_CHANNELS + 63) / 64] = {0};

    for (size_t i = 0; i < count; i++) {
        const uint64_t bit = UINT64_C(1) << path[i] % 64;

        weights[i] = (seen[path[i] / 64] & bit) == 0;
        seen[path[i] / 64] |= bit;
    }
}

static void weigh(const uint16_t *path, size_t count, enum attribution_rule rule,
                  const struct rule_options *options, double *weights) {
    memset(weights, 0, count * sizeof(*weights));
    if (rule == RULE_FIRST)
        weights[0] = 1;
    else if (rule == RULE_LAST)
        weights[count - 1] = 1;
    else if (rule == RULE_LAST_NON_DIRECT)
        weights[last_non_direct(path, count, options->direct)] = 1;
    else if (rule == RULE_POSITION)
        weigh_position(count, options, weights);
    else if (rule == RULE_SHAPLEY)
        weigh_distinct(path, count, weights);
    else
        for (size_t i = 0; i < count; i++)
            weights[i] = rule == RULE_TIME_DECAY
                             ? exp2(-(double)(count - 1 - i) / options->half_life_touches)
                             : 1;
}

void rule_credit(const struct paths *paths, enum attribution_rule rule,
                 const struct rule_options *options, double *ret_conversions, double *ret_values) {
    double weights[PATH_TOUCHES];

    memset(ret_conversions, 0, paths->channel_count * sizeof(double));
    memset(ret_values, 0, paths->channel_count * sizeof(double));
    for (size_t i = 0; i < paths->count; i++) {
        const uint16_t *path = paths->touches + paths->starts[i];
        const size_t count = paths->starts[i + 1] - paths->starts[i];
        double sum = 0;

        if (paths->conversions[i] == 0)
            continue;
        weigh(path, count, rule, options, weights);
        for (size_t k = 0; k < count; k++)
            sum += weights[k];
        for (size_t k = 0; k < count; k++) {
            ret_conversions[path[k]] += (double)paths->conversions[i] * weights[k] / sum;
            ret_values[path[k]] += (double)paths->value_micros[i] / 1e6 * weights[k] / sum;
        }
    }
}
