// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/consent.h"

#include "consent_sql.h"
#include "store/content_key.h"
#include "store/ledger.h"

const char *consent_state_name(enum consent_state state) {
    static const char *const names[] = {"", "granted", "denied", "withdrawn"};

    return names[state];
}

static code insert(struct scope *scope, struct change_run *run, int64_t import_id,
                   const struct consent_row *row, struct text key) {
    int64_t id;

    TRY(change_run_next(scope, run, &id));
    return ledger_exec(
        scope, sql_consent_insert,
        BINDS(BIND_INT64(id), BIND_INT64(import_id), BIND_TEXT(row->source), BIND_TEXT(key),
              BIND_INT64(row->identifier_id), BIND_INT64(row->origin), BIND_TEXT(row->purpose),
              BIND_TEXT(row->channel), BIND_STRING(consent_state_name(row->state)),
              BIND_TEXT_OR_NULL(row->legal_basis), BIND_TEXT_OR_NULL(row->text_version),
              BIND_INT64(row->at_us), BIND_TEXT_OR_NULL(row->proof)));
}

code consent_add(struct scope *scope, struct change_run *run, int64_t import_id,
                 const struct consent_row *row, bool *ret_added) {
    const struct content_key_sql sql = {.find = sql_consent_find, .seen = sql_consent_seen};
    char text[CONTENT_KEY_SIZE];
    struct text key = row->key;
    bool present;

    if (key.size > 0) {
        TRY(content_key_given(scope, &sql, row->source, key, import_id, &present));
    } else {
        const struct text parts[] = {row->who, row->purpose, row->channel,
                                     text_of(consent_state_name(row->state)), row->text_version};

        TRY(content_key_derive(scope, &sql, row->source, row->at_us, parts, 5, import_id, text,
                               &present));
        key = text_of(text);
    }
    if (!present)
        TRY(insert(scope, run, import_id, row, key));
    *ret_added = !present;
    return OK;
}

code consent_undo_import(struct scope *scope, int64_t import_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct binds import = BINDS(BIND_INT64(import_id));
    int64_t first_id = 0, last_id = 0;
    bool found;

    TRY(ledger_exec(scope, sql_consent_undo_pass_on, import));
    TRY(ledger_exec(scope, sql_consent_undo_unsee, import));
    TRY(ledger_find(scope, sql_consent_undo_ids, import, &rows, &found));
    if (found) {
        first_id = rows_int64(rows, 0);
        last_id = rows_int64(rows, 1);
    }
    rows_close(&rows);
    if (first_id == 0)
        return OK;
    TRY(ledger_exec(scope, sql_consent_undo, import));
    return change_record(scope, CHANGE_CONSENT, CHANGE_UPDATED, first_id, last_id);
}
