// SPDX-License-Identifier: Apache-2.0
// Figures "of R" were printed by its packages stats 4.2 and forecast 8.20.
#include "analyze/forecast/ets_kernel.h"
#include "analyze/forecast/holt_winters_kernel.h"
#include "analyze/forecast/least_squares.h"
#include "analyze/forecast/quantile.h"
#include "analyze/forecast/season.h"
#include "analyze/forecast/theta_kernel.h"
#include "base/random.h"
#include "base/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PASSENGERS = 144, YEAR = 12 };

// Box & Jenkins' airline passengers.
static void passengers(struct scope *scope, double *values) {
    FILE *file = fopen(test_shared_data(scope, "airline_passengers.csv"), "r");
    char line[100];
    size_t count = 0;

    CHECK(file != NULL);
    while (count < PASSENGERS && fgets(line, sizeof(line), file) != NULL) {
        const char *comma = strchr(line, ',');

        if (comma != NULL && comma[1] >= '0' && comma[1] <= '9')
            values[count++] = strtod(comma + 1, NULL);
    }
    fclose(file);
    CHECK_INT((int64_t)count, PASSENGERS);
}

static struct ets_form form(enum ets_part error, enum ets_part trend, enum ets_part season) {
    return (struct ets_form){error, trend, season};
}

// −2 ln L as it is defined, written out plainly: no scaling, nothing carried along.
static double deviance(const struct ets_fit *fit, const double *values, size_t count) {
    const struct ets_form form = fit->form;
    struct ets_state state = fit->first;
    double squares = 0, logarithms = 0;

    for (size_t i = 0; i < count; i++) {
        double *s = &state.seasons[i % (size_t)fit->season];
        const double trend = fit->phi * state.slope;
        const double base = state.level + trend;
        const double forecast = form.season == ETS_MULTIPLICATIVE ? base * *s
                                : form.season == ETS_ADDITIVE     ? base + *s
                                                                  : base;
        const double error = values[i] - forecast;
        const double per = form.season == ETS_MULTIPLICATIVE ? error / *s : error;

        squares += form.error == ETS_ADDITIVE ? error * error : pow(error / forecast, 2);
        logarithms += form.error == ETS_ADDITIVE ? 0 : log(fabs(forecast));
        state.level = base + fit->alpha * per;
        state.slope = trend + fit->beta * per;
        if (form.season != ETS_NONE)
            *s += fit->gamma * (form.season == ETS_MULTIPLICATIVE ? error / base : error);
    }
    return (double)count * log(squares) + 2 * logarithms;
}

static double aicc(double of_deviance, double parameters, double count) {
    return of_deviance + 2 * parameters +
           2 * parameters * (parameters + 1) / (count - parameters - 1);
}

// ---- published figures ----

TEST(holt_winters_smoothing_of_the_airline_passengers_is_that_of_r) {
    double values[PASSENGERS], means[3];
    struct holt_winters_fit fit;

    passengers(scope, values);
    CHECK(holt_winters_fit(values, PASSENGERS, YEAR, true, &fit));
    CHECK(fit.sum_of_squares < 16570.77787); // R's; ours is below by 10⁻⁸ of it
    CHECK_CLOSE(fit.sum_of_squares, 16570.77787, 1e-8);
    CHECK_CLOSE(fit.alpha, 0.2755924747, 1e-4);
    CHECK_CLOSE(fit.beta, 0.03269295273, 1e-3);
    CHECK_CLOSE(fit.gamma, 0.8707292223, 1e-4);
    holt_winters_forecast(&fit, 3, means);
    CHECK_CLOSE(means[0], 447.0559313, 1e-5);
    CHECK_CLOSE(means[1], 419.7122799, 1e-5);
    CHECK_CLOSE(means[2], 464.8671311, 1e-5);
}

