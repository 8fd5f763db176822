// SPDX-License-Identifier: Apache-2.0
#include "analyze/churn/boosted_kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xgboost/c_api.h>

struct boosted {
    BoosterHandle handle;
    size_t features;
    int threads; // that it was told to score with
};

static code fail(struct scope *scope) {
    return scope_fail(scope, INTERNAL, "boosted trees: %.300s", XGBGetLastError());
}

// ---- rows as the library takes them ----

static void matrix_free(DMatrixHandle *matrix) {
    if (*matrix)
        XGDMatrixFree(*matrix);
}

static code matrix_make(struct scope *scope, const double *values, size_t count, size_t features,
                        DMatrixHandle *ret_matrix) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    float *floats = arena_array(&scope->arena, count * features, sizeof(*floats));
    int status;

    for (size_t i = 0; i < count * features; i++) {
        floats[i] = (float)values[i];
        if (isinf(floats[i]))
            return scope_fail(scope, INVALID, "feature %zu of row %zu is infinite",
                              i % features + 1, i / features + 1);
    }
    status = XGDMatrixCreateFromMat(floats, count, features, NAN, ret_matrix);
    arena_rewind(&scope->arena, mark);
    return status == 0 ? OK : fail(scope);
}

static code set_labels(struct scope *scope, DMatrixHandle matrix,
                       const struct labelled_rows *rows) {
    float *labels = arena_array(&scope->arena, rows->count, sizeof(*labels));
    size_t positives = 0;

    for (size_t i = 0; i < rows->count; i++) {
        labels[i] = rows->labels[i];
        positives += rows->labels[i];
    }
    if (positives == 0 || positives == rows->count)
        return scope_fail(scope, INVALID, "%s of %zu rows: there is nothing to tell apart",
                          positives == 0 ? "none" : "all", rows->count);
    if (XGDMatrixSetFloatInfo(matrix, "label", labels, rows->count) != 0)
        return fail(scope);
    return OK;
}

// ---- growing ----

static code set(struct scope *scope, struct boosted *boosted, const char *name, const char *value) {
    return XGBoosterSetParam(boosted->handle, name, value) == 0 ? OK : fail(scope);
}

static code set_options(struct scope *scope, struct boosted *boosted,
                        const struct boosted_options *options) {
    struct arena *arena = &scope->arena;

    TRY(set(scope, boosted, "verbosity", "0"));
    TRY(set(scope, boosted, "nthread", "1"));
    TRY(set(scope, boosted, "objective", "binary:logistic"));
    TRY(set(scope, boosted, "tree_method", options->exact ? "exact" : "hist"));
    TRY(set(scope, boosted, "max_depth", arena_printf(arena, "%d", options->depth)));
    return set(scope, boosted, "eta", arena_printf(arena, "%.17g", options->learning_rate));
}

static code grow(struct scope *scope, struct boosted *boosted, DMatrixHandle matrix,
                 const struct boosted_options *options) {
    for (int i = 0; i < options->trees; i++) {
        TRY(scope_check(scope));
        if (XGBoosterUpdateOneIter(boosted->handle, i, matrix) != 0)
            return fail(scope);
    }
    return OK;
}

code boosted_fit(struct scope *scope, const struct labelled_rows *rows,
                 const struct boosted_options *options, struct boosted **ret_boosted) {
    CLEANUP(matrix_free) DMatrixHandle matrix = NULL;
    CLEANUP(boosted_free) struct boosted *boosted = calloc(1, sizeof(*boosted));

    if (boosted == NULL)
        abort();
    boosted->features = rows->features;
    boosted->threads = 1;
    TRY(matrix_make(scope, rows->values, rows->count, rows->features, &matrix));
    TRY(set_labels(scope, matrix, rows));
    if (XGBoosterCreate(&matrix, 1, &boosted->handle) != 0)
        return fail(scope);
    TRY(set_options(scope, boosted, options));
    TRY(grow(scope, boosted, matrix, options));
    *ret_boosted = boosted;
    boosted = NULL;
    return OK;
}

void boosted_free(struct boosted **boosted) {
    if (*boosted == NULL)
        return;
    if ((*boosted)->handle)
        XGBoosterFree((*boosted)->handle);
    free(*boosted);
    *boosted = NULL;
}

// ---- scoring ----

enum prediction { PREDICT_LOG_ODDS = 1, PREDICT_CONTRIBUTIONS = 2 }; // as the library counts

static code predict(struct scope *scope, struct boosted *boosted, DMatrixHandle matrix,
                    enum prediction type, int threads, const float **ret_values) {
    const char *config = arena_printf(&scope->arena,
                                      "{\"type\": %d, \"training\": false, \"iteration_begin\": 0, "
                                      "\"iteration_end\": 0, \"strict_shape\": false}",
                                      (int)type);
    bst_ulong dimensions;
    const bst_ulong *shape;

    if (threads != boosted->threads) {
        TRY(set(scope, boosted, "nthread", arena_printf(&scope->arena, "%d", threads)));
        boosted->threads = threads;
    }
    if (XGBoosterPredictFromDMatrix(boosted->handle, matrix, config, &shape, &dimensions,
                                    ret_values) != 0)
        return fail(scope);
    return OK;
}

code boosted_log_odds(struct scope *scope, struct boosted *boosted, const double *values,
                      size_t count, int threads, double *ret_log_odds) {
    CLEANUP(matrix_free) DMatrixHandle matrix = NULL;
    const float *log_odds;

    if (count == 0)
        return OK;
    TRY(matrix_make(scope, values, count, boosted->features, &matrix));
    TRY(predict(scope, boosted, matrix, PREDICT_LOG_ODDS, threads, &log_odds));
    for (size_t i = 0; i < count; i++)
        ret_log_odds[i] = log_odds[i];
    return OK;
}

code boosted_contributions(struct scope *scope, struct boosted *boosted, const double *values,
                           size_t count, int threads, double *ret_contributions,
                           double *ret_expected) {
    CLEANUP(matrix_free) DMatrixHandle matrix = NULL;
    const size_t features = boosted->features;
    const float *parts;

    if (count == 0)
        return OK;
    TRY(matrix_make(scope, values, count, features, &matrix));
    TRY(predict(scope, boosted, matrix, PREDICT_CONTRIBUTIONS, threads, &parts));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < features; j++)
            ret_contributions[i * features + j] = parts[i * (features + 1) + j];
    *ret_expected = parts[features];
    return OK;
}
