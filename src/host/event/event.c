// SPDX-License-Identifier: Apache-2.0
#include "host/event/event.h"

#include "event_sql.h"
#include "store/content_key.h"
#include "store/ledger.h"

static code insert(struct scope *scope, struct change_run *run, int64_t import_id,
                   const struct event_row *row, struct text key) {
    int64_t id;

    TRY(change_run_next(scope, run, &id));
    return ledger_exec(scope, sql_event_insert,
                       BINDS(BIND_INT64(id), BIND_INT64(import_id), BIND_TEXT(row->source),
                             BIND_TEXT(key),
                             BIND_INT64_IF(row->identifier_id != 0, row->identifier_id),
                             BIND_INT64_IF(row->identifier_id != 0, row->origin),
                             BIND_INT64(row->at_us), BIND_TEXT(row->name),
                             BIND_TEXT_OR_NULL(row->channel), BIND_TEXT_OR_NULL(row->direction),
                             BIND_TEXT_OR_NULL(row->campaign), BIND_TEXT_OR_NULL(row->properties)));
}

code event_add(struct scope *scope, struct change_run *run, int64_t import_id,
               const struct event_row *row, bool *ret_added) {
    const struct content_key_sql sql = {.find = sql_event_find, .seen = sql_event_seen};
    char text[CONTENT_KEY_SIZE];
    struct text key = row->key;
    bool present;

    if (key.size > 0) {
        TRY(content_key_given(scope, &sql, row->source, key, import_id, &present));
    } else {
        const struct text parts[] = {row->who,       row->name,     row->channel,
                                     row->direction, row->campaign, row->properties};

        TRY(content_key_derive(scope, &sql, row->source, row->at_us, parts, 6, import_id, text,
                               &present));
        key = text_of(text);
    }
    if (!present)
        TRY(insert(scope, run, import_id, row, key));
    *ret_added = !present;
    return OK;
}

code event_undo_import(struct scope *scope, int64_t import_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct binds import = BINDS(BIND_INT64(import_id));
    int64_t first_id = 0, last_id = 0;
    bool found;

    TRY(ledger_exec(scope, sql_event_undo_pass_on, import));
    TRY(ledger_exec(scope, sql_event_undo_unsee, import));
    TRY(ledger_find(scope, sql_event_undo_ids, import, &rows, &found));
    if (found) {
        first_id = rows_int64(rows, 0);
        last_id = rows_int64(rows, 1);
    }
    rows_close(&rows);
    if (first_id == 0)
        return OK;
    TRY(ledger_exec(scope, sql_event_undo, import));
    // The range may hold events of other imports, which the mirror then fetches again.
    return change_record(scope, CHANGE_EVENT, CHANGE_UPDATED, first_id, last_id);
}
