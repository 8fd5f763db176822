// SPDX-License-Identifier: Apache-2.0
// Intervals: of the naive method, Theta and linear forms of ETS normal with their variances; of the
// other forms quantiles of simulated ways to go on.
#include "analyze/forecast/series_kernel.h"

#include "analyze/forecast/quantile.h"
#include "analyze/forecast/season.h"
#include "analyze/forecast/theta_kernel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double better = 0.99;
static const double normal_90 = 1.2815515655446004, normal_975 = 1.959963984540054;

const char *series_method_name(enum series_method method) {
    static const char *const names[] = {"naive", "theta", "ets"};

    return names[method];
}

static void fan_normal(struct series_fan *fan, size_t h, double mean, double variance) {
    const double deviation = sqrt(variance);

    fan->mean[h] = mean;
    fan->low_80[h] = mean - normal_90 * deviation;
    fan->high_80[h] = mean + normal_90 * deviation;
    fan->low_95[h] = mean - normal_975 * deviation;
    fan->high_95[h] = mean + normal_975 * deviation;
}

// An error of step i moves all from there on.
static double total_variance(const double *responses, const double *factors, size_t horizon) {
    double sum = 0;

    for (size_t i = 0; i < horizon; i++) {
        double moved = 0;

        for (size_t h = i; h < horizon; h++)
            moved += factors[h] * responses[h - i];
        sum += moved * moved;
    }
    return sum;
}

static void total_normal(struct series_fan *fan, size_t horizon, double variance) {
    struct series_fan sum;
    double mean = 0;

    for (size_t h = 0; h < horizon; h++)
        mean += fan->mean[h];
    fan_normal(&sum, 0, mean, variance);
    fan->total =
        (struct series_total){mean, sum.low_80[0], sum.high_80[0], sum.low_95[0], sum.high_95[0]};
}

// By which a season multiplies what stands without it.
static void factors_of(const struct season *season, size_t horizon, double *ret_factors) {
    const bool times = season->periods > 1 && season->multiplies;

    for (size_t h = 0; h < horizon; h++)
        ret_factors[h] = times ? season_put_back(season, h, 1) : 1;
}

// ---- methods ----

static size_t lag_of(const struct series_question *question) {
    return question->season > 1 && question->count > (size_t)question->season
               ? (size_t)question->season
               : 1;
}

// The season before, again. Its errors add up season after season.
static bool by_naive(const struct series_question *question, struct series_fan *fan, char *model) {
    const size_t lag = lag_of(question), count = question->count;
    double responses[SERIES_HORIZON_MOST], factors[SERIES_HORIZON_MOST], squares = 0, variance;

    for (size_t i = lag; i < count; i++) {
        const double change = question->values[i] - question->values[i - lag];

        squares += change * change;
    }
    variance = count > lag ? squares / (double)(count - lag) : NAN;
    factors_of(&(struct season){.periods = 1}, question->horizon, factors);
    for (size_t h = 0; h < question->horizon; h++) {
        const size_t seasons = h / lag + 1;

        fan_normal(fan, h, question->values[count - lag + h % lag], variance * (double)seasons);
        responses[h] = h % lag == 0;
    }
    total_normal(fan, question->horizon,
                 variance * total_variance(responses, factors, question->horizon));
    snprintf(model, SERIES_MODEL_SIZE, "%s", lag > 1 ? "Seasonal naive" : "Naive");
    return true;
}

static bool by_theta(const struct series_question *question, double *scratch,
                     struct series_fan *fan, char *model) {
    double means[SERIES_HORIZON_MOST], variances[SERIES_HORIZON_MOST];
    double responses[SERIES_HORIZON_MOST], factors[SERIES_HORIZON_MOST];
    struct theta_fit fit;

    if (!theta_fit(question->values, question->count, question->season, scratch, &fit))
        return false;
    theta_forecast(&fit, question->horizon, means, variances);
    factors_of(&fit.season, question->horizon, factors);
    for (size_t h = 0; h < question->horizon; h++) {
        fan_normal(fan, h, means[h], variances[h]);
        responses[h] = h == 0 ? 1 : fit.alpha;
    }
    total_normal(fan, question->horizon,
                 fit.variance * total_variance(responses, factors, question->horizon));
    snprintf(model, SERIES_MODEL_SIZE, "Theta%s",
             fit.season.periods == 1 ? ""
             : fit.season.multiplies ? ", multiplicative season"
                                     : ", additive season");
    return true;
}

// Without what an added season puts into the total.
static void fan_simulated(const struct ets_fit *fit, const struct series_question *question,
                          const double *factors, double *scratch, struct series_fan *fan) {
    static const double probabilities[] = {0.025, 0.1, 0.9, 0.975};
    double *const bounds[] = {fan->low_95, fan->low_80, fan->high_80, fan->high_95};
    const size_t horizon = question->horizon;
    double quantiles[4 * SERIES_HORIZON_MOST], sums[4];

    ets_simulate(fit, horizon, question->seed, SERIES_PATHS, probabilities, 4, factors, scratch,
                 quantiles, sums);
    for (size_t q = 0; q < 4; q++)
        memcpy(bounds[q], quantiles + q * horizon, horizon * sizeof(double));
    fan->total = (struct series_total){0, sums[1], sums[2], sums[0], sums[3]};
}

