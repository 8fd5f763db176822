// SPDX-License-Identifier: Apache-2.0
// What a fitted model says of the periods ahead. Simulated ways come in pairs with opposite errors,
// so that their quantiles lie about the middle evenly.
#include "analyze/forecast/ets_step.h"

#include "analyze/forecast/quantile.h"
#include "base/random.h"

#include <math.h>

enum { RANDOM_PURPOSE = 0x657473 };

static struct smoothing smoothing_of(const struct ets_fit *fit) {
    return (struct smoothing){fit->alpha, fit->beta, fit->gamma, fit->phi};
}

void ets_fitted(const struct ets_fit *fit, const double *values, size_t count, double *ret_fitted) {
    const struct smoothing s = smoothing_of(fit);
    const size_t season = (size_t)fit->season;
    struct ets_state state = fit->first;

    for (size_t i = 0; i < count; i++) {
        const struct step step = step_of(fit->form.season, state.level + s.phi * state.slope,
                                         state.seasons[i % season], values[i]);

        ret_fitted[i] = step.forecast;
        carry(&state, i % season, &s, &step);
    }
}

void ets_forecast(const struct ets_fit *fit, size_t horizon, double *ret_means) {
    const size_t season = (size_t)fit->season;
    double slope = fit->last.slope, level = fit->last.level;

    for (size_t h = 0; h < horizon; h++) {
        slope *= fit->phi;
        level += slope;
        ret_means[h] = step_of(fit->form.season, level, fit->last.seasons[h % season], 0).forecast;
    }
}

bool ets_is_linear(struct ets_form form) {
    return form.error == ETS_ADDITIVE && form.season != ETS_MULTIPLICATIVE;
}

// The level's share, the slope's share as often as the slope is added until then, and the season's
// share in its own period.
void ets_responses(const struct ets_fit *fit, size_t horizon, double *ret_responses) {
    const size_t season = (size_t)fit->season;
    double times = 0, power = 1;

    ret_responses[0] = 1;
    for (size_t j = 1; j < horizon; j++) {
        power *= fit->phi;
        times += power;
        ret_responses[j] = fit->alpha + fit->beta * times;
        if (fit->form.season != ETS_NONE && j % season == 0)
            ret_responses[j] += fit->gamma;
    }
}

void ets_variances(const struct ets_fit *fit, size_t horizon, double *ret_variances) {
    double sum = 0;

    ets_responses(fit, horizon, ret_variances);
    for (size_t h = 0; h < horizon; h++) {
        sum += ret_variances[h] * ret_variances[h];
        ret_variances[h] = fit->variance * sum;
    }
}

// One way to go on. A multiplicative error never takes all there is.
static void wander(const struct ets_fit *fit, size_t horizon, const double *errors, double sign,
                   double *ret_path) {
    const struct smoothing s = smoothing_of(fit);
    const size_t season = (size_t)fit->season;
    const bool multiplies = fit->form.error == ETS_MULTIPLICATIVE;
    struct ets_state state = fit->last;

    for (size_t h = 0; h < horizon; h++) {
        const double figure = state.seasons[h % season];
        const double before = state.level + s.phi * state.slope;
        const double error = sign * errors[h];
        const double forecast = step_of(fit->form.season, before, figure, 0).forecast;
        const double value = multiplies ? forecast * (1 + fmax(error, -0.9999)) : forecast + error;
        const struct step step = step_of(fit->form.season, before, figure, value);

        ret_path[h] = value;
        carry(&state, h % season, &s, &step);
    }
}

static void add_up(const double *ways, size_t paths, size_t horizon, const double *factors,
                   double *ret_sums) {
    for (size_t path = 0; path < paths; path++) {
        ret_sums[path] = 0;
        for (size_t h = 0; h < horizon; h++)
            ret_sums[path] += factors[h] * ways[path * horizon + h];
    }
}

// scratch: path after path, and behind them the sum of each. Quantiles put columns into another
// order, so that the sums come first.
void ets_simulate(const struct ets_fit *fit, size_t horizon, uint64_t seed, size_t paths,
                  const double *probabilities, size_t probability_count, const double *factors,
                  double *scratch, double *ret_quantiles, double *ret_sum_quantiles) {
    double *const sums = scratch + paths * horizon;
    const double deviation = sqrt(fit->variance);
    struct random random = random_stream(seed, RANDOM_PURPOSE, 0);

    for (size_t path = 0; path < paths; path += 2) {
        double *const first = scratch + path * horizon;

        // The second of a pair overwrites its errors, which the first one has used by then.
        double *const errors = path + 1 < paths ? first + horizon : first;

        for (size_t h = 0; h < horizon; h++)
            errors[h] = deviation * random_normal(&random);
        wander(fit, horizon, errors, 1, first);
        if (path + 1 < paths)
            wander(fit, horizon, errors, -1, errors);
    }
    add_up(scratch, paths, horizon, factors, sums);
    quantiles_of_column(sums, paths, 1, 0, probabilities, probability_count, ret_sum_quantiles);
    for (size_t h = 0; h < horizon; h++)
        quantiles_of_column(scratch, paths, horizon, h, probabilities, probability_count,
                            ret_quantiles);
}
