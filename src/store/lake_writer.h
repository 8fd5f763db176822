// SPDX-License-Identifier: Apache-2.0
// The mirror's way into the lake: the only one that writes. One connection, one thread at a time.
#pragma once

#include "base/time.h"
#include "store/rows.h"

struct lake;
struct lake_writer;

code lake_writer_open(struct scope *scope, struct lake *lake, struct lake_writer **ret_writer);
void lake_writer_close(struct lake_writer *writer); // takes NULL

// Statements one after the other; BEGIN, COMMIT and ROLLBACK among them.
code lake_writer_exec(struct scope *scope, struct lake_writer *writer, const char *sql,
                      struct binds binds);
void lake_writer_rollback(struct lake_writer *writer); // nothing happens outside a transaction
// Several statements without values.
code lake_writer_script(struct scope *scope, struct lake_writer *writer, const char *sql);
// A statement whose $1 is a list of integers.
code lake_writer_exec_ids(struct scope *scope, struct lake_writer *writer, const char *sql,
                          const int64_t *ids, size_t count);
code lake_writer_query(struct scope *scope, struct lake_writer *writer, const char *sql,
                       struct binds binds, struct rows **ret_rows);
code lake_writer_query_ids(struct scope *scope, struct lake_writer *writer, const char *sql,
                           const int64_t *ids, size_t count, struct rows **ret_rows);

// Append rows to a table whose columns are the rows', in order: begin, rows once or more, end. A
// DATE column takes days, but `instant_column` takes an instant (µs) whose day in the zone is
// stored.
enum { NO_INSTANT_COLUMN = -1 };
code lake_append_begin(struct scope *scope, struct lake_writer *writer, const char *table,
                       int instant_column, struct zone *zone);
// At most `limit` rows; fewer when the rows end before.
code lake_append_rows(struct scope *scope, struct lake_writer *writer, struct rows *rows,
                      int64_t limit, int64_t *ret_count);
code lake_append_end(struct scope *scope, struct lake_writer *writer);
void lake_append_abandon(struct lake_writer *writer); // after a failure
