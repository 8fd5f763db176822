// SPDX-License-Identifier: Apache-2.0
// The Theta method: simple exponential smoothing of the series without its season, with half the
// slope of its straight line as a drift. Pure mathematics: arrays in, arrays out.
//
// Source: Assimakopoulos & Nikolopoulos, Int. J. of Forecasting 16 (2000); as smoothing with drift,
// Hyndman & Billah, Int. J. of Forecasting 19 (2003). The season is taken out by the classical
// decomposition when the autocorrelation shows one (season.h): as factors where all values are
// above 0, otherwise as differences. Cost: that of ETS(A,N,N).
#pragma once

#include "analyze/forecast/season.h"

struct theta_fit {
    struct season season;
    double alpha, level; // of the smoothing, behind the last value
    double drift;        // half the slope of the line
    double past_drift;   // what the line adds at the first period ahead
    double variance;     // of one-step errors of the smoothing
};

// The season is 1 … SEASON_MOST. scratch has room for `count`. False with fewer than six
// values, and when one of them is not finite.
bool theta_fit(const double *values, size_t count, int season, double *scratch,
               struct theta_fit *ret_fit);
// The next `horizon` periods and the variances about them; those are of the smoothing, times the
// season where it multiplies.
void theta_forecast(const struct theta_fit *fit, size_t horizon, double *ret_means,
                    double *ret_variances);
