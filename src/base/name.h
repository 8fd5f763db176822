// SPDX-License-Identifier: Apache-2.0
// Names that people give to what they keep: segments, saved queries.
#pragma once

#include "base/scope.h"

// UTF-8 without control characters and without blanks around it, up to LIMIT_NAME_BYTES. INVALID
// or TOO_LARGE of the field "name" otherwise.
code name_check(struct scope *scope, struct text name);
