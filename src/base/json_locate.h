// SPDX-License-Identifier: Apache-2.0
// Finds where a document stops being JSON, because simdjson says what is wrong but not where.
#pragma once

#include "base/text.h"

struct json_position {
    size_t line, column; // from 1; columns are bytes
};

// False when the grammar holds to the end: then a number is out of range or nesting too deep.
bool json_locate(struct text text, struct json_position *ret_position);