// The smoothing's parameter is exact here; R's search ends 10⁻⁴ before it.
TEST(theta_of_the_airline_passengers_is_that_of_r) {
    double values[PASSENGERS], scratch[PASSENGERS], means[3], variances[3];
    struct theta_fit fit;

    passengers(scope, values);
    CHECK(theta_fit(values, PASSENGERS, YEAR, scratch, &fit));
    theta_forecast(&fit, 3, means, variances);
    CHECK_CLOSE(fit.drift, 1.32307, 1e-6);
    CHECK_CLOSE(fit.alpha, 0.8377521, 3e-4);
    CHECK_CLOSE(means[0], 440.0781911, 5e-6);
    CHECK_CLOSE(means[1], 428.3842806, 5e-6);
    CHECK_CLOSE(means[2], 489.7070987, 5e-6);
}

// The fit that R's ets() chooses, ETS(M,Ad,M), as it prints it.
static const struct ets_fit of_r = {
    .form = {ETS_MULTIPLICATIVE, ETS_DAMPED, ETS_MULTIPLICATIVE},
    .season = YEAR,
    .alpha = 0.709551916208791,
    .beta = 0.0204089193322359,
    .gamma = 0.000100468309718653,
    .phi = 0.979999926683986,
    .first = {.level = 120.993935507203,
              .slope = 1.77054019711171,
              .seasons = {0.9058523729336283, 0.886892287222608, 1.01103008804154,
                          0.980382073471814, 0.978612760760472, 1.11050018094692, 1.23179850716711,
                          1.22030069724042, 1.05920192983827, 0.921659598397272, 0.799322028291066,
                          0.894447475688874}},
};

TEST(every_form_fits_the_airline_passengers_at_least_as_well_as_r) {
    static const double of_forms[ETS_FORMS] = {// AICc by R's ets(), in the order of ets_forms
                                               1733.958184, 1737.729388, 1740.205275, 1568.609078,
                                               1570.728838, 1576.702891, 1674.071690, 1674.229937,
                                               1679.436590, 1584.542307, 1575.323963, 1588.681944,
                                               1465.064394, 1403.664381, 1400.638432};
    double values[PASSENGERS];
    struct ets_fit fit;

    passengers(scope, values);
    // Ours is the same likelihood: R's parameters have R's AICc …
    CHECK_CLOSE(aicc(deviance(&of_r, values, PASSENGERS), 18, PASSENGERS), 1400.638432, 1e-9);
    for (size_t i = 0; i < ETS_FORMS; i++) {
        CHECK(ets_fit(values, PASSENGERS, YEAR, ets_forms[i], &fit));
        CHECK(fit.converged && ets_is_forecastable(&fit));
        CHECK_CLOSE(fit.deviance, deviance(&fit, values, PASSENGERS), 1e-12);
        CHECK_CLOSE(fit.aicc, aicc(fit.deviance, fit.parameter_count, PASSENGERS), 1e-14);
        CHECK(fit.aicc <= of_forms[i]); // … and our own are no worse, form by form
    }
    CHECK_INT(fit.parameter_count, 18);
    CHECK(ets_choose(values, PASSENGERS, YEAR, &fit));
    CHECK(fit.aicc <= 1400.638432);
}

TEST(variances_of_linear_forms_are_those_of_r) {
    // R's half widths of 95 percent, periods 1, 2, 12, 13, 24, of its fits to the passengers.
    static const size_t ahead[] = {1, 2, 12, 13, 24};
    static const double seasonal[] = {35.37162365, 49.86499679, 121.9276089, 126.9188251,
                                      172.587539};
    static const double damped[] = {66.9718872, 94.71243236, 232.0931464, 241.5802742, 328.3831877};
    const struct ets_fit fits[] = {{.form = {ETS_ADDITIVE, ETS_ADDITIVE, ETS_ADDITIVE},
                                    .season = YEAR,
                                    .alpha = 0.993480362872374,
                                    .beta = 0.000191179159524254,
                                    .gamma = 0.000580032514321104,
                                    .phi = 1,
                                    .variance = 325.6970380666362},
                                   {.form = {ETS_ADDITIVE, ETS_DAMPED, ETS_NONE},
                                    .season = 1,
                                    .alpha = 0.999899475835426,
                                    .beta = 0.000100015563586359,
                                    .phi = 0.979999688964894,
                                    .variance = 1167.586035512441}};
    double variances[2][24];

    ets_variances(&fits[0], 24, variances[0]);
    ets_variances(&fits[1], 24, variances[1]);
    for (size_t i = 0; i < 5; i++) {
        CHECK_CLOSE(1.959963984540054 * sqrt(variances[0][ahead[i] - 1]), seasonal[i], 1e-8);
        CHECK_CLOSE(1.959963984540054 * sqrt(variances[1][ahead[i] - 1]), damped[i], 1e-8);
    }
}

