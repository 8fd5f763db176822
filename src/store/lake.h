// SPDX-License-Identifier: Apache-2.0
// The lake: what must be fast to count. Columns and names: lake_schema.sql. SQL here is the common
// subset of DuckDB and PostgreSQL. Nobody writes it but the mirror.
#pragma once

#include "store/rows.h"

code lake_query(struct scope *scope, const char *sql, struct binds binds, struct rows **ret_rows);
code lake_int64(struct scope *scope, const char *sql, struct binds binds, int64_t otherwise,
                int64_t *ret_value);

// For questions over all data whose answers are small, asked by many: who asks while another is
// being answered the same, of the same state of the lake, is told the same; an answer of up to a
// quarter of a megabyte is kept until the lake changes. Nothing is known here of who may ask.
code lake_query_shared(struct scope *scope, const char *sql, struct binds binds,
                       struct rows **ret_rows);
code lake_int64_shared(struct scope *scope, const char *sql, struct binds binds, int64_t otherwise,
                       int64_t *ret_value);

// SQL written by a person (tessera sql): one SELECT (or WITH, DESCRIBE, SHOW, EXPLAIN, SUMMARIZE),
// on a connection that cannot write, reach files, load extensions or change settings; INVALID
// otherwise.
code lake_query_untrusted(struct scope *scope, struct text sql, struct rows **ret_rows);

// Brings the lake up to the ledger's state of now. Every reader that reports numbers calls it
// first; it costs one small query when nothing changed.
code lake_refresh(struct scope *scope);
// The ledger change up to which the lake is complete.
code lake_watermark(struct scope *scope, int64_t *ret_change_id);

// Questions that have to fit each other: from here to the end all are answered of one state of the
// lake, brought up to date before, whatever is written meanwhile; *ret_change_id is the ledger
// change up to which that state is complete. Rows are read to their end and closed before the next
// question, and before the end. It holds nobody up, but keeps what is deleted from being reclaimed:
// read, end it, and compute then, where that is possible.
code lake_snapshot_begin(struct scope *scope, int64_t *ret_change_id);
// After work that came to `result`, which is returned. Nothing happens outside of one.
code lake_snapshot_end(struct scope *scope, code result);

// Throw the lake away and build it again from the ledger.
code lake_rebuild(struct scope *scope);
