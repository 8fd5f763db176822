// SPDX-License-Identifier: Apache-2.0
// LAPACK's own check for NaN costs a pass and lets infinities through: ours stands in its place.
#include "analyze/kernel/matrix.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

// OpenBLAS's own header spells its settings in macros of every platform.
void openblas_set_num_threads(int count);
void cblas_dgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, double alpha,
                 const double *a, int lda, const double *b, int ldb, double beta, double *c,
                 int ldc);
enum { BLAS_COLUMNS = 102, BLAS_AS_IS = 111, BLAS_TRANSPOSED = 112 };

// Before main, while nobody computes: how sums are split among threads would change their digits.
__attribute__((constructor)) static void use_one_thread(void) {
    openblas_set_num_threads(1);
    LAPACKE_set_nancheck(0);
}

struct matrix matrix_new(struct scope *scope, size_t rows, size_t columns) {
    return (struct matrix){
        .rows = rows,
        .columns = columns,
        .values = arena_array(&scope->arena, rows, columns * sizeof(double)),
    };
}

struct matrix matrix_copy(struct scope *scope, const struct matrix *matrix) {
    struct matrix copy = matrix_new(scope, matrix->rows, matrix->columns);

    memcpy(copy.values, matrix->values, matrix->rows * matrix->columns * sizeof(double));
    return copy;
}

struct matrix matrix_identity(struct scope *scope, size_t rows) {
    struct matrix identity = matrix_new(scope, rows, rows);

    for (size_t i = 0; i < rows; i++)
        *matrix_at(&identity, i, i) = 1;
    return identity;
}

code matrix_check_finite(struct scope *scope, const struct matrix *matrix) {
    for (size_t k = 0; k < matrix->rows * matrix->columns; k++)
        if (!isfinite(matrix->values[k]))
            return scope_fail(scope, INVALID, "row %zu of column %zu is %g, not a finite number",
                              k % matrix->rows + 1, k / matrix->rows + 1, matrix->values[k]);
    return OK;
}

// What every call asks of what it is given: LAPACK counts in int.
static code check(struct scope *scope, const struct matrix *matrix) {
    if (matrix->rows == 0 || matrix->columns == 0)
        return scope_fail(scope, INVALID, "a matrix of %zu × %zu holds nothing", matrix->rows,
                          matrix->columns);
    if (matrix->rows > INT32_MAX / matrix->columns)
        return scope_fail(scope, TOO_LARGE, "a matrix of %zu × %zu is too large", matrix->rows,
                          matrix->columns);
    return matrix_check_finite(scope, matrix);
}

static code check_square(struct scope *scope, const struct matrix *matrix) {
    if (matrix->rows != matrix->columns)
        return scope_fail(scope, INVALID, "a matrix of %zu × %zu is not square", matrix->rows,
                          matrix->columns);
    return check(scope, matrix);
}

static code check_right(struct scope *scope, size_t rows, const struct matrix *right) {
    if (right->rows != rows)
        return scope_fail(scope, INVALID, "a right side of %zu rows is not of %zu", right->rows,
                          rows);
    return check(scope, right);
}

