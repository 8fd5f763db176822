// SPDX-License-Identifier: Apache-2.0
// Keys of rows that come from outside, so that the same row delivered twice stands once: the id
// that the source gives, or, without one, what the row says and the how-manieth time an import says
// it.
#pragma once

#include "base/scope.h"

// The table's statements: find (source, key) → id, seen_import; seen (id, import).
struct content_key_sql {
    const char *find;
    const char *seen;
};

enum { CONTENT_KEY_SIZE = 64 };

// *ret_present: the row is in the table (and is marked as delivered by this import too).
code content_key_given(struct scope *scope, const struct content_key_sql *sql, struct text source,
                       struct text key, int64_t import_id, bool *ret_present);
// The key "#hash-n" from what a row says: the first n whose row this import has not delivered yet.
code content_key_derive(struct scope *scope, const struct content_key_sql *sql, struct text source,
                        int64_t at_us, const struct text *parts, size_t part_count,
                        int64_t import_id, char ret_key[CONTENT_KEY_SIZE], bool *ret_present);
