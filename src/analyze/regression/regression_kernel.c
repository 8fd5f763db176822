// SPDX-License-Identifier: Apache-2.0
// The first pass: all rows become one triangle, from which coefficients and classical statistics
// follow.
#include "analyze/regression/regression_kernel.h"

#include "analyze/kernel/distribution.h"
#include "analyze/kernel/parallel.h"
#include "analyze/regression/regression_design.h"

#include <math.h>
#include <string.h>

// ---- rows into a triangle ----

struct folding {
    struct scope *scope;
    const struct regression *regression;
    const struct regression_coefficient *columns;
    size_t width;             // columns and, last, the outcome
    struct matrix *triangles; // of each piece
    struct failure *failures; // of each piece
};

// The rows of `triangle` (width × width, zeros where there is nothing yet) come on top of the
// block's.
static code fold_block(struct scope *scope, const struct folding *folding, size_t first,
                       size_t count, struct matrix *triangle) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const size_t width = folding->width;
    struct matrix stacked = matrix_new(scope, width + count, width), folded;

    for (size_t j = 0; j < width; j++) {
        memcpy(matrix_column(&stacked, j), matrix_column(triangle, j), width * sizeof(double));
        if (j + 1 < width)
            regression_fill(folding->regression, &folding->columns[j], first, count,
                            matrix_at(&stacked, width, j));
        else
            regression_fill_outcome(folding->regression, first, count,
                                    matrix_at(&stacked, width, j));
    }
    TRY(matrix_triangle(scope, &stacked, &folded));
    memcpy(triangle->values, folded.values, width * width * sizeof(double));
    arena_rewind(&scope->arena, mark);
    return scope_check(scope);
}

static void fold_piece(void *data, size_t index, int thread) {
    struct folding *folding = data;
    const struct regression_piece piece =
        regression_piece_at(folding->regression->row_count, index);
    struct scope scope;

    (void)thread;
    scope_init(&scope);
    scope.cancelled = folding->scope->cancelled;
    scope.deadline_us = folding->scope->deadline_us;
    for (size_t first = piece.first; first < piece.last; first += REGRESSION_BLOCK) {
        const size_t left = piece.last - first;

        if (fold_block(&scope, folding, first, left < REGRESSION_BLOCK ? left : REGRESSION_BLOCK,
                       &folding->triangles[index]) != OK)
            break;
    }
    folding->failures[index] = scope.failure;
    scope_clear(&scope);
}

// Puts the triangles of pieces under each other, in their order.
static code join(struct scope *scope, const struct folding *folding, size_t count,
                 struct matrix *ret_triangle) {
    const size_t width = folding->width;
    struct matrix stacked = matrix_new(scope, count * width, width);

    for (size_t piece = 0; piece < count; piece++) {
        const struct failure *failure = &folding->failures[piece];

        if (failure->code != OK)
            return scope_fail(scope, failure->code, "%s", failure->message);
        for (size_t j = 0; j < width; j++)
            memcpy(matrix_at(&stacked, piece * width, j),
                   matrix_column(&folding->triangles[piece], j), width * sizeof(double));
    }
    return matrix_triangle(scope, &stacked, ret_triangle);
}

static code fold(struct scope *scope, const struct regression *regression,
                 const struct regression_coefficient *columns, size_t column_count, int threads,
                 struct matrix *ret_triangle) {
    const size_t count = regression_piece_count(regression->row_count);
    struct folding folding = {
        .scope = scope,
        .regression = regression,
        .columns = columns,
        .width = column_count + 1,
        .triangles = arena_array(&scope->arena, count, sizeof(*folding.triangles)),
        .failures = arena_array(&scope->arena, count, sizeof(*folding.failures)),
    };

    for (size_t piece = 0; piece < count; piece++)
        folding.triangles[piece] = matrix_new(scope, folding.width, folding.width);
    parallel_pieces(count, threads, fold_piece, &folding);
    return join(scope, &folding, count, ret_triangle);
}

// ---- columns that depend on others ----

static double length(const double *values, size_t count) {
    double scale = 0, sum = 0;

    for (size_t i = 0; i < count; i++)
        scale = fmax(scale, fabs(values[i]));
    if (scale == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] / scale * (values[i] / scale);
    return scale * sqrt(sum);
}

