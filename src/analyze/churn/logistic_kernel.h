// SPDX-License-Identifier: Apache-2.0
// Logistic regression with a ridge penalty: P(y = 1 | x) = 1 / (1 + exp(−(b + w·x))). Pure
// mathematics: no database.
//
// Minimises penalty/2 · |w|² − Σ log-likelihood, the intercept b unpenalised (what others write as
// C is 1/penalty), by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani &
// Friedman, The Elements of Statistical Learning, 4.4.1) with exact first and second derivatives,
// halving steps that go too far. About eight passes of O(rows · features²). Sums are made in pieces
// that do not depend on the number of threads, so that neither do the digits.
#pragma once

#include "base/scope.h"

enum { LOGISTIC_FEATURES = 128 }; // at most

// What a model learns from or is measured on. Row i has its features at values[i · features].
struct labelled_rows {
    size_t count, features;
    const double *values;
    const unsigned char *labels; // 0 or 1
};

// Where each feature stands and how wide it is: z = (x − mean) / deviation, 0 for a feature that
// does not vary.
struct feature_scale {
    size_t features;
    double *means, *deviations; // the population's; 0: constant
};
void feature_scale_make(struct scope *scope, const struct labelled_rows *rows,
                        struct feature_scale *ret_scale);
void feature_scale_apply(const struct feature_scale *scale, const double *values, size_t count,
                         double *ret_values);

struct logistic_fit {
    size_t features;
    double intercept;
    double *coefficients;
    double objective; // at the minimum
    double log_likelihood;
    int iterations;
    bool converged; // false: without a penalty, a plane that parts the classes has no best place
};
// INVALID for values that are not finite, more features than LOGISTIC_FEATURES, and rows of one
// class only. Without a penalty a feature that depends on others before it gets the coefficient 0.
code logistic_fit(struct scope *scope, const struct labelled_rows *rows, double penalty,
                  int threads, struct logistic_fit *ret_fit);

double logistic_probability(double log_odds);
double logistic_log_odds(const struct logistic_fit *fit, const double *values);
// Each feature's part of a row's log-odds beside that of the row `means`: w (x − mean). These are
// the exact Shapley values where features are taken as independent; with the log-odds of `means`
// they add up to the row's.
void logistic_contributions(const struct logistic_fit *fit, const double *means,
                            const double *values, double *ret_contributions);
