// SPDX-License-Identifier: Apache-2.0
// Values are divided by their mean magnitude first, so that bounds and tolerances mean the same for
// every unit. The trend's parameter is fitted as a share of the level's, that of the season as a
// share of what the level leaves: then the usual region is a box.
#include "analyze/forecast/ets_kernel.h"

#include "analyze/forecast/ets_step.h"
#include "analyze/forecast/least_squares.h"
#include "analyze/forecast/season.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = LEAST_SQUARES_PARAMETERS, LANES = 4, UNUSED = -1 };
enum { STEPS_OF_TRIAL = 8, STEPS_MOST = 200 };
static const double smoothing_least = 1e-4, smoothing_most = 0.9999;
static const double damping_least = 0.8, damping_most = 0.98;
static const double tolerance = 1e-7; // of the deviance
// A series that a form meets exactly has no likelihood: no error is taken for smaller than this
// part of the mean magnitude.
static const double error_least = 1e-9;

const struct ets_form ets_forms[ETS_FORMS] = {
    {ETS_ADDITIVE, ETS_NONE, ETS_NONE},
    {ETS_ADDITIVE, ETS_ADDITIVE, ETS_NONE},
    {ETS_ADDITIVE, ETS_DAMPED, ETS_NONE},
    {ETS_ADDITIVE, ETS_NONE, ETS_ADDITIVE},
    {ETS_ADDITIVE, ETS_ADDITIVE, ETS_ADDITIVE},
    {ETS_ADDITIVE, ETS_DAMPED, ETS_ADDITIVE},
    {ETS_MULTIPLICATIVE, ETS_NONE, ETS_NONE},
    {ETS_MULTIPLICATIVE, ETS_ADDITIVE, ETS_NONE},
    {ETS_MULTIPLICATIVE, ETS_DAMPED, ETS_NONE},
    {ETS_MULTIPLICATIVE, ETS_NONE, ETS_ADDITIVE},
    {ETS_MULTIPLICATIVE, ETS_ADDITIVE, ETS_ADDITIVE},
    {ETS_MULTIPLICATIVE, ETS_DAMPED, ETS_ADDITIVE},
    {ETS_MULTIPLICATIVE, ETS_NONE, ETS_MULTIPLICATIVE},
    {ETS_MULTIPLICATIVE, ETS_ADDITIVE, ETS_MULTIPLICATIVE},
    {ETS_MULTIPLICATIVE, ETS_DAMPED, ETS_MULTIPLICATIVE},
};

const char *ets_name(struct ets_form form, char name[ETS_NAME_SIZE]) {
    static const char *const parts[] = {"N", "A", "Ad", "M"};

    snprintf(name, ETS_NAME_SIZE, "ETS(%s,%s,%s)", parts[form.error], parts[form.trend],
             parts[form.season]);
    return name;
}

// ---- a model with its parameters ----

struct ets_problem {
    const double *values;
    size_t count;
    double scale;  // what values are divided by
    size_t season; // periods; 1 without one
    struct ets_form form;
    int beta_at, gamma_at, phi_at, slope_at, season_at; // places of parameters, UNUSED
    int level_at;
    size_t parameter_count;
};

static struct ets_problem problem_of(const double *values, size_t count, double scale, int season,
                                     struct ets_form form) {
    struct ets_problem problem = {.values = values,
                                  .count = count,
                                  .scale = scale,
                                  .season = form.season == ETS_NONE ? 1 : (size_t)season,
                                  .form = form,
                                  .beta_at = UNUSED,
                                  .gamma_at = UNUSED,
                                  .phi_at = UNUSED,
                                  .slope_at = UNUSED,
                                  .season_at = UNUSED};
    int next = 1;

    if (form.trend != ETS_NONE)
        problem.beta_at = next++;
    if (form.season != ETS_NONE)
        problem.gamma_at = next++;
    if (form.trend == ETS_DAMPED)
        problem.phi_at = next++;
    problem.level_at = next++;
    if (form.trend != ETS_NONE)
        problem.slope_at = next++;
    if (form.season != ETS_NONE) {
        problem.season_at = next;
        next += season - 1;
    }
    problem.parameter_count = (size_t)next;
    return problem;
}

