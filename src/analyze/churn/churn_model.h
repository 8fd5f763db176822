// SPDX-License-Identifier: Apache-2.0
// The models of churn, each learned from rows of features (churn_feature.h) and asked for
// probabilities; the two naive ones are what the others have to beat.
#pragma once

#include "analyze/churn/boosted_kernel.h"

enum churn_model_kind {
    CHURN_MODEL_RATE,       // everybody is as likely to leave as all were
    CHURN_MODEL_BY_RECENCY, // as those were who had been away as long, in ten equal groups
    CHURN_MODEL_LOGISTIC,   // scaled features, penalty 1
    CHURN_MODEL_TREES,      // 100 trees of depth 4
    CHURN_MODELS,
};
enum { CHURN_RECENCY_GROUPS = 10 };
const char *churn_model_label(enum churn_model_kind kind);
bool churn_model_is_naive(enum churn_model_kind kind);

struct churn_model {
    enum churn_model_kind kind;
    double rate;
    double least[CHURN_RECENCY_GROUPS], rates[CHURN_RECENCY_GROUPS]; // by recency, ascending
    struct feature_scale scale;
    struct logistic_fit logistic;
    struct boosted *trees;
};
void churn_model_clear(struct churn_model *model);
// INVALID when the rows are of one class.
code churn_model_fit(struct scope *scope, enum churn_model_kind kind,
                     const struct labelled_rows *rows, int threads, struct churn_model *ret_model);
code churn_model_probabilities(struct scope *scope, struct churn_model *model, const double *values,
                               size_t count, int threads, double *ret_probabilities);
// Each feature's part of the log-odds, count × CHURN_FEATURES; 0 for a naive model.
code churn_model_contributions(struct scope *scope, struct churn_model *model, const double *values,
                               size_t count, int threads, double *ret_contributions);
