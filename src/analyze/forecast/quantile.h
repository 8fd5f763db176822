// SPDX-License-Identifier: Apache-2.0
// Quantiles of one column of a table of simulated values, without sorting all of it.
#pragma once

#include <stddef.h>

// Rows of `width`; the column's values change places. ret_quantiles[q × width + column] is the
// smallest value that at least a share probabilities[q] of the rows does not exceed. Probabilities
// ascend, values are finite, there is at least one row. Cost: of the order of the rows.
void quantiles_of_column(double *table, size_t rows, size_t width, size_t column,
                         const double *probabilities, size_t probability_count,
                         double *ret_quantiles);
