// SPDX-License-Identifier: Apache-2.0
// The season of a series by moving averages: whether there is one, and its figure. Pure
// mathematics. Values are finite; periods are counted from the first value. Cost: count × season.
//
// Source: the classical decomposition (Kendall & Stuart, The Advanced Theory of Statistics 3,
// 1983), the test of the autocorrelation at the season as Assimakopoulos & Nikolopoulos, Int. J. of
// Forecasting 16 (2000) use it for the Theta method.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// The centred moving average over one season; there must be half a season on both sides.
double season_trend(const double *values, size_t i, size_t season);

// How each period of the season differs from the trend: added to it (the figures' mean is 0), or
// times it (their mean is 1). ret_figure has room for `season`. False when there are fewer than two
// seasons, or when a figure is not above 0 where it multiplies.
bool season_figure(const double *values, size_t count, int season, bool multiplies,
                   double *ret_figure);

// Is the autocorrelation at the season above what chance gives in 19 of 20 cases? False with no
// more than two seasons, or of a constant series.
bool season_is_seen(const double *values, size_t count, int season);
