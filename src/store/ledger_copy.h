// SPDX-License-Identifier: Apache-2.0
// The ledger as a whole: copied while it is used, counted, and looked at in a folder that is no
// store yet.
#pragma once

#include "base/scope.h"

// From here on the session sees the ledger of this instant, whatever others write, until
// ledger_rollback.
code ledger_begin_copy(struct scope *scope);
// Copies the ledger of that instant to a new file, SQLite's whatever database it stands in. Reports
// progress, checks for cancelling.
code ledger_copy(struct scope *scope, const char *path);
// The same by reading its rows, for a ledger that is no file. It works in a folder "PATH.making".
code ledger_copy_rows(struct scope *scope, const char *path);

// Pages and trees, or also that every index holds what its table holds.
enum ledger_check { LEDGER_CHECK_PAGES, LEDGER_CHECK_ALL };
// *ret_problem is what is wrong first in a file that nobody uses, empty when nothing is.
code ledger_check_file(struct scope *scope, const char *path, enum ledger_check check,
                       struct text *ret_problem);

struct table_count {
    struct text table;
    int64_t row_count;
};
// How many rows each table has, by name.
code ledger_count_tables(struct scope *scope, struct table_count **ret_counts, size_t *ret_count);

// Calls `look` with a session on the ledger of a folder as it is: nothing is locked, migrated or
// counted before. The scope must have no session.
code ledger_look_into(struct scope *scope, const char *folder,
                      code (*look)(struct scope *scope, void *context), void *context);
