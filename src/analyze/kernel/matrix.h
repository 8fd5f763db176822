// SPDX-License-Identifier: Apache-2.0
// Dense matrices of doubles and what analyses ask of them: QR with column pivoting, Cholesky, LU,
// eigenvalues of symmetric matrices, singular values. Over LAPACK, which runs here on one thread:
// the same input gives the same digits on a machine, however many cores it has. Work is spread over
// cores by parallel.h, above these calls; they may run on several threads at once.
//
// Matrices stand by column: element (i, j) is values[j · rows + i]. Every call refuses NaN and
// infinities with INVALID, checks that sizes fit, and leaves its inputs as they were unless it says
// otherwise. Results live in the scope's arena. Cost is O(rows · columns · min(rows, columns)).
#pragma once

#include "base/scope.h"

struct matrix {
    size_t rows, columns;
    double *values;
};

struct matrix matrix_new(struct scope *scope, size_t rows, size_t columns); // of zeros
struct matrix matrix_copy(struct scope *scope, const struct matrix *matrix);
struct matrix matrix_identity(struct scope *scope, size_t rows);
static inline double *matrix_column(const struct matrix *matrix, size_t j) {
    return matrix->values + j * matrix->rows;
}
static inline double *matrix_at(const struct matrix *matrix, size_t i, size_t j) {
    return matrix->values + j * matrix->rows + i;
}
// INVALID, with the place of the first one, when a value is NaN or infinite.
code matrix_check_finite(struct scope *scope, const struct matrix *matrix);

// A B and AᵀB; a vector is a matrix of one column.
code matrix_multiply(struct scope *scope, const struct matrix *a, const struct matrix *b,
                     struct matrix *ret_product);
code matrix_multiply_transposed(struct scope *scope, const struct matrix *a, const struct matrix *b,
                                struct matrix *ret_product);

// ---- QR with column pivoting: A P = Q R, with the largest columns first (LAPACK's dgeqp3) ----

struct matrix_qr {
    struct matrix factor; // R above and on the diagonal, the reflections below it
    double *reflections;  // their factors, min(rows, columns) of them
    size_t *pivots;       // column k of A P is column pivots[k] of A
    // Diagonal elements of R above `tolerance` times the first; columns beyond depend on the
    // others.
    size_t rank;
};
// A tolerance of 0 stands for max(rows, columns) · 2⁻⁵².
code matrix_qr(struct scope *scope, const struct matrix *matrix, double tolerance,
               struct matrix_qr *ret_qr);
// x that minimises ‖A x − b‖ for each column b of `right` (as many rows as A); 0 for the columns of
// A beyond the rank.
code matrix_qr_solve(struct scope *scope, const struct matrix_qr *qr, const struct matrix *right,
                     struct matrix *ret_solution);
// Just R, min(rows, columns) × columns, without pivoting, of a matrix that is overwritten: for
// tall matrices that come in blocks.
code matrix_triangle(struct scope *scope, struct matrix *matrix, struct matrix *ret_triangle);
// T⁻¹ of an upper triangle. INVALID when an element of its diagonal is 0.
code matrix_triangle_inverse(struct scope *scope, const struct matrix *triangle,
                             struct matrix *ret_inverse);

// ---- square systems ----

// L with A = L Lᵀ, zeros above the diagonal, of a symmetric matrix (its lower half is read).
// INVALID when it is not positive definite.
code matrix_cholesky(struct scope *scope, const struct matrix *matrix, struct matrix *ret_lower);
// A⁻¹ b of such an L.
code matrix_cholesky_solve(struct scope *scope, const struct matrix *lower,
                           const struct matrix *right, struct matrix *ret_solution);
// A⁻¹ of such an L, both halves.
code matrix_cholesky_inverse(struct scope *scope, const struct matrix *lower,
                             struct matrix *ret_inverse);
// A x = b by LU with row pivoting. INVALID when A is singular to working precision (its reciprocal
// condition number is below 2⁻⁵²).
code matrix_solve(struct scope *scope, const struct matrix *matrix, const struct matrix *right,
                  struct matrix *ret_solution);

// ---- spectra ----

// Of a symmetric matrix (its lower half is read): eigenvalues, ascending, and in the columns of
// *ret_vectors the eigenvectors of length 1, signed so that their largest element is positive.
code matrix_eigen(struct scope *scope, const struct matrix *matrix, double **ret_values,
                  struct matrix *ret_vectors);
// A = U diag(s) Vᵀ: min(rows, columns) singular values, descending, with U rows × that and V
// columns × that, signed so that the largest element of each column of V is positive.
struct matrix_svd {
    double *values;
    struct matrix left, right;
};
code matrix_svd(struct scope *scope, const struct matrix *matrix, struct matrix_svd *ret_svd);
