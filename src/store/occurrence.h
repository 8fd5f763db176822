// SPDX-License-Identifier: Apache-2.0
// The how-manieth time: a fact that its source gives no id is known by what it says and by how
// often an import has said it. Of one content an import takes the occurrences 1, 2, 3, … in turn,
// so that those it has taken come before all that are free.
#pragma once

#include "base/scope.h"

// Has this import taken the occurrence?
typedef code (*occurrence_look)(struct scope *scope, void *context, int64_t occurrence,
                                bool *ret_taken);

// The first occurrence that is free. All before `from` (1 or more) are known to be taken. Costs one
// look when `from` is free, otherwise about two for each doubling of the distance.
code occurrence_find_free(struct scope *scope, int64_t from, occurrence_look look, void *context,
                          int64_t *ret_occurrence);
