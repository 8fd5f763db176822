// SPDX-License-Identifier: Apache-2.0
// The shifted beta-geometric model of contracts that are renewed at known dates: at each renewal a
// customer leaves with probability θ ~ Beta(alpha, beta).
//
// Source: Fader & Hardie (2007), How to project customer retention, Journal of Interactive
// Marketing 21(1). Contracts that began at different times may stand in one table.
#pragma once

#include "analyze/kernel/likelihood.h"

enum { CONTRACT_ALPHA, CONTRACT_BETA, CONTRACT_PARAMETERS };

// Contracts with equal lives.
struct contract_group {
    double periods; // t ≥ 1, whole: left at the t-th renewal; of the others ≥ 0: renewed t times
    double count;   // ≥ 0
    bool left;
};

void contract_likelihood(const struct contract_group *groups, size_t count,
                         const double *parameters, int threads, struct likelihood *ret_sum);
// INVALID for periods and counts that are none, and when nobody ever came to a renewal.
code contract_fit(struct scope *scope, const struct contract_group *groups, size_t count,
                  int threads, struct likelihood_fit *ret_fit);

// S(t): the share of new contracts that outlives t renewals.
double contract_survival(const double *parameters, double periods);
// The share of those who renewed `periods` times who will renew once more.
double contract_retention(const double *parameters, double periods);
// Renewals still to come, discounted: Σ S(n + i)/S(n) (1 + discount)^−i, i = 1 … ahead, of who
// renewed n = `periods` times. Discount per period > −1.
double contract_renewals(const double *parameters, double periods, int ahead, double discount);
