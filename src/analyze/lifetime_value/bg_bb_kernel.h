// SPDX-License-Identifier: Apache-2.0
// The BG/BB model: purchases at discrete opportunities (a yearly appeal, a weekly market).
//
//   While alive a customer buys at an opportunity with probability p ~ Beta(alpha, beta), and
//   before each leaves for good with probability θ ~ Beta(gamma, delta).
//
// Source: Fader, Hardie & Shang (2010), Customer-base analysis in a discrete-time noncontractual
// setting, Marketing Science 29(6). In purchase_group.h `last` and `observed` count opportunities
// and are whole numbers; repeats ≤ last. A likelihood costs O(groups × opportunities).
#pragma once

#include "analyze/kernel/likelihood.h"
#include "analyze/lifetime_value/purchase_group.h"

// Parameters everywhere: alpha, beta, gamma, delta, all positive.
enum { BG_BB_ALPHA, BG_BB_BETA, BG_BB_GAMMA, BG_BB_DELTA, BG_BB_PARAMETERS };

// INVALID when a history is not one of whole opportunities.
code bg_bb_check(struct scope *scope, const struct purchase_groups *groups);
void bg_bb_likelihood(const struct purchase_groups *groups, const double *parameters, int threads,
                      struct likelihood *ret_sum);
// Checks first.
code bg_bb_fit(struct scope *scope, const struct purchase_groups *groups, int threads,
               struct likelihood_fit *ret_fit);

// The probability that the customer is alive at the opportunity after the last one observed.
double bg_bb_alive(const double *parameters, const struct purchase_group *history);
// Purchases expected at the next `ahead` opportunities, of a customer with this history.
double bg_bb_expected(const double *parameters, const struct purchase_group *history, int ahead);
// The same of a customer who is alive at the next opportunity. A part of an opportunity counts as
// that part of what is expected at it.
double bg_bb_expected_alive(const double *parameters, const struct purchase_group *history,
                            double ahead);
