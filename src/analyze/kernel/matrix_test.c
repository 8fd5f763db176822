// SPDX-License-Identifier: Apache-2.0
// Against products that are computed by hand here, closed forms (Hilbert's matrix), and each other.
#include "analyze/kernel/matrix.h"

#include "base/test.h"

#include <math.h>
#include <string.h>

// The same numbers every time, in −1 … 1.
static struct matrix some_matrix(struct scope *scope, size_t rows, size_t columns, uint64_t state) {
    struct matrix matrix = matrix_new(scope, rows, columns);

    for (size_t k = 0; k < rows * columns; k++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        matrix.values[k] = (double)(int64_t)(state >> 11) / (1ll << 52) - 1;
    }
    return matrix;
}

static double product_at(const struct matrix *a, const struct matrix *b, size_t i, size_t j) {
    double sum = 0;

    for (size_t k = 0; k < a->columns; k++)
        sum += *matrix_at(a, i, k) * *matrix_at(b, k, j);
    return sum;
}

static void check_equal(const struct matrix *a, const struct matrix *b, double tolerance) {
    CHECK_INT((int64_t)a->rows, (int64_t)b->rows);
    CHECK_INT((int64_t)a->columns, (int64_t)b->columns);
    for (size_t k = 0; k < a->rows * a->columns; k++)
        CHECK(fabs(a->values[k] - b->values[k]) <= tolerance);
}

TEST(a_matrix_product_is_that_of_its_definition) {
    const struct matrix a = some_matrix(scope, 7, 4, 1), b = some_matrix(scope, 4, 5, 2);
    struct matrix product, square;

    CHECK_OK(matrix_multiply(scope, &a, &b, &product));
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 5; j++)
            CHECK_CLOSE(*matrix_at(&product, i, j), product_at(&a, &b, i, j), 1e-14);
    CHECK_OK(matrix_multiply_transposed(scope, &a, &a, &square));
    CHECK(square.rows == 4 && *matrix_at(&square, 1, 2) == *matrix_at(&square, 2, 1));
    CHECK_CODE(matrix_multiply(scope, &a, &a, &product), INVALID);
}

TEST(a_factored_matrix_gives_least_squares) {
    struct matrix a = some_matrix(scope, 50, 6, 3), b = some_matrix(scope, 50, 2, 4);
    struct matrix x, fitted, left;
    struct matrix_qr qr;

    CHECK_OK(matrix_qr(scope, &a, 0, &qr));
    CHECK_INT((int64_t)qr.rank, 6);
    CHECK_OK(matrix_qr_solve(scope, &qr, &b, &x));
    CHECK_OK(matrix_multiply(scope, &a, &x, &fitted));
    for (size_t k = 0; k < b.rows * b.columns; k++)
        b.values[k] -= fitted.values[k];
    CHECK_OK(matrix_multiply_transposed(scope, &a, &b, &left)); // residuals: at right angles to all
    for (size_t k = 0; k < left.rows * left.columns; k++)
        CHECK(fabs(left.values[k]) < 1e-13);
}

TEST(columns_that_depend_on_others_lower_the_rank) {
    struct matrix a = some_matrix(scope, 30, 5, 5), b = some_matrix(scope, 30, 1, 6), x;
    struct matrix_qr qr;
    size_t zeros = 0;

    for (size_t i = 0; i < 30; i++)
        *matrix_at(&a, i, 3) = 2 * *matrix_at(&a, i, 0) - *matrix_at(&a, i, 4);
    CHECK_OK(matrix_qr(scope, &a, 0, &qr));
    CHECK_INT((int64_t)qr.rank, 4);
    CHECK_OK(matrix_qr_solve(scope, &qr, &b, &x));
    for (size_t j = 0; j < 5; j++)
        zeros += x.values[j] == 0;
    CHECK_INT((int64_t)zeros, 1);
    memset(a.values, 0, a.rows * a.columns * sizeof(*a.values));
    CHECK_OK(matrix_qr(scope, &a, 0, &qr));
    CHECK_INT((int64_t)qr.rank, 0);
}

TEST(the_triangle_of_stacked_blocks_is_that_of_the_whole) {
    const struct matrix whole = some_matrix(scope, 40, 4, 7);
    struct matrix copy = matrix_copy(scope, &whole), stacked = matrix_new(scope, 8, 4);
    struct matrix triangle, square, expected, inverse, identity;

    for (size_t half = 0; half < 2; half++) {
        struct matrix block = matrix_new(scope, 20, 4), part;

        for (size_t j = 0; j < 4; j++)
            memcpy(matrix_column(&block, j), matrix_at(&whole, half * 20, j), 20 * sizeof(double));
        CHECK_OK(matrix_triangle(scope, &block, &part));
        for (size_t j = 0; j < 4; j++)
            memcpy(matrix_at(&stacked, half * 4, j), matrix_column(&part, j), 4 * sizeof(double));
    }
    CHECK_OK(matrix_triangle(scope, &stacked, &triangle));
    CHECK_OK(matrix_multiply_transposed(scope, &triangle, &triangle, &square));
    CHECK_OK(matrix_multiply_transposed(scope, &copy, &copy, &expected));
    check_equal(&square, &expected, 1e-13); // RᵀR = AᵀA
    CHECK_OK(matrix_triangle_inverse(scope, &triangle, &inverse));
    CHECK_OK(matrix_multiply(scope, &triangle, &inverse, &square));
    identity = matrix_identity(scope, 4);
    check_equal(&square, &identity, 1e-14);
}

