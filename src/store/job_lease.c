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

static int64_t end_us(void) {
    return time_now_us() + JOB_LEASE_S * US_PER_SECOND;
}

code job_lease_take(struct scope *scope, int64_t job_id) {
    if (!job_lease_is_needed(scope))
        return OK;
    return ledger_exec(
        scope, sql_job_lease_take,
        BINDS(BIND_INT64(job_id), BIND_TEXT(process_name(scope)), BIND_INT64(end_us())));
}

code job_lease_drop(struct scope *scope, int64_t job_id) {
    if (!job_lease_is_needed(scope))
        return OK;
    return ledger_exec(scope, sql_job_lease_drop,
                       BINDS(BIND_INT64(job_id), BIND_TEXT(process_name(scope))));
}

code job_lease_renew(struct scope *scope, int64_t job_id, bool *ret_is_ours) {
    int64_t count;

    *ret_is_ours = true;
    if (!job_lease_is_needed(scope))
        return OK;
    TRY(ledger_change(
        scope, sql_job_lease_renew,
        BINDS(BIND_INT64(job_id), BIND_TEXT(process_name(scope)), BIND_INT64(end_us())), &count));
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

bool job_lease_is_over(const struct scope *scope, struct text owner, int64_t until_us) {
    return !process_is_alive(owner) || (job_lease_is_needed(scope) && until_us < time_now_us());
}
