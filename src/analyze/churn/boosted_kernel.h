// SPDX-License-Identifier: Apache-2.0
// Gradient boosted trees for two classes, by XGBoost (Chen & Guestrin 2016), and the exact Shapley
// values of what they say (Lundberg, Erion & Lee 2018). No database.
//
// Trees are grown on one thread, so that the same rows give the same digits on any machine with the
// same library; rows are scored on all cores, each for itself. Features are single-precision
// inside; NaN is a missing value, which trees send down a side of their own; infinities are
// refused.
#pragma once

#include "analyze/churn/logistic_kernel.h"

struct boosted_options {
    int trees, depth;
    double learning_rate;
    bool exact; // every split there is, instead of 256 bins for each feature
};

struct boosted; // one thread at a time

// INVALID for infinite values and for rows of one class only; INTERNAL with the library's words.
code boosted_fit(struct scope *scope, const struct labelled_rows *rows,
                 const struct boosted_options *options, struct boosted **ret_boosted);
void boosted_free(struct boosted **boosted); // takes a pointer to NULL

// Of `count` rows with the features that it was fitted to.
code boosted_log_odds(struct scope *scope, struct boosted *boosted, const double *values,
                      size_t count, int threads, double *ret_log_odds);
// Each feature's part of a row's log-odds: count × features. With *ret_expected, the mean over the
// rows that it was fitted to, they add up to the row's log-odds, in single precision.
code boosted_contributions(struct scope *scope, struct boosted *boosted, const double *values,
                           size_t count, int threads, double *ret_contributions,
                           double *ret_expected);
