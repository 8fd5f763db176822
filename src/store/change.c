// SPDX-License-Identifier: Apache-2.0
#include "store/change.h"

#include "change_sql.h"
#include "store/ledger.h"
#include "store/store_internal.h"

// The write lock is held, so ids of the log follow the order of the commits.
code change_record(struct scope *scope, enum change_table table, enum change_kind kind,
                   int64_t first_id, int64_t last_id) {
    if (!ledger_in_transaction(scope))
        return scope_fail(scope, INTERNAL,
                          "a change is recorded outside the transaction that makes it");
    scope->session->has_changes = true;
    return ledger_exec(scope, sql_change_insert,
                       BINDS(BIND_INT64(store_new_id(scope)), BIND_INT64(table), BIND_INT64(kind),
                             BIND_INT64(first_id), BIND_INT64(last_id)));
}