// ---- made-up series ----

// A level that grows, a season of factors, errors of 5 percent.
static void made_up(uint64_t seed, size_t count, size_t season, double *values) {
    struct random random = random_stream(seed, 1, 0);

    for (size_t i = 0; i < count; i++)
        values[i] = (100 + 0.7 * (double)i) *
                    (1 + 0.3 * sin(2 * M_PI * (double)(i % season) / (double)season)) *
                    (1 + 0.05 * random_normal(&random));
}

// Exact derivatives lead to a place from which no small step of one parameter goes down.
TEST(a_fit_is_a_minimum) {
    double values[96];

    made_up(7, 96, 12, values);
    for (size_t i = 0; i < ETS_FORMS; i++) {
        struct ets_fit fit, moved;
        double least;

        CHECK(ets_fit(values, 96, 12, ets_forms[i], &fit));
        least = fit.deviance - 1e-4;
        for (int sign = -1; sign <= 1; sign += 2) {
            moved = fit;
            moved.first.level *= 1 + sign * 1e-3;
            CHECK(deviance(&moved, values, 96) > least);
            moved = fit;
            moved.first.slope += sign * 1e-3 * (fit.form.trend != ETS_NONE);
            CHECK(deviance(&moved, values, 96) > least);
            moved = fit; // two figures against each other
            moved.first.seasons[3] += sign * 1e-4 * (fit.form.season != ETS_NONE);
            moved.first.seasons[8] -= sign * 1e-4 * (fit.form.season != ETS_NONE);
            CHECK(deviance(&moved, values, 96) > least);
            moved = fit;
            moved.alpha = fmin(fmax(fit.alpha * (1 + sign * 1e-3), 1e-4), 0.9999);
            if (moved.alpha > moved.beta && moved.alpha + moved.gamma < 1)
                CHECK(deviance(&moved, values, 96) > least);
        }
    }
}

TEST(another_unit_changes_nothing_but_the_unit) {
    double values[60], large[60], mean[6], large_mean[6];

    made_up(3, 60, 12, values);
    for (size_t i = 0; i < 60; i++)
        large[i] = values[i] * 1048576; // a power of two: not a digit is lost
    for (size_t i = 0; i < ETS_FORMS; i++) {
        struct ets_fit fit, large_fit;

        CHECK(ets_fit(values, 60, 12, ets_forms[i], &fit));
        CHECK(ets_fit(large, 60, 12, ets_forms[i], &large_fit));
        CHECK_CLOSE(large_fit.alpha, fit.alpha, 0);
        CHECK_CLOSE(large_fit.deviance, fit.deviance + 2 * 60 * log(1048576), 1e-12);
        ets_forecast(&fit, 6, mean);
        ets_forecast(&large_fit, 6, large_mean);
        CHECK_CLOSE(large_mean[5], mean[5] * 1048576, 0);
    }
}

TEST(forecasts_go_on_from_the_last_state_as_fitted_values_do) {
    double values[50], fitted[50], mean[7];

    made_up(5, 50, 7, values);
    for (size_t i = 0; i < ETS_FORMS; i++) {
        struct ets_fit fit, longer;

        CHECK(ets_fit(values, 43, 7, ets_forms[i], &fit));
        ets_forecast(&fit, 7, mean);
        longer = fit;
        ets_fitted(&longer, values, 50,
                   fitted); // the first value behind the fit is not yet taken in
        CHECK_CLOSE(fitted[43], mean[0], 1e-12);
    }
}

