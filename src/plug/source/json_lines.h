// SPDX-License-Identifier: Apache-2.0
// JSON objects as rows: nested objects are flattened to "a.b". Private to this folder.
#pragma once

#include "base/json.h"

#define JSON_LINES_EXTRA "_extra" // the column of members that are no column

// Called for each member that is no object, in order; `path` is valid during the call.
struct json_visitor {
    void (*leaf)(struct json_visitor *visitor, struct text path, const struct json *value);
};

// `path` is scratch memory. An object without members is nothing.
void json_lines_walk(const struct json *object, struct buffer *path, struct json_visitor *visitor);
