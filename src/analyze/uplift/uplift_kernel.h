// SPDX-License-Identifier: Apache-2.0
// Whom a treatment moves: models of the difference that it makes to each customer, learnt from an
// experiment, and how well a ranking by such a model finds those it moves. Pure mathematics: no
// database.
//
// Sources: two models, Hansotia & Rukstales (2002), Direct marketing for multichannel retailers;
// class transformation, Jaskowski & Jaroszewicz (2012), Uplift modeling for clinical trial data,
// ICML workshop; Qini, Radcliffe (2007), Using control groups to target on predicted lift, Direct
// Marketing Analytics Journal 1. Qini and AUUC are those of scikit-uplift: areas between the curve
// and that of chance, divided by the same of a perfect ranking, in which treated customers who
// respond come first and untreated who respond last.
#pragma once

#include "analyze/churn/logistic_kernel.h"

#include <stdint.h>

// Customers of an experiment. Row i has its features at values[i · features], treated[i] and
// responded[i] are 0 or 1.
struct uplift_rows {
    size_t count, features;
    const double *values;
    const unsigned char *treated, *responded;
};

enum uplift_method {
    UPLIFT_TWO_MODELS,           // P(response | treated) − P(response | not), a model each
    UPLIFT_CLASS_TRANSFORMATION, // 2 P(treated = responded) − 1; arms must be about equal
    UPLIFT_METHODS
};
extern const char *const uplift_method_names[]; // "two_models", "class_transformation"; NULL ends

struct uplift_model {
    enum uplift_method method;
    struct feature_scale scale;             // of the rows it learnt from
    struct logistic_fit treated, untreated; // the second of two models only
};

// Logistic regressions with a ridge penalty (1 is usual) on scaled features. INVALID where an arm
// has nobody, or only customers who did the same, and for class transformation with arms whose
// shares differ by more than a tenth. The same digits whatever the number of threads.
code uplift_fit(struct scope *scope, const struct uplift_rows *rows, enum uplift_method method,
                double penalty, int threads, struct uplift_model *ret_model);
// The estimated difference in the chance of a response, −1 … 1, of each row.
void uplift_score(struct scope *scope, const struct uplift_model *model,
                  const struct uplift_rows *rows, double *ret_scores);

// ---- how good a ranking is ----

enum { UPLIFT_POINTS = 20, UPLIFT_RESAMPLES = 500 };

struct uplift_estimate {
    double value, low, high; // 95 percent; NaN where there is nothing to compare
};

struct uplift_quality {
    double effect;               // of treating everybody: the difference of the arms
    struct uplift_estimate qini; // 0: no better than chance, 1: perfect
    double auuc;
    // Difference between the arms among the share (i + 1) / UPLIFT_POINTS of customers that the
    // ranking puts first, by its normal interval.
    struct uplift_estimate at[UPLIFT_POINTS];
    // Responses gained, beyond those of as many untreated customers, when these are treated
    // (the Qini curve), with the interval of the resamples at each point for itself, and when as
    // many are chosen by lot.
    struct uplift_estimate gained[UPLIFT_POINTS];
    double by_chance[UPLIFT_POINTS];
    bool is_noise; // the Qini's interval holds 0: the ranking is not shown to find anybody
};

// Of customers whom the model did not learn from. Equal scores are taken together in the curves, in
// the order of rows in `at` and `gained`. The intervals of the Qini and of `gained` are those of
// UPLIFT_RESAMPLES resamples with replacement within the arms, drawn from the seed. O(count · (log
// count + resamples)). INVALID where an arm has nobody, or nobody responded.
code uplift_measure(struct scope *scope, size_t count, const double *scores,
                    const unsigned char *treated, const unsigned char *responded, uint64_t seed,
                    struct uplift_quality *ret_quality);
// The difference between the arms among the first `share` of the ranking.
struct uplift_estimate uplift_at(struct scope *scope, size_t count, const double *scores,
                                 const unsigned char *treated, const unsigned char *responded,
                                 double share);
