// SPDX-License-Identifier: Apache-2.0
// Rows into one table of a ledger, many at once: COPY in PostgreSQL, one prepared statement in
// SQLite. Used by one thread, for one table.
#pragma once

#include "store/store_copy_table.h"

struct copy_writer;

enum copy_writer_mode {
    COPY_ADD,    // to the rows that are there
    COPY_REPLACE // the first piece takes their place
};

code copy_writer_open(struct scope *scope, const struct copied_table *table,
                      enum copy_writer_mode mode, struct copy_writer **ret_writer);
// The current row of `rows`, whose columns are the table's.
code copy_writer_add(struct copy_writer *writer, const struct rows *rows);
// What was added is durable when it returns.
code copy_writer_commit(struct copy_writer *writer);
void copy_writer_close(struct copy_writer *writer); // takes NULL; drops what is not committed