// Mirrors rows k … of the columns behind `column` so that only its element k remains.
static void reflect(struct matrix *triangle, size_t k, size_t column) {
    double *vector = matrix_at(triangle, k, column);
    const size_t count = triangle->rows - k;
    const double norm = length(vector, count);
    const double first = vector[0];
    const double diagonal = first > 0 ? -norm : norm;
    double square = 0;

    vector[0] -= diagonal;
    for (size_t i = 0; i < count; i++)
        square += vector[i] * vector[i];
    for (size_t j = column + 1; j < triangle->columns && square > 0; j++) {
        double *other = matrix_at(triangle, k, j);
        double product = 0;

        for (size_t i = 0; i < count; i++)
            product += vector[i] * other[i];
        product *= 2 / square;
        for (size_t i = 0; i < count; i++)
            other[i] -= product * vector[i];
    }
    memset(vector, 0, count * sizeof(*vector));
    vector[0] = diagonal;
}

// From the left: a column of which nothing is left beside the kept ones is not kept. Returns the
// rank; the kept columns are a triangle again, in their order.
static size_t reduce(struct matrix *triangle, size_t *kept) {
    const double tolerance = 1e-7;
    double lengths[REGRESSION_DESIGN_COLUMNS] = {0};
    size_t rank = 0;

    for (size_t j = 0; j + 1 < triangle->columns; j++)
        lengths[j] = length(matrix_column(triangle, j), triangle->rows);
    for (size_t j = 0; j + 1 < triangle->columns; j++) {
        if (length(matrix_at(triangle, rank, j), triangle->rows - rank) <= tolerance * lengths[j])
            continue;
        reflect(triangle, rank, j);
        kept[rank++] = j;
    }
    return rank;
}

// ---- what follows from the triangle ----

struct solved {
    const struct matrix *reduced; // all columns, and the outcome
    struct matrix triangle, inverse;
    const size_t *kept;
    size_t rank;
    double *values; // coefficients
    double residual_squares, total_squares;
};

static code solve(struct scope *scope, struct solved *solved) {
    const double *outcome = matrix_column(solved->reduced, solved->reduced->columns - 1);

    solved->triangle = matrix_new(scope, solved->rank, solved->rank);
    for (size_t j = 0; j < solved->rank; j++)
        memcpy(matrix_column(&solved->triangle, j), matrix_column(solved->reduced, solved->kept[j]),
               (j + 1) * sizeof(double));
    TRY(matrix_triangle_inverse(scope, &solved->triangle, &solved->inverse));
    solved->values = arena_array(&scope->arena, solved->rank, sizeof(double));
    for (size_t i = solved->rank; i-- > 0;) {
        double value = outcome[i];

        for (size_t j = i + 1; j < solved->rank; j++)
            value -= *matrix_at(&solved->triangle, i, j) * solved->values[j];
        solved->values[i] = value / *matrix_at(&solved->triangle, i, i);
    }
    for (size_t i = 1; i < solved->reduced->rows; i++) // the intercept took the first row
        solved->total_squares += outcome[i] * outcome[i];
    for (size_t i = solved->rank; i < solved->reduced->rows; i++)
        solved->residual_squares += outcome[i] * outcome[i];
    return OK;
}

static void describe_quality(const struct regression *regression, const struct solved *solved,
                             struct regression_fit *fit) {
    const double rows = (double)fit->row_count;
    const double explained = (double)(solved->rank - 1);
    double log_weights = 0;

    fit->deviation = sqrt(solved->residual_squares / fit->freedom);
    fit->r_squared = 1 - solved->residual_squares / solved->total_squares;
    fit->adjusted_r_squared = 1 - (1 - fit->r_squared) * (rows - 1) / fit->freedom;
    fit->f = (solved->total_squares - solved->residual_squares) / explained /
             (fit->deviation * fit->deviation);
    fit->f_p = f_upper(fit->f, explained, fit->freedom);
    for (size_t i = 0; regression->weights && i < fit->row_count; i++)
        log_weights += log(regression->weights[i]);
    fit->log_likelihood =
        0.5 * (log_weights - rows * (log(2 * M_PI) + 1 + log(solved->residual_squares / rows)));
    fit->aic = 2 * ((double)solved->rank + 1) - 2 * fit->log_likelihood;
    fit->bic = log(rows) * ((double)solved->rank + 1) - 2 * fit->log_likelihood;
}

