// SPDX-License-Identifier: Apache-2.0
// The tables that the mirror carries, and sets of ids. To add a table: a row in mirror_table.c, its
// blocks in mirror.sql, its columns in lake_schema.sql with a higher LAKE_VERSION, a value in
// store/change.h.
#pragma once

#include "store/change.h"

#include <stddef.h>

struct mirror_table {
    const char *name;         // in the lake
    enum change_table change; // whose ids are its key
    int instant_column;       // an instant whose day is stored; NO_INSTANT_COLUMN
    const char *count;        // ledger: rows of keys $1..$2
    const char *select;       // ledger: rows of keys $1..$2 in the lake's columns
    const char *largest;      // lake: largest key
    const char *delete_range; // lake: keys $1..$2
    const char *delete_keys;  // lake: the keys of a list
};

enum { MIRROR_TABLES_LARGEST = 16 };
extern const struct mirror_table mirror_tables[];
extern const size_t mirror_table_count;

// ---- ranges of ids ----

struct id_range {
    int64_t first, last; // inclusive
};

// Grows in an arena; zero-initialised is empty.
struct id_ranges {
    struct id_range *items;
    size_t count, capacity;
};

void id_ranges_add(struct arena *arena, struct id_ranges *ranges, int64_t first, int64_t last);
// Sorted, without overlap, neighbours joined.
void id_ranges_normalise(struct id_ranges *ranges);
