// SPDX-License-Identifier: Apache-2.0
// How good a grouping is, and how alike two of them are. Pure mathematics.
#pragma once

#include "analyze/persona/k_means_kernel.h"

enum { SILHOUETTE_LABELINGS = 32 }; // at most

// The mean silhouette (Rousseeuw 1987) of each of several groupings of the same points: 1 well
// apart, 0 no better than the neighbouring group, negative in the wrong one. A point that is alone
// in its group counts as 0; NaN where there are fewer than two groups. Distances are computed once
// for all groupings; O(count² · (dimensions + groupings)).
//
// labels[g][i] < k[g] ≤ K_MEANS_K_MOST.
void silhouettes(struct scope *scope, const struct points *points, const uint32_t *const *labels,
                 const size_t *k, size_t groupings, int threads, double *ret_means);

// The adjusted Rand index (Hubert & Arabie 1985) of two groupings of the same points: 1 the same
// but for names, about 0 by chance. 1 where both say nothing (all in one group, or each alone).
double adjusted_rand_index(const uint32_t *first, size_t first_k, const uint32_t *second,
                           size_t second_k, size_t count);
