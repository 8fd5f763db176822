// SPDX-License-Identifier: Apache-2.0
// Taking an import back: afterwards the store is as if it had never been. Each step is complete in
// itself and finds nothing left to do when it runs again, so an undo that was cut off is simply run
// again.
#include "plug/import/import.h"

#include "base/progress.h"
#include "import_sql.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"

// Rows that another import delivered too must not go with this one.
static code check_between(struct scope *scope, int64_t import_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_import_between, BINDS(BIND_INT64(import_id)), &rows, &found));
    if (!found)
        return OK;
    scope_fail(scope, CONFLICT,
               "import %lld may have delivered rows of import %lld too, which a later import that "
               "is undone hides",
               (long long)rows_int64(rows, 0), (long long)import_id);
    return scope_hint(scope, "import \"%.*s\" once more, which changes nothing, and undo then",
                      TEXT_ARG(rows_text(rows, 1)));
}

code import_undo_start(struct scope *scope, int64_t import_id, int64_t *ret_job_id) {
    struct import import;

    TRY(import_find(scope, import_id, &import));
    if (text_is(import.state, "undone"))
        return scope_fail(scope, CONFLICT, "import %lld is undone already", (long long)import_id);
    TRY(check_between(scope, import_id));
    return job_create(scope, "import_undo",
                      text_printf(&scope->arena, "undo import of %.*s", TEXT_ARG(import.file_name)),
                      text_printf(&scope->arena, "{\"import_id\": \"%lld\"}", (long long)import_id),
                      ret_job_id);
}

static code undo_the_rest(struct scope *scope, int64_t import_id) {
    int64_t discarded;

    TRY(event_undo_import(scope, import_id));
    TRY(consent_undo_import(scope, import_id));
    TRY(profile_undo_import(scope, import_id));
    TRY(identity_undo_import(scope, import_id));
    TRY(quarantine_discard(scope, import_id, 0, &discarded));
    return ledger_exec(scope, sql_import_undone,
                       BINDS(BIND_INT64(import_id), BIND_INT64(time_now_us())));
}

code import_undo_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                     struct json_writer *result) {
    const struct json *id = json_member(parameters, "import_id");
    struct import import;
    int64_t import_id;
    code outcome;

    if (!id || id->type != JSON_STRING || !text_to_int64(id->string, &import_id))
        return scope_fail(scope, INTERNAL, "job %lld names no import", (long long)job_id);
    TRY(import_find(scope, import_id, &import));
    if (text_is(import.state, "undone"))
        return scope_fail(scope, CONFLICT, "import %lld is undone already", (long long)import_id);
    TRY(ledger_expect_bulk(scope));
    TRY(ledger_exec(scope, sql_import_undoing, BINDS(BIND_INT64(import_id))));
    TRY(sale_undo_import(scope, import_id));
    progress_report(scope->progress, "taking back customers and products", 0, 0, "steps");
    TRY(ledger_begin(scope));
    outcome = undo_the_rest(scope, import_id);
    if (outcome == OK)
        outcome = ledger_commit(scope);
    if (outcome != OK) {
        ledger_rollback(scope);
        return outcome;
    }
    json_begin_object(result);
    json_key(result, "undone");
    json_write_text(result, id->string);
    json_end_object(result);
    return lake_refresh(scope);
}
