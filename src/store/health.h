// SPDX-License-Identifier: Apache-2.0
// What the databases tell about themselves, for people who look after a store.
#pragma once

#include "base/scope.h"

// Reads every page of the ledger and checks that its trees and indexes hold together. *ret_problem
// is what is wrong first, empty when nothing is.
code health_check_ledger(struct scope *scope, struct text *ret_problem);
// The schema's version in the ledger.
code health_schema_version(struct scope *scope, int64_t *ret_version);
// "SQLite 3.40.1", "DuckDB v1.4.4".
code health_ledger_version(struct scope *scope, struct text *ret_version);
code health_lake_version(struct scope *scope, struct text *ret_version);