TEST(positive_definite_matrices_have_a_square_root) {
    const struct matrix a = some_matrix(scope, 12, 5, 8), b = some_matrix(scope, 5, 2, 9);
    struct matrix square, lower, x, back, inverse;
    const struct matrix identity = matrix_identity(scope, 5);

    CHECK_OK(matrix_multiply_transposed(scope, &a, &a, &square));
    CHECK_OK(matrix_cholesky(scope, &square, &lower));
    CHECK(*matrix_at(&lower, 0, 4) == 0);
    CHECK_OK(matrix_cholesky_solve(scope, &lower, &b, &x));
    CHECK_OK(matrix_multiply(scope, &square, &x, &back));
    check_equal(&back, &b, 1e-13);
    CHECK_OK(matrix_cholesky_inverse(scope, &lower, &inverse));
    CHECK_OK(matrix_multiply(scope, &square, &inverse, &back));
    check_equal(&back, &identity, 1e-13);
    *matrix_at(&square, 2, 2) = -1;
    CHECK_CODE(matrix_cholesky(scope, &square, &lower), INVALID);
}

// Its inverse is known in whole numbers, and it is as ill-conditioned as matrices come.
TEST(hilberts_matrix_is_solved_until_it_is_singular) {
    struct matrix hilbert = matrix_new(scope, 4, 4), x;
    const struct matrix identity = matrix_identity(scope, 4);
    const double first[] = {16, -120, 240, -140};

    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            *matrix_at(&hilbert, i, j) = 1.0 / (double)(i + j + 1);
    CHECK_OK(matrix_solve(scope, &hilbert, &identity, &x));
    for (size_t i = 0; i < 4; i++)
        CHECK_CLOSE(*matrix_at(&x, i, 0), first[i], 1e-11);
    for (size_t i = 0; i < 4; i++)
        *matrix_at(&hilbert, i, 3) = *matrix_at(&hilbert, i, 1);
    CHECK_CODE(matrix_solve(scope, &hilbert, &identity, &x), INVALID);
}

TEST(spectra_put_the_matrix_together_again) {
    const struct matrix a = some_matrix(scope, 9, 5, 11);
    struct matrix square, vectors, scaled;
    struct matrix_svd svd;
    double *values;

    CHECK_OK(matrix_multiply_transposed(scope, &a, &a, &square));
    CHECK_OK(matrix_eigen(scope, &square, &values, &vectors));
    CHECK_OK(matrix_svd(scope, &a, &svd));
    for (size_t k = 0; k < 5; k++) {
        CHECK(k == 0 || values[k] >= values[k - 1]);
        CHECK_CLOSE(svd.values[4 - k] * svd.values[4 - k], values[k], 1e-12);
        for (size_t i = 0; i < 5; i++) {
            CHECK(fabs(product_at(&square, &vectors, i, k) -
                       values[k] * *matrix_at(&vectors, i, k)) < 1e-13);
            CHECK_CLOSE(*matrix_at(&svd.right, i, 4 - k), *matrix_at(&vectors, i, k), 1e-10);
        }
    }
    scaled = matrix_copy(scope, &svd.left);
    for (size_t k = 0; k < 45; k++)
        scaled.values[k] *= svd.values[k / 9];
    for (size_t i = 0; i < 9; i++)
        for (size_t j = 0; j < 5; j++) {
            double sum = 0;

            for (size_t k = 0; k < 5; k++)
                sum += *matrix_at(&scaled, i, k) * *matrix_at(&svd.right, j, k);
            CHECK(fabs(sum - *matrix_at(&a, i, j)) < 1e-14);
        }
}

TEST(what_is_not_finite_is_refused_with_its_place) {
    struct matrix a = some_matrix(scope, 3, 3, 12);
    struct matrix_qr qr;

    a.values[7] = INFINITY;
    CHECK_CODE(matrix_qr(scope, &a, 0, &qr), INVALID);
    CHECK_STRING(scope->failure.message, "row 2 of column 3 is inf, not a finite number");
    scope_forgive(scope);
    a.values[7] = NAN;
    CHECK_CODE(matrix_qr(scope, &a, 0, &qr), INVALID);
    scope_forgive(scope);
    a.rows = 0;
    CHECK_CODE(matrix_qr(scope, &a, 0, &qr), INVALID);
}
