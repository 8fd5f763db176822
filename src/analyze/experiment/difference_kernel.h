// SPDX-License-Identifier: Apache-2.0
// Tests of difference between two groups that chance has made: proportions, means, medians, ratios,
// means made good for what was known before (CUPED); intervals that may be looked at every day; how
// many it takes. Pure mathematics: no database. Groups of which a figure cannot be told give NaN
// where it would stand, never a guess.
//
// All are of two sides, `second` minus `first` (the control). `confidence` is within 0 … 1.
#pragma once

#include "base/scope.h"

struct difference {
    double first, second;      // the groups' own figures
    double value;              // second − first
    double error;              // its standard error
    double low, high;          // its interval
    double statistic, freedom; // of the test; infinite freedom: the normal law
    double p;                  // that there is none
};

// ---- proportions ----

struct proportion {
    int64_t count, successes; // 0 ≤ successes ≤ count
};
// z with the pooled variance; the interval is Newcombe's (1998, method 10: Wilson's scores joined),
// which stays within −1 … 1 and holds for small groups.
struct difference difference_of_proportions(struct proportion first, struct proportion second,
                                            double confidence);

// ---- means ----

struct sample {
    int64_t count;
    double mean, variance; // by count − 1
};
struct sample sample_of(const double *values, size_t count); // two passes
// Welch's t (1947) with Satterthwaite's degrees of freedom.
struct difference difference_of_means(struct sample first, struct sample second, double confidence);

// ---- pairs of figures of a unit: ratios, and what was known before ----

struct pair_sample {
    int64_t count;
    double mean, variance; // of the figure
    double other_mean, other_variance;
    double covariance;
};
struct pair_sample pair_sample_of(const double *values, const double *others, size_t count);
// Σ figure / Σ other (spend per visit, where customers are what chance divided), by the delta
// method. NaN when a group's others sum to 0.
struct difference difference_of_ratios(struct pair_sample first, struct pair_sample second,
                                       double confidence);
// The means of figure − θ (other − its mean over both groups), where `other` was known before the
// groups were made; θ = covariance / variance within groups (Deng, Xu, Kohavi & Walker 2013).
// *ret_kept is the share of the variance that is left.
struct difference difference_of_adjusted_means(struct pair_sample first, struct pair_sample second,
                                               double confidence, double *ret_kept);

// ---- medians ----

// Price & Bonett 2002: each median's variance from two order statistics. O(n log n). NaN error
// where so many values are equal that the medians' spread cannot be told, or under 5 values.
struct difference difference_of_medians(struct scope *scope, const double *first,
                                        size_t first_count, const double *second,
                                        size_t second_count, double confidence);

// ---- looking every day ----

// The same difference with an interval and a p that hold at all times at once, however often one
// looks (asymptotic confidence sequence: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2021,
// normal mixture). `count` is the size of both groups now, `planned` the one at which it is
// narrowest, above 0.
struct difference difference_at_all_times(struct difference difference, int64_t count,
                                          int64_t planned, double confidence);

// ---- how many it takes ----

// The probability that a test at this level finds a difference that is there, with `count` in each
// group: of means by the noncentral t, of proportions by the normal law (Fleiss). The side on which
// the difference is not is left out.
double power_of_means(double difference, double deviation, double count, double level);
double power_of_proportions(double first, double second, double count, double level);
// The count in each group (not rounded) that has this power; NaN when none has.
double count_for_means(double difference, double deviation, double power, double level);
double count_for_proportions(double first, double second, double power, double level);
// The other way round: the smallest difference that `count` in each group finds with this power; of
// proportions a rise from `first`. NaN when there is none.
double difference_for_means(double deviation, double count, double power, double level);
double difference_for_proportions(double first, double count, double power, double level);

// p that groups of these sizes were divided by these shares (χ²): a small one says that the
// division is broken, whatever the rest shows. NaN for fewer than two groups or a share that is
// not positive.
double division_p(const int64_t *counts, const double *shares, size_t group_count);
