// SPDX-License-Identifier: Apache-2.0
// Exponential smoothing as state-space models with one source of error: an error that adds or
// multiplies, a trend that is absent, additive or damped, a season that is absent, additive or
// multiplicative. Simple smoothing, Holt's, Holt-Winters' and damped trends are forms of it. Pure
// mathematics: arrays in, arrays out.
//
// Source: Hyndman, Koehler, Ord & Snyder, Forecasting with Exponential Smoothing (2008): equations
// of table 2.2 and 2.3, likelihood of 5.2, start of 2.6.1, variances of table 6.2, forecastable
// parameters of 10; and Hyndman, Akram & Archibald, AISM 60 (2008).
//
// Values are finite and of any unit; forms that multiply need them all above 0. Parameters and
// initial states are fitted together by least squares with exact derivatives: a multiplicative
// error's likelihood is a sum of squares as well, of residuals times the geometric mean of the
// one-step forecasts. Cost of a fit: some twenty passes of count × (parameters)² / 2.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ETS_SEASON_MOST = 24,
    ETS_FORMS = 15,
    ETS_NAME_SIZE = 16,
};

enum ets_part { ETS_NONE, ETS_ADDITIVE, ETS_DAMPED, ETS_MULTIPLICATIVE };

struct ets_form {
    enum ets_part error;  // additive or multiplicative
    enum ets_part trend;  // none, additive or damped
    enum ets_part season; // none, additive or multiplicative
};

// Every form that is tried: an additive error with a multiplicative season is left out (its
// variance is infinite), and so are multiplicative trends (they explode). Those with an additive
// error first.
extern const struct ets_form ets_forms[ETS_FORMS];
// "ETS(M,Ad,M)"
const char *ets_name(struct ets_form form, char name[ETS_NAME_SIZE]);

struct ets_state {
    double level, slope;
    double seasons[ETS_SEASON_MOST]; // [0] is that of the next period
};

struct ets_fit {
    struct ets_form form;
    int season;                     // periods; 1 without one
    double alpha, beta, gamma, phi; // of level, trend and season; 0, and phi 1, where not used
    struct ets_state first, last;   // before the first value, behind the last one
    double sum_of_squares;          // of one-step errors (relative ones when they multiply)
    double variance;                // of one error: the sum by count − parameters
    double deviance;                // −2 ln L without its constant
    double aicc;
    int parameter_count; // with initial states and the variance
    bool converged;
};

// The season is 2 … ETS_SEASON_MOST, or 1: none. False when the form cannot be fitted: too few
// values for its parameters (AICc is not defined), fewer than two seasons for a seasonal one, a
// value that is not above 0 where it multiplies, a value that is not finite.
bool ets_fit(const double *values, size_t count, int season, struct ets_form form,
             struct ets_fit *ret_fit);
// The form with the smallest AICc; false when none can be fitted.
bool ets_choose(const double *values, size_t count, int season, struct ets_fit *ret_fit);

// One-step forecasts of the values that the model was fitted to.
void ets_fitted(const struct ets_fit *fit, const double *values, size_t count, double *ret_fitted);
// The next `horizon` periods.
void ets_forecast(const struct ets_fit *fit, size_t horizon, double *ret_means);

// Is the variance of forecasts known in closed form? (Additive error, no multiplicative season.)
bool ets_is_linear(struct ets_form form);
// Of such a form: by how much an error moves what comes so many periods later (1 at once), and the
// variance of each forecast.
void ets_responses(const struct ets_fit *fit, size_t horizon, double *ret_responses);
void ets_variances(const struct ets_fit *fit, size_t horizon, double *ret_variances);
// Of any form: quantiles (ascending probabilities) of `paths` ways to go on, normal errors drawn
// from the seed: ret_quantiles[q × horizon + step], and of the sum of the steps, each times its
// factor. `scratch` has room for paths × (horizon + 1).
void ets_simulate(const struct ets_fit *fit, size_t horizon, uint64_t seed, size_t paths,
                  const double *probabilities, size_t probability_count, const double *factors,
                  double *scratch, double *ret_quantiles, double *ret_sum_quantiles);
// Does the model forget its start (are its parameters forecastable)?
bool ets_is_forecastable(const struct ets_fit *fit);
