// SPDX-License-Identifier: Apache-2.0
// What is the same for every database behind the ledger.
#include "store/ledger.h"

code ledger_find(struct scope *scope, const char *sql, struct binds binds, struct rows **ret_rows,
                 bool *ret_found) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_query(scope, sql, binds, &rows));
    found = rows_next(rows);
    TRY(rows_end(rows));
    *ret_found = found;
    *ret_rows = TAKE(rows);
    return OK;
}

code ledger_int64(struct scope *scope, const char *sql, struct binds binds, int64_t otherwise,
                  int64_t *ret_value) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql, binds, &rows, &found));
    *ret_value = found && !rows_is_null(rows, 0) ? rows_int64(rows, 0) : otherwise;
    return OK;
}

code ledger_end(struct scope *scope, code result) {
    if (result == OK)
        result = ledger_commit(scope);
    if (result != OK)
        ledger_rollback(scope);
    return result;
}
