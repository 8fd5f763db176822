// SPDX-License-Identifier: Apache-2.0
#include "analyze/forecast/theta_kernel.h"

#include "analyze/forecast/ets_kernel.h"
#include "analyze/forecast/season.h"

#include <math.h>
#include <string.h>

enum { VALUES_LEAST = 6 };

// Copies the series without its season, and says which one that is.
static void take_out_season(const double *values, size_t count, int season, double *adjusted,
                            struct theta_fit *fit) {
    double figure[THETA_SEASON_MOST];

    fit->season = 1;
    fit->multiplies = true;
    for (size_t i = 0; i < count; i++)
        fit->multiplies = fit->multiplies && values[i] > 0;
    memcpy(adjusted, values, count * sizeof(*adjusted));
    if (!season_is_seen(values, count, season) ||
        !season_figure(values, count, season, fit->multiplies, figure))
        return;
    fit->season = season;
    for (size_t i = 0; i < count; i++)
        if (fit->multiplies)
            adjusted[i] /= figure[i % (size_t)season];
        else
            adjusted[i] -= figure[i % (size_t)season];
    for (size_t i = 0; i < (size_t)season; i++)
        fit->figure[i] = figure[(count + i) % (size_t)season];
}

static double slope_of(const double *values, size_t count) {
    const double middle = ((double)count - 1) / 2;
    double cross = 0, squares = 0;

    for (size_t i = 0; i < count; i++) {
        cross += ((double)i - middle) * values[i];
        squares += ((double)i - middle) * ((double)i - middle);
    }
    return cross / squares;
}

bool theta_fit(const double *values, size_t count, int season, double *scratch,
               struct theta_fit *ret_fit) {
    static const struct ets_form simple = {ETS_ADDITIVE, ETS_NONE, ETS_NONE};
    struct theta_fit fit = {0};
    struct ets_fit smoothing;

    if (count < VALUES_LEAST || season < 1 || season > THETA_SEASON_MOST)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return false;
    take_out_season(values, count, season, scratch, &fit);
    if (!ets_fit(scratch, count, 1, simple, &smoothing))
        return false;
    fit.alpha = smoothing.alpha;
    fit.level = smoothing.last.level;
    fit.drift = slope_of(scratch, count) / 2;
    fit.past_drift = fit.drift * (1 - pow(1 - fit.alpha, (double)count)) / fit.alpha;
    fit.variance = smoothing.variance;
    *ret_fit = fit;
    return true;
}

void theta_forecast(const struct theta_fit *fit, size_t horizon, double *ret_means,
                    double *ret_variances) {
    for (size_t h = 0; h < horizon; h++) {
        const double ahead = (double)h;
        const double mean = fit->level + fit->drift * ahead + fit->past_drift;
        const double variance = fit->variance * (1 + ahead * fit->alpha * fit->alpha);
        const double figure = fit->season > 1 ? fit->figure[h % (size_t)fit->season] : 0;
        const bool times = fit->season > 1 && fit->multiplies;

        ret_means[h] = times ? mean * figure : mean + figure;
        ret_variances[h] = times ? variance * figure * figure : variance;
    }
}