static code lapack_failed(struct scope *scope, const char *routine, lapack_int info) {
    return scope_fail(scope, INTERNAL, "lapack's %s ended with %d", routine, (int)info);
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static lapack_int rows_of(const struct matrix *matrix) {
    return (lapack_int)matrix->rows;
}

static lapack_int columns_of(const struct matrix *matrix) {
    return (lapack_int)matrix->columns;
}

// ---- products ----

static code multiply(struct scope *scope, int transpose, const struct matrix *a,
                     const struct matrix *b, struct matrix *ret_product) {
    const size_t rows = transpose == BLAS_AS_IS ? a->rows : a->columns;
    const size_t inner = transpose == BLAS_AS_IS ? a->columns : a->rows;
    struct matrix product;

    TRY(check(scope, a));
    TRY(check(scope, b));
    if (b->rows != inner)
        return scope_fail(scope, INVALID, "%zu columns do not go with %zu rows", inner, b->rows);
    product = matrix_new(scope, rows, b->columns);
    cblas_dgemm(BLAS_COLUMNS, transpose, BLAS_AS_IS, (int)rows, columns_of(b), (int)inner, 1,
                a->values, rows_of(a), b->values, rows_of(b), 0, product.values, (int)rows);
    *ret_product = product;
    return OK;
}

code matrix_multiply(struct scope *scope, const struct matrix *a, const struct matrix *b,
                     struct matrix *ret_product) {
    return multiply(scope, BLAS_AS_IS, a, b, ret_product);
}

code matrix_multiply_transposed(struct scope *scope, const struct matrix *a, const struct matrix *b,
                                struct matrix *ret_product) {
    return multiply(scope, BLAS_TRANSPOSED, a, b, ret_product);
}

// ---- QR ----

code matrix_qr(struct scope *scope, const struct matrix *matrix, double tolerance,
               struct matrix_qr *ret_qr) {
    const size_t steps = least(matrix->rows, matrix->columns);
    const size_t longest = matrix->rows > matrix->columns ? matrix->rows : matrix->columns;
    struct matrix_qr qr = {0};
    lapack_int *pivots, info;

    TRY(check(scope, matrix));
    qr.factor = matrix_copy(scope, matrix);
    qr.reflections = arena_array(&scope->arena, steps, sizeof(double));
    qr.pivots = arena_array(&scope->arena, matrix->columns, sizeof(*qr.pivots));
    pivots = arena_array(&scope->arena, matrix->columns, sizeof(*pivots));
    info = LAPACKE_dgeqp3(LAPACK_COL_MAJOR, rows_of(matrix), columns_of(matrix), qr.factor.values,
                          rows_of(matrix), pivots, qr.reflections);
    if (info != 0)
        return lapack_failed(scope, "dgeqp3", info);
    for (size_t j = 0; j < matrix->columns; j++)
        qr.pivots[j] = (size_t)pivots[j] - 1;
    if (tolerance <= 0)
        tolerance = (double)longest * DBL_EPSILON;
    while (qr.rank < steps && fabs(*matrix_at(&qr.factor, qr.rank, qr.rank)) >
                                  tolerance * fabs(*matrix_at(&qr.factor, 0, 0)))
        qr.rank++;
    *ret_qr = qr;
    return OK;
}

code matrix_qr_solve(struct scope *scope, const struct matrix_qr *qr, const struct matrix *right,
                     struct matrix *ret_solution) {
    const struct matrix *factor = &qr->factor;
    const size_t steps = least(factor->rows, factor->columns);
    struct matrix rotated, solution;
    lapack_int info;

    TRY(check_right(scope, factor->rows, right));
    rotated = matrix_copy(scope, right);
    info = LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'T', rows_of(right), columns_of(right),
                          (lapack_int)steps, factor->values, rows_of(factor), qr->reflections,
                          rotated.values, rows_of(&rotated));
    if (info != 0)
        return lapack_failed(scope, "dormqr", info);
    if (qr->rank > 0)
        LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'U', 'N', 'N', (lapack_int)qr->rank, columns_of(right),
                       factor->values, rows_of(factor), rotated.values, rows_of(&rotated));
    solution = matrix_new(scope, factor->columns, right->columns);
    for (size_t j = 0; j < right->columns; j++)
        for (size_t k = 0; k < qr->rank; k++)
            *matrix_at(&solution, qr->pivots[k], j) = *matrix_at(&rotated, k, j);
    *ret_solution = solution;
    return OK;
}

code matrix_triangle(struct scope *scope, struct matrix *matrix, struct matrix *ret_triangle) {
    const size_t steps = least(matrix->rows, matrix->columns);
    struct matrix triangle;
    double *reflections;
    lapack_int info;

    TRY(check(scope, matrix));
    reflections = arena_array(&scope->arena, steps, sizeof(double));
    info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, rows_of(matrix), columns_of(matrix), matrix->values,
                          rows_of(matrix), reflections);
    if (info != 0)
        return lapack_failed(scope, "dgeqrf", info);
    triangle = matrix_new(scope, steps, matrix->columns);
    for (size_t j = 0; j < matrix->columns; j++)
        memcpy(matrix_column(&triangle, j), matrix_column(matrix, j),
               least(j + 1, steps) * sizeof(double));
    *ret_triangle = triangle;
    return OK;
}

