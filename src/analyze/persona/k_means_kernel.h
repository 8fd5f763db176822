// SPDX-License-Identifier: Apache-2.0
// k-means: centres such that the squared distances of points to the nearest one are small. Lloyd's
// algorithm (Lloyd 1982) from centres that are given or drawn by k-means++ (Arthur & Vassilvitskii
// 2007; of several candidates the best, as their section 5 proposes). Pure mathematics.
//
// Distances that cannot matter are not computed: a point keeps an upper bound of the distance to
// its own centre and a lower bound of that to all others, which move as centres move (Hamerly
// 2010). The result is that of the plain algorithm; of equally near centres the first one counts.
//
// A centre that nobody is nearest to moves to the point that is farthest from its own. Where there
// are fewer different points than centres some remain empty. Sums are made in pieces of a fixed
// size: the same digits whatever the number of threads.
//
// O(count · dimensions · k) for an iteration at worst, usually a small part of it; memory 28 bytes
// for each point.
#pragma once

#include "base/scope.h"

enum { K_MEANS_K_MOST = 64, K_MEANS_DIMENSIONS_MOST = 64 };

struct points {
    const double *values; // count × dimensions, by row
    size_t count, dimensions;
};
// INVALID when there is no point or dimension, when dimensions are too many, or with the place of a
// number that is not finite.
code points_check(struct scope *scope, const struct points *points);

struct k_means_options {
    size_t k;              // 1 … K_MEANS_K_MOST
    const double *centres; // k × dimensions to start from; NULL: drawn
    uint64_t seed;         // of what is drawn
    int starts;            // the best of so many; 1 when centres are given
    int iterations_most;   // of each start; 0: 300
    int threads;
};

struct k_means {
    size_t k, dimensions;
    double *centres;  // k × dimensions: the means of the points that are nearest
    uint32_t *labels; // of each point: the nearest centre
    size_t *sizes;    // points of each centre; 0 where there are too few different ones
    double inertia;   // sum of squared distances to the nearest centre
    int iterations;   // assignments of all points, the last of which changed nothing
    bool converged;   // false: iterations came to their limit
};

// The arrays of the result are in the scope's arena. INVALID also when k is none of 1 … points;
// CANCELLED as everywhere.
code k_means_fit(struct scope *scope, const struct points *points,
                 const struct k_means_options *options, struct k_means *ret_fit);

// The nearest of k centres, for points that took no part: labels[count]; with their squared
// distances and those to the second nearest centre (infinite where k is 1), where not NULL.
void k_means_assign(const struct points *points, const double *centres, size_t k, int threads,
                    uint32_t *ret_labels, double *ret_squares, double *ret_second_squares);
