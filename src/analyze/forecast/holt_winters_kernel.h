// SPDX-License-Identifier: Apache-2.0
// Holt-Winters smoothing as it is computed by hand: a start from the first two seasons that stays
// as it is, and the three parameters with the least sum of squared one-step errors. ets_kernel.h
// fits the start as well and has a likelihood; this one is for those who compare with older
// figures.
//
// Source: Holt (1957), Winters, Management Science 6 (1960); the start as in the classical
// decomposition (season.h) with a line through its trend. Cost: some twenty passes.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { HOLT_WINTERS_SEASON_MOST = 53 };

struct holt_winters_fit {
    int season;
    bool multiplies;
    double alpha, beta, gamma;                // 0 … 1: of level, slope and season
    double level, slope;                      // behind the last value
    double seasons[HOLT_WINTERS_SEASON_MOST]; // [0] is that of the next period
    double sum_of_squares;                    // of errors from the second season on
};

// False with fewer than two seasons and one value more, a value that is not finite, or one that is
// not above 0 where it multiplies.
bool holt_winters_fit(const double *values, size_t count, int season, bool multiplies,
                      struct holt_winters_fit *ret_fit);
void holt_winters_forecast(const struct holt_winters_fit *fit, size_t horizon, double *ret_means);
