// SPDX-License-Identifier: Apache-2.0
// Rules that divide each conversion among the touches of its own path, whatever other paths say.
//
// Shapley values are among them: with v(S) = conversions of paths whose channels all lie within S,
// a channel's value is Σ conversions / distinct channels over the paths it is in, because v is a
// sum of unanimity games, one for each set of channels (Shapley 1953; Zhao, Mahboobi & Bagheri
// 2018, Shapley value methods for attribution modeling in online advertising, arXiv:1804.05327). So
// the sum over 2ⁿ coalitions is not needed.
#pragma once

#include "analyze/attribution/path.h"

enum attribution_rule { // the last two are no weights of a path: markov_kernel.h, journey.h
    RULE_FIRST,
    RULE_LAST,
    RULE_LAST_NON_DIRECT, // the last touch that is not direct; the last when all are
    RULE_LINEAR,          // every touch alike
    RULE_POSITION,        // so much to the first, to the last, the rest to those between
    RULE_TIME_DECAY,      // half as much every half_life_touches before the last
    RULE_SHAPLEY,         // every distinct channel alike
    RULE_PATH_COUNT,
    RULE_TIME_DECAY_DAYS = RULE_PATH_COUNT, // half as much every so many days before the conversion
    RULE_MARKOV,
    RULE_COUNT
};

struct rule_options {
    double first_share, last_share; // of RULE_POSITION: > 0, together ≤ 1; of two touches in this
                                    // proportion, of one all
    double half_life_touches;       // > 0
    size_t direct; // the channel that is none; channel_count or more: there is none
};
struct rule_options rule_default_options(void); // 40/20/40, 7 touches, no direct

// credit[c] of paths->channel_count channels: conversions, and their value in units. The sums over
// channels are the totals but for rounding (relative 10⁻¹²). No conversions: zeros. O(touches).
void rule_credit(const struct paths *paths, enum attribution_rule rule,
                 const struct rule_options *options, double *ret_conversions, double *ret_values);
