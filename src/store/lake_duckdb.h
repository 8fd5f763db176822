// SPDX-License-Identifier: Apache-2.0
// What the files that speak DuckDB share: failures, running a statement, and reading its result.
#pragma once

#include "store/lake_engine.h"

#include <duckdb.h>

struct lake_database {
    struct lake lake;
    duckdb_database database;
};

// A statement that runs or whose rows are being read. Parts that are not there yet are NULL.
struct lake_statement {
    duckdb_connection connection; // borrowed
    duckdb_prepared_statement prepared;
    duckdb_pending_result pending;
    duckdb_result result;
    bool has_result;
    int64_t deadline_us; // 0: none
};

// Who wrote the SQL: a failure of the program's is INTERNAL, of a person's INVALID.
enum lake_author { LAKE_AUTHOR_PROGRAM, LAKE_AUTHOR_PERSON };
enum { LAKE_TIMEOUT_S = 300 }; // of a person's query

// A failure from DuckDB's message, whose beginning names its kind ("Binder Error: …").
code lake_fail(struct scope *scope, enum lake_author author, const char *message);

// Prepare, bind, run; the result is fetched chunk by chunk. Checks scope->cancelled while it runs.
// The connection can run nothing else until lake_statement_clear.
code lake_statement_run(struct scope *scope, struct lake_statement *statement,
                        enum lake_author author, const char *sql, struct binds binds);
// The same for a statement that is prepared and bound.
code lake_statement_start(struct scope *scope, struct lake_statement *statement,
                          enum lake_author author);
// The next chunk, NULL at the end or on failure (in the scope, and in *ret_result).
duckdb_data_chunk lake_statement_fetch(struct scope *scope, struct lake_statement *statement,
                                       enum lake_author author, code *ret_result);
void lake_statement_clear(struct lake_statement *statement);

// Run a statement whose rows nobody wants.
code lake_run(struct scope *scope, duckdb_connection connection, const char *sql,
              struct binds binds);

// The method that stands in a file of its own.
code lake_duckdb_query_untrusted(struct scope *scope, struct text sql, struct rows **ret_rows);

// Rows of a statement that has run; takes it over. `release` is called with `owner` when they are
// closed.
code lake_rows_new(struct scope *scope, struct lake_statement *statement, enum lake_author author,
                   void (*release)(void *owner), void *owner, struct rows **ret_rows);
// True when rows can carry the type.
bool lake_type_is_plain(duckdb_type type);

// A connection of the scope's session that nobody uses, and giving it back.
struct lake_connection;
struct lake_connection *lake_connection_take(struct scope *scope); // NULL on failure
void lake_connection_release(void *owner);
// Until the connection is given back.
code lake_connection_begin_read_only(struct scope *scope, struct lake_connection *connection);
// Run a query on it; the connection is given back with the rows, or when this fails.
code lake_connection_query(struct scope *scope, struct lake_connection *connection,
                           enum lake_author author, const char *sql, struct binds binds,
                           struct rows **ret_rows);
duckdb_connection lake_connection_handle(const struct lake_connection *connection);
