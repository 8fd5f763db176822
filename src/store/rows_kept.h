// SPDX-License-Identifier: Apache-2.0
// A copy of rows that many can read at once, on threads and in scopes of their own. It gives back
// exactly what the rows gave, whatever database they came from.
#pragma once

#include "store/rows.h"

struct kept; // counted; any thread

// Copies rows until they end, which *ret_is_whole says, or until the copy holds so many bytes.
code rows_keep(struct rows *rows, size_t most_bytes, struct kept **ret_kept, bool *ret_is_whole);
struct kept *kept_hold(struct kept *kept); // one more owner
void kept_release(struct kept *kept);      // takes NULL
size_t kept_bytes(const struct kept *kept);

// The rows of a copy, then those of `rest` (NULL: none). Takes over one ownership of the copy, and
// `rest`.
struct rows *kept_read(struct scope *scope, struct kept *kept, struct rows *rest);