static struct smoothing smoothing_of(const struct ets_problem *problem, const double *parameters) {
    const double alpha = parameters[0];

    return (struct smoothing){
        .alpha = alpha,
        .beta = problem->beta_at == UNUSED ? 0 : alpha * parameters[problem->beta_at],
        .gamma = problem->gamma_at == UNUSED ? 0 : (1 - alpha) * parameters[problem->gamma_at],
        .phi = problem->phi_at == UNUSED ? 1 : parameters[problem->phi_at],
    };
}

// The last figure is what the others leave of a mean of 0, or 1.
static struct ets_state state_of(const struct ets_problem *problem, const double *parameters) {
    struct ets_state state = {.level = parameters[problem->level_at]};
    double rest = problem->form.season == ETS_MULTIPLICATIVE ? (double)problem->season : 0;

    if (problem->slope_at != UNUSED)
        state.slope = parameters[problem->slope_at];
    for (size_t i = 0; problem->season_at != UNUSED && i + 1 < problem->season; i++) {
        state.seasons[i] = parameters[(size_t)problem->season_at + i];
        rest -= state.seasons[i];
    }
    if (problem->season_at != UNUSED)
        state.seasons[problem->season - 1] = rest;
    return state;
}

// ---- forecastable parameters ----

// Are all roots of Σ c_i zⁱ within the unit circle? Schur and Cohn's recursion; c is spent.
static bool roots_are_within(double *c, size_t degree) {
    double reversed[ETS_SEASON_MOST + 2];

    for (size_t n = degree; n > 0; n--) {
        const double k = c[0] / c[n];

        if (!(fabs(k) < 1))
            return false;
        memcpy(reversed, c, (n + 1) * sizeof(*c));
        for (size_t i = 0; i < n; i++)
            c[i] = reversed[i + 1] - k * reversed[n - 1 - i];
    }
    return true;
}

// Without a season the box is forecastable throughout. With one, the roots of the polynomial of
// Hyndman, Akram & Archibald decide; there the slope is added before it is damped, so that their
// beta is phi times ours. Without a trend it has the root 1, which is divided out.
static bool is_forecastable(struct ets_form form, size_t season, const struct smoothing *s) {
    double c[ETS_SEASON_MOST + 2];
    const double beta = s->phi * s->beta;
    const double each = s->alpha + beta - s->alpha * s->phi;

    if (form.season == ETS_NONE)
        return true;
    if (form.trend == ETS_NONE) {
        for (size_t i = 1; i < season; i++)
            c[i] = s->alpha;
        c[0] = s->alpha + s->gamma - 1;
        c[season] = 1;
        return roots_are_within(c, season);
    }
    for (size_t i = 2; i < season; i++)
        c[i] = each;
    c[0] = s->phi * (1 - s->alpha - s->gamma);
    c[1] = each + s->gamma - 1;
    c[season] = s->alpha + beta - s->phi;
    if (season == 1)
        return true;
    c[season + 1] = 1;
    return roots_are_within(c, season + 1);
}

bool ets_is_forecastable(const struct ets_fit *fit) {
    const struct smoothing s = {fit->alpha, fit->beta, fit->gamma, fit->phi};

    return is_forecastable(fit->form, (size_t)fit->season, &s);
}

// ---- one pass ----

// Where a form multiplies, forecasts and figures are above 0.
static bool is_allowed(struct ets_form form, const struct step *step, double figure) {
    if (form.error == ETS_MULTIPLICATIVE && !(step->forecast > error_least))
        return false;
    return form.season != ETS_MULTIPLICATIVE ||
           (step->before > error_least && figure > error_least);
}

struct sums {
    double squares, logarithms; // Σ r², Σ ln forecast (of multiplicative errors)
};

static double objective_of(const struct ets_problem *problem, const struct sums *sums) {
    const double n = (double)problem->count;

    return n * log(fmax(sums->squares, n * error_least * error_least)) + 2 * sums->logarithms;
}

