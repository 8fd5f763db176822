// SPDX-License-Identifier: Apache-2.0
// How long it takes until something happens, where for some it has not happened yet: the
// Kaplan-Meier estimate with Greenwood's variance. Pure mathematics: no database.
//
// Source: Kaplan & Meier (1958), JASA 53; intervals on the scale of log(−log S), which keeps them
// within 0 … 1 (Kalbfleisch & Prentice 1980). Spells are taken as independent of each other, and of
// when their observation ended. O(times).
#pragma once

#include "base/scope.h"

// Element t is of time t = 0 … times − 1, in the unit of the input.
struct survival {
    size_t times;
    double *at_risk;   // spells that had lasted until t
    double *events;    // at t
    double *share;     // S(t): that it has not happened by t, t included
    double *greenwood; // Σ d / (n (n − d)) until t: the variance of ln S(t); ∞ where S(t) is 0
    double *low, *high; // of S(t); NaN where S(t) is 0; 1 and 1 before the first event
    double spells, happened;
};

// events[t] spells ended at t because it happened; of ended[t] more the observation ended at t:
// they still count as at risk there. INVALID for negative counts. Lives in the scope's arena.
code survival_estimate(struct scope *scope, const int64_t *events, const int64_t *ended,
                       size_t times, double confidence, struct survival *ret_survival);

// The first time by which it has happened to this share (0 < share < 1) of all; −1 when that is
// later than what was observed.
int64_t survival_quantile(const struct survival *survival, double share);

// Of those to whom it had not happened by time `from`: the share to whom it happens by `to`, with
// its interval. NaN when nobody was left at `from`, or observation ended before `to`.
struct survival_chance {
    double at_risk; // after `from`
    double share, low, high;
};
struct survival_chance survival_chance(const struct survival *survival, size_t from, size_t to,
                                       double confidence);
