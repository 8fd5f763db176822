// SPDX-License-Identifier: Apache-2.0
// The models of repeat purchase that are tried on a store's customers, in one table. To add one:
// its kernel, a row in purchase_model.c, a section in docs/lifetime-value.md.
#pragma once

#include "analyze/kernel/likelihood.h"
#include "analyze/lifetime_value/purchase_group.h"

struct purchase_model {
    // Time is counted in opportunities, whole ones in histories (BG/BB, contracts).
    bool is_discrete;
    const char *name;                              // "bg_nbd"
    const char *label;                             // "BG/NBD"
    const char *parameters[LIKELIHOOD_PARAMETERS]; // names
    code (*fit)(struct scope *scope, const struct purchase_groups *groups, int threads,
                struct likelihood_fit *ret_fit);
    double (*alive)(const double *parameters, const struct purchase_group *history);
    double (*expected_alive)(const double *parameters, const struct purchase_group *history,
                             double ahead);
};
extern const struct purchase_model purchase_models[];
extern const size_t purchase_model_count;

// What a model says of each group, whatever the number of threads.
struct purchase_forecast {
    double *alive;      // the probability
    double *expected;   // purchases within the whole of `ahead`
    double *discounted; // the same, those of period i times (1 + discount)^−i
};
// `periods` ≥ 1 equal parts of `ahead` (> 0); `discount` > −1 per period. In the scope's arena.
void purchase_model_forecast(struct scope *scope, const struct purchase_model *model,
                             const double *parameters, const struct purchase_groups *groups,
                             double ahead, int periods, double discount, int threads,
                             struct purchase_forecast *ret_forecast);
