// SPDX-License-Identifier: Apache-2.0
// The design of a regression: which columns it has, and its rows a block at a time. Parts of the
// kernel; nobody else includes it.
#pragma once

#include "analyze/regression/regression_kernel.h"

enum { REGRESSION_BLOCK = 1024, REGRESSION_PIECES = 64 };

// Rows that are worked on by one thread, always the same ones.
struct regression_piece {
    size_t first, last;
};
size_t regression_piece_count(size_t row_count);
struct regression_piece regression_piece_at(size_t row_count, size_t piece);

code regression_check(struct scope *scope, const struct regression *regression);
// Fills term and levels.
void regression_list_columns(const struct regression *regression,
                             struct regression_coefficient *coefficients);
// One column of rows first … first + count − 1, times the root of their weights.
void regression_fill(const struct regression *regression,
                     const struct regression_coefficient *column, size_t first, size_t count,
                     double *values);
void regression_fill_outcome(const struct regression *regression, size_t first, size_t count,
                             double *values);

// What the second pass knows of the first.
struct regression_triangle {
    size_t rank;
    const size_t *kept;    // the columns, in their order
    struct matrix inverse; // of the triangle of the kept columns
    const double *values;  // their coefficients
};

// Residuals and all that follows from them (regression_residual.c).
code regression_examine(struct scope *scope, const struct regression *regression,
                        const struct regression_triangle *triangle, int threads,
                        struct regression_fit *fit);
