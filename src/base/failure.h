// SPDX-License-Identifier: Apache-2.0
// A failure as a JSON object, and back: in answers, in the rows of jobs, from one process to
// another.
#pragma once

#include "base/json.h"

// {"code", "message", "detail", "hint", "field"}; what is empty is left out.
void failure_write(struct json_writer *writer, const struct failure *failure);
// Makes it the scope's, and returns its code. An object that is none is INTERNAL.
code failure_read(struct scope *scope, const struct json *object);
