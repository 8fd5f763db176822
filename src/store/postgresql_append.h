// SPDX-License-Identifier: Apache-2.0
// Rows that plain INSERTs of a transaction would add one by one are collected and go into their
// table at once, by COPY. Nobody sees the difference: a statement whose text names a table is run
// after the rows that wait for it. Of one connection, used by its thread.
#pragma once

#include "base/scope.h"
#include "store/postgresql_value.h"

enum { APPENDED_TABLES_MOST = 64 };

// What the text of a statement means here. Zero-initialised: nobody has looked yet.
struct append_use {
    bool is_read;
    bool adds_row;  // INSERT INTO table (columns) VALUES ($n, …), and nothing else
    int table;      // that it adds to
    uint64_t named; // tables in its text, of the first `known_count`
    size_t known_count;
    size_t column_count;
    uint8_t parameters[POSTGRESQL_MOST_PARAMETERS]; // of each column, from 0
};

struct appended_table {
    char *name;
    char *columns; // "(a, b)"
    Oid types[POSTGRESQL_MOST_PARAMETERS];
    bool has_types;
    int in_a_row;       // rows added since another statement named the table
    struct buffer rows; // that wait, as COPY reads them
};

// Zero-initialised is empty.
struct appender {
    struct appended_table tables[APPENDED_TABLES_MOST];
    size_t table_count;
    uint64_t waiting; // tables with rows that wait
};

void appender_clear(struct appender *appender);
// At the beginning of a transaction and when it is taken back: nothing waits.
void appender_forget(struct appender *appender);

// Is the statement's row to wait? The first ones in a row are run as any statement is.
bool appender_wants(struct appender *appender, struct append_use *use, const char *sql);
// Whether adding the row needs the connection, with nothing else on its way in it.
bool appender_needs_connection(const struct appender *appender, const struct append_use *use);
// Takes the row over. *ret_taken is false when it has to be run: COPY could not read a value.
code appender_add(struct scope *scope, struct appender *appender, PGconn *connection,
                  const struct append_use *use, struct binds binds, bool *ret_taken);

// The tables with rows that have to go in before the statement is run.
uint64_t appender_concerned(struct appender *appender, struct append_use *use, const char *sql);
// Rows of these tables go in. Nothing else is on its way in the connection; what of them the
// database refuses is told now.
code appender_flush(struct scope *scope, struct appender *appender, PGconn *connection,
                    uint64_t tables);
