// SPDX-License-Identifier: Apache-2.0
#include "analyze/regression/regression_design.h"

#include <math.h>
#include <string.h>

size_t regression_piece_count(size_t row_count) {
    const size_t most = (size_t)4 * REGRESSION_BLOCK;
    const size_t count = (row_count + most - 1) / most;

    return count < REGRESSION_PIECES ? count : REGRESSION_PIECES;
}

struct regression_piece regression_piece_at(size_t row_count, size_t piece) {
    const size_t count = regression_piece_count(row_count);

    return (struct regression_piece){.first = row_count * piece / count,
                                     .last = row_count * (piece + 1) / count};
}

// ---- checks ----

static code check_numbers(struct scope *scope, const double *numbers, size_t count,
                          const char *what) {
    for (size_t i = 0; i < count; i++)
        if (!isfinite(numbers[i]))
            return scope_fail(scope, INVALID, "%s of row %zu is %g, not a finite number", what,
                              i + 1, numbers[i]);
    return OK;
}

static code check_column(struct scope *scope, const struct regression_column *column,
                         size_t count) {
    if (column->numbers)
        return check_numbers(scope, column->numbers, count, "a driver");
    for (size_t i = 0; i < count; i++)
        if (column->codes[i] >= column->level_count)
            return scope_fail(scope, INVALID, "level %d of row %zu is none of %d", column->codes[i],
                              i + 1, column->level_count);
    return OK;
}

static code check_outcome(struct scope *scope, const struct regression *regression) {
    size_t i = 1;

    TRY(check_numbers(scope, regression->outcome, regression->row_count, "the outcome"));
    while (i < regression->row_count && regression->outcome[i] == regression->outcome[0])
        i++;
    if (i >= regression->row_count)
        return scope_fail(scope, INVALID, "the outcome is %g in all %zu rows: nothing to explain",
                          regression->row_count > 0 ? regression->outcome[0] : 0.0,
                          regression->row_count);
    return OK;
}

code regression_check(struct scope *scope, const struct regression *regression) {
    if (regression_design_columns(regression) > REGRESSION_DESIGN_COLUMNS)
        return scope_fail(scope, TOO_LARGE, "%zu coefficients are more than %d",
                          regression_design_columns(regression), REGRESSION_DESIGN_COLUMNS);
    TRY(check_outcome(scope, regression));
    for (size_t j = 0; j < regression->column_count; j++)
        TRY(check_column(scope, &regression->columns[j], regression->row_count));
    for (size_t i = 0; regression->weights && i < regression->row_count; i++)
        if (!(regression->weights[i] > 0 && isfinite(regression->weights[i])))
            return scope_fail(scope, INVALID, "the weight of row %zu is %g, not above 0", i + 1,
                              regression->weights[i]);
    return OK;
}

// ---- columns ----

static size_t width(const struct regression_column *column) {
    if (column->numbers)
        return 1;
    return column->level_count > 0 ? (size_t)column->level_count - 1 : 0;
}

size_t regression_design_columns(const struct regression *regression) {
    size_t count = 1;

    for (size_t k = 0; k < regression->term_count; k++) {
        const struct regression_term *term = &regression->terms[k];

        count += width(&regression->columns[term->columns[0]]) *
                 (term->is_interaction ? width(&regression->columns[term->columns[1]]) : 1);
    }
    return count;
}

// The level that the i-th indicator stands for: the reference has none.
static int level_at(const struct regression_column *column, size_t i) {
    if (column->numbers)
        return REGRESSION_NUMBER;
    return (int)(i < column->reference ? i : i + 1);
}

void regression_list_columns(const struct regression *regression,
                             struct regression_coefficient *coefficients) {
    size_t count = 0;

    coefficients[count++] = (struct regression_coefficient){
        .term = REGRESSION_INTERCEPT, .levels = {REGRESSION_NUMBER, REGRESSION_NUMBER}};
    for (size_t k = 0; k < regression->term_count; k++) {
        const struct regression_term *term = &regression->terms[k];
        const struct regression_column *first = &regression->columns[term->columns[0]];
        const struct regression_column *second = &regression->columns[term->columns[1]];
        const size_t second_width = term->is_interaction ? width(second) : 1;

        for (size_t i = 0; i < width(first); i++)
            for (size_t j = 0; j < second_width; j++)
                coefficients[count++] = (struct regression_coefficient){
                    .term = (int)k,
                    .levels = {level_at(first, i),
                               term->is_interaction ? level_at(second, j) : REGRESSION_NUMBER},
                };
    }
}

// ---- rows ----

static void multiply_by(const struct regression_column *column, int level, size_t first,
                        size_t count, double *values) {
    if (column->numbers)
        for (size_t i = 0; i < count; i++)
            values[i] *= column->numbers[first + i];
    else
        for (size_t i = 0; i < count; i++)
            values[i] = column->codes[first + i] == level ? values[i] : 0;
}

static void fill_weights(const struct regression *regression, size_t first, size_t count,
                         double *values) {
    for (size_t i = 0; i < count; i++)
        values[i] = regression->weights ? sqrt(regression->weights[first + i]) : 1;
}

void regression_fill(const struct regression *regression,
                     const struct regression_coefficient *column, size_t first, size_t count,
                     double *values) {
    const struct regression_term *term;

    fill_weights(regression, first, count, values);
    if (column->term == REGRESSION_INTERCEPT)
        return;
    term = &regression->terms[column->term];
    multiply_by(&regression->columns[term->columns[0]], column->levels[0], first, count, values);
    if (term->is_interaction)
        multiply_by(&regression->columns[term->columns[1]], column->levels[1], first, count,
                    values);
}

void regression_fill_outcome(const struct regression *regression, size_t first, size_t count,
                             double *values) {
    fill_weights(regression, first, count, values);
    for (size_t i = 0; i < count; i++)
        values[i] *= regression->outcome[first + i];
}
