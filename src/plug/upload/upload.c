// SPDX-License-Identifier: Apache-2.0
#include "plug/upload/upload.h"

#include "base/file_name.h"
#include "store/ledger.h"
#include "store/shelf.h"
#include "upload_sql.h"

code upload_add(struct scope *scope, const char *received, int64_t bytes, struct text name,
                struct upload *ret_upload) {
    struct upload upload = {
        .id = shelf_new_name(scope),
        .bytes = bytes,
        .actor = text_of(scope->actor.name),
        .created_at_us = scope->now_us,
    };

    if (!text_is_utf8(name))
        return scope_fail_field(scope, INVALID, "name", "the file's name is no UTF-8");
    upload.name = file_name_of(&scope->arena, name);
    TRY(upload_expire(scope));
    TRY(shelf_put(scope, SHELF_UPLOADS, upload.id, received));
    if (ledger_exec(scope, sql_upload_insert,
                    BINDS(BIND_TEXT(upload.id), BIND_TEXT(upload.name), BIND_INT64(bytes),
                          BIND_TEXT(upload.actor), BIND_INT64(upload.created_at_us))) != OK) {
        shelf_remove(scope, SHELF_UPLOADS, upload.id);
        return scope->failure.code;
    }
    *ret_upload = upload;
    return OK;
}

static code fail_unknown(struct scope *scope, struct text id) {
    scope_fail_field(scope, NOT_FOUND, "upload", "there is no upload \"%.*s\"", TEXT_ARG(id));
    return scope_hint(scope, "send the file again; %.*s",
                      TEXT_ARG(shelf_kept(scope, SHELF_UPLOADS)));
}

code upload_find(struct scope *scope, struct text id, struct upload *ret_upload) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found = false;

    if (shelf_is_name(id))
        TRY(ledger_find(scope, sql_upload_find, BINDS(BIND_TEXT(id)), &rows, &found));
    if (!found)
        return fail_unknown(scope, id);
    *ret_upload = (struct upload){
        .id = text_copy(&scope->arena, rows_text(rows, 0)),
        .name = text_copy(&scope->arena, rows_text(rows, 1)),
        .bytes = rows_int64(rows, 2),
        .actor = text_copy(&scope->arena, rows_text(rows, 3)),
        .created_at_us = rows_int64(rows, 4),
    };
    return OK;
}

code upload_path(struct scope *scope, struct text id, const char **ret_path) {
    return shelf_path(scope, SHELF_UPLOADS, id, ret_path);
}

// The row first: a file without one is swept later, a row without its file would be a lie.
static code forget(struct scope *scope, struct text id) {
    TRY(ledger_exec(scope, sql_upload_delete, BINDS(BIND_TEXT(id))));
    shelf_remove(scope, SHELF_UPLOADS, id);
    return OK;
}

code upload_delete(struct scope *scope, struct text id) {
    struct upload upload;
    int64_t jobs;

    TRY(upload_find(scope, id, &upload));
    TRY(ledger_int64(scope, sql_upload_is_needed, BINDS(BIND_TEXT(id)), 0, &jobs));
    if (jobs > 0)
        return scope_fail(scope, CONFLICT, "an import still needs the file \"%.*s\"",
                          TEXT_ARG(upload.name));
    return forget(scope, id);
}

code upload_expire(struct scope *scope) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_upload_expired,
                     BINDS(BIND_INT64(shelf_oldest_us(scope, SHELF_UPLOADS))), &rows));
    while (rows_next(rows))
        TRY(forget(scope, text_copy(&scope->arena, rows_text(rows, 0))));
    TRY(rows_end(rows));
    return shelf_sweep(scope, SHELF_UPLOADS, sql_upload_is_known);
}
