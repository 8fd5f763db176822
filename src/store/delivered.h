// SPDX-License-Identifier: Apache-2.0
// Facts that files deliver (events, consents): each stands once, however often it is delivered. It
// is known by the id that its source gives, or else by what it says and the how-manieth time an
// import says it.
#pragma once

#include "base/scope.h"
#include "store/change.h"

// A table of such facts, with columns id, import_id (who brought the row), seen_import (who
// delivered it last), source and a key.
struct delivered_table {
    enum change_table change; // for the mirror
    const char *find;         // $1 source, $2 key: id, seen_import
    const char *seen;         // $1 id, $2 import: it was delivered again
    const char *pass_on; // $1 import: its rows that a later one delivered again become that one's
    const char *unsee;   // $1 import: rows of others that it delivered again are theirs alone
    const char *range;   // $1 import: smallest and largest id of its rows
    const char *remove;  // $1 import: its rows go
};

// What a row says of itself.
struct delivered_row {
    struct text source;
    struct text given_key; // empty: none
    int64_t at_us;
    const struct text *parts; // all that it says, in a fixed order
    size_t part_count;
};

// The row as it is to be inserted: `key` is the given one, or one made of what it says.
struct delivered_insert {
    int64_t id, import_id;
    struct text key;
};

// Unless the row stands already, which then counts as delivered by this import too, `insert` is
// called with `row` and with the next id of the run.
code delivered_add(struct scope *scope, const struct delivered_table *table,
                   const struct delivered_row *delivered, struct change_run *run, int64_t import_id,
                   code (*insert)(struct scope *scope, const struct delivered_insert *as,
                                  const void *row),
                   const void *row, bool *ret_added);

// Take back an import's rows within the open transaction, as if it had never delivered them.
code delivered_undo(struct scope *scope, const struct delivered_table *table, int64_t import_id);
