// SPDX-License-Identifier: Apache-2.0
// How good probabilities of an event were, now that it is known whether it happened. Arrays in,
// arrays out. Rows with equal probabilities keep the order that they come in.
#pragma once

#include "base/scope.h"

struct score_quality {
    size_t count, positives;
    double expected; // sum of the probabilities
    double auc;      // share of pairs that stand in the right order, ties as halves; NaN: one class
    double log_loss; // mean, probabilities kept within 1e-15 of 0 and 1; NaN: no rows
    double brier;    // mean square of the error
};
// O(n log n).
void score_quality_measure(struct scope *scope, const double *probabilities,
                           const unsigned char *labels, size_t count,
                           struct score_quality *ret_quality);
double score_log_loss(double probability, unsigned char label);

// Rows by probability in equal parts, the highest first; a part has ⌊n/parts⌋ rows or one more.
enum { SCORE_PARTS = 10 };
struct score_part {
    size_t count, positives;
    double expected;  // sum of the probabilities
    double least;     // probability
    double effective; // rows that say as much when each stands for itself
    double low, high; // of the share of positives, 95 percent
};
// `customers` says whose each row is; NULL: each row is somebody's own. The months of one customer
// go together, so that many rows of few customers say little: the variance of a share p of n rows
// is that of the customers' sums of y − p (Liang & Zeger 1986, with c/(c − 1) for c customers), and
// the interval is Wilson's for p and the effective rows p(1 − p)/variance, n at most; one row for
// each customer where all rows are alike.
void score_parts_make(struct scope *scope, const double *probabilities, const unsigned char *labels,
                      const int64_t *customers, size_t count,
                      struct score_part ret_parts[SCORE_PARTS]);