// The logarithm of a product of forecasts is taken once for several: they are near 1.
static bool pass(const struct ets_problem *problem, const struct smoothing *s,
                 struct ets_state *state, struct sums *ret_sums) {
    const bool multiplies = problem->form.error == ETS_MULTIPLICATIVE;
    double product = 1;

    *ret_sums = (struct sums){0};
    for (size_t i = 0, phase = 0; i < problem->count; i++) {
        const double figure = state->seasons[phase];
        const struct step step = step_of(problem->form.season, state->level + s->phi * state->slope,
                                         figure, problem->values[i] / problem->scale);
        const double residual = multiplies ? step.error / step.forecast : step.error;

        if (!is_allowed(problem->form, &step, figure))
            return false;
        ret_sums->squares += residual * residual;
        product *= multiplies ? step.forecast : 1;
        if (product > 1e100 || product < 1e-100) {
            ret_sums->logarithms += log(product);
            product = 1;
        }
        carry(state, phase, s, &step);
        phase = phase + 1 == problem->season ? 0 : phase + 1;
    }
    ret_sums->logarithms += log(product);
    return isfinite(ret_sums->squares);
}

// ---- the same with derivatives ----

// Derivatives by every parameter, side by side. The arrays are a whole number of lanes wide.
struct tangent {
    double level[WIDTH], slope[WIDTH], seasons[ETS_SEASON_MOST][WIDTH];
    double of_alpha[WIDTH], of_beta[WIDTH], of_gamma[WIDTH], of_phi[WIDTH]; // of the smoothing
};

static void tangent_begin(const struct ets_problem *problem, const double *parameters,
                          struct tangent *tangent) {
    memset(tangent, 0, sizeof(*tangent));
    tangent->of_alpha[0] = 1;
    if (problem->beta_at != UNUSED) {
        tangent->of_beta[0] = parameters[problem->beta_at];
        tangent->of_beta[problem->beta_at] = parameters[0];
        tangent->slope[problem->slope_at] = 1;
    }
    if (problem->gamma_at != UNUSED) {
        tangent->of_gamma[0] = -parameters[problem->gamma_at];
        tangent->of_gamma[problem->gamma_at] = 1 - parameters[0];
    }
    if (problem->phi_at != UNUSED)
        tangent->of_phi[problem->phi_at] = 1;
    tangent->level[problem->level_at] = 1;
    for (size_t i = 0; problem->season_at != UNUSED && i + 1 < problem->season; i++) {
        tangent->seasons[i][(size_t)problem->season_at + i] = 1;
        tangent->seasons[problem->season - 1][(size_t)problem->season_at + i] = -1;
    }
}

// The derivatives' way through one step, and those of the forecast. Lanes of a fixed number, so
// that compilers make one instruction of several.
static void tangent_step(struct tangent *t, size_t width, size_t phase, enum ets_part season,
                         const struct smoothing *s, const struct ets_state *state,
                         const struct step *step, double *ret_forecast) {
    const bool multiplies = season == ETS_MULTIPLICATIVE;
    const double figure = multiplies ? state->seasons[phase] : 1;
    const double by_before = multiplies ? figure : 1;
    const double by_figure = multiplies ? step->before : season == ETS_ADDITIVE ? 1 : 0;
    const double per_figure = 1 / figure;
    const double per_before = multiplies ? 1 / step->before : 1;
    const double level_by_figure = multiplies ? step->to_level * per_figure : 0;
    const double season_by_before = multiplies ? step->to_season * per_before : 0;
    double *const figures = t->seasons[phase];

    for (size_t from = 0; from < width; from += LANES)
        for (size_t k = from; k < from + LANES; k++) {
            const double slope = s->phi * t->slope[k] + state->slope * t->of_phi[k];
            const double before = t->level[k] + slope;
            const double forecast = by_before * before + by_figure * figures[k];
            const double to_level = -forecast * per_figure - level_by_figure * figures[k];
            const double to_season = -forecast * per_before - season_by_before * before;

            ret_forecast[k] = forecast;
            t->level[k] = before + s->alpha * to_level + step->to_level * t->of_alpha[k];
            t->slope[k] = slope + s->beta * to_level + step->to_level * t->of_beta[k];
            figures[k] += s->gamma * to_season + step->to_season * t->of_gamma[k];
        }
}

