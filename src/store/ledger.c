// SPDX-License-Identifier: Apache-2.0
// What is the same for every database behind the ledger.
#include "store/ledger.h"

#include "store/job_lease.h"
#include "store/ledger_engine.h"
#include "store/store_internal.h"

// ---- the session's connection ----

struct ledger *session_ledger(struct scope *scope) {
    struct session *session = scope->session;

    if (!session) {
        scope_fail(scope, INTERNAL, "this work has no session with the store");
        return NULL;
    }
    if (!session->ledger)
        session->store->engine->open(scope, session->store, &session->ledger);
    return session->ledger;
}

void ledger_close(struct ledger *ledger) {
    if (ledger)
        ledger->engine->close(ledger);
}

code ledger_expect_bulk(struct scope *scope) {
    struct ledger *ledger = session_ledger(scope);

    return ledger ? ledger->engine->expect_bulk(scope, ledger) : scope->failure.code;
}

// ---- statements ----

static code exec(struct scope *scope, const char *sql, struct binds binds, int64_t *ret_count) {
    struct ledger *ledger = session_ledger(scope);
    code result;

    if (!ledger)
        return scope->failure.code;
    result = ledger->engine->exec(scope, ledger, sql, binds, ret_count);
    if (result == OK && !ledger->engine->in_transaction(ledger))
        scope->session->commits++;
    return result;
}

code ledger_exec(struct scope *scope, const char *sql, struct binds binds) {
    return exec(scope, sql, binds, NULL);
}

code ledger_change(struct scope *scope, const char *sql, struct binds binds, int64_t *ret_count) {
    return exec(scope, sql, binds, ret_count);
}

code ledger_query(struct scope *scope, const char *sql, struct binds binds,
                  struct rows **ret_rows) {
    struct ledger *ledger = session_ledger(scope);

    return ledger ? ledger->engine->query(scope, ledger, sql, binds, ret_rows)
                  : scope->failure.code;
}

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

code ledger_script(struct scope *scope, const char *sql) {
    struct ledger *ledger = session_ledger(scope);

    return ledger ? ledger->engine->script(scope, ledger, sql) : scope->failure.code;
}

code ledger_prepares(struct scope *scope, const char *sql) {
    struct ledger *ledger = session_ledger(scope);

    return ledger ? ledger->engine->prepares(scope, ledger, sql) : scope->failure.code;
}

// ---- transactions ----

bool ledger_in_transaction(const struct scope *scope) {
    const struct ledger *ledger = scope->session ? scope->session->ledger : NULL;

    return ledger && ledger->engine->in_transaction(ledger);
}

bool ledger_is_lost(const struct scope *scope) {
    const struct ledger *ledger = scope->session ? scope->session->ledger : NULL;

    return ledger && ledger->engine->is_lost && ledger->engine->is_lost(ledger);
}

static code begin(struct scope *scope, enum ledger_access access) {
    struct ledger *ledger = session_ledger(scope);

    if (!ledger)
        return scope->failure.code;
    if (ledger_in_transaction(scope))
        return scope_fail(scope, INTERNAL, "a transaction of the ledger is open already");
    scope->session->has_changes = false;
    scope->session->has_queued_jobs = false;
    change_forget(scope);
    return ledger->engine->begin(scope, ledger, access);
}

// Who works for a job writes only while the job is its own. The turn to write is taken, so nobody
// takes the job over before the commit.
static code check_job(struct scope *scope) {
    const struct session *session = scope->session;
    bool is_ours;

    if (session->job_id == 0 || session->is_trial)
        return OK;
    TRY(job_lease_check(scope, session->job_id, &is_ours));
    return is_ours ? OK : scope_fail(scope, CANCELLED, "another process has taken this job over");
}

code ledger_begin(struct scope *scope) {
    code result = begin(scope, LEDGER_WRITE);

    if (result == OK && (result = check_job(scope)) != OK)
        ledger_rollback(scope);
    return result;
}

code ledger_begin_rows(struct scope *scope) {
    return begin(scope, LEDGER_ROWS);
}

code ledger_begin_snapshot(struct scope *scope) {
    return begin(scope, LEDGER_SNAPSHOT);
}

static code flush_and_commit(struct scope *scope) {
    struct ledger *ledger = scope->session->ledger;

    TRY(change_flush(scope));
    return ledger->engine->commit(scope, ledger);
}

code ledger_commit(struct scope *scope) {
    if (!ledger_in_transaction(scope))
        return scope_fail(scope, INTERNAL, "there is no transaction of the ledger to commit");
    if (flush_and_commit(scope) != OK) {
        ledger_rollback(scope);
        return scope->failure.code;
    }
    if (scope->session->is_trial)
        return OK;
    scope->session->commits++;
    if (scope->session->has_changes)
        mirror_nudge(scope->session->store->mirror);
    if (scope->session->has_queued_jobs)
        job_bell_ring(&scope->session->store->job_bell);
    return OK;
}

// The failure that leads here is kept: this one would be its consequence.
void ledger_rollback(struct scope *scope) {
    struct ledger *ledger = scope->session ? scope->session->ledger : NULL;

    if (ledger)
        ledger->engine->rollback(ledger);
}

code ledger_end(struct scope *scope, code result) {
    if (result == OK)
        result = ledger_commit(scope);
    if (result != OK)
        ledger_rollback(scope);
    return result;
}
