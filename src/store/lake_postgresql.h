// SPDX-License-Identifier: Apache-2.0
// The lake in PostgreSQL: views of the ledger's tables. It is complete at any time and there is
// nothing to carry.
#pragma once

#include "store/lake_engine.h"

struct ledger;

// Views before PostgreSQL's own catalogue: some functions there are DuckDB's (lake_postgresql.sql).
#define POSTGRESQL_LAKE_PATH "tessera_lake, pg_catalog"
// The role that a person's SQL runs as: it sees the views and nothing of the ledger.
#define POSTGRESQL_READER "tessera_reader"

// Makes the views when they are missing, old, or of another time zone, and gives the store its
// lake. The ledger's tables and settings are there.
code lake_postgresql_start(struct scope *scope, struct store *store);

// The session's connection to the views, opened when it is first needed. NULL on failure.
struct ledger *lake_postgresql_connection(struct scope *scope);

code lake_postgresql_query_untrusted(struct scope *scope, struct text sql, struct rows **ret_rows);

// Rows of the ledger's kind as rows of a lake: each column keeps one type, and a whole number that
// does not fit 64 bits ends the reading. Takes them over, on failure too; `end`, which may be NULL,
// is called with `owner` when they are closed.
code lake_postgresql_rows(struct scope *scope, struct rows *inner, void (*end)(void *owner),
                          void *owner, struct rows **ret_rows);
