// SPDX-License-Identifier: Apache-2.0
// Regressions and forecasts of libtessera.
#include "analyze/churn/logistic_kernel.h"
#include "analyze/forecast/season.h"
#include "analyze/forecast/series_kernel.h"
#include "analyze/library/place.h"
#include "analyze/regression/regression_kernel.h"

#include <math.h>
#include <string.h>

// ---- least squares ----

// The kernel takes columns, each in a piece.
static void read_columns(struct scope *scope, const double *values, size_t count, size_t columns,
                         struct regression *regression) {
    struct regression_column *column = arena_array(&scope->arena, columns, sizeof(*column));
    struct regression_term *terms = arena_array(&scope->arena, columns, sizeof(*terms));

    for (size_t j = 0; j < columns; j++) {
        double *numbers = arena_array(&scope->arena, count, sizeof(*numbers));

        for (size_t i = 0; i < count; i++)
            numbers[i] = values[i * columns + j];
        column[j] = (struct regression_column){.numbers = numbers};
        terms[j] = (struct regression_term){.columns = {j, 0}};
    }
    regression->columns = column;
    regression->terms = terms;
}

static code fit_line(struct tessera *place, const double *values, const double *outcome,
                     size_t count, size_t columns, struct regression_fit *ret_fit) {
    struct scope *scope = place_begin(place);
    struct regression regression = {
        .row_count = count, .outcome = outcome, .column_count = columns, .term_count = columns};

    read_columns(scope, values, count, columns, &regression);
    return regression_fit(scope, &regression, 0.95, place->threads, ret_fit);
}

static void give(double *place, double value) {
    if (place)
        *place = value;
}

static void tell_summary(const struct regression_fit *fit, struct tessera_regression *ret_summary) {
    *ret_summary = (struct tessera_regression){
        .r_squared = fit->r_squared,
        .adjusted_r_squared = fit->adjusted_r_squared,
        .deviation = fit->deviation,
        .f = fit->f,
        .f_p = fit->f_p,
        .log_likelihood = fit->log_likelihood,
        .aic = fit->aic,
        .bic = fit->bic,
        .condition = fit->condition,
        .durbin_watson = fit->durbin_watson,
        .breusch_pagan = fit->breusch_pagan,
        .breusch_pagan_p = fit->breusch_pagan_p,
        .jarque_bera = fit->jarque_bera,
        .jarque_bera_p = fit->jarque_bera_p,
    };
}

// Arrays and numbers only, as R and Python hand them over:
// NOLINTNEXTLINE(readability-function-size)
int tessera_regress(struct tessera *place, const double *values, const double *outcome,
                    size_t count, size_t columns, double *ret_coefficients,
                    double *ret_standard_errors, double *ret_robust_errors, double *ret_p,
                    double *ret_inflation, struct tessera_regression *ret_summary) {
    struct regression_fit fit;
    const code done = fit_line(place, values, outcome, count, columns, &fit);

    if (done != OK)
        return place_end(place, done);
    for (size_t i = 0; i <= columns; i++) {
        const struct regression_coefficient *coefficient = &fit.coefficients[i];

        give(ret_coefficients ? &ret_coefficients[i] : NULL, coefficient->value);
        give(ret_standard_errors ? &ret_standard_errors[i] : NULL, coefficient->standard_error);
        give(ret_robust_errors ? &ret_robust_errors[i] : NULL, coefficient->robust_errors[HC3]);
        give(ret_p ? &ret_p[i] : NULL, coefficient->p);
        give(ret_inflation ? &ret_inflation[i] : NULL, coefficient->inflation);
    }
    if (ret_summary)
        tell_summary(&fit, ret_summary);
    return place_end(place, OK);
}

// ---- logistic ----

static code fit_logistic(struct tessera *place, const struct labelled_rows *rows, double penalty,
                         struct logistic_fit *ret_fit) {
    struct scope *scope = place_begin(place);

    if (!(penalty >= 0) || !isfinite(penalty))
        return scope_fail(scope, INVALID, "a penalty of %g cannot be", penalty);
    if (rows->features > LOGISTIC_FEATURES)
        return scope_fail(scope, TOO_LARGE, "%zu features are past the limit of %d", rows->features,
                          LOGISTIC_FEATURES);
    for (size_t i = 0; i < rows->count * rows->features; i++)
        if (!isfinite(rows->values[i]))
            return scope_fail(scope, INVALID, "feature %zu of row %zu is not finite",
                              i % rows->features + 1, i / rows->features + 1);
    return logistic_fit(scope, rows, penalty, place->threads, ret_fit);
}

int tessera_logistic(struct tessera *place, const double *values, const unsigned char *labels,
                     size_t count, size_t features, double penalty, double *ret_coefficients,
                     double *ret_log_likelihood) {
    const struct labelled_rows rows = {count, features, values, labels};
    struct logistic_fit fit;
    const code done = fit_logistic(place, &rows, penalty, &fit);

    if (done == OK) {
        ret_coefficients[0] = fit.intercept;
        memcpy(ret_coefficients + 1, fit.coefficients, features * sizeof(*ret_coefficients));
        *ret_log_likelihood = fit.log_likelihood;
    }
    return place_end(place, done);
}

// ---- forecasts ----

static code check_series(struct scope *scope, const double *values, size_t count, int season,
                         size_t horizon) {
    if (count == 0)
        return scope_fail(scope, INVALID, "a series without values has no future");
    if (season < 1 || season > SEASON_MOST)
        return scope_fail(scope, INVALID, "a season of %d periods is none of 1 to %d", season,
                          SEASON_MOST);
    if (horizon < 1 || horizon > SERIES_HORIZON_MOST)
        return scope_fail(scope, INVALID, "a horizon of %zu periods is none of 1 to %d", horizon,
                          SERIES_HORIZON_MOST);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return scope_fail(scope, INVALID, "value %zu is not finite", i + 1);
    return OK;
}

int tessera_forecast(struct tessera *place, const double *values, size_t count, int season,
                     size_t horizon, uint64_t seed, double *ret_mean, double *ret_low,
                     double *ret_high, char ret_model[TESSERA_MODEL_NAME]) {
    const struct series_question question = {
        .values = values, .count = count, .season = season, .horizon = horizon, .seed = seed};
    struct scope *scope = place_begin(place);
    const code done = check_series(scope, values, count, season, horizon);
    struct series_answer *answer;

    if (done != OK)
        return place_end(place, done);
    answer = arena_alloc(&scope->arena, sizeof(*answer));
    series_forecast(
        &question, arena_array(&scope->arena, series_scratch_count(count, horizon), sizeof(double)),
        answer);
    memcpy(ret_mean, answer->fan.mean, horizon * sizeof(*ret_mean));
    memcpy(ret_low, answer->fan.low_95, horizon * sizeof(*ret_low));
    memcpy(ret_high, answer->fan.high_95, horizon * sizeof(*ret_high));
    memcpy(ret_model, answer->model, TESSERA_MODEL_NAME);
    return place_end(place, OK);
}

_Static_assert((int)TESSERA_MODEL_NAME == (int)SERIES_MODEL_SIZE, "names of models fit");
