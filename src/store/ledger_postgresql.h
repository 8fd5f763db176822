// SPDX-License-Identifier: Apache-2.0
// The ledger in PostgreSQL.
#pragma once

#include "store/ledger_engine.h"

extern const struct ledger_engine ledger_postgresql;

// The schema that holds the ledger's tables. The role owns it, and nothing else needs to.
#define POSTGRESQL_SCHEMA "tessera"

// A connection that finds its tables by another path than the ledger's, read like the ledger. Each
// one that takes the place of a lost one begins with `session_sql` as well; NULL: with nothing.
code ledger_postgresql_open(struct scope *scope, struct store *store, const char *search_path,
                            const char *session_sql, struct ledger **ret_ledger);
