// SPDX-License-Identifier: Apache-2.0
// The ledger: what must not be lost. SQL here is the common subset of SQLite and PostgreSQL
// (integers, text, ON CONFLICT, RETURNING, CTEs, window functions, $1 parameters), in named blocks
// of .sql files; statements are prepared once per session and kept by the address of their text.
#pragma once

#include "store/rows.h"

// Run a statement that gives no rows.
code ledger_exec(struct scope *scope, const char *sql, struct binds binds);
// The same, and how many rows it changed.
code ledger_change(struct scope *scope, const char *sql, struct binds binds, int64_t *ret_count);
code ledger_query(struct scope *scope, const char *sql, struct binds binds, struct rows **ret_rows);

// A query for one row: *ret_found is false when there is none; *ret_rows stands on the row.
code ledger_find(struct scope *scope, const char *sql, struct binds binds, struct rows **ret_rows,
                 bool *ret_found);
// One integer from one row; `otherwise` when there is no row or it is NULL.
code ledger_int64(struct scope *scope, const char *sql, struct binds binds, int64_t otherwise,
                  int64_t *ret_value);

// A transaction takes the write lock at once. ledger_commit returns when the data is durable
// (fsync). After a statement that failed in it nothing but taking it back is sure to work:
// PostgreSQL refuses the rest.
code ledger_begin(struct scope *scope);
code ledger_commit(struct scope *scope);
void ledger_rollback(struct scope *scope); // nothing happens outside a transaction
// The end of a transaction whose work came to `result`: commits what was done, or leaves nothing of
// it.
code ledger_end(struct scope *scope, code result);
bool ledger_in_transaction(const struct scope *scope);
// The connection to the database broke. The next unit of work begins on a new one.
bool ledger_is_lost(const struct scope *scope);

// For a session that writes in bulk. SQLite gets more memory for pages: an import works on the
// upper parts of every index at once. To PostgreSQL statements are sent without waiting for each
// answer: one that fails in a transaction says so at a later statement, the commit at the latest.
code ledger_expect_bulk(struct scope *scope);
