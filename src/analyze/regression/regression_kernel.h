// SPDX-License-Identifier: Apache-2.0
// Linear regression by least squares: coefficients with classical and robust errors, what they are
// worth, and what speaks against trusting them. Pure mathematics: no database, no names.
//
// Rows come as columns of numbers and of codes; the design with its indicators and products exists
// only for a block of rows at a time, and each block is folded into one triangle by reflections
// (Demmel et al. 2012, TSQR): no cross products are formed, so that ill-conditioned data keep their
// digits. A second pass over the rows gives residuals and their influence. Both run on all cores,
// with the same digits whatever the number of threads. Time is O(rows · columns²), memory beside
// the input O(columns²).
#pragma once

#include "analyze/kernel/matrix.h"

enum {
    REGRESSION_DESIGN_COLUMNS = 400, // at most, the intercept included
    REGRESSION_INFLUENTIAL = 20,     // rows that are named
    REGRESSION_SAMPLE = 600,         // rows that are shown
    REGRESSION_NUMBER = -1,          // in the place of a level
    REGRESSION_INTERCEPT = -1,       // in the place of a term
};

// What a row knows: a number, or one of some levels.
struct regression_column {
    const double *numbers; // NULL for levels
    const uint16_t *codes; // 0 … level_count − 1
    uint16_t level_count;  // of codes
    uint16_t reference;    // the level that the others are compared with: it has no indicator
};

// A column, or the product of two.
struct regression_term {
    size_t columns[2];
    bool is_interaction; // of both; otherwise the first stands alone
};

struct regression {
    size_t row_count;      // in the order that Durbin and Watson's statistic goes by
    const double *outcome; // finite
    const double *weights; // inverse variances up to a factor, > 0; NULL: all alike
    const struct regression_column *columns;
    size_t column_count;
    const struct regression_term *terms; // besides the intercept, which always comes first
    size_t term_count;
};

// Heteroscedasticity-consistent errors: MacKinnon & White 1985.
enum regression_robust { HC0, HC1, HC2, HC3, REGRESSION_ROBUST };

struct regression_coefficient {
    int term;      // REGRESSION_INTERCEPT
    int levels[2]; // of the term's columns; REGRESSION_NUMBER
    // It depends on the columns before it: it was left out, and all that follows is NaN.
    bool is_dropped;
    double value, standard_error, t, p, low, high;
    // HC2 and HC3 are NaN where the value hangs on rows that are fitted exactly (leverage 1): how
    // far such a row strays is not known.
    double robust_errors[REGRESSION_ROBUST];
    double robust_t, robust_p, robust_low, robust_high; // by HC3
    double inflation;                                   // VIF; NaN of the intercept
    double deviation;                                   // standard deviation of the column
    double mean;
};

// All coefficients of a term together.
struct regression_term_test {
    size_t freedom;   // coefficients that were kept
    double f, p;      // that all of them are 0
    double share;     // partial R²
    double inflation; // generalised VIF ^ (1 / (2 freedom)): Fox & Monette 1992
};

struct regression_row {
    size_t row;
    double fitted, residual, leverage;
    double studentised; // by the deviation without this row; NaN where the row has its own column
    double cook;
};

struct regression_fit {
    size_t row_count, column_count, rank;
    double freedom;                              // row_count − rank
    struct regression_coefficient *coefficients; // column_count, the intercept first
    struct regression_term_test *terms;          // term_count

    double deviation; // of residuals: σ
    double r_squared, adjusted_r_squared;
    double f, f_p; // that all but the intercept is 0
    double log_likelihood, aic, bic;
    double condition, scaled_condition; // of the design; of its columns at length 1 (Belsley)
    double durbin_watson;
    double breusch_pagan, breusch_pagan_p; // Koenker's studentised form
    double jarque_bera, jarque_bera_p, skewness, kurtosis;

    double highest_leverage, highest_cook;
    int64_t outlying_count;    // |studentised| > 3
    int64_t leverage_count;    // leverage > 3 rank / rows
    int64_t influential_count; // Cook's distance > 4 / rows
    int64_t saturated_count;   // leverage 1: left out of HC2 and HC3
    size_t influential_size;   // by Cook's distance, the highest first
    struct regression_row influential[REGRESSION_INFLUENTIAL];
    size_t sample_size; // every so many rows, in their order
    struct regression_row sample[REGRESSION_SAMPLE];
};

// The columns that the design will have, the intercept included.
size_t regression_design_columns(const struct regression *regression);

// INVALID for values that are not finite, codes out of range, weights that are not positive, an
// outcome that is the same in all rows, fewer rows than coefficients plus one; TOO_LARGE beyond
// REGRESSION_DESIGN_COLUMNS; CANCELLED as everywhere. A column counts as dependent when less than
// 1e-7 of its length is left beside those before it, as in R. `confidence` within 0 … 1.
code regression_fit(struct scope *scope, const struct regression *regression, double confidence,
                    int threads, struct regression_fit *ret_fit);