// Adds one residual with its derivatives, of which those behind the parameters are 0.
static void add_residual(struct least_squares *sum, size_t count, double residual,
                         const double *row) {
    for (size_t i = 0; i < count; i++) {
        const double each = row[i];

        sum->gradient[i] += each * residual;
        for (size_t from = 0; from <= i; from += LANES)
            for (size_t j = from; j < from + LANES; j++)
                sum->normal[i][j] += each * row[j];
    }
}

// Residuals times G, the geometric mean of the forecasts: d(G r) = G (dr + r m), m the mean of the
// forecasts' logarithmic derivatives. G itself may be left out.
static void scale_residuals(struct least_squares *sum, size_t count, double squares,
                            const double *means) {
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++)
            sum->normal[i][j] += sum->gradient[i] * means[j] + means[i] * sum->gradient[j] +
                                 squares * means[i] * means[j];
    for (size_t i = 0; i < count; i++)
        sum->gradient[i] += squares * means[i];
}

static void differentiate(const struct ets_problem *problem, const double *parameters,
                          struct least_squares *ret_sum) {
    const struct smoothing s = smoothing_of(problem, parameters);
    const bool multiplies = problem->form.error == ETS_MULTIPLICATIVE;
    const size_t count = problem->parameter_count;
    const size_t width = (count + LANES - 1) / LANES * LANES;
    struct ets_state state = state_of(problem, parameters);
    double means[WIDTH] = {0}, row[WIDTH] = {0}, squares = 0;
    struct tangent tangent;

    tangent_begin(problem, parameters, &tangent);
    memset(ret_sum, 0, sizeof(*ret_sum));
    for (size_t i = 0, phase = 0; i < problem->count; i++) {
        const struct step step = step_of(problem->form.season, state.level + s.phi * state.slope,
                                         state.seasons[phase], problem->values[i] / problem->scale);
        const double scale = multiplies ? 1 / step.forecast : 1;
        const double residual = step.error * scale;
        const double by_forecast = multiplies ? -(residual + 1) * scale : -1;

        tangent_step(&tangent, width, phase, problem->form.season, &s, &state, &step, row);
        for (size_t k = 0; k < width && multiplies; k++)
            means[k] += row[k] * scale / (double)problem->count;
        for (size_t k = 0; k < width; k++)
            row[k] *= by_forecast;
        add_residual(ret_sum, count, residual, row);
        squares += residual * residual;
        carry(&state, phase, &s, &step);
        phase = phase + 1 == problem->season ? 0 : phase + 1;
    }
    if (multiplies)
        scale_residuals(ret_sum, count, squares, means);
    ret_sum->squares = squares;
}

static double evaluate(const void *data, const double *parameters,
                       struct least_squares *ret_derivatives) {
    const struct ets_problem *problem = data;
    const struct smoothing s = smoothing_of(problem, parameters);
    struct ets_state state = state_of(problem, parameters);
    struct sums sums;

    if (ret_derivatives)
        differentiate(problem, parameters, ret_derivatives);
    if (!is_forecastable(problem->form, problem->season, &s) || !pass(problem, &s, &state, &sums))
        return INFINITY;
    return objective_of(problem, &sums);
}

// ---- where the fit begins ----

enum { LINE_LEAST = 10, SEASONS_OF_START = 3 };

