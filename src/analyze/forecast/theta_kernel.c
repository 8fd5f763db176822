// SPDX-License-Identifier: Apache-2.0
#include "analyze/forecast/theta_kernel.h"

#include "analyze/forecast/ets_kernel.h"

#include <math.h>

enum { VALUES_LEAST = 6 };

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

    if (count < VALUES_LEAST || season < 1 || season > SEASON_MOST)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return false;
    season_take_out(values, count, season, scratch, &fit.season);
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
        const bool times = fit->season.periods > 1 && fit->season.multiplies;
        const double factor = times ? season_put_back(&fit->season, h, 1) : 1;

        ret_means[h] = season_put_back(&fit->season, h, mean);
        ret_variances[h] = variance * factor * factor;
    }
}
