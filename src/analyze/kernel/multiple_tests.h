// SPDX-License-Identifier: Apache-2.0
// Many tests at once: p values made good for their number. Pure. NaN (a test that was not made)
// stays NaN and does not count. Time O(n log n).
#pragma once

#include "base/scope.h"

// Benjamini & Hochberg 1995: rejecting what is at most q makes false discoveries the share q of all
// discoveries, on average, where the tests do not work against each other.
void false_discovery_adjust(struct scope *scope, const double *p, size_t count, double *adjusted);
// Holm 1979: rejecting what is at most α makes one false rejection or more with probability α at
// most, whatever the tests have to do with each other.
void holm_adjust(struct scope *scope, const double *p, size_t count, double *adjusted);