TEST(simulated_quantiles_meet_those_in_closed_form) {
    enum { HORIZON = 14, PATHS = 20000 };
    static const double probabilities[] = {0.1, 0.5, 0.9};
    double *scratch = arena_array(&scope->arena, (size_t)PATHS * (HORIZON + 1), sizeof(double));
    double values[70], mean[HORIZON], variances[HORIZON], responses[HORIZON], factors[HORIZON];
    double quantiles[3 * HORIZON], again[3 * HORIZON], sums[3], total = 0, variance = 0;
    struct ets_fit fit;

    made_up(11, 70, 7, values);
    CHECK(ets_fit(values, 70, 7, form(ETS_ADDITIVE, ETS_DAMPED, ETS_ADDITIVE), &fit));
    ets_forecast(&fit, HORIZON, mean);
    ets_variances(&fit, HORIZON, variances);
    ets_responses(&fit, HORIZON, responses);
    for (size_t h = 0; h < HORIZON; h++) {
        double moved = 0;

        factors[h] = h % 2 ? 1.5 : 0.5;
        total += factors[h] * mean[h];
        for (size_t later = h; later < HORIZON; later++)
            moved += responses[later - h] * (later % 2 ? 1.5 : 0.5);
        variance += fit.variance * moved * moved;
    }
    ets_simulate(&fit, HORIZON, 42, PATHS, probabilities, 3, factors, scratch, quantiles, sums);
    CHECK(fabs(sums[0] - (total - 1.2815515655446004 * sqrt(variance))) < 0.05 * sqrt(variance));
    CHECK(fabs(sums[1] - total) < 0.05 * sqrt(variance));
    CHECK(fabs(sums[2] - (total + 1.2815515655446004 * sqrt(variance))) < 0.05 * sqrt(variance));
    for (size_t h = 0; h < HORIZON; h++) {
        const double half = 1.2815515655446004 * sqrt(variances[h]);

        CHECK(fabs(quantiles[h] - (mean[h] - half)) < 0.05 * half);
        CHECK(fabs(quantiles[HORIZON + h] - mean[h]) < 0.05 * half);
        CHECK(fabs(quantiles[(size_t)2 * HORIZON + h] - (mean[h] + half)) < 0.05 * half);
    }
    ets_simulate(&fit, HORIZON, 42, PATHS, probabilities, 3, factors, scratch, again, sums);
    CHECK(test_is_same(again, quantiles, sizeof(again)));
    ets_simulate(&fit, HORIZON, 43, PATHS, probabilities, 3, factors, scratch, again, sums);
    CHECK(!test_is_same(again, quantiles, sizeof(again)));
}

// Roots by brute force: a linear form forgets its start when its errors' response dies out.
TEST(forecastable_parameters_are_those_whose_start_is_forgotten) {
    struct random random = random_stream(1, 2, 0);
    int inside = 0, outside = 0;

    for (int trial = 0; trial < 400; trial++) {
        const bool has_trend = trial % 2 == 1;
        struct ets_fit fit = {
            .form = {ETS_ADDITIVE, has_trend ? ETS_DAMPED : ETS_NONE, ETS_ADDITIVE}, .season = 4};
        struct ets_state state = {
            .level = 1, .slope = has_trend, .seasons = {0.3, -0.2, 0.4, -0.5}};
        double end = 0;

        fit.alpha = random_uniform(&random) * 2;
        fit.gamma = random_uniform(&random) * 2;
        fit.beta = has_trend ? random_uniform(&random) * 2 : 0;
        fit.phi = has_trend ? 0.8 + 0.18 * random_uniform(&random) : 1;
        for (size_t i = 0; i < 4000; i++) { // what is left of the start when all values are 0
            const double base = state.level + fit.phi * state.slope;
            const double error = -(base + state.seasons[i % 4]);

            state.level = base + fit.alpha * error;
            state.slope = fit.phi * state.slope + fit.beta * error;
            state.seasons[i % 4] += fit.gamma * error;
            end = i >= 3990 ? fmax(end, fabs(error)) : 0;
            if (fabs(error) > 1e9) {
                end = INFINITY;
                break;
            }
        }
        if (end > 1e-3 && end < 1) // too near the limit to tell in so few steps
            continue;
        CHECK((end < 1e-3) == ets_is_forecastable(&fit));
        *(ets_is_forecastable(&fit) ? &inside : &outside) += 1;
    }
    CHECK(inside > 20 && outside > 20);
}

