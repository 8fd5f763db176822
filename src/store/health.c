// SPDX-License-Identifier: Apache-2.0
// Asks each database in its own words: no common SQL has any for this.
#include "store/health.h"

#include "migration_sql.h"
#include "store/lake_engine.h"
#include "store/ledger.h"
#include "store/ledger_engine.h"
#include "store/store_internal.h"

code health_check_ledger(struct scope *scope, struct text *ret_problem) {
    const struct ledger_engine *engine = session_store(scope)->engine;
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text answer;
    bool found;

    if (!engine->check_sql) {
        *ret_problem = (struct text){0};
        return OK;
    }
    TRY(ledger_find(scope, engine->check_sql, NO_BINDS, &rows, &found));
    answer = found ? rows_text(rows, 0) : TEXT("no answer");
    *ret_problem = text_is(answer, "ok") ? (struct text){0} : text_copy(&scope->arena, answer);
    return OK;
}

code health_schema_version(struct scope *scope, int64_t *ret_version) {
    return ledger_int64(scope, sql_migration_newest, NO_BINDS, 0, ret_version);
}

code health_ledger_version(struct scope *scope, struct text *ret_version) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, session_store(scope)->engine->version_sql, NO_BINDS, &rows, &found));
    *ret_version = text_copy(&scope->arena, rows_text(rows, 0));
    return OK;
}

code health_lake_version(struct scope *scope, struct text *ret_version) {
    const struct lake *lake = session_lake(scope);
    CLEANUP(rows_close) struct rows *rows = NULL;

    if (!lake)
        return scope->failure.code;
    TRY(lake->engine->query(scope, lake->engine->version_sql, NO_BINDS, &rows));
    if (rows_next(rows))
        *ret_version = text_copy(&scope->arena, rows_text(rows, 0));
    return rows_end(rows);
}
