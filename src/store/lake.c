// SPDX-License-Identifier: Apache-2.0
// What is the same for every database behind the lake.
#include "store/lake.h"

#include "base/limits.h"
#include "store/lake_engine.h"
#include "store/store_internal.h"

struct lake *session_lake(struct scope *scope) {
    if (!scope->session)
        scope_fail(scope, INTERNAL, "this work has no session with the store");
    else if (!scope->session->store->lake)
        scope_fail(scope, UNAVAILABLE, "the lake is open in another process");
    else
        return scope->session->store->lake;
    return NULL;
}

void lake_close(struct lake *lake) {
    if (lake)
        lake->engine->close(lake);
}

void lake_session_close(struct lake_session *session) {
    if (session)
        session->engine->session_close(session);
}

bool lake_is_lost(const struct scope *scope) {
    const struct lake_session *session = scope->session ? scope->session->lake : NULL;

    return session && session->engine->session_is_lost && session->engine->session_is_lost(session);
}

// ---- queries ----

code lake_query(struct scope *scope, const char *sql, struct binds binds, struct rows **ret_rows) {
    const struct lake *lake = session_lake(scope);

    return lake ? lake->engine->query(scope, sql, binds, ret_rows) : scope->failure.code;
}

code lake_int64(struct scope *scope, const char *sql, struct binds binds, int64_t otherwise,
                int64_t *ret_value) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(lake_query(scope, sql, binds, &rows));
    found = rows_next(rows);
    TRY(rows_end(rows));
    *ret_value = found && !rows_is_null(rows, 0) ? rows_int64(rows, 0) : otherwise;
    return OK;
}

code lake_query_untrusted(struct scope *scope, struct text sql, struct rows **ret_rows) {
    const struct lake *lake = session_lake(scope);

    if (!lake)
        return scope->failure.code;
    if (sql.size > LIMIT_SQL_BYTES)
        return scope_fail(scope, TOO_LARGE, "the statement has %zu bytes, at most %d are read",
                          sql.size, LIMIT_SQL_BYTES);
    if (text_contains(sql, '\0') || !text_is_utf8(sql))
        return scope_fail(scope, INVALID, "the statement is not UTF-8 text");
    return lake->engine->query_untrusted(scope, sql, ret_rows);
}

code lake_prepares(struct scope *scope, const char *sql) {
    const struct lake *lake = session_lake(scope);

    return lake ? lake->engine->prepares(scope, sql) : scope->failure.code;
}

// ---- the state of the lake ----

// NULL on failure.
static const struct lake *fresh_lake(struct scope *scope) {
    const struct lake *lake = session_lake(scope);

    if (lake && scope->session->is_trial)
        scope_fail(scope, INTERNAL, "what is only tried has no lake");
    return scope->failure.code == OK ? lake : NULL;
}

code lake_refresh(struct scope *scope) {
    const struct lake *lake = fresh_lake(scope);

    return lake ? lake->engine->refresh(scope) : scope->failure.code;
}

code lake_watermark(struct scope *scope, int64_t *ret_change_id) {
    const struct lake *lake = fresh_lake(scope);

    return lake ? lake->engine->watermark(scope, ret_change_id) : scope->failure.code;
}

// ---- one state for several questions ----

// What was built anew between the refreshing and the begin is not there yet, or is not whole.
static code begin_fresh(struct scope *scope, const struct lake *lake, int64_t *ret_change_id) {
    int64_t wanted = 0, found = 0;

    TRY(lake_refresh(scope));
    TRY(lake_watermark(scope, &wanted));
    TRY(lake->engine->snapshot_begin(scope, &found));
    if (found < wanted) {
        lake->engine->snapshot_end(scope);
        return scope_fail(scope, UNAVAILABLE, "the lake is being built anew");
    }
    *ret_change_id = found;
    return OK;
}

code lake_snapshot_begin(struct scope *scope, int64_t *ret_change_id) {
    const struct lake *lake = fresh_lake(scope);
    int64_t change_id;

    if (!lake)
        return scope->failure.code;
    if (scope->session->in_lake_snapshot)
        return scope_fail(scope, INTERNAL, "a snapshot of the lake is open already");
    if (begin_fresh(scope, lake, &change_id) != OK) {
        if (scope->failure.code == CANCELLED)
            return CANCELLED;
        scope_forgive(scope);
        TRY(begin_fresh(scope, lake, &change_id));
    }
    scope->session->in_lake_snapshot = true;
    *ret_change_id = change_id;
    return OK;
}

code lake_snapshot_end(struct scope *scope, code result) {
    if (scope->session && scope->session->in_lake_snapshot) {
        scope->session->in_lake_snapshot = false;
        session_lake(scope)->engine->snapshot_end(scope);
    }
    return result;
}

code lake_rebuild(struct scope *scope) {
    const struct lake *lake = fresh_lake(scope);

    return lake ? lake->engine->rebuild(scope) : scope->failure.code;
}