// ---- parts ----

TEST(a_season_is_seen_where_there_is_one) {
    double values[48], figure[12];
    struct random random = random_stream(9, 3, 0);

    for (size_t i = 0; i < 48; i++)
        values[i] = 10 + (double)(i % 12) + 0.01 * (double)i;
    CHECK(season_is_seen(values, 48, 12));
    CHECK(season_figure(values, 48, 12, false, figure));
    for (size_t i = 0; i < 12; i++)
        CHECK(fabs(figure[i] - ((double)i - 5.5)) < 1e-9); // the straight line is no season
    CHECK(!season_is_seen(values, 24, 12));
    CHECK(!season_figure(values, 23, 12, false, figure));
    for (size_t i = 0; i < 48; i++)
        values[i] = random_normal(&random);
    CHECK(!season_is_seen(values, 48, 12));
    for (size_t i = 0; i < 48; i++)
        values[i] = 5;
    CHECK(!season_is_seen(values, 48, 12));
    CHECK(season_figure(values, 48, 12, true, figure));
    CHECK_CLOSE(figure[11], 1, 1e-15);
    for (size_t i = 0; i < 48; i += 12)
        values[i] = 0;
    CHECK(!season_figure(values, 48, 12, true, figure)); // a factor of 0
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

TEST(quantiles_are_those_of_the_sorted_column) {
    static const double probabilities[] = {0, 0.025, 0.1, 0.5, 0.9, 0.975, 1};
    struct random random = random_stream(4, 4, 0);

    for (size_t rows = 1; rows < 200; rows += 1 + rows / 7) {
        double table[3 * 200], sorted[200], quantiles[7 * 3];

        for (size_t i = 0; i < 3 * rows; i++)
            table[i] = floor(random_normal(&random) * (double)(1 + rows % 5)); // with ties
        for (size_t i = 0; i < rows; i++)
            sorted[i] = table[3 * i + 1];
        qsort(sorted, rows, sizeof(*sorted), ascending);
        quantiles_of_column(table, rows, 3, 1, probabilities, 7, quantiles);
        for (size_t q = 0; q < 7; q++) {
            const size_t rank = (size_t)fmax(ceil(probabilities[q] * (double)rows), 1) - 1;

            CHECK_CLOSE(quantiles[q * 3 + 1], sorted[rank], 0);
        }
    }
}

struct rosenbrock {
    double steepness;
};

// Residuals (1 − x, c (y − x²)), and a constant one.
static double rosenbrock(const void *data, const double *at, struct least_squares *ret) {
    const struct rosenbrock *valley = data;
    const double first = 1 - at[0], c = valley->steepness, second = c * (at[1] - at[0] * at[0]);
    const double squares = first * first + second * second + 0.01;

    if (ret)
        *ret = (struct least_squares){
            .squares = squares,
            .gradient = {-first - 2 * c * at[0] * second, c * second},
            .normal = {{1 + 4 * c * c * at[0] * at[0]}, {-2 * c * c * at[0], c * c}},
        };
    return log(squares);
}

TEST(least_squares_stop_at_the_bottom_or_at_the_bound) {
    const struct rosenbrock valley = {10};
    double least[] = {-INFINITY, -INFINITY}, most[] = {INFINITY, INFINITY};
    double at[LEAST_SQUARES_PARAMETERS] = {-1.2, 1};
    bool converged;
    const struct least_squares_problem problem = {&valley, 2, least, most, rosenbrock, 1, 1e-14};

    CHECK_CLOSE(least_squares_fit(&problem, 100, at, &converged), log(0.01), 1e-9);
    CHECK(converged);
    CHECK_CLOSE(at[0], 1, 1e-6);
    most[0] = 0.5;
    at[0] = -1.2;
    least_squares_fit(&problem, 100, at, &converged);
    CHECK_CLOSE(at[0], 0.5, 0);
    CHECK_CLOSE(at[1], 0.25, 1e-6);
    at[0] = -1.2;
    least_squares_fit(&problem, 1, at, &converged);
    CHECK(!converged);
}

// ---- corners ----

TEST(what_cannot_be_fitted_is_refused) {
    double values[48], scratch[48];
    struct holt_winters_fit smoothing;
    struct theta_fit theta;
    struct ets_fit fit;

    made_up(2, 48, 12, values);
    CHECK(!ets_choose(values, 0, 12, &fit));
    CHECK(!ets_choose(values, 4, 1, &fit));
    CHECK(ets_choose(values, 5, 1, &fit)); // level, its parameter, the variance, and two more
    CHECK(!ets_fit(values, 23, 12, form(ETS_ADDITIVE, ETS_NONE, ETS_ADDITIVE), &fit));
    CHECK(!ets_fit(values, 48, 1, form(ETS_ADDITIVE, ETS_NONE, ETS_ADDITIVE), &fit));
    CHECK(!ets_fit(values, 48, 25, form(ETS_ADDITIVE, ETS_NONE, ETS_ADDITIVE), &fit));
    CHECK(!theta_fit(values, 5, 1, scratch, &theta));
    CHECK(!theta_fit(values, 48, 54, scratch, &theta));
    CHECK(!holt_winters_fit(values, 24, 12, true, &smoothing));
    values[10] = 0;
    CHECK(!ets_fit(values, 48, 12, form(ETS_MULTIPLICATIVE, ETS_NONE, ETS_NONE), &fit));
    CHECK(!holt_winters_fit(values, 48, 12, true, &smoothing));
    CHECK(holt_winters_fit(values, 48, 12, false, &smoothing));
    CHECK(theta_fit(values, 48, 12, scratch, &theta)); // the season is added then
    CHECK(!theta.season.multiplies);
    values[10] = -5;
    CHECK(ets_choose(values, 48, 12, &fit));
    CHECK(fit.form.error == ETS_ADDITIVE);
    values[10] = NAN;
    CHECK(!ets_choose(values, 48, 12, &fit) && !theta_fit(values, 48, 12, scratch, &theta));
    CHECK(!holt_winters_fit(values, 48, 12, false, &smoothing));
    values[10] = INFINITY;
    CHECK(!ets_choose(values, 48, 12, &fit) && !theta_fit(values, 48, 12, scratch, &theta));
}

static void check_goes_on(const double *values, size_t count, double expected) {
    double means[24], variances[24], scratch[48];
    struct ets_fit fit;
    struct theta_fit theta;

    CHECK(ets_choose(values, count, 12, &fit));
    ets_forecast(&fit, 24, means);
    CHECK(fabs(means[23] - expected) <= 1e-6 * (1 + fabs(expected)));
    CHECK(theta_fit(values, count, 12, scratch, &theta));
    theta_forecast(&theta, 24, means, variances);
    for (size_t h = 0; h < 24; h++)
        CHECK(isfinite(means[h]) && variances[h] >= 0);
}

TEST(series_without_errors_go_on_as_they_are) {
    double values[48];

    for (size_t i = 0; i < 48; i++)
        values[i] = 7;
    check_goes_on(values, 48, 7);
    for (size_t i = 0; i < 48; i++)
        values[i] = 0;
    check_goes_on(values, 48, 0);
    for (size_t i = 0; i < 48; i++)
        values[i] = -3;
    check_goes_on(values, 48, -3);
    for (size_t i = 0; i < 48; i++)
        values[i] = 10 + 2 * (double)i;
    check_goes_on(values, 48, 10 + 2 * 71);
    for (size_t i = 0; i < 48; i++)
        values[i] = 1e15 + 1e12 * (double)i;
    check_goes_on(values, 48, 1e15 + 71e12);
}
