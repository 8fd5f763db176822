// SPDX-License-Identifier: Apache-2.0
#include "govern/export/export.h"

#include "base/file_name.h"
#include "export_sql.h"
#include "store/ledger.h"
#include "store/shelf.h"
#include "store/store.h"

#include <sys/stat.h>

code export_new(struct scope *scope, struct export *ret_export, const char **ret_path) {
    const struct text file = shelf_new_name(scope);

    TRY(export_expire(scope));
    TRY(shelf_path(scope, SHELF_EXPORTS, file, ret_path));
    *ret_export = (struct export){.file = file};
    return OK;
}

static code insert(struct scope *scope, struct export *export) {
    struct stat status = {0};
    const char *path;

    TRY(shelf_path(scope, SHELF_EXPORTS, export->file, &path));
    if (stat(path, &status) != 0)
        return scope_fail(scope, INTERNAL, "the file of an export is not there");
    export->id = store_new_id(scope);
    export->name = file_name_of(&scope->arena, export->name);
    export->bytes = status.st_size;
    export->actor = text_of(scope->actor.name);
    export->created_at_us = scope->now_us;
    return ledger_exec(scope, sql_export_insert,
                       BINDS(BIND_INT64(export->id), BIND_TEXT(export->file),
                             BIND_TEXT(export->name), BIND_TEXT(export->what),
                             BIND_INT64(export->row_count), BIND_INT64(export->bytes),
                             BIND_TEXT(export->actor), BIND_INT64(export->created_at_us)));
}

code export_keep(struct scope *scope, struct export *export) {
    if (insert(scope, export) != OK)
        shelf_remove(scope, SHELF_EXPORTS, export->file);
    return scope->failure.code;
}

code export_find(struct scope *scope, int64_t id, struct export *ret_export) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct arena *arena = &scope->arena;
    bool found;

    TRY(ledger_find(scope, sql_export_find,
                    BINDS(BIND_INT64(id), BIND_INT64(shelf_oldest_us(scope, SHELF_EXPORTS))), &rows,
                    &found));
    if (!found) {
        scope_fail(scope, NOT_FOUND, "export %lld does not exist", (long long)id);
        return scope_hint(scope, "%.*s", TEXT_ARG(shelf_kept(scope, SHELF_EXPORTS)));
    }
    *ret_export = (struct export){
        .id = rows_int64(rows, 0),
        .file = text_copy(arena, rows_text(rows, 1)),
        .name = text_copy(arena, rows_text(rows, 2)),
        .what = text_copy(arena, rows_text(rows, 3)),
        .row_count = rows_int64(rows, 4),
        .bytes = rows_int64(rows, 5),
        .actor = text_copy(arena, rows_text(rows, 6)),
        .created_at_us = rows_int64(rows, 7),
    };
    return OK;
}

code export_expire(struct scope *scope) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_export_expired,
                     BINDS(BIND_INT64(shelf_oldest_us(scope, SHELF_EXPORTS))), &rows));
    while (rows_next(rows)) {
        shelf_remove(scope, SHELF_EXPORTS, rows_text(rows, 1));
        TRY(ledger_exec(scope, sql_export_delete, BINDS(BIND_INT64(rows_int64(rows, 0)))));
    }
    TRY(rows_end(rows));
    return shelf_sweep(scope, SHELF_EXPORTS, sql_export_is_known);
}
