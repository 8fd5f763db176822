// SPDX-License-Identifier: Apache-2.0
// The second pass. Rows are seen in the coordinates of the triangle, z = R⁻ᵀ x: they are of length
// √leverage, and what is summed there loses no digits to ill-conditioned columns.
#include "analyze/kernel/distribution.h"
#include "analyze/kernel/parallel.h"
#include "analyze/regression/regression_design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// z zᵀ with weights e², e² / (1 − h), e² / (1 − h)², and of the rows of leverage 1 alone.
enum { MEAT_OWN = 3, MEATS = 4 };

// What one piece finds.
struct findings {
    double powers[5]; // Σ (e / σ)ᵏ
    double *along;    // Σ z (e / σ)²
    struct matrix meat[MEATS];
    double steps;       // Σ of the squares of differences of neighbours' residuals
    double first, last; // residuals
    double highest_leverage;
    int64_t outlying, leverage, influential, saturated;
    size_t influential_size;
    struct regression_row influential_rows[REGRESSION_INFLUENTIAL];
    struct failure failure;
};

struct examination {
    struct scope *scope;
    const struct regression *regression;
    const struct regression_triangle *triangle;
    const struct regression_fit *fit;
    struct findings *findings;
    struct regression_row *sample; // slot k: row k · sample_step
    size_t sample_step;
};

// ---- one block of rows ----

struct block {
    size_t first, count;
    struct matrix rows;    // of the design, kept columns
    struct matrix rotated; // z, one a row
    double *residuals, *fitted, *leverages;
};

static code compute_block(struct scope *scope, const struct examination *examination,
                          struct block *block) {
    const struct regression_triangle *triangle = examination->triangle;

    block->rows = matrix_new(scope, block->count, triangle->rank);
    block->residuals = arena_array(&scope->arena, block->count, sizeof(double));
    block->fitted = arena_array(&scope->arena, block->count, sizeof(double));
    block->leverages = arena_array(&scope->arena, block->count, sizeof(double));
    regression_fill_outcome(examination->regression, block->first, block->count, block->residuals);
    for (size_t k = 0; k < triangle->rank; k++) {
        double *column = matrix_column(&block->rows, k);

        regression_fill(examination->regression, &examination->fit->coefficients[triangle->kept[k]],
                        block->first, block->count, column);
        for (size_t i = 0; i < block->count; i++)
            block->fitted[i] += triangle->values[k] * column[i];
    }
    TRY(matrix_multiply(scope, &block->rows, &triangle->inverse, &block->rotated));
    for (size_t k = 0; k < triangle->rank; k++) {
        const double *column = matrix_column(&block->rotated, k);

        for (size_t i = 0; i < block->count; i++)
            block->leverages[i] += column[i] * column[i];
    }
    for (size_t i = 0; i < block->count; i++) {
        block->residuals[i] -= block->fitted[i];
        block->leverages[i] = fmin(block->leverages[i], 1);
    }
    return OK;
}

static bool is_saturated(double leverage) {
    return leverage > 1 - 1e-10;
}

static struct regression_row describe_row(const struct examination *examination,
                                          const struct block *block, size_t i) {
    const struct regression_fit *fit = examination->fit;
    const double rest = 1 - block->leverages[i];
    const double square = block->residuals[i] * block->residuals[i];
    const double variance = fit->deviation * fit->deviation;
    const double without = (fit->freedom * variance - square / rest) / (fit->freedom - 1);
    const double weight = examination->regression->weights
                              ? sqrt(examination->regression->weights[block->first + i])
                              : 1;
    struct regression_row row = {
        .row = block->first + i,
        .fitted = block->fitted[i] / weight,
        .residual = block->residuals[i] / weight,
        .leverage = block->leverages[i],
        .studentised = NAN,
        .cook = NAN,
    };

    if (is_saturated(row.leverage))
        return row;
    row.studentised =
        fit->freedom > 1 && without > 0 ? block->residuals[i] / sqrt(without * rest) : NAN;
    row.cook = square * row.leverage / (rest * rest * variance * (double)fit->rank);
    return row;
}

