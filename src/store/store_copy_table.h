// SPDX-License-Identifier: Apache-2.0
// One table of a ledger, for copying: its columns and key, its rows from a place on, and their sum.
#pragma once

#include "store/rows.h"

enum { TABLE_KEYS_MOST = 4 };

struct copied_table {
    const char *name;
    struct text *columns;
    size_t column_count;
    size_t keys[TABLE_KEYS_MOST]; // places of the key's columns
    size_t key_count;             // 0: it has none, and few rows
};

// A place in the order of a table's key: behind the rows up to it. Zero-initialised: the beginning.
struct table_place {
    bool is_behind; // some row
    struct bind values[TABLE_KEYS_MOST];
};

// What the rows of a table come to, in any order.
struct table_sum {
    int64_t row_count;
    uint64_t sum;
};

// Columns and key as the ledger of the scope's session has them; without columns when there is no
// such table.
code copied_table_describe(struct scope *scope, const char *name, struct copied_table *ret_table);
// The last row's place.
code copied_table_end(struct scope *scope, const struct copied_table *table,
                      struct table_place *ret_place);
// All columns of the rows behind a place, in the order of the key.
code copied_table_read(struct scope *scope, const struct copied_table *table,
                       const struct table_place *behind, struct rows **ret_rows);
// Of the rows up to a place; the beginning: of all.
code copied_table_sum(struct scope *scope, const struct copied_table *table,
                      const struct table_place *up_to, struct table_sum *ret_sum);
void table_sum_add(struct table_sum *sum, const struct rows *rows);
