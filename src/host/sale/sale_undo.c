// SPDX-License-Identifier: Apache-2.0
// Taking back an import's sales, a window of receipts per transaction. What a window leaves behind
// is as if its receipts had never been delivered by that import, so a crash between windows loses
// nothing.
#include "host/sale/sale.h"

#include "base/progress.h"
#include "sale_sql.h"
#include "store/change.h"
#include "store/ledger.h"

enum { UNDO_WINDOW = 2000 };

static code take_back_sale(struct scope *scope, int64_t import_id, int64_t sale_id) {
    const struct binds both = BINDS(BIND_INT64(import_id), BIND_INT64(sale_id));

    TRY(ledger_exec(scope, sql_sale_undo_pass_on, both));
    TRY(ledger_exec(scope, sql_sale_undo_unsee, both));
    TRY(ledger_exec(scope, sql_sale_undo_lines, both));
    TRY(ledger_exec(scope, sql_sale_undo_sums, BINDS(BIND_INT64(sale_id))));
    TRY(ledger_exec(scope, sql_sale_undo_sale, BINDS(BIND_INT64(sale_id))));
    return change_record(scope, CHANGE_SALE, CHANGE_UPDATED, sale_id, sale_id);
}

// Ids are read whole before the first change: a statement never walks rows that another one
// changes.
static code read_ids(struct scope *scope, const char *sql, struct binds binds, struct buffer *ids) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    ids->size = 0;
    TRY(ledger_query(scope, sql, binds, &rows));
    while (rows_next(rows)) {
        const int64_t id = rows_int64(rows, 0);

        buffer_add(ids, &id, sizeof(id));
    }
    return rows_end(rows);
}

static code take_back_window(struct scope *scope, int64_t import_id, const int64_t *ids,
                             size_t count) {
    for (size_t i = 0; i < count; i++)
        TRY(take_back_sale(scope, import_id, ids[i]));
    return OK;
}

static code untie(struct scope *scope, const int64_t *ids, size_t count) {
    for (size_t i = 0; i < count; i++) {
        TRY(ledger_exec(scope, sql_sale_undo_untie_lines, BINDS(BIND_INT64(ids[i]))));
        TRY(ledger_exec(scope, sql_sale_undo_untie_sale, BINDS(BIND_INT64(ids[i]))));
        TRY(change_record(scope, CHANGE_SALE, CHANGE_UPDATED, ids[i], ids[i]));
    }
    return OK;
}

static code commit_or_roll_back(struct scope *scope, code outcome) {
    if (outcome == OK)
        outcome = ledger_commit(scope);
    if (outcome != OK)
        ledger_rollback(scope);
    return outcome;
}

code sale_undo_import(struct scope *scope, int64_t import_id) {
    CLEANUP(buffer_clear) struct buffer ids = {0};
    int64_t last_id = 0, done = 0;
    size_t count;

    do {
        TRY(scope_check(scope));
        TRY(read_ids(scope, sql_sale_undo_window,
                     BINDS(BIND_INT64(import_id), BIND_INT64(last_id), BIND_INT64(UNDO_WINDOW)),
                     &ids));
        count = ids.size / sizeof(int64_t);
        if (count == 0)
            break;
        TRY(ledger_begin(scope));
        TRY(commit_or_roll_back(
            scope,
            take_back_window(scope, import_id, (const int64_t *)(const void *)ids.data, count)));
        last_id = ((const int64_t *)(const void *)ids.data)[count - 1];
        done += (int64_t)count;
        progress_report(scope->progress, "taking back receipts", done, 0, "receipts");
    } while (count == UNDO_WINDOW);
    TRY(read_ids(scope, sql_sale_undo_stray_refunds, NO_BINDS, &ids));
    TRY(ledger_begin(scope));
    return commit_or_roll_back(
        scope, untie(scope, (const int64_t *)(const void *)ids.data, ids.size / sizeof(int64_t)));
}