static code describe_condition(struct scope *scope, const struct solved *solved,
                               struct regression_fit *fit) {
    struct matrix scaled = matrix_copy(scope, &solved->triangle);
    struct matrix_svd svd;

    TRY(matrix_svd(scope, &solved->triangle, &svd));
    fit->condition = svd.values[0] / svd.values[solved->rank - 1];
    for (size_t j = 0; j < solved->rank; j++) {
        const double norm = length(matrix_column(&scaled, j), solved->rank);

        for (size_t i = 0; i <= j; i++)
            *matrix_at(&scaled, i, j) /= norm;
    }
    TRY(matrix_svd(scope, &scaled, &svd));
    fit->scaled_condition = svd.values[0] / svd.values[solved->rank - 1];
    return OK;
}

static double row_square(const struct matrix *inverse, size_t i) {
    double sum = 0;

    for (size_t j = i; j < inverse->columns; j++)
        sum += *matrix_at(inverse, i, j) * *matrix_at(inverse, i, j);
    return sum;
}

// Of the column's part at right angles to the intercept.
static double centred_square(const struct solved *solved, size_t j) {
    double sum = 0;

    for (size_t i = 1; i <= j; i++)
        sum += *matrix_at(&solved->triangle, i, j) * *matrix_at(&solved->triangle, i, j);
    return sum;
}

static void describe_coefficients(const struct solved *solved, double quantile,
                                  struct regression_fit *fit) {
    for (size_t j = 0; j < fit->column_count; j++) {
        struct regression_coefficient *coefficient = &fit->coefficients[j];

        *coefficient = (struct regression_coefficient){
            .term = coefficient->term,
            .levels = {coefficient->levels[0], coefficient->levels[1]},
            .is_dropped = true,
            .value = NAN,
            .standard_error = NAN,
            .t = NAN,
            .p = NAN,
            .low = NAN,
            .high = NAN,
            .robust_errors = {NAN, NAN, NAN, NAN},
            .robust_t = NAN,
            .robust_p = NAN,
            .robust_low = NAN,
            .robust_high = NAN,
            .inflation = NAN,
            .deviation = NAN,
            .mean = NAN,
        };
    }
    for (size_t k = 0; k < solved->rank; k++) {
        struct regression_coefficient *coefficient = &fit->coefficients[solved->kept[k]];
        const double square = row_square(&solved->inverse, k);

        coefficient->is_dropped = false;
        coefficient->value = solved->values[k];
        coefficient->standard_error = fit->deviation * sqrt(square);
        coefficient->t = coefficient->value / coefficient->standard_error;
        coefficient->p = student_t_both_tails(coefficient->t, fit->freedom);
        coefficient->low = coefficient->value - quantile * coefficient->standard_error;
        coefficient->high = coefficient->value + quantile * coefficient->standard_error;
        coefficient->mean =
            *matrix_at(&solved->triangle, 0, k) / *matrix_at(&solved->triangle, 0, 0);
        coefficient->deviation =
            sqrt(centred_square(solved, k) / fmax(1, (double)fit->row_count - 1));
        if (k > 0)
            coefficient->inflation = square * centred_square(solved, k);
    }
}

static double log_determinant(struct scope *scope, const struct matrix *matrix) {
    struct matrix lower;
    double sum = 0;

    if (matrix_cholesky(scope, matrix, &lower) != OK) {
        scope_forgive(scope);
        return NAN;
    }
    for (size_t i = 0; i < lower.rows; i++)
        sum += 2 * log(*matrix_at(&lower, i, i));
    return sum;
}

