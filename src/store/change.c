// SPDX-License-Identifier: Apache-2.0
// What is recorded of one table one after the other lies close together as a rule (rows of one
// batch, with ids of one moment), so it is kept as a growing range and written when it ends: once
// per batch instead of once per row. A range may cover rows that did not change; carrying them
// again changes nothing.
#include "store/change.h"

#include "base/time.h"
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

// The write lock is held, so ids of the log follow the order of the commits: also when the clock of
// this machine is behind another's.
static code next_id(struct scope *scope, int64_t *ret_id) {
    struct session *session = scope->session;
    int64_t id = store_new_id(scope);

    if (session->last_change_id == 0 && !session->store->engine->has_owner)
        TRY(ledger_int64(scope, sql_change_newest, NO_BINDS, 0, &session->last_change_id));
    if (id <= session->last_change_id)
        id = session->last_change_id + 1;
    *ret_id = session->last_change_id = id;
    return OK;
}

static code write_range(struct scope *scope, enum change_table table,
                        struct pending_change *pending) {
    const struct pending_change range = *pending;
    int64_t id;

    *pending = (struct pending_change){0};
    if (range.first_id == 0)
        return OK;
    TRY(next_id(scope, &id));
    return ledger_exec(scope, sql_change_insert,
                       BINDS(BIND_INT64(id), BIND_INT64(table), BIND_INT64(range.kind),
                             BIND_INT64(range.first_id), BIND_INT64(range.last_id)));
}

code change_record(struct scope *scope, enum change_table table, enum change_kind kind,
                   int64_t first_id, int64_t last_id) {
    struct pending_change *pending;

    if (!ledger_in_transaction(scope))
        return scope_fail(scope, INTERNAL,
                          "a change is recorded outside the transaction that makes it");
    scope->session->has_changes = true;
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

// Where nothing is carried, whoever commits drops what nobody needs any more.
static code forget_old(struct scope *scope) {
    if (scope->session->store->engine->has_owner || !scope->session->has_changes)
        return OK;
    return ledger_exec(scope, sql_change_forget_older, BINDS(BIND_INT64(change_kept_from())));
}

code change_flush(struct scope *scope) {
    for (int table = CHANGE_CUSTOMER; table <= CHANGE_TABLE_LAST; table++)
        TRY(write_range(scope, (enum change_table)table, &scope->session->pending[table]));
    return forget_old(scope);
}

void change_forget(struct scope *scope) {
    scope->session->last_change_id = 0;
    memset(scope->session->pending, 0, sizeof(scope->session->pending));
}

// ---- reading ----

const char *const change_entries = sql_change_entries;

int64_t change_kept_from(void) {
    return store_id_of_instant(time_now_us() - INT64_C(60) * CHANGE_KEPT_MINUTES * US_PER_SECOND);
}

code change_span(struct scope *scope, int64_t *ret_oldest, int64_t *ret_newest) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_change_span, NO_BINDS, &rows, &found));
    *ret_oldest = found && !rows_is_null(rows, 0) ? rows_int64(rows, 0) : 0;
    *ret_newest = found && !rows_is_null(rows, 1) ? rows_int64(rows, 1) : 0;
    return OK;
}

code change_behind_us(struct scope *scope, int64_t change_id, int64_t *ret_behind_us) {
    int64_t oldest, behind_us = 0;

    TRY(ledger_int64(scope, sql_change_next, BINDS(BIND_INT64(change_id)), 0, &oldest));
    if (oldest > 0)
        behind_us = time_now_us() - store_instant_of_id(oldest);
    *ret_behind_us = behind_us > 0 ? behind_us : 0;
    return OK;
}