// Level and slope by a line through the first values without their season.
static void start_line(const struct ets_problem *problem, const double *figure,
                       double *parameters) {
    const size_t least = problem->season * 2 > LINE_LEAST ? problem->season * 2 : LINE_LEAST;
    const size_t count = least < problem->count ? least : problem->count;
    const double middle = ((double)count + 1) / 2;
    double mean = 0, cross = 0, squares = 0;

    for (size_t i = 0; i < count; i++) {
        const double part = figure[i % problem->season];
        const double scaled = problem->values[i] / problem->scale;
        const double value =
            problem->form.season == ETS_MULTIPLICATIVE ? scaled / part : scaled - part;
        const double at = (double)i + 1 - middle;

        mean += value / (double)count;
        cross += at * value;
        squares += at * at;
    }
    parameters[problem->level_at] = mean;
    if (problem->slope_at == UNUSED || squares == 0)
        return;
    parameters[problem->slope_at] = cross / squares;
    parameters[problem->level_at] = mean - middle * cross / squares;
}

static bool start_at(const struct ets_problem *problem, double *parameters) {
    const bool multiplies = problem->form.season == ETS_MULTIPLICATIVE;
    const size_t seasons = SEASONS_OF_START * problem->season;
    double figure[ETS_SEASON_MOST] = {0};

    if (problem->season_at != UNUSED &&
        !season_figure(problem->values, seasons < problem->count ? seasons : problem->count,
                       (int)problem->season, multiplies, figure))
        return false;
    for (size_t i = 0; i < problem->season && !multiplies; i++)
        figure[i] /= problem->scale;
    for (size_t i = 0; problem->season_at != UNUSED && i + 1 < problem->season; i++)
        parameters[(size_t)problem->season_at + i] = figure[i];
    start_line(problem, figure, parameters);
    return true;
}

static void set_smoothing(const struct ets_problem *problem, double *parameters, double alpha,
                          double beta, double gamma, double phi) {
    parameters[0] = alpha;
    if (problem->beta_at != UNUSED)
        parameters[problem->beta_at] = beta;
    if (problem->gamma_at != UNUSED)
        parameters[problem->gamma_at] = gamma;
    if (problem->phi_at != UNUSED)
        parameters[problem->phi_at] = phi;
}

// A line may begin below 0: then the level is the mean, and the slope 0.
static void flatten(const struct ets_problem *problem, double *parameters) {
    double mean = 0;

    for (size_t i = 0; i < problem->count; i++)
        mean += problem->values[i] / problem->scale / (double)problem->count;
    parameters[problem->level_at] = mean;
    if (problem->slope_at != UNUSED)
        parameters[problem->slope_at] = 0;
}

static void set_bounds(const struct ets_problem *problem, double *least, double *most) {
    for (int i = 0; i < (int)problem->parameter_count; i++) {
        const bool smooths = i < problem->level_at;

        least[i] = !smooths ? -INFINITY : i == problem->phi_at ? damping_least : smoothing_least;
        most[i] = !smooths ? INFINITY : i == problem->phi_at ? damping_most : smoothing_most;
    }
}

// The likelihood may have several tops: the fit begins at a slow and at a quick smoothing, and goes
// on from the better place after some steps; without a season, where steps cost little, at the end.
static double descend(const struct ets_problem *problem, double *ret_parameters,
                      bool *ret_converged) {
    static const double starts[][4] = {{0.15, 0.05, 0.05, 0.97}, {0.7, 0.2, 0.3, 0.9}};
    double least[WIDTH], most[WIDTH], start[WIDTH] = {0};
    const struct least_squares_problem squares = {.data = problem,
                                                  .parameter_count = problem->parameter_count,
                                                  .least = least,
                                                  .most = most,
                                                  .evaluate = evaluate,
                                                  .weight = (double)problem->count,
                                                  .tolerance = tolerance};
    const int trial = problem->season_at == UNUSED ? STEPS_MOST : STEPS_OF_TRIAL;
    double best = INFINITY;

    set_bounds(problem, least, most);
    if (!start_at(problem, start))
        return INFINITY;
    for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
        double parameters[WIDTH], objective;

        memcpy(parameters, start, sizeof(parameters));
        set_smoothing(problem, parameters, starts[i][0], starts[i][1], starts[i][2], starts[i][3]);
        if (!isfinite(evaluate(problem, parameters, NULL)))
            flatten(problem, parameters);
        objective = least_squares_fit(&squares, trial, parameters, ret_converged);
        if (!(objective < best))
            continue;
        best = objective;
        memcpy(ret_parameters, parameters, sizeof(parameters));
    }
    return isfinite(best) ? least_squares_fit(&squares, STEPS_MOST, ret_parameters, ret_converged)
                          : best;
}

