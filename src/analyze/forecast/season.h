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

enum { SEASON_MOST = 53 };

struct season {
    int periods; // 1: none is seen
    bool multiplies;
    double ahead[SEASON_MOST]; // figures; [0] is that of the next period
};
// Copies the series without its season, where one is seen: factors when all values are above 0,
// otherwise differences. A season of more than 24 periods also counts as seen when its figure
// explains most of what the trend leaves (Wang, Smith & Hyndman, Data Mining and Knowledge
// Discovery 13, 2006): of a long and smooth one the autocorrelations say little. The season is
// 1 … SEASON_MOST.
void season_take_out(const double *values, size_t count, int season, double *ret_adjusted,
                     struct season *ret_season);
// A forecast for `ahead` periods behind the next one, with its season.
double season_put_back(const struct season *season, size_t ahead, double forecast);