code matrix_triangle_inverse(struct scope *scope, const struct matrix *triangle,
                             struct matrix *ret_inverse) {
    struct matrix inverse;
    lapack_int info;

    TRY(check_square(scope, triangle));
    inverse = matrix_new(scope, triangle->rows, triangle->rows);
    for (size_t j = 0; j < triangle->columns; j++)
        memcpy(matrix_column(&inverse, j), matrix_column(triangle, j), (j + 1) * sizeof(double));
    info = LAPACKE_dtrtri(LAPACK_COL_MAJOR, 'U', 'N', rows_of(triangle), inverse.values,
                          rows_of(triangle));
    if (info > 0)
        return scope_fail(scope, INVALID, "a triangle with 0 at place %d has no inverse",
                          (int)info);
    if (info < 0)
        return lapack_failed(scope, "dtrtri", info);
    *ret_inverse = inverse;
    return OK;
}

// ---- square systems ----

code matrix_cholesky(struct scope *scope, const struct matrix *matrix, struct matrix *ret_lower) {
    struct matrix lower;
    lapack_int info;

    TRY(check_square(scope, matrix));
    lower = matrix_new(scope, matrix->rows, matrix->rows);
    for (size_t j = 0; j < matrix->columns; j++)
        memcpy(matrix_at(&lower, j, j), matrix_at(matrix, j, j),
               (matrix->rows - j) * sizeof(double));
    info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', rows_of(matrix), lower.values, rows_of(matrix));
    if (info > 0)
        return scope_fail(scope, INVALID, "the matrix is not positive definite at row %d",
                          (int)info);
    if (info < 0)
        return lapack_failed(scope, "dpotrf", info);
    *ret_lower = lower;
    return OK;
}

code matrix_cholesky_solve(struct scope *scope, const struct matrix *lower,
                           const struct matrix *right, struct matrix *ret_solution) {
    struct matrix solution;
    lapack_int info;

    TRY(check_square(scope, lower));
    TRY(check_right(scope, lower->rows, right));
    solution = matrix_copy(scope, right);
    info = LAPACKE_dpotrs(LAPACK_COL_MAJOR, 'L', rows_of(lower), columns_of(right), lower->values,
                          rows_of(lower), solution.values, rows_of(right));
    if (info != 0)
        return lapack_failed(scope, "dpotrs", info);
    *ret_solution = solution;
    return OK;
}

code matrix_cholesky_inverse(struct scope *scope, const struct matrix *lower,
                             struct matrix *ret_inverse) {
    struct matrix inverse;
    lapack_int info;

    TRY(check_square(scope, lower));
    inverse = matrix_copy(scope, lower);
    info = LAPACKE_dpotri(LAPACK_COL_MAJOR, 'L', rows_of(lower), inverse.values, rows_of(lower));
    if (info > 0)
        return scope_fail(scope, INVALID, "a factor with 0 at place %d has no inverse", (int)info);
    if (info < 0)
        return lapack_failed(scope, "dpotri", info);
    for (size_t j = 0; j < inverse.columns; j++)
        for (size_t i = 0; i < j; i++)
            *matrix_at(&inverse, i, j) = *matrix_at(&inverse, j, i);
    *ret_inverse = inverse;
    return OK;
}

