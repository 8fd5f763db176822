// SPDX-License-Identifier: Apache-2.0
// What is recorded of one table one after the other lies close together as a rule (rows of one
// batch, with ids of one moment), so it is kept as a growing range and written when it ends: once
// per batch instead of once per row. A range may cover rows that did not change; carrying them
// again changes nothing.
#include "store/change.h"

#include "change_sql.h"
#include "store/ledger.h"
#include "store/ledger_engine.h"
#include "store/store_internal.h"

#include <string.h>

enum { GAP_COVERED = 256 }; // ids between two changes that still make one range

// A sale is carried with all its lines, and the ids of sales lie side by side: none is carried for
// nothing.
static int64_t gap_covered(enum change_table table) {
    return table == CHANGE_SALE ? 1 : GAP_COVERED;
}

// The write lock is held, so ids of the log follow the order of the commits.
static code write_range(struct scope *scope, enum change_table table,
                        struct pending_change *pending) {
    const struct pending_change range = *pending;

    *pending = (struct pending_change){0};
    if (range.first_id == 0)
        return OK;
    return ledger_exec(scope, sql_change_insert,
                       BINDS(BIND_INT64(store_new_id(scope)), BIND_INT64(table),
                             BIND_INT64(range.kind), BIND_INT64(range.first_id),
                             BIND_INT64(range.last_id)));
}

code change_record(struct scope *scope, enum change_table table, enum change_kind kind,
                   int64_t first_id, int64_t last_id) {
    struct pending_change *pending;

    if (!ledger_in_transaction(scope))
        return scope_fail(scope, INTERNAL,
                          "a change is recorded outside the transaction that makes it");
    scope->session->has_changes = true;
    if (!scope->session->store->engine->has_owner)
        return OK; // the lake is the same tables, and needs to know only that they changed
    pending = &scope->session->pending[table];
    if (pending->kind == kind && first_id >= pending->first_id &&
        first_id - pending->last_id <= gap_covered(table)) {
        if (last_id > pending->last_id)
            pending->last_id = last_id;
        return OK;
    }
    TRY(write_range(scope, table, pending));
    *pending = (struct pending_change){.kind = kind, .first_id = first_id, .last_id = last_id};
    return OK;
}

// The watermark of a lake that nothing has to be carried to: one row. It grows with every commit,
// also when the clock of this machine is behind another's: answers are kept by it.
static code write_watermark(struct scope *scope) {
    int64_t id = store_new_id(scope);
    int64_t newest;

    TRY(ledger_int64(scope, sql_change_newest, NO_BINDS, 0, &newest));
    if (id <= newest)
        id = newest + 1;
    TRY(ledger_exec(
        scope, sql_change_insert,
        BINDS(BIND_INT64(id), BIND_INT64(0), BIND_INT64(0), BIND_INT64(0), BIND_INT64(0))));
    return ledger_exec(scope, sql_change_forget_older, BINDS(BIND_INT64(id)));
}

code change_flush(struct scope *scope) {
    if (!scope->session->store->engine->has_owner)
        return scope->session->has_changes ? write_watermark(scope) : OK;
    for (int table = CHANGE_CUSTOMER; table <= CHANGE_IDENTIFIER; table++)
        TRY(write_range(scope, (enum change_table)table, &scope->session->pending[table]));
    return OK;
}

void change_forget(struct scope *scope) {
    memset(scope->session->pending, 0, sizeof(scope->session->pending));
}
