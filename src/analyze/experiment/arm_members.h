// SPDX-License-Identifier: Apache-2.0
// Who is in which arm of a test whose arms are segments.
#pragma once

#include "base/scope.h"

struct arm_member {
    int64_t customer;
    size_t arm; // the segment's place in the list
};

// Members of each of these segments at the end of this day, ascending by customer; who is in
// several of them is left out, and counted. The array lives in the scope's arena. NOT_FOUND for a
// segment that is not there, INVALID for one named twice.
code arm_members_read(struct scope *scope, const struct text *segments, size_t segment_count,
                      int32_t day, struct arm_member **ret_members, size_t *ret_count,
                      int64_t *ret_several);
