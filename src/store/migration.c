// SPDX-License-Identifier: Apache-2.0
#include "store/migration.h"

#include "base/progress.h"
#include "base/time.h"
#include "migration_sql.h"
#include "store/ledger.h"
#include "store/store_internal.h"

#include <inttypes.h>
#include <unistd.h>

enum { REST_US = 500000 };

static code check_not_newer(struct scope *scope, int64_t version, size_t step_count) {
    if (version <= (int64_t)step_count)
        return OK;
    scope_fail(scope, CONFLICT, "the store has schema version %" PRId64 ", this program knows %zu",
               version, step_count);
    return scope_hint(scope, "use the newer program that made it");
}

// The version is read again under the write lock: another process may have been faster.
static code apply_next(struct scope *scope, const struct migration *steps, size_t step_count,
                       int64_t *ret_version) {
    int64_t version;

    TRY(ledger_int64(scope, sql_migration_newest, NO_BINDS, 0, &version));
    TRY(check_not_newer(scope, version, step_count));
    *ret_version = version;
    if (version == (int64_t)step_count)
        return OK;
    TRY(ledger_script(scope, steps[version].sql));
    TRY(ledger_exec(scope, sql_migration_insert,
                    BINDS(BIND_INT64(steps[version].version), BIND_STRING(steps[version].name),
                          BIND_INT64(time_now_us()))));
    *ret_version = version + 1;
    return OK;
}

// A step of another process may take longer than one waits for a turn to write.
static code begin_patiently(struct scope *scope) {
    code result;

    while ((result = ledger_begin(scope)) == BUSY && !ledger_in_transaction(scope)) {
        scope_forgive(scope);
        TRY(scope_check(scope));
        progress_report(scope->progress, "waiting for another process", 0, 0, "");
    }
    return result;
}

static code rest(struct scope *scope) {
    scope_forgive(scope);
    TRY(scope_check(scope));
    progress_report(scope->progress, "waiting for somebody who reads a table", 0, 0, "");
    usleep(REST_US);
    return OK;
}

// A step may need a table for itself, which somebody reads for long. Whoever wants to read it after
// that one stands behind the step: it gives up soon (the database's lock_timeout), lets them by,
// and comes again.
static code take_step(struct scope *scope, const struct migration *steps, size_t step_count,
                      int64_t *ret_version) {
    code result;

    do {
        TRY(begin_patiently(scope));
        result = ledger_end(scope, apply_next(scope, steps, step_count, ret_version));
    } while (result == BUSY && rest(scope) == OK);
    return scope->failure.code;
}

code migration_apply(struct scope *scope, const struct migration *steps, size_t step_count) {
    int64_t version;

    TRY(begin_patiently(scope)); // two that start at once make the table one after the other
    TRY(ledger_end(scope, ledger_exec(scope, sql_migration_create, NO_BINDS)));
    TRY(ledger_int64(scope, sql_migration_newest, NO_BINDS, 0, &version));
    TRY(check_not_newer(scope, version, step_count));
    while (version < (int64_t)step_count)
        TRY(take_step(scope, steps, step_count, &version));
    return OK;
}

code migration_run(struct scope *scope) {
    return migration_apply(scope, migrations, migration_count);
}

code migration_check(struct scope *scope) {
    int64_t version;

    TRY(ledger_int64(scope, sql_migration_newest, NO_BINDS, 0, &version));
    if (version < (int64_t)migration_count)
        return scope_fail(scope, CONFLICT, "the store has schema version %" PRId64 ", not yet %zu",
                          version, migration_count);
    return check_not_newer(scope, version, migration_count);
}
