// SPDX-License-Identifier: Apache-2.0
// The ledger in PostgreSQL.
#pragma once

#include "store/ledger_engine.h"

extern const struct ledger_engine ledger_postgresql;

// The schema that holds the ledger's tables. The role owns it, and nothing else needs to.
#define POSTGRESQL_SCHEMA "tessera"

// A connection that finds its tables by another path than the ledger's, read like the ledger.
code ledger_postgresql_open(struct scope *scope, struct store *store, const char *search_path,
                            struct ledger **ret_ledger);