// ---- fitting ----

static bool can_fit(const struct ets_problem *problem, int season) {
    const struct ets_form form = problem->form;
    const bool multiplies = form.error == ETS_MULTIPLICATIVE || form.season == ETS_MULTIPLICATIVE;
    const bool has_season = form.season != ETS_NONE;

    if (has_season &&
        (season < 2 || season > ETS_SEASON_MOST || problem->count < 2 * (size_t)season))
        return false;
    for (size_t i = 0; i < problem->count; i++)
        if (!isfinite(problem->values[i]) || (multiplies && !(problem->values[i] > 0)))
            return false;
    // With the variance, and one more: AICc divides by count − parameters − 1.
    return problem->count > problem->parameter_count + 2;
}

static void scale_state(struct ets_state *state, double scale, bool figures) {
    state->level *= scale;
    state->slope *= scale;
    for (size_t i = 0; i < ETS_SEASON_MOST && figures; i++)
        state->seasons[i] *= scale;
}

// The state behind the last value with the figure of the next period first.
static void turn(struct ets_state *state, size_t season, size_t by) {
    const struct ets_state from = *state;

    for (size_t i = 0; i < season; i++)
        state->seasons[i] = from.seasons[(i + by) % season];
}

static void describe(const struct ets_problem *problem, const struct sums *sums,
                     struct ets_fit *fit) {
    const double n = (double)problem->count;
    const double k = (double)problem->parameter_count + 1;
    const double unit = problem->form.error == ETS_ADDITIVE ? problem->scale * problem->scale : 1;

    fit->deviance = objective_of(problem, sums) + 2 * n * log(problem->scale);
    fit->sum_of_squares = sums->squares * unit;
    fit->variance = fit->sum_of_squares / (n - (double)problem->parameter_count);
    fit->parameter_count = (int)problem->parameter_count + 1;
    fit->aicc = fit->deviance + 2 * k + 2 * k * (k + 1) / (n - k - 1);
}

static bool fill(const struct ets_problem *problem, const double *parameters, struct ets_fit *fit) {
    const struct smoothing s = smoothing_of(problem, parameters);
    const bool figures = problem->form.season == ETS_ADDITIVE;
    struct sums sums;

    fit->alpha = s.alpha;
    fit->beta = s.beta;
    fit->gamma = s.gamma;
    fit->phi = s.phi;
    fit->first = fit->last = state_of(problem, parameters);
    if (!pass(problem, &s, &fit->last, &sums))
        return false;
    turn(&fit->last, problem->season, problem->count % problem->season);
    scale_state(&fit->first, problem->scale, figures);
    scale_state(&fit->last, problem->scale, figures);
    describe(problem, &sums, fit);
    return true;
}

bool ets_fit(const double *values, size_t count, int season, struct ets_form form,
             struct ets_fit *ret_fit) {
    struct ets_problem problem = problem_of(values, count, 0, season, form);
    struct ets_fit fit = {.form = form, .season = (int)problem.season};
    double parameters[WIDTH] = {0};

    if (!can_fit(&problem, season))
        return false;
    for (size_t i = 0; i < count; i++)
        problem.scale += fabs(values[i]) / (double)count;
    if (problem.scale == 0)
        problem.scale = 1;
    if (!isfinite(problem.scale) || !isfinite(descend(&problem, parameters, &fit.converged)) ||
        !fill(&problem, parameters, &fit))
        return false;
    *ret_fit = fit;
    return true;
}

bool ets_choose(const double *values, size_t count, int season, struct ets_fit *ret_fit) {
    bool found = false;

    for (size_t i = 0; i < ETS_FORMS; i++) {
        struct ets_fit fit;

        if (!ets_fit(values, count, season, ets_forms[i], &fit) ||
            (found && !(fit.aicc < ret_fit->aicc)))
            continue;
        *ret_fit = fit;
        found = true;
    }
    return found;
}