// The row with the higher distance, the earlier one among equals, comes first.
static int compare_rows(const void *left, const void *right) {
    const struct regression_row *a = left, *b = right;

    if (a->cook != b->cook)
        return a->cook > b->cook ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static void keep_influential(struct regression_row *rows, size_t *size,
                             const struct regression_row *row) {
    size_t at;

    if (!(row->cook >= 0))
        return;
    if (*size == REGRESSION_INFLUENTIAL && compare_rows(row, &rows[*size - 1]) > 0)
        return;
    if (*size < REGRESSION_INFLUENTIAL)
        (*size)++;
    at = *size - 1;
    for (; at > 0 && compare_rows(row, &rows[at - 1]) < 0; at--)
        rows[at] = rows[at - 1];
    rows[at] = *row;
}

static void judge_rows(const struct examination *examination, const struct block *block,
                       struct findings *findings) {
    const struct regression_fit *fit = examination->fit;
    const double rows = (double)fit->row_count;

    for (size_t i = 0; i < block->count; i++) {
        const struct regression_row row = describe_row(examination, block, i);

        findings->saturated += is_saturated(row.leverage);
        findings->outlying += fabs(row.studentised) > 3;
        findings->leverage += row.leverage > 3 * (double)fit->rank / rows;
        findings->influential += row.cook > 4 / rows;
        findings->highest_leverage = fmax(findings->highest_leverage, row.leverage);
        keep_influential(findings->influential_rows, &findings->influential_size, &row);
        if (row.row % examination->sample_step == 0)
            examination->sample[row.row / examination->sample_step] = row;
    }
}

static void add_residuals(const struct examination *examination, const struct block *block,
                          bool is_first, struct findings *findings) {
    const size_t rank = examination->triangle->rank;
    const double scale = examination->fit->deviation > 0 ? 1 / examination->fit->deviation : 0;

    for (size_t i = 0; i < block->count; i++) {
        const double residual = block->residuals[i];
        const double scaled = residual * scale;

        if (is_first && i == 0)
            findings->first = residual;
        else
            findings->steps += (residual - findings->last) * (residual - findings->last);
        findings->last = residual;
        for (int k = 0; k <= 4; k++)
            findings->powers[k] += pow(scaled, k);
    }
    for (size_t k = 0; k < rank; k++) {
        const double *column = matrix_column(&block->rotated, k);

        for (size_t i = 0; i < block->count; i++)
            findings->along[k] +=
                column[i] * (block->residuals[i] * scale) * (block->residuals[i] * scale);
    }
}

static double meat_factor(const struct block *block, size_t i, int kind) {
    const double rest = 1 - block->leverages[i];

    if (kind == MEAT_OWN)
        return is_saturated(block->leverages[i]) ? 1 : 0;
    if (kind == 0)
        return block->residuals[i];
    if (is_saturated(block->leverages[i]))
        return 0;
    return block->residuals[i] / (kind == 1 ? sqrt(rest) : rest);
}

// The rows of the k-th kind are scaled by |e| / (1 − h)^(k/2) and multiplied with themselves.
static code add_meat(struct scope *scope, const struct block *block, struct findings *findings) {
    const size_t rank = block->rotated.columns;

    for (int kind = 0; kind < MEATS; kind++) {
        struct matrix scaled, product;

        if (kind == MEAT_OWN && findings->saturated == 0)
            break;
        scaled = matrix_copy(scope, &block->rotated);
        for (size_t i = 0; i < block->count; i++) {
            const double factor = meat_factor(block, i, kind);

            for (size_t k = 0; k < rank; k++)
                *matrix_at(&scaled, i, k) *= factor;
        }
        TRY(matrix_multiply_transposed(scope, &scaled, &scaled, &product));
        for (size_t k = 0; k < rank * rank; k++)
            findings->meat[kind].values[k] += product.values[k];
    }
    return OK;
}

static code examine_block(struct scope *scope, const struct examination *examination,
                          struct block *block, bool is_first, struct findings *findings) {
    TRY(compute_block(scope, examination, block));
    judge_rows(examination, block, findings);
    add_residuals(examination, block, is_first, findings);
    TRY(add_meat(scope, block, findings));
    return scope_check(scope);
}

static void examine_piece(void *data, size_t index, int thread) {
    const struct examination *examination = data;
    const struct regression_piece piece =
        regression_piece_at(examination->regression->row_count, index);
    struct findings *findings = &examination->findings[index];
    struct scope scope;

    (void)thread;
    scope_init(&scope);
    scope.cancelled = examination->scope->cancelled;
    scope.deadline_us = examination->scope->deadline_us;
    for (size_t first = piece.first; first < piece.last; first += REGRESSION_BLOCK) {
        const struct arena_mark mark = arena_mark(&scope.arena);
        const size_t left = piece.last - first;
        struct block block = {.first = first,
                              .count = left < REGRESSION_BLOCK ? left : REGRESSION_BLOCK};

        if (examine_block(&scope, examination, &block, first == piece.first, findings) != OK)
            break;
        arena_rewind(&scope.arena, mark);
    }
    findings->failure = scope.failure;
    scope_clear(&scope);
}

// ---- all pieces together ----

static void add_findings(struct findings *sum, const struct findings *piece, size_t rank,
                         bool is_first) {
    for (int k = 0; k <= 4; k++)
        sum->powers[k] += piece->powers[k];
    for (size_t k = 0; k < rank; k++)
        sum->along[k] += piece->along[k];
    for (int kind = 0; kind < MEATS; kind++)
        for (size_t k = 0; k < rank * rank; k++)
            sum->meat[kind].values[k] += piece->meat[kind].values[k];
    if (!is_first)
        sum->steps += (piece->first - sum->last) * (piece->first - sum->last);
    sum->steps += piece->steps;
    sum->last = piece->last;
    sum->highest_leverage = fmax(sum->highest_leverage, piece->highest_leverage);
    sum->outlying += piece->outlying;
    sum->leverage += piece->leverage;
    sum->influential += piece->influential;
    sum->saturated += piece->saturated;
    for (size_t k = 0; k < piece->influential_size; k++)
        keep_influential(sum->influential_rows, &sum->influential_size,
                         &piece->influential_rows[k]);
}

static struct findings findings_new(struct scope *scope, size_t rank) {
    struct findings findings = {.along = arena_array(&scope->arena, rank, sizeof(double))};

    for (int kind = 0; kind < MEATS; kind++)
        findings.meat[kind] = matrix_new(scope, rank, rank);
    return findings;
}

// √ of the k-th diagonal element of R⁻¹ M R⁻ᵀ.
static double robust_error(const struct matrix *inverse, const struct matrix *meat, size_t k) {
    double sum = 0;

    for (size_t i = k; i < inverse->columns; i++)
        for (size_t j = k; j < inverse->columns; j++)
            sum += *matrix_at(inverse, k, i) * *matrix_at(meat, i, j) * *matrix_at(inverse, k, j);
    return sqrt(sum);
}

static double row_length(const struct matrix *inverse, size_t k) {
    double sum = 0;

    for (size_t j = k; j < inverse->columns; j++)
        sum += *matrix_at(inverse, k, j) * *matrix_at(inverse, k, j);
    return sqrt(sum);
}

static void tell_robust(const struct regression_triangle *triangle, const struct findings *sum,
                        struct regression_fit *fit) {
    const double correction = sqrt((double)fit->row_count / fit->freedom);

    for (size_t k = 0; k < triangle->rank; k++) {
        double *errors = fit->coefficients[triangle->kept[k]].robust_errors;

        errors[HC0] = robust_error(&triangle->inverse, &sum->meat[0], k);
        errors[HC1] = errors[HC0] * correction;
        errors[HC2] = robust_error(&triangle->inverse, &sum->meat[1], k);
        errors[HC3] = robust_error(&triangle->inverse, &sum->meat[2], k);
        if (sum->saturated > 0 && robust_error(&triangle->inverse, &sum->meat[MEAT_OWN], k) >
                                      1e-3 * row_length(&triangle->inverse, k))
            errors[HC2] = errors[HC3] = NAN;
    }
}

static void tell_residuals(const struct regression_triangle *triangle, const struct findings *sum,
                           struct regression_fit *fit) {
    const double rows = (double)fit->row_count;
    const double mean = sum->powers[1] / rows;
    const double second = sum->powers[2] / rows - mean * mean;
    const double third =
        sum->powers[3] / rows - 3 * mean * sum->powers[2] / rows + 2 * mean * mean * mean;
    const double fourth = sum->powers[4] / rows - 4 * mean * sum->powers[3] / rows +
                          6 * mean * mean * sum->powers[2] / rows - 3 * mean * mean * mean * mean;
    const double square = sum->powers[2] * sum->powers[2] / rows;
    double along = 0;

    for (size_t k = 0; k < triangle->rank; k++)
        along += sum->along[k] * sum->along[k];
    fit->breusch_pagan = fmax(0, rows * (along - square) / (sum->powers[4] - square));
    fit->breusch_pagan_p = chi_squared_upper(fit->breusch_pagan, (double)triangle->rank - 1);
    fit->skewness = third / pow(second, 1.5);
    fit->kurtosis = fourth / (second * second);
    fit->jarque_bera =
        rows / 6 * (fit->skewness * fit->skewness + (fit->kurtosis - 3) * (fit->kurtosis - 3) / 4);
    fit->jarque_bera_p = chi_squared_upper(fit->jarque_bera, 2);
    fit->durbin_watson = sum->steps / (sum->powers[2] * fit->deviation * fit->deviation);
}

static void tell_rows(const struct findings *sum, struct regression_fit *fit) {
    fit->highest_leverage = sum->highest_leverage;
    fit->highest_cook = sum->influential_size > 0 ? sum->influential_rows[0].cook : NAN;
    fit->outlying_count = sum->outlying;
    fit->leverage_count = sum->leverage;
    fit->influential_count = sum->influential;
    fit->saturated_count = sum->saturated;
    fit->influential_size = sum->influential_size;
    memcpy(fit->influential, sum->influential_rows, sizeof(fit->influential));
}

code regression_examine(struct scope *scope, const struct regression *regression,
                        const struct regression_triangle *triangle, int threads,
                        struct regression_fit *fit) {
    const size_t count = regression_piece_count(regression->row_count);
    struct examination examination = {
        .scope = scope,
        .regression = regression,
        .triangle = triangle,
        .fit = fit,
        .findings = arena_array(&scope->arena, count, sizeof(*examination.findings)),
        .sample = fit->sample,
        .sample_step = (regression->row_count + REGRESSION_SAMPLE - 1) / REGRESSION_SAMPLE,
    };
    struct findings sum = findings_new(scope, triangle->rank);

    for (size_t piece = 0; piece < count; piece++)
        examination.findings[piece] = findings_new(scope, triangle->rank);
    parallel_pieces(count, threads, examine_piece, &examination);
    for (size_t piece = 0; piece < count; piece++) {
        const struct failure *failure = &examination.findings[piece].failure;

        if (failure->code != OK)
            return scope_fail(scope, failure->code, "%s", failure->message);
        add_findings(&sum, &examination.findings[piece], triangle->rank, piece == 0);
    }
    fit->sample_size = (regression->row_count - 1) / examination.sample_step + 1;
    tell_robust(triangle, &sum, fit);
    tell_residuals(triangle, &sum, fit);
    tell_rows(&sum, fit);
    return OK;
}
