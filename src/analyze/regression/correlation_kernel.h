// SPDX-License-Identifier: Apache-2.0
// Correlation of two columns of numbers, with its interval. Pure mathematics: no database.
#pragma once

#include "base/scope.h"

struct correlation {
    double value;     // −1 … 1; NaN when a column is constant or there are fewer than two rows
    double low, high; // NaN for fewer than four rows
    double p;         // that there is none: Student's t; NaN for fewer than three rows
};

// Pearson's, with Fisher's interval (variance 1 / (n − 3) of atanh r). Two passes, O(n).
struct correlation correlation_of(const double *x, const double *y, size_t count,
                                  double confidence);
// Ranks 1 … n, the mean rank for equal numbers; Pearson's of those is Spearman's, whose interval
// takes the variance (1 + r² / 2) / (n − 3) (Bonett & Wright 2000). O(n log n).
void correlation_ranks(struct scope *scope, const double *values, size_t count, double *ranks);
struct correlation correlation_of_ranks(const double *x, const double *y, size_t count,
                                        double confidence);
