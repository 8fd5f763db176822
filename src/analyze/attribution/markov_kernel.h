// SPDX-License-Identifier: Apache-2.0
// The removal effect of each channel in a Markov chain of journeys, exactly: linear systems are
// solved, nothing is simulated.
//
// Source: Anderl, Becker, von Wangenheim & Schumann (2016), Mapping the customer journey,
// International Journal of Research in Marketing 33(3). A chain of order k remembers the last k
// touches; a channel's removal effect is the share of conversions that is lost when whoever would
// be touched by it goes away instead; the credit is in proportion to the effects.
#pragma once

#include "analyze/attribution/path.h"

enum { MARKOV_ORDER_MOST = 3 };

struct markov_options {
    int order;       // 1 … MARKOV_ORDER_MOST
    bool with_nulls; // journeys that ended in nothing count; without them every walk converts
    int threads;     // the same digits whatever their number
};

struct markov_removal {
    size_t state_count, edge_count;
    int sweeps;            // 0: solved by elimination
    double error;          // of a chance, at most, beside rounding (relative 10⁻¹³)
    double conversion;     // the chance of the chain: conversions / (conversions + nulls)
    double *effects;       // by channel, 0 … 1
    double *value_effects; // of the expected value of a journey
    double *conversions;   // credit: adds up to the conversions there are
    double *values;        // in units
};

// No conversions: all are 0, as is a channel that only journeys without one touched.
// O(touches) and states³ (a few hundred states) or edges · channels · sweeps; memory of the scope.
// CANCELLED as everywhere.
code markov_remove(struct scope *scope, const struct paths *paths,
                   const struct markov_options *options, struct markov_removal *ret_removal);
