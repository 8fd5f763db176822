// SPDX-License-Identifier: Apache-2.0
// SQLite's online backup within a read transaction of the session's own connection: what others
// write meanwhile goes to the log and is not part of the copy, so the copying never begins again.
// Of another database's ledger: ledger_copy_rows.c.
#include "store/ledger_copy.h"

#include "base/progress.h"
#include "store/ledger.h"
#include "store/ledger_engine.h"
#include "store/ledger_sqlite.h"
#include "store/store_internal.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

enum { STEP_PAGES = 2048, KIB_PER_PAGE = 4 };

// ---- copying ----

// The copy is written once and made durable by whoever reads it into its place.
static code open_copy(struct scope *scope, const char *path, sqlite3 **ret_copy) {
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    sqlite3 *copy = NULL;

    if (fd < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot make the file %s", path);
    close(fd);
    if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
            SQLITE_OK &&
        sqlite3_exec(copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;", NULL, NULL,
                     NULL) == SQLITE_OK) {
        *ret_copy = copy;
        return OK;
    }
    ledger_sqlite_fail(scope, copy, sqlite3_errcode(copy));
    sqlite3_close(copy);
    return scope->failure.code;
}

static code copy_pages(struct scope *scope, sqlite3 *copy, sqlite3_backup *backup) {
    int status;

    do {
        TRY(scope_check(scope));
        status = sqlite3_backup_step(backup, STEP_PAGES);
        progress_report(
            scope->progress, "copying",
            (int64_t)(sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup)) *
                KIB_PER_PAGE,
            (int64_t)sqlite3_backup_pagecount(backup) * KIB_PER_PAGE, "KiB");
    } while (status == SQLITE_OK);
    return status == SQLITE_DONE ? OK : ledger_sqlite_fail(scope, copy, status);
}

code ledger_begin_copy(struct scope *scope) {
    int64_t version;

    TRY(ledger_begin_snapshot(scope));
    // The snapshot is that of the first reading. Without one, each step of a copy would look at the
    // ledger anew, and begin again when somebody has written.
    if (ledger_int64(scope, "SELECT max(version) FROM schema_version", NO_BINDS, 0, &version) != OK)
        ledger_rollback(scope);
    return scope->failure.code;
}

static code copy_file(struct scope *scope, const char *path) {
    sqlite3 *const source = ledger_sqlite_database(scope);
    sqlite3_backup *backup;
    sqlite3 *copy = NULL;
    code result;

    if (!source)
        return scope->failure.code;
    TRY(open_copy(scope, path, &copy));
    backup = sqlite3_backup_init(copy, "main", source, "main");
    result = backup ? copy_pages(scope, copy, backup)
                    : ledger_sqlite_fail(scope, copy, sqlite3_errcode(copy));
    sqlite3_backup_finish(backup);
    sqlite3_close(copy);
    return result;
}

code ledger_copy(struct scope *scope, const char *path) {
    if (!ledger_in_transaction(scope))
        return scope_fail(scope, INTERNAL, "a copy of the ledger needs a snapshot");
    return session_store(scope)->engine == &ledger_sqlite ? copy_file(scope, path)
                                                          : ledger_copy_rows(scope, path);
}

// ---- checking ----

static int is_cancelled(void *scope) {
    return scope_check(scope) != OK;
}

static void run_check(struct scope *scope, sqlite3 *database, const char *check,
                      struct text *ret_problem) {
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(database, check, -1, &statement, NULL);
    struct text answer = {0};

    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    // Damage may show as an answer or as a failure to read.
    if (status == SQLITE_ROW)
        answer = text_copy(&scope->arena, text_of((const char *)sqlite3_column_text(statement, 0)));
    else
        answer = text_printf(&scope->arena, "%s", sqlite3_errmsg(database));
    sqlite3_finalize(statement);
    *ret_problem = text_is(answer, "ok") ? (struct text){0} : answer;
}

code ledger_check_file(struct scope *scope, const char *path, enum ledger_check check,
                       struct text *ret_problem) {
    enum { STEPS_BETWEEN_LOOKS = 100000 };
    sqlite3 *database = NULL;
    struct text problem;

    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        ledger_sqlite_fail(scope, database, sqlite3_errcode(database));
    } else {
        sqlite3_progress_handler(database, STEPS_BETWEEN_LOOKS, is_cancelled, scope);
        run_check(scope, database,
                  check == LEDGER_CHECK_PAGES ? "PRAGMA quick_check(1)"
                                              : "PRAGMA integrity_check(1)",
                  &problem);
    }
    sqlite3_close(database);
    if (scope->failure.code == OK)
        *ret_problem = problem;
    return scope->failure.code;
}

// ---- counting ----

static code list_tables(struct scope *scope, struct table_count **ret_counts, size_t *ret_count) {
    enum { MOST_TABLES = 500 };
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct table_count *counts = arena_array(&scope->arena, MOST_TABLES, sizeof(*counts));
    size_t count = 0;

    TRY(ledger_query(scope, session_store(scope)->engine->tables_sql, NO_BINDS, &rows));
    while (rows_next(rows) && count < MOST_TABLES)
        counts[count++].table = text_copy(&scope->arena, rows_text(rows, 0));
    TRY(rows_end(rows));
    *ret_counts = counts;
    *ret_count = count;
    return OK;
}

code ledger_count_tables(struct scope *scope, struct table_count **ret_counts, size_t *ret_count) {
    struct table_count *counts;
    size_t count;

    TRY(list_tables(scope, &counts, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(scope_check(scope));
        progress_report(scope->progress, "counting", (int64_t)i, (int64_t)count, "tables");
        TRY(ledger_int64(
            scope,
            arena_printf(&scope->arena, "SELECT count(*) FROM \"%.*s\"", TEXT_ARG(counts[i].table)),
            NO_BINDS, 0, &counts[i].row_count));
    }
    *ret_counts = counts;
    *ret_count = count;
    return OK;
}

// ---- looking ----

code ledger_look_into(struct scope *scope, const char *folder,
                      code (*look)(struct scope *scope, void *context), void *context) {
    struct store store = {.engine = &ledger_sqlite,
                          .path = arena_printf(&scope->arena, "%s", folder),
                          .mode = STORE_LEDGER_ONLY,
                          .lock_fd = -1};
    code result;

    config_init(&store.config);
    TRY(session_open(scope, &store));
    result = look(scope, context);
    session_close(scope);
    return result;
}
