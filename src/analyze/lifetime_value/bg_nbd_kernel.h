// SPDX-License-Identifier: Apache-2.0
// The BG/NBD and MBG/NBD models of repeat purchase in trade without contract.
//
//   While alive a customer buys as a Poisson process with rate λ ~ Gamma(r, rate α). After each
//   purchase they leave for good with probability p ~ Beta(a, b). In the MBG/NBD they may also
//   leave after the very first; in the BG/NBD who never came back is alive with certainty.
//
// Sources: Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing Science
// 24(2); Batislam, Denizel & Filiztekin (2007), Int. J. of Research in Marketing 24(3).
// Arrays: purchase_group.h says what is refused. Time is in any one unit; α is in the same. Pure; a
// likelihood costs O(groups), a prediction O(1) with the length of a ₂F₁ series.
#pragma once

#include "analyze/kernel/likelihood.h"
#include "analyze/lifetime_value/purchase_group.h"

enum bg_nbd_kind { BG_NBD = 0, MBG_NBD = 1 };

// Parameters everywhere: r, alpha, a, b, all positive.
enum { BG_NBD_R, BG_NBD_ALPHA, BG_NBD_A, BG_NBD_B, BG_NBD_PARAMETERS };

// The log-likelihood of all customers, and its derivatives.
void bg_nbd_likelihood(enum bg_nbd_kind kind, const struct purchase_groups *groups,
                       const double *parameters, int threads, struct likelihood *ret_sum);
code bg_nbd_fit(struct scope *scope, enum bg_nbd_kind kind, const struct purchase_groups *groups,
                int threads, struct likelihood_fit *ret_fit);

// The probability that a customer with this history is still alive at its end.
double bg_nbd_alive(enum bg_nbd_kind kind, const double *parameters,
                    const struct purchase_group *history);
// Purchases expected within `ahead` (≥ 0) after the end of observation of who is alive there;
// times the probability above it is the conditional expectation. Stays defined where a = 1.
double bg_nbd_expected_alive(enum bg_nbd_kind kind, const double *parameters,
                             const struct purchase_group *history, double ahead);
// Repeat purchases expected of a new customer within `ahead` after the first purchase.
double bg_nbd_expected_new(enum bg_nbd_kind kind, const double *parameters, double ahead);
