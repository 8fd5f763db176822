// SPDX-License-Identifier: Apache-2.0
// The inner loops of kernels over many points, eight numbers side by side: with AVX2 where the
// processor has it, and the same digits without. Eight sums stand beside each other and are added
// up in their order, so nothing depends on how many a processor does at once.
#pragma once

#include <stddef.h>

enum { LANES = 8, LANES_BLOCK = 64 };

// `count` rounded up to whole lanes.
size_t lanes_padded(size_t count);

// Squared distances of one point (dimensions) to `count` others, a multiple of LANES, given by
// column: others[j * count + i] is coordinate j of other i.
void lanes_distances(const double *point, const double *others, size_t dimensions, size_t count,
                     double *ret_squares);

// Of a block of points by column (dimensions × LANES_BLOCK): Σᵢ (Σⱼ≤ᵢ factor[i][j] xⱼ)², the
// squared length after a lower triangular map (dimensions × dimensions, by row).
void lanes_squares(const double *block, const double *factor, size_t dimensions,
                   double *ret_squares);

// Adds Σ w, Σ w xᵢ and Σ w xᵢ xⱼ (j ≤ i, by row) over a block to `sums`: 1 + dimensions +
// dimensions (dimensions + 1) / 2 numbers.
void lanes_moments(const double *weights, const double *block, size_t dimensions, double *sums);

// e to the power of each, in place, to about two units in the last place; 0 below −700. Not for
// values above 700. `count` is a multiple of LANES.
void lanes_exp(double *values, size_t count);