static void put_season_back(const struct season *season, size_t horizon, struct series_fan *fan) {
    double *const lines[] = {fan->mean, fan->low_80, fan->high_80, fan->low_95, fan->high_95};

    for (size_t line = 0; line < sizeof(lines) / sizeof(*lines); line++)
        for (size_t h = 0; h < horizon; h++)
            lines[line][h] = season_put_back(season, h, lines[line][h]);
}

static void fan_linear(const struct ets_fit *fit, size_t horizon, const double *factors,
                       const struct season *season, struct series_fan *fan) {
    double variances[SERIES_HORIZON_MOST], responses[SERIES_HORIZON_MOST];

    ets_variances(fit, horizon, variances);
    ets_responses(fit, horizon, responses);
    for (size_t h = 0; h < horizon; h++)
        fan_normal(fan, h, fan->mean[h], variances[h]);
    put_season_back(season, horizon, fan);
    total_normal(fan, horizon, fit->variance * total_variance(responses, factors, horizon));
}

// Where a season is added, the simulated sums lack it.
static void add_season(const struct season *season, size_t horizon, struct series_fan *fan) {
    double mean = 0, added = 0;

    for (size_t h = 0; h < horizon; h++) {
        mean += fan->mean[h];
        if (season->periods > 1 && !season->multiplies)
            added += season_put_back(season, h, 0);
    }
    fan->total = (struct series_total){mean, fan->total.low_80 + added, fan->total.high_80 + added,
                                       fan->total.low_95 + added, fan->total.high_95 + added};
}

// A season too long to be fitted figure by figure is taken out first.
static bool by_ets(const struct series_question *question, double *scratch, struct series_fan *fan,
                   char *model) {
    const bool is_long = question->season > ETS_SEASON_MOST;
    double factors[SERIES_HORIZON_MOST];
    char name[ETS_NAME_SIZE];
    struct season season = {.periods = 1};
    struct ets_fit fit;

    if (is_long)
        season_take_out(question->values, question->count, question->season, scratch, &season);
    if (!ets_choose(is_long ? scratch : question->values, question->count,
                    is_long ? 1 : question->season, &fit))
        return false;
    ets_forecast(&fit, question->horizon, fan->mean);
    factors_of(&season, question->horizon, factors);
    if (ets_is_linear(fit.form))
        fan_linear(&fit, question->horizon, factors, &season, fan);
    else {
        fan_simulated(&fit, question, factors, scratch + question->count, fan);
        put_season_back(&season, question->horizon, fan);
        add_season(&season, question->horizon, fan);
    }
    snprintf(model, SERIES_MODEL_SIZE, "%s%s", ets_name(fit.form, name),
             season.periods > 1 ? ", season taken out" : "");
    return true;
}

static void raise_to_zero(double *line, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (line[i] < 0) // NaN stays
            line[i] = 0;
}

// The mean is that of the periods, as they are shown.
static void raise_total(size_t horizon, struct series_fan *fan) {
    double bounds[] = {fan->total.low_80, fan->total.high_80, fan->total.low_95,
                       fan->total.high_95};
    double mean = 0;

    raise_to_zero(bounds, 4);
    for (size_t h = 0; h < horizon; h++)
        mean += fan->mean[h];
    fan->total = (struct series_total){mean, bounds[0], bounds[1], bounds[2], bounds[3]};
}

size_t series_scratch_count(size_t count, size_t horizon) {
    return count + SERIES_PATHS * (horizon + 1);
}

bool series_fan_by(enum series_method method, const struct series_question *question,
                   double *scratch, struct series_fan *ret_fan, char *ret_model) {
    bool can = false;

    switch (method) {
    case SERIES_NAIVE:
        can = by_naive(question, ret_fan, ret_model);
        break;
    case SERIES_THETA:
        can = by_theta(question, scratch, ret_fan, ret_model);
        break;
    case SERIES_ETS:
        can = by_ets(question, scratch, ret_fan, ret_model);
        break;
    case SERIES_METHODS:
        break;
    }
    if (can && question->is_positive) {
        raise_to_zero(ret_fan->mean, question->horizon);
        raise_to_zero(ret_fan->low_80, question->horizon);
        raise_to_zero(ret_fan->high_80, question->horizon);
        raise_to_zero(ret_fan->low_95, question->horizon);
        raise_to_zero(ret_fan->high_95, question->horizon);
        raise_total(question->horizon, ret_fan);
    }
    return can;
}

// ---- the past ----

struct trial {
    size_t horizon, origins, step;
    size_t first; // values known at the first origin
};

// With two seasons known and something to learn from, where there are so many; the horizon is
// tested as far as half of the rest goes.
static struct trial trial_of(const struct series_question *question) {
    const size_t seasons = 2 * (size_t)question->season + 1;
    const size_t least = question->season > 1 && question->count >= seasons + 4 ? seasons : 8;
    struct trial trial = {0};
    size_t rest;

