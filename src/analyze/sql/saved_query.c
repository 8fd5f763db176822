// SPDX-License-Identifier: Apache-2.0
#include "analyze/sql/saved_query.h"

#include "base/limits.h"
#include "base/name.h"
#include "saved_query_sql.h"
#include "store/ledger.h"

static code check(struct scope *scope, const struct saved_query *saved) {
    TRY(name_check(scope, saved->name));
    if (text_trim(saved->query).size == 0)
        return scope_fail_field(scope, INVALID, "query", "there is no query to keep");
    if (saved->query.size > LIMIT_SQL_BYTES)
        return scope_fail_field(scope, TOO_LARGE, "query",
                                "a query of %zu bytes is past the limit of %d", saved->query.size,
                                LIMIT_SQL_BYTES);
    return OK;
}

code saved_query_put(struct scope *scope, const struct saved_query *saved) {
    TRY(check(scope, saved));
    return ledger_exec(scope, sql_saved_query_put,
                       BINDS(BIND_TEXT(saved->name), BIND_TEXT(saved->query),
                             BIND_TEXT(saved->description), BIND_STRING(scope->actor.name),
                             BIND_INT64(scope->now_us)));
}

code saved_query_find(struct scope *scope, struct text name, struct saved_query *ret_saved) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct arena *arena = &scope->arena;
    bool found;

    TRY(ledger_find(scope, sql_saved_query_find, BINDS(BIND_TEXT(name)), &rows, &found));
    if (!found) {
        scope_fail(scope, NOT_FOUND, "there is no saved query \"%.*s\"", TEXT_ARG(name));
        return scope_hint(scope, "see them with: tessera query list");
    }
    *ret_saved = (struct saved_query){
        .name = text_copy(arena, rows_text(rows, 0)),
        .query = text_copy(arena, rows_text(rows, 1)),
        .description = text_copy(arena, rows_text(rows, 2)),
        .actor = text_copy(arena, rows_text(rows, 3)),
        .changed_at_us = rows_int64(rows, 4),
    };
    return OK;
}

code saved_query_delete(struct scope *scope, struct text name) {
    struct saved_query saved;

    TRY(saved_query_find(scope, name, &saved));
    return ledger_exec(scope, sql_saved_query_delete, BINDS(BIND_TEXT(name)));
}
