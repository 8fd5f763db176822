// SPDX-License-Identifier: Apache-2.0
#include "analyze/churn/churn_model.h"

#include "analyze/churn/churn_feature.h"

#include <stdlib.h>
#include <string.h>

static const double penalty = 1;
static const struct boosted_options tree_options = {.trees = 100, .depth = 4, .learning_rate = 0.1};

static const struct {
    const char *label;
    bool is_naive;
} models[CHURN_MODELS] = {
    [CHURN_MODEL_RATE] = {"everybody alike", true},
    [CHURN_MODEL_BY_RECENCY] = {"by days since the last purchase", true},
    [CHURN_MODEL_LOGISTIC] = {"logistic regression", false},
    [CHURN_MODEL_TREES] = {"boosted trees", false},
};

const char *churn_model_label(enum churn_model_kind kind) {
    return models[kind].label;
}

bool churn_model_is_naive(enum churn_model_kind kind) {
    return models[kind].is_naive;
}

void churn_model_clear(struct churn_model *model) {
    boosted_free(&model->trees);
}

// ---- naive ----

static int ascending(const void *a, const void *b) {
    const double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static size_t group_of(const struct churn_model *model, double recency) {
    size_t group = 0;

    while (group + 1 < CHURN_RECENCY_GROUPS && recency >= model->least[group + 1])
        group++;
    return group;
}

// A group's rate is drawn to that of all by ten more customers, so that a small one is never sure.
static void fit_by_recency(struct scope *scope, const struct labelled_rows *rows,
                           struct churn_model *model) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    double *recencies = arena_array(&scope->arena, rows->count, sizeof(*recencies));
    double counts[CHURN_RECENCY_GROUPS] = {0}, churned[CHURN_RECENCY_GROUPS] = {0};

    for (size_t i = 0; i < rows->count; i++)
        recencies[i] = rows->values[i * rows->features + CHURN_RECENCY];
    qsort(recencies, rows->count, sizeof(*recencies), ascending);
    for (size_t k = 0; k < CHURN_RECENCY_GROUPS; k++)
        model->least[k] = recencies[rows->count * k / CHURN_RECENCY_GROUPS];
    for (size_t i = 0; i < rows->count; i++) {
        const size_t group = group_of(model, rows->values[i * rows->features + CHURN_RECENCY]);

        counts[group]++;
        churned[group] += rows->labels[i];
    }
    for (size_t k = 0; k < CHURN_RECENCY_GROUPS; k++)
        model->rates[k] = (churned[k] + 10 * model->rate) / (counts[k] + 10);
    arena_rewind(&scope->arena, mark);
}

// ---- fitting ----

static code fit_logistic(struct scope *scope, const struct labelled_rows *rows, int threads,
                         struct churn_model *model) {
    double *scaled = arena_array(&scope->arena, rows->count * rows->features, sizeof(*scaled));
    struct labelled_rows scaled_rows = *rows;

    feature_scale_make(scope, rows, &model->scale);
    feature_scale_apply(&model->scale, rows->values, rows->count, scaled);
    scaled_rows.values = scaled;
    return logistic_fit(scope, &scaled_rows, penalty, threads, &model->logistic);
}

code churn_model_fit(struct scope *scope, enum churn_model_kind kind,
                     const struct labelled_rows *rows, int threads, struct churn_model *ret_model) {
    struct churn_model model = {.kind = kind};

    for (size_t i = 0; i < rows->count; i++)
        model.rate += (double)rows->labels[i] / (double)rows->count;
    if (kind == CHURN_MODEL_BY_RECENCY)
        fit_by_recency(scope, rows, &model);
    if (kind == CHURN_MODEL_LOGISTIC)
        TRY(fit_logistic(scope, rows, threads, &model));
    if (kind == CHURN_MODEL_TREES)
        TRY(boosted_fit(scope, rows, &tree_options, &model.trees));
    *ret_model = model;
    return OK;
}

// ---- scoring ----

static void score_logistic(struct scope *scope, const struct churn_model *model,
                           const double *values, size_t count, double *ret_probabilities) {
    double *scaled = arena_array(&scope->arena, CHURN_FEATURES, sizeof(*scaled));

    for (size_t i = 0; i < count; i++) {
        feature_scale_apply(&model->scale, values + i * CHURN_FEATURES, 1, scaled);
        ret_probabilities[i] = logistic_probability(logistic_log_odds(&model->logistic, scaled));
    }
}

code churn_model_probabilities(struct scope *scope, struct churn_model *model, const double *values,
                               size_t count, int threads, double *ret_probabilities) {
    if (model->kind == CHURN_MODEL_LOGISTIC)
        score_logistic(scope, model, values, count, ret_probabilities);
    if (model->kind == CHURN_MODEL_TREES)
        TRY(boosted_log_odds(scope, model->trees, values, count, threads, ret_probabilities));
    for (size_t i = 0; i < count; i++) {
        if (model->kind == CHURN_MODEL_TREES)
            ret_probabilities[i] = logistic_probability(ret_probabilities[i]);
        if (model->kind == CHURN_MODEL_RATE)
            ret_probabilities[i] = model->rate;
        if (model->kind == CHURN_MODEL_BY_RECENCY)
            ret_probabilities[i] =
                model->rates[group_of(model, values[i * CHURN_FEATURES + CHURN_RECENCY])];
    }
    return OK;
}

code churn_model_contributions(struct scope *scope, struct churn_model *model, const double *values,
                               size_t count, int threads, double *ret_contributions) {
    static const double zeros[CHURN_FEATURES] = {0}; // the means of scaled features
    double scaled[CHURN_FEATURES], expected;

    if (model->kind == CHURN_MODEL_TREES)
        return boosted_contributions(scope, model->trees, values, count, threads, ret_contributions,
                                     &expected);
    memset(ret_contributions, 0, count * CHURN_FEATURES * sizeof(*ret_contributions));
    for (size_t i = 0; i < count && model->kind == CHURN_MODEL_LOGISTIC; i++) {
        feature_scale_apply(&model->scale, values + i * CHURN_FEATURES, 1, scaled);
        logistic_contributions(&model->logistic, zeros, scaled,
                               ret_contributions + i * CHURN_FEATURES);
    }
    return OK;
}
