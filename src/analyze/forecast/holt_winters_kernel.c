// SPDX-License-Identifier: Apache-2.0
// Derivatives by the three parameters are carried along with the state.
#include "analyze/forecast/holt_winters_kernel.h"

#include "analyze/forecast/least_squares.h"
#include "analyze/forecast/season.h"

#include <math.h>
#include <string.h>

enum { PARAMETERS = 3, ALPHA = 0, BETA = 1, GAMMA = 2, STEPS_MOST = 200 };

struct dual { // a number with its derivatives
    double value, by[PARAMETERS];
};

struct holt_winters {
    const double *values;
    size_t count, season;
    bool multiplies;
    double level, slope, seasons[HOLT_WINTERS_SEASON_MOST]; // where it begins
};

struct state {
    struct dual level, slope, seasons[HOLT_WINTERS_SEASON_MOST];
};

static struct dual sum(double a, struct dual x, double b, struct dual y) {
    struct dual z = {.value = a * x.value + b * y.value};

    for (int k = 0; k < PARAMETERS; k++)
        z.by[k] = a * x.by[k] + b * y.by[k];
    return z;
}

static struct dual product(struct dual x, struct dual y) {
    struct dual z = {.value = x.value * y.value};

    for (int k = 0; k < PARAMETERS; k++)
        z.by[k] = x.value * y.by[k] + y.value * x.by[k];
    return z;
}

static struct dual quotient(double dividend, struct dual x) {
    struct dual z = {.value = dividend / x.value};

    for (int k = 0; k < PARAMETERS; k++)
        z.by[k] = -z.value / x.value * x.by[k];
    return z;
}

static struct dual difference(double value, struct dual x) {
    return sum(1, (struct dual){.value = value}, -1, x);
}

// The new value and the old one in shares w and 1 − w, w a parameter.
static struct dual blend(int parameter, double weight, struct dual fresh, struct dual old) {
    struct dual z = sum(weight, fresh, 1 - weight, old);

    z.by[parameter] += fresh.value - old.value;
    return z;
}

// Takes one value in; returns the error of its forecast.
static struct dual take(const struct holt_winters *model, const double *parameters, size_t i,
                        struct state *state) {
    const double value = model->values[i];
    struct dual *const figure = &state->seasons[i % model->season];
    const struct dual before = sum(1, state->level, 1, state->slope);
    const struct dual forecast =
        model->multiplies ? product(before, *figure) : sum(1, before, 1, *figure);
    const struct dual level =
        blend(ALPHA, parameters[ALPHA],
              model->multiplies ? quotient(value, *figure) : difference(value, *figure), before);

    state->slope = blend(BETA, parameters[BETA], sum(1, level, -1, state->level), state->slope);
    *figure = blend(GAMMA, parameters[GAMMA],
                    model->multiplies ? quotient(value, level) : difference(value, level), *figure);
    state->level = level;
    return difference(value, forecast);
}

static void begin(const struct holt_winters *model, struct state *state) {
    memset(state, 0, sizeof(*state));
    state->level.value = model->level;
    state->slope.value = model->slope;
    for (size_t i = 0; i < model->season; i++)
        state->seasons[i].value = model->seasons[i];
}

static double evaluate(const void *data, const double *parameters,
                       struct least_squares *ret_derivatives) {
    const struct holt_winters *model = data;
    double squares = 0;
    struct state state;

    if (ret_derivatives)
        memset(ret_derivatives, 0, sizeof(*ret_derivatives));
    begin(model, &state);
    for (size_t i = model->season; i < model->count; i++) {
        const struct dual error = take(model, parameters, i, &state);

        squares += error.value * error.value;
        if (ret_derivatives)
            ret_derivatives->squares = squares;
        for (int a = 0; ret_derivatives && a < PARAMETERS; a++) {
            ret_derivatives->gradient[a] += error.by[a] * error.value;
            for (int b = 0; b <= a; b++)
                ret_derivatives->normal[a][b] += error.by[a] * error.by[b];
        }
    }
    return isfinite(squares) ? log(fmax(squares, 1e-300)) : INFINITY;
}

// The trend of the first two seasons, by moving averages, and a line through it.
static bool start(struct holt_winters *model) {
    const size_t season = model->season;
    double cross = 0, squares = 0, mean = 0;
    const double middle = ((double)season + 1) / 2;

    if (!season_figure(model->values, 2 * season, (int)season, model->multiplies, model->seasons))
        return false;
    for (size_t i = 0; i < season + season % 2; i++) {
        const double trend = season_trend(model->values, i + season / 2, season);
        const double at = (double)i + 1 - middle;

        mean += trend / (double)(season + season % 2);
        cross += at * trend;
        squares += at * at;
    }
    model->slope = cross / squares;
    model->level = mean - middle * model->slope;
    return true;
}

static bool can_fit(const double *values, size_t count, int season, bool multiplies) {
    if (season < 2 || season > HOLT_WINTERS_SEASON_MOST || count <= 2 * (size_t)season)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]) || (multiplies && !(values[i] > 0)))
            return false;
    return true;
}

bool holt_winters_fit(const double *values, size_t count, int season, bool multiplies,
                      struct holt_winters_fit *ret_fit) {
    static const double least[PARAMETERS] = {0, 0, 0}, most[PARAMETERS] = {1, 1, 1};
    double parameters[LEAST_SQUARES_PARAMETERS] = {0.3, 0.1, 0.1};
    struct holt_winters model = {
        .values = values, .count = count, .season = (size_t)season, .multiplies = multiplies};
    struct holt_winters_fit fit = {.season = season, .multiplies = multiplies};
    struct state state;
    bool converged;

    if (!can_fit(values, count, season, multiplies) || !start(&model))
        return false;
    fit.sum_of_squares = exp(least_squares_fit(
        &(struct least_squares_problem){&model, PARAMETERS, least, most, evaluate, 1, 1e-13},
        STEPS_MOST, parameters, &converged));
    fit.alpha = parameters[ALPHA];
    fit.beta = parameters[BETA];
    fit.gamma = parameters[GAMMA];
    begin(&model, &state);
    for (size_t i = model.season; i < count; i++)
        take(&model, parameters, i, &state);
    fit.level = state.level.value;
    fit.slope = state.slope.value;
    for (size_t i = 0; i < model.season; i++)
        fit.seasons[i] = state.seasons[(count + i) % model.season].value;
    *ret_fit = fit;
    return isfinite(fit.sum_of_squares);
}

void holt_winters_forecast(const struct holt_winters_fit *fit, size_t horizon, double *ret_means) {
    for (size_t h = 0; h < horizon; h++) {
        const double trend = fit->level + fit->slope * (double)(h + 1);
        const double figure = fit->seasons[h % (size_t)fit->season];

        ret_means[h] = fit->multiplies ? trend * figure : trend + figure;
    }
}