// Wald's test of some coefficients, and how much wider the others make their joint region.
static code test_term(struct scope *scope, const struct solved *solved, size_t first, size_t count,
                      const struct regression_fit *fit, struct regression_term_test *test) {
    struct matrix rows = matrix_new(scope, solved->rank, count), covariance, squares, lower,
                  solution;
    struct matrix columns = matrix_new(scope, solved->rank, count);
    struct matrix values = matrix_new(scope, count, 1);
    double square = 0;

    for (size_t k = 0; k < count; k++) {
        values.values[k] = solved->values[first + k];
        for (size_t i = 0; i < solved->rank; i++) {
            *matrix_at(&rows, i, k) = *matrix_at(&solved->inverse, first + k, i);
            *matrix_at(&columns, i, k) = i > 0 ? *matrix_at(&solved->triangle, i, first + k) : 0;
        }
    }
    TRY(matrix_multiply_transposed(scope, &rows, &rows, &covariance));
    TRY(matrix_multiply_transposed(scope, &columns, &columns, &squares));
    test->inflation = exp((log_determinant(scope, &covariance) + log_determinant(scope, &squares)) /
                          (2 * (double)count));
    if (matrix_cholesky(scope, &covariance, &lower) != OK) {
        scope_forgive(scope);
        return OK;
    }
    TRY(matrix_cholesky_solve(scope, &lower, &values, &solution));
    for (size_t k = 0; k < count; k++)
        square += values.values[k] * solution.values[k];
    test->f = square / (double)count / (fit->deviation * fit->deviation);
    test->p = f_upper(test->f, (double)count, fit->freedom);
    test->share = square / (square + solved->residual_squares);
    return OK;
}

static code describe_terms(struct scope *scope, const struct solved *solved, size_t term_count,
                           struct regression_fit *fit) {
    size_t first = 1;

    fit->terms = arena_array(&scope->arena, term_count, sizeof(*fit->terms));
    for (size_t k = 0; k < term_count; k++) {
        struct regression_term_test *test = &fit->terms[k];
        size_t count = 0;

        while (first + count < solved->rank &&
               fit->coefficients[solved->kept[first + count]].term == (int)k)
            count++;
        *test = (struct regression_term_test){
            .freedom = count, .f = NAN, .p = NAN, .share = NAN, .inflation = NAN};
        if (count > 0)
            TRY(test_term(scope, solved, first, count, fit, test));
        first += count;
    }
    return OK;
}

static void add_robust(double quantile, struct regression_fit *fit) {
    for (size_t j = 0; j < fit->column_count; j++) {
        struct regression_coefficient *coefficient = &fit->coefficients[j];
        const double error = coefficient->robust_errors[HC3];

        coefficient->robust_t = coefficient->value / error;
        coefficient->robust_p = student_t_both_tails(coefficient->robust_t, fit->freedom);
        coefficient->robust_low = coefficient->value - quantile * error;
        coefficient->robust_high = coefficient->value + quantile * error;
    }
}

static code describe(struct scope *scope, const struct regression *regression,
                     struct solved *solved, double confidence, int threads,
                     struct regression_fit *fit) {
    const double quantile = student_t_quantile((1 + confidence) / 2, fit->freedom);

    TRY(solve(scope, solved));
    describe_quality(regression, solved, fit);
    TRY(describe_condition(scope, solved, fit));
    describe_coefficients(solved, quantile, fit);
    TRY(describe_terms(scope, solved, regression->term_count, fit));
    TRY(regression_examine(scope, regression,
                           &(struct regression_triangle){.rank = solved->rank,
                                                         .kept = solved->kept,
                                                         .inverse = solved->inverse,
                                                         .values = solved->values},
                           threads, fit));
    add_robust(quantile, fit);
    return OK;
}

code regression_fit(struct scope *scope, const struct regression *regression, double confidence,
                    int threads, struct regression_fit *ret_fit) {
    const size_t count = regression_design_columns(regression);
    struct regression_fit fit = {.row_count = regression->row_count, .column_count = count};
    size_t *kept;
    struct matrix triangle;
    struct solved solved = {.reduced = &triangle};

    TRY(regression_check(scope, regression));
    if (!(confidence > 0 && confidence < 1))
        return scope_fail(scope, INVALID, "a confidence of %g is not between 0 and 1", confidence);
    fit.coefficients = arena_array(&scope->arena, count, sizeof(*fit.coefficients));
    regression_list_columns(regression, fit.coefficients);
    TRY(fold(scope, regression, fit.coefficients, count, threads, &triangle));
    kept = arena_array(&scope->arena, count, sizeof(*kept));
    solved.rank = fit.rank = reduce(&triangle, kept);
    solved.kept = kept;
    if (regression->row_count <= fit.rank)
        return scope_fail(scope, INVALID, "%zu rows are too few for %zu coefficients",
                          regression->row_count, fit.rank);
    fit.freedom = (double)(regression->row_count - fit.rank);
    TRY(describe(scope, regression, &solved, confidence, threads, &fit));
    *ret_fit = fit;
    return OK;
}
