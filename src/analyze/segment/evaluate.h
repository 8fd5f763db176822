// SPDX-License-Identifier: Apache-2.0
// What the files of this noun share about the moment of an evaluation.
#pragma once

#include "analyze/segment/compile.h"

// Refreshes the lake. The day may be SEGMENT_TODAY.
code segment_moment_open(struct scope *scope, int32_t as_of_day, struct segment_moment *ret_moment);
void segment_moment_close(struct segment_moment *moment);
