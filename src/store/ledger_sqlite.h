// SPDX-License-Identifier: Apache-2.0
// For what else speaks to SQLite than the ledger's methods: copying a file of its own.
#pragma once

#include "base/scope.h"

struct sqlite3;

// Copies of the ledger on which work is tried begin so.
#define LEDGER_TRIAL_PREFIX "trial-"

// The session's connection; NULL on failure, INVALID when its ledger is another database.
struct sqlite3 *ledger_sqlite_database(struct scope *scope);
// Records what a status of SQLite means.
code ledger_sqlite_fail(struct scope *scope, struct sqlite3 *database, int status);
