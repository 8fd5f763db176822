// SPDX-License-Identifier: Apache-2.0
// What the files of this noun share about the moment of an evaluation.
#pragma once

#include "analyze/segment/compile.h"

// Refreshes the lake. The day may be SEGMENT_TODAY.
code segment_moment_open(struct scope *scope, int32_t as_of_day, struct segment_moment *ret_moment);
// Is the lake still in the moment's zone? When it is not, it was built anew meanwhile, and what was
// read of it since the moment was opened is of no use.
code segment_moment_holds(struct scope *scope, const struct segment_moment *moment,
                          bool *ret_holds);
// The zone of the lake's days, without refreshing it.
code segment_lake_zone(struct scope *scope, struct text *ret_name);
void segment_moment_close(struct segment_moment *moment);
