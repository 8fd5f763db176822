// SPDX-License-Identifier: Apache-2.0
// How many customers are in a segment today, for its tile.
#pragma once

#include "base/scope.h"

// NOT_FOUND, INVALID for one that cannot be evaluated any more.
code sheet_segment_count(struct scope *scope, struct text name, int64_t *ret_count);