    if (question->count < least + 2)
        return trial;
    rest = question->count - least;
    trial.horizon = question->horizon < (rest + 1) / 2 ? question->horizon : (rest + 1) / 2;
    trial.step = (rest - trial.horizon) / (SERIES_ORIGINS_MOST - 1);
    if (trial.step > trial.horizon)
        trial.step = trial.horizon;
    if (trial.step == 0)
        trial.step = 1;
    trial.origins = 1 + (rest - trial.horizon) / trial.step;
    if (trial.origins > SERIES_ORIGINS_MOST)
        trial.origins = SERIES_ORIGINS_MOST;
    trial.first = question->count - trial.horizon - (trial.origins - 1) * trial.step;
    return trial;
}

static void count_error(const struct series_fan *fan, size_t h, double value,
                        struct series_errors *sum) {
    const double error = fabs(value - fan->mean[h]);
    const double size = fabs(value) + fabs(fan->mean[h]);

    sum->mean_absolute += error;
    sum->smape += size > 0 ? 2 * error / size : 0;
    sum->coverage_80 += value >= fan->low_80[h] && value <= fan->high_80[h];
    sum->coverage_95 += value >= fan->low_95[h] && value <= fan->high_95[h];
}

// The naive method's mean absolute error one step ahead, within what is known.
static double naive_scale(const struct series_question *known, size_t lag) {
    double sum = 0;

    for (size_t i = lag; i < known->count; i++)
        sum += fabs(known->values[i] - known->values[i - lag]);
    return sum / (double)(known->count - lag);
}

static void try_origin(const struct series_question *question, size_t known_count,
                       const struct trial *trial, double *scratch, struct series_errors *sums) {
    struct series_question known = *question;

    known.count = known_count;
    known.horizon = trial->horizon;
    for (int method = 0; method < SERIES_METHODS; method++) {
        char model[SERIES_MODEL_SIZE];
        struct series_fan fan;

        if (!series_fan_by((enum series_method)method, &known, scratch, &fan, model)) {
            sums[method].mean_absolute = NAN;
            continue;
        }
        for (size_t h = 0; h < trial->horizon; h++)
            count_error(&fan, h, question->values[known_count + h], &sums[method]);
    }
}

static void average(const struct trial *trial, double scale, struct series_errors *errors) {
    const double count = (double)(trial->origins * trial->horizon);

    if (isnan(errors->mean_absolute)) {
        *errors = (struct series_errors){NAN, NAN, NAN, NAN, NAN};
        return;
    }
    errors->mean_absolute /= count;
    errors->smape /= count;
    errors->coverage_80 /= count;
    errors->coverage_95 /= count;
    errors->mase = errors->mean_absolute / scale; // NaN or infinite of a past without change
    if (!isfinite(errors->mase))
        errors->mase = NAN;
}

static void try_past(const struct series_question *question, double *scratch,
                     struct series_answer *answer) {
    const struct trial trial = trial_of(question);
    double scale = 0;

    answer->origins = trial.origins;
    answer->tested_horizon = trial.horizon;
    for (size_t i = 0; i < trial.origins; i++) {
        struct series_question known = *question;

        known.count = trial.first + i * trial.step;
        try_origin(question, known.count, &trial, scratch, answer->errors);
        scale += naive_scale(&known, lag_of(&known)) / (double)trial.origins;
    }
    for (int method = 0; method < SERIES_METHODS; method++) {
        if (trial.origins == 0)
            answer->errors[method].mean_absolute = NAN;
        average(&trial, scale, &answer->errors[method]);
        if (answer->errors[method].mean_absolute <
            better * answer->errors[answer->method].mean_absolute)
            answer->method = (enum series_method)method;
    }
}

// ---- surprises ----

static void find_surprise(const struct series_question *question, double *scratch,
                          struct series_answer *answer) {
    static const double half = 0.5;
    const size_t lag = lag_of(question);
    const size_t count = question->count > lag ? question->count - lag : 0;
    double median;

    if (count < 8)
        return;
    for (size_t i = 0; i < count; i++)
        scratch[i] = fabs(question->values[i + lag] - question->values[i]);
    quantiles_of_column(scratch, count, 1, 0, &half, 1, &median);
    for (size_t i = 0; i < count && median > 0; i++) {
        const double change = fabs(question->values[i + lag] - question->values[i]);

        if (change * 0.6745 / median <= answer->surprise)
            continue;
        answer->surprise = change * 0.6745 / median;
        answer->surprise_at = i + lag;
    }
}

void series_forecast(const struct series_question *question, double *scratch,
                     struct series_answer *ret_answer) {
    memset(ret_answer, 0, sizeof(*ret_answer));
    ret_answer->naive_lag = (int)lag_of(question);
    try_past(question, scratch, ret_answer);
    find_surprise(question, scratch, ret_answer);
    if (!series_fan_by(ret_answer->method, question, scratch, &ret_answer->fan,
                       ret_answer->model)) {
        ret_answer->method = SERIES_NAIVE;
        series_fan_by(SERIES_NAIVE, question, scratch, &ret_answer->fan, ret_answer->model);
    }
}
