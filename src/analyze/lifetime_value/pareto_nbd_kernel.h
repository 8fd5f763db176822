// SPDX-License-Identifier: Apache-2.0
// The Pareto/NBD model of repeat purchase in trade without contract.
//
//   While alive a customer buys as a Poisson process with rate λ ~ Gamma(r, rate α), and leaves for
//   good after a time that is exponential with rate μ ~ Gamma(s, rate β).
//
// Source: Schmittlein, Morrison & Colombo (1987), Counting your customers, Management Science
// 33(1); Fader & Hardie (2005), A note on deriving the Pareto/NBD model. Arrays, units and refused
// values: purchase_group.h. A likelihood costs O(groups) integrals of about 16 points each.
#pragma once

#include "analyze/kernel/likelihood.h"
#include "analyze/lifetime_value/purchase_group.h"

// Parameters everywhere: r, alpha, s, beta, all positive.
enum { PARETO_NBD_R, PARETO_NBD_ALPHA, PARETO_NBD_S, PARETO_NBD_BETA, PARETO_NBD_PARAMETERS };

void pareto_nbd_likelihood(const struct purchase_groups *groups, const double *parameters,
                           int threads, struct likelihood *ret_sum);
code pareto_nbd_fit(struct scope *scope, const struct purchase_groups *groups, int threads,
                    struct likelihood_fit *ret_fit);

// The probability that a customer with this history is still alive at its end. Finite for any
// number of purchases.
double pareto_nbd_alive(const double *parameters, const struct purchase_group *history);
// Purchases expected within `ahead` (≥ 0) after the end of observation of who is alive there.
double pareto_nbd_expected_alive(const double *parameters, const struct purchase_group *history,
                                 double ahead);
// Repeat purchases expected of a new customer within `ahead` after the first purchase.
double pareto_nbd_expected_new(const double *parameters, double ahead);