code matrix_solve(struct scope *scope, const struct matrix *matrix, const struct matrix *right,
                  struct matrix *ret_solution) {
    struct matrix factor, solution;
    double condition = 0, norm;
    lapack_int *pivots, info;

    TRY(check_square(scope, matrix));
    TRY(check_right(scope, matrix->rows, right));
    factor = matrix_copy(scope, matrix);
    solution = matrix_copy(scope, right);
    pivots = arena_array(&scope->arena, matrix->rows, sizeof(*pivots));
    norm = LAPACKE_dlange(LAPACK_COL_MAJOR, '1', rows_of(matrix), columns_of(matrix),
                          matrix->values, rows_of(matrix));
    info = LAPACKE_dgetrf(LAPACK_COL_MAJOR, rows_of(matrix), columns_of(matrix), factor.values,
                          rows_of(matrix), pivots);
    if (info < 0)
        return lapack_failed(scope, "dgetrf", info);
    if (info == 0)
        LAPACKE_dgecon(LAPACK_COL_MAJOR, '1', rows_of(matrix), factor.values, rows_of(matrix), norm,
                       &condition);
    if (!(condition >= DBL_EPSILON))
        return scope_fail(scope, INVALID, "the system of %zu equations has no single solution",
                          matrix->rows);
    LAPACKE_dgetrs(LAPACK_COL_MAJOR, 'N', rows_of(matrix), columns_of(right), factor.values,
                   rows_of(matrix), pivots, solution.values, rows_of(right));
    *ret_solution = solution;
    return OK;
}

// ---- spectra ----

// −1 when the element with the largest magnitude is negative (the first one, among equals).
static double sign_of(const double *column, size_t count) {
    size_t largest = 0;

    for (size_t i = 1; i < count; i++)
        if (fabs(column[i]) > fabs(column[largest]) * (1 + 1e-9))
            largest = i;
    return column[largest] < 0 ? -1 : 1;
}

static void scale(double *column, size_t count, double factor) {
    for (size_t i = 0; i < count; i++)
        column[i] *= factor;
}

code matrix_eigen(struct scope *scope, const struct matrix *matrix, double **ret_values,
                  struct matrix *ret_vectors) {
    struct matrix vectors;
    double *values;
    lapack_int info;

    TRY(check_square(scope, matrix));
    vectors = matrix_copy(scope, matrix);
    values = arena_array(&scope->arena, matrix->rows, sizeof(*values));
    info = LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', rows_of(matrix), vectors.values,
                         rows_of(matrix), values);
    if (info != 0)
        return lapack_failed(scope, "dsyev", info);
    for (size_t j = 0; j < vectors.columns; j++)
        scale(matrix_column(&vectors, j), vectors.rows,
              sign_of(matrix_column(&vectors, j), vectors.rows));
    *ret_values = values;
    *ret_vectors = vectors;
    return OK;
}

code matrix_svd(struct scope *scope, const struct matrix *matrix, struct matrix_svd *ret_svd) {
    const size_t count = least(matrix->rows, matrix->columns);
    struct matrix_svd svd;
    struct matrix work, right_transposed;
    double *rest;
    lapack_int info;

    TRY(check(scope, matrix));
    work = matrix_copy(scope, matrix);
    svd.values = arena_array(&scope->arena, count, sizeof(double));
    svd.left = matrix_new(scope, matrix->rows, count);
    svd.right = matrix_new(scope, matrix->columns, count);
    right_transposed = matrix_new(scope, count, matrix->columns);
    rest = arena_array(&scope->arena, count, sizeof(double));
    info = LAPACKE_dgesvd(LAPACK_COL_MAJOR, 'S', 'S', rows_of(matrix), columns_of(matrix),
                          work.values, rows_of(matrix), svd.values, svd.left.values,
                          rows_of(matrix), right_transposed.values, (lapack_int)count, rest);
    if (info != 0)
        return lapack_failed(scope, "dgesvd", info);
    for (size_t k = 0; k < count; k++) {
        for (size_t j = 0; j < matrix->columns; j++)
            *matrix_at(&svd.right, j, k) = *matrix_at(&right_transposed, k, j);
        const double sign = sign_of(matrix_column(&svd.right, k), matrix->columns);

        scale(matrix_column(&svd.right, k), matrix->columns, sign);
        scale(matrix_column(&svd.left, k), matrix->rows, sign);
    }
    *ret_svd = svd;
    return OK;
}
