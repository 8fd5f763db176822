// SPDX-License-Identifier: Apache-2.0
// Numbered steps of the ledger's schema, each in a transaction of its own.
#pragma once

#include "base/scope.h"

#include <stddef.h>

struct migration {
    int version; // 1, 2, …
    const char *name;
    const char *sql;
};

// Generated from schema/.
extern const struct migration migrations[];
extern const size_t migration_count;

// Bring the ledger of the scope's session to the newest version. CONFLICT when it is newer already:
// an old program must not touch it.
code migration_run(struct scope *scope);
// The same with steps of one's own, numbered from 1.
code migration_apply(struct scope *scope, const struct migration *steps, size_t step_count);
// CONFLICT unless the ledger is at this program's version. Changes nothing.
code migration_check(struct scope *scope);
