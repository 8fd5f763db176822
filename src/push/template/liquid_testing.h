// SPDX-License-Identifier: Apache-2.0
// For tests of templates: from a template and the JSON of its values to what is written.
#pragma once

#include "base/test.h"
#include "push/template/liquid.h"

// What is written, or "line L, column C: …" of what is refused, while compiling or rendering.
const char *liquid_shown(struct scope *scope, enum liquid_kind kind, const char *source,
                         const char *values);
