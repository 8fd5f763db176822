// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the known word that a mistyped one is closest to.
#pragma once

#include "base/text.h"

// The candidate with the fewest slips (a letter added, left out, changed, or two neighbours
// swapped), or NULL when none is near: more than a third of the given word would have to change.
// The first of equals wins.
const char *nearest(struct text given, const char *const *candidates, size_t count);
