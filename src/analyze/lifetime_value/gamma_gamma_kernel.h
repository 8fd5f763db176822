// SPDX-License-Identifier: Apache-2.0
// The Gamma-Gamma model of spend per purchase: a customer's purchases are Gamma(p, rate ν), and ν ~
// Gamma(q, rate gamma) among customers. Spend is taken to be independent of how often they buy; the
// correlation of the two says whether that holds.
//
// Source: Fader, Hardie & Lee (2005), RFM and CLV, J. of Marketing Research 42(4); Fader & Hardie
// (2013), The Gamma-Gamma model of monetary value. Money in any one unit; gamma is in the same.
#pragma once

#include "analyze/kernel/likelihood.h"

enum { GAMMA_GAMMA_P, GAMMA_GAMMA_Q, GAMMA_GAMMA_GAMMA, GAMMA_GAMMA_PARAMETERS };

struct spend_customer {
    double purchases; // x > 0
    double average;   // m > 0, of those purchases
};

void gamma_gamma_likelihood(const struct spend_customer *customers, size_t count,
                            const double *parameters, int threads, struct likelihood *ret_sum);
// INVALID for values that are not finite and positive (leave out who has none), and for fewer than
// two customers. The order of the customers makes no difference.
code gamma_gamma_fit(struct scope *scope, const struct spend_customer *customers, size_t count,
                     int threads, struct likelihood_fit *ret_fit);

// The expected average spend of a customer; of one without purchases (0, 0) that of the whole.
// NaN where the model has no mean: p x + q ≤ 1.
double gamma_gamma_expected(const double *parameters, double purchases, double average);
