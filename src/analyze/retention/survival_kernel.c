// SPDX-License-Identifier: Apache-2.0
#include "analyze/retention/survival_kernel.h"

#include "analyze/kernel/special.h"

#include <inttypes.h>
#include <math.h>

// S^exp(∓z √V / ln S): the ends of the interval of log(−log S) carried back. The variance is that
// of ln S.
static void interval(double share, double variance, double z, double *ret_low, double *ret_high) {
    const double reach = z * sqrt(variance) / log(share);

    *ret_low = variance > 0 ? pow(share, exp(-reach)) : share;
    *ret_high = variance > 0 ? pow(share, exp(reach)) : share;
    if (!(share > 0) || !isfinite(variance))
        *ret_low = *ret_high = NAN;
}

static code check(struct scope *scope, const int64_t *events, const int64_t *ended, size_t times) {
    for (size_t t = 0; t < times; t++)
        if (events[t] < 0 || ended[t] < 0)
            return scope_fail(scope, INVALID, "%" PRId64 " spells cannot end at time %zu",
                              events[t] < 0 ? events[t] : ended[t], t);
    return OK;
}

static void allocate(struct scope *scope, size_t times, struct survival *survival) {
    double **columns[] = {&survival->at_risk,   &survival->events, &survival->share,
                          &survival->greenwood, &survival->low,    &survival->high};

    survival->times = times;
    for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
        *columns[i] = arena_array(&scope->arena, times, sizeof(double));
}

code survival_estimate(struct scope *scope, const int64_t *events, const int64_t *ended,
                       size_t times, double confidence, struct survival *ret_survival) {
    const double z = normal_quantile((1 + confidence) / 2);
    struct survival survival = {0};
    double at_risk = 0, share = 1, greenwood = 0;

    TRY(check(scope, events, ended, times));
    allocate(scope, times, &survival);
    for (size_t t = 0; t < times; t++) {
        survival.spells += (double)(events[t] + ended[t]);
        survival.happened += (double)events[t];
    }
    at_risk = survival.spells;
    for (size_t t = 0; t < times; t++) {
        const double happened = (double)events[t];

        if (happened > 0) {
            share *= (at_risk - happened) / at_risk;
            greenwood += happened / (at_risk * (at_risk - happened));
        }
        survival.at_risk[t] = at_risk;
        survival.events[t] = happened;
        survival.share[t] = share;
        survival.greenwood[t] = greenwood;
        interval(share, greenwood, z, &survival.low[t], &survival.high[t]);
        at_risk -= happened + (double)ended[t];
    }
    *ret_survival = survival;
    return OK;
}

int64_t survival_quantile(const struct survival *survival, double share) {
    for (size_t t = 0; t < survival->times; t++)
        if (survival->at_risk[t] > 0 && survival->share[t] <= 1 - share)
            return (int64_t)t;
    return -1;
}

struct survival_chance survival_chance(const struct survival *survival, size_t from, size_t to,
                                       double confidence) {
    const double z = normal_quantile((1 + confidence) / 2);
    struct survival_chance chance = {.share = NAN, .low = NAN, .high = NAN};
    double low, high;

    if (from + 1 >= survival->times)
        return chance;
    chance.at_risk = survival->at_risk[from + 1];
    if (!(chance.at_risk > 0) || to >= survival->times || !(survival->at_risk[to] > 0))
        return chance;
    const double left = survival->share[to] / survival->share[from];

    interval(left, survival->greenwood[to] - survival->greenwood[from], z, &low, &high);
    chance.share = 1 - left;
    chance.low = 1 - high;
    chance.high = 1 - low;
    return chance;
}
