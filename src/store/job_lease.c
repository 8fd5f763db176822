// SPDX-License-Identifier: Apache-2.0
#include "store/job_lease.h"

#include "base/time.h"
#include "job_sql.h"
#include "store/ledger.h"
#include "store/ledger_engine.h"
#include "store/process.h"
#include "store/store_internal.h"

bool job_lease_is_needed(const struct scope *scope) {
    return !scope->session->store->engine->has_owner;
}

int64_t job_lease_renewed_us(const struct store *store) {
    return store->config.job_lease_s * US_PER_SECOND / 4;
}

code job_lease_now(struct scope *scope, int64_t *ret_now_us) {
    *ret_now_us = 0;
    if (!job_lease_is_needed(scope))
        return OK;
    return ledger_int64(scope, sql_job_lease_clock, NO_BINDS, 0, ret_now_us);
}

static code find_end(struct scope *scope, int64_t *ret_end_us) {
    int64_t now_us;

    TRY(job_lease_now(scope, &now_us));
    *ret_end_us = now_us + session_store(scope)->config.job_lease_s * US_PER_SECOND;
    return OK;
}

// Somebody at a terminal watches it, and its file may lie on this machine only. The lease comes
// first: a job with an owner and no lease is everybody's.
code job_lease_reserve(struct scope *scope, int64_t job_id, struct text *ret_owner) {
    struct store *store = session_store(scope);

    if (!job_lease_is_needed(scope) || atomic_load(&store->runs_jobs) || scope->session->is_trial)
        return OK;
    TRY(job_lease_take(scope, job_id));
    atomic_store(&store->has_reserved, true);
    *ret_owner = process_name(scope);
    return OK;
}

void job_lease_release_all(struct store *store) {
    struct scope scope;

    if (!atomic_load(&store->has_reserved))
        return;
    scope_init(&scope);
    if (session_open(&scope, store) == OK) // its lease runs out otherwise
        ledger_exec(&scope, sql_job_release_all, BINDS(BIND_TEXT(process_name(&scope))));
    session_close(&scope);
    scope_clear(&scope);
}

code job_lease_take(struct scope *scope, int64_t job_id) {
    int64_t end_us;

    if (!job_lease_is_needed(scope))
        return OK;
    TRY(find_end(scope, &end_us));
    return ledger_exec(
        scope, sql_job_lease_take,
        BINDS(BIND_INT64(job_id), BIND_TEXT(process_name(scope)), BIND_INT64(end_us)));
}

code job_lease_drop(struct scope *scope, int64_t job_id) {
    if (!job_lease_is_needed(scope))
        return OK;
    return ledger_exec(scope, sql_job_lease_drop,
                       BINDS(BIND_INT64(job_id), BIND_TEXT(process_name(scope))));
}

code job_lease_renew(struct scope *scope, int64_t job_id, bool *ret_is_ours) {
    int64_t count, end_us;

    *ret_is_ours = true;
    if (!job_lease_is_needed(scope))
        return OK;
    TRY(find_end(scope, &end_us));
    TRY(ledger_change(scope, sql_job_lease_renew,
                      BINDS(BIND_INT64(job_id), BIND_TEXT(process_name(scope)), BIND_INT64(end_us)),
                      &count));
    *ret_is_ours = count > 0;
    return OK;
}

code job_lease_check(struct scope *scope, int64_t job_id, bool *ret_is_ours) {
    int64_t count;

    *ret_is_ours = true;
    if (!job_lease_is_needed(scope))
        return OK;
    TRY(ledger_int64(scope, sql_job_lease_count,
                     BINDS(BIND_INT64(job_id), BIND_TEXT(process_name(scope))), 0, &count));
    *ret_is_ours = count > 0;
    return OK;
}

bool job_lease_is_over(struct text owner, int64_t until_us, int64_t now_us) {
    return !process_is_alive(owner) || until_us < now_us;
}
