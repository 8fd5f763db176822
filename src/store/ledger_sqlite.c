// SPDX-License-Identifier: Apache-2.0
// The ledger in SQLite: connections, prepared statements, transactions, and what SQLite's failures
// mean. All that is particular to SQLite stands here.
#include "store/ledger.h"
#include "store/rows_engine.h"
#include "store/store_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    PARAMETERS_LARGEST = 64,
    STATEMENT_BUCKETS = 256, // a power of two
    STATEMENTS_KEPT = 512,
    CACHE_KIB = 32 * 1024, // of pages, each session
    CACHE_LARGE_KIB = 256 * 1024,
    CHECKPOINT_PAGES =
        8192, // of the log, before it is carried into the file: amortises pages hit often
    LOG_KEPT_BYTES = 64 << 20,
    BUSY_TIMEOUT_MS = 30000,
    BUSY_STEP_MS = 1, // SQLite's own steps grow to 100 ms and lose every race against a bulk import
};

struct ledger;

// Prepared once and kept. Its rows are part of it: reading allocates nothing.
struct statement {
    struct rows rows;
    struct ledger *ledger;
    struct statement *next; // in its bucket
    const char *sql;        // the address is the key
    sqlite3_stmt *handle;
    bool busy;    // its rows are being read
    bool has_row; // stepped ahead by ledger_query, not yet asked for
    bool at_end;
    int column_count;
    int parameter_count;
    int parameters[PARAMETERS_LARGEST]; // SQLite's index of $1, $2, …
};

struct ledger {
    sqlite3 *database;
    struct statement *buckets[STATEMENT_BUCKETS];
    int statement_count;
};

// ---- failures ----

static code reason_of(sqlite3 *database, int status) {
    switch (status & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return BUSY;
    case SQLITE_FULL:
        return STORAGE_FULL;
    case SQLITE_IOERR:
        return sqlite3_system_errno(database) == ENOSPC ? STORAGE_FULL : UNAVAILABLE;
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOMEM:
    case SQLITE_NOTADB:
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return UNAVAILABLE;
    case SQLITE_CONSTRAINT:
        return CONFLICT;
    case SQLITE_INTERRUPT:
        return CANCELLED;
    case SQLITE_TOOBIG:
        return TOO_LARGE;
    default:
        return INTERNAL;
    }
}

code ledger_fail(struct scope *scope, sqlite3 *database, int status) {
    const code reason = reason_of(database, status);
    static const char *const messages[CODE_COUNT] = {
        [BUSY] = "the ledger is being written by somebody else",
        [STORAGE_FULL] = "the disk of the store is full",
        [UNAVAILABLE] = "the ledger cannot be read or written",
        [CONFLICT] = "the ledger refuses a row",
        [CANCELLED] = "cancelled on request",
        [TOO_LARGE] = "a value is too large for the ledger",
        [INTERNAL] = "a statement of the ledger failed",
    };

    scope_fail(scope, reason, "%s", messages[reason]);
    scope_detail(scope, "%s", sqlite3_errmsg(database));
    if (reason == STORAGE_FULL)
        scope_hint(scope, "make room on the disk and try again; what was accepted is kept");
    return reason;
}

// ---- connections ----

static int wait_for_lock(void *unused, int attempts) {
    const struct timespec step = {.tv_nsec = BUSY_STEP_MS * 1000000L};

    (void)unused;
    if (attempts * BUSY_STEP_MS > BUSY_TIMEOUT_MS)
        return 0;
    nanosleep(&step, NULL);
    return 1;
}

static int configure(sqlite3 *database, const char *durability) {
    char *pragmas;
    int status;

    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_handler(database, wait_for_lock, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    pragmas = sqlite3_mprintf("%s PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
                              "PRAGMA cache_size = -%d; PRAGMA wal_autocheckpoint = %d;"
                              "PRAGMA journal_size_limit = %d;",
                              durability, CACHE_KIB, CHECKPOINT_PAGES, LOG_KEPT_BYTES);
    status = sqlite3_exec(database, pragmas, NULL, NULL, NULL);
    sqlite3_free(pragmas);
    return status;
}

static code open_file(struct scope *scope, const char *path, int create, const char *durability,
                      struct ledger **ret_ledger) {
    struct ledger *ledger = calloc(1, sizeof(*ledger));
    int status = SQLITE_NOMEM;

    // Memory statistics would put one lock around every allocation of all threads. It takes effect
    // before the first connection of the process, and is refused afterwards.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (ledger)
        status = sqlite3_open_v2(path, &ledger->database,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | create, NULL);
    if (status == SQLITE_OK)
        status = configure(ledger->database, durability);
    if (status == SQLITE_OK) {
        *ret_ledger = ledger;
        return OK;
    }
    scope_fail(scope, reason_of(ledger ? ledger->database : NULL, status),
               "cannot open the ledger %s", path);
    scope_detail(scope, "%s", sqlite3_errmsg(ledger ? ledger->database : NULL));
    ledger_close(ledger);
    return scope->failure.code;
}

code ledger_open(struct scope *scope, const struct store *store, struct ledger **ret_ledger) {
    return open_file(scope, arena_printf(&scope->arena, "%s/ledger.db", store->path),
                     store->mode == STORE_READ_WRITE ? SQLITE_OPEN_CREATE : 0,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", ret_ledger);
}

// What is lost with the process anyway need not reach the disk in order.
code ledger_open_trial(struct scope *scope, const char *path, struct ledger **ret_ledger) {
    return open_file(scope, path, 0, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;",
                     ret_ledger);
}

static void statement_free(struct statement *statement) {
    sqlite3_finalize(statement->handle);
    free(statement);
}

void ledger_close(struct ledger *ledger) {
    if (!ledger)
        return;
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++)
        while (ledger->buckets[i]) {
            struct statement *statement = ledger->buckets[i];

            ledger->buckets[i] = statement->next;
            statement_free(statement);
        }
    sqlite3_close(ledger->database);
    free(ledger);
}

// NULL on failure.
static struct ledger *session_ledger(struct scope *scope) {
    struct session *session = scope->session;

    if (!session) {
        scope_fail(scope, INTERNAL, "this work has no session with the store");
        return NULL;
    }
    if (!session->ledger)
        ledger_open(scope, session->store, &session->ledger);
    return session->ledger;
}

code ledger_use_large_cache(struct scope *scope) {
    struct ledger *ledger = session_ledger(scope);
    char pragma[64];
    int status;

    if (!ledger)
        return scope->failure.code;
    snprintf(pragma, sizeof(pragma), "PRAGMA cache_size = -%d", CACHE_LARGE_KIB);
    status = sqlite3_exec(ledger->database, pragma, NULL, NULL, NULL);
    return status == SQLITE_OK ? OK : ledger_fail(scope, ledger->database, status);
}

// ---- statements ----

static struct statement **bucket_of(struct ledger *ledger, const char *sql) {
    const uint64_t mixed = (uint64_t)(uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15);

    return &ledger->buckets[(mixed >> 32) & (STATEMENT_BUCKETS - 1)];
}

// Texts that live in an arena leave statements behind that nothing will ask for again.
static void drop_idle_statements(struct ledger *ledger) {
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++)
        for (struct statement **place = &ledger->buckets[i]; *place;) {
            struct statement *statement = *place;

            if (statement->busy) {
                place = &statement->next;
                continue;
            }
            *place = statement->next;
            statement_free(statement);
            ledger->statement_count--;
        }
}

// $1 is a name in SQLite, so the place of each is looked up here, once.
static code resolve_parameters(struct scope *scope, struct statement *statement) {
    const int count = sqlite3_bind_parameter_count(statement->handle);
    char name[16];

    if (count > PARAMETERS_LARGEST)
        return scope_fail(scope, INTERNAL,
                          "a statement has %d parameters, at most %d are supported", count,
                          PARAMETERS_LARGEST);
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof(name), "$%d", i + 1);
        statement->parameters[i] = sqlite3_bind_parameter_index(statement->handle, name);
        if (statement->parameters[i] == 0)
            return scope_fail(scope, INTERNAL, "a statement has %d parameters, but no %s: %.200s",
                              count, name, statement->sql);
    }
    statement->parameter_count = count;
    return OK;
}

static const struct rows_methods statement_rows_methods;

// NULL on failure.
static struct statement *statement_prepare(struct scope *scope, struct ledger *ledger,
                                           const char *sql) {
    struct statement *statement = calloc(1, sizeof(*statement));
    const char *tail = "";
    int status;

    if (!statement) {
        scope_fail(scope, UNAVAILABLE, "out of memory");
        return NULL;
    }
    statement->ledger = ledger;
    statement->sql = sql;
    statement->rows.methods = &statement_rows_methods;
    status = sqlite3_prepare_v3(ledger->database, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                &statement->handle, &tail);
    if (status != SQLITE_OK)
        ledger_fail(scope, ledger->database, status);
    else if (!statement->handle || tail[strspn(tail, " \t\r\n;")] != '\0')
        scope_fail(scope, INTERNAL, "one statement is expected: %.200s", sql);
    else if (resolve_parameters(scope, statement) == OK) {
        statement->column_count = sqlite3_column_count(statement->handle);
        return statement;
    }
    statement_free(statement);
    return NULL;
}

// SQLite keeps the text of a statement up to its semicolon.
static bool is_text_of(const struct statement *statement, const char *sql) {
    const char *kept = sqlite3_sql(statement->handle);
    const size_t size = strlen(kept);

    return strncmp(kept, sql, size) == 0 && sql[size + strspn(sql + size, " \t\r\n;")] == '\0';
}

// An idle prepared statement of this text. The address finds it; the text itself is compared too,
// since the memory of a text made at run time may hold another one later. NULL on failure.
static struct statement *statement_find(struct scope *scope, const char *sql) {
    struct ledger *ledger = session_ledger(scope);
    struct statement *statement;
    struct statement **bucket;

    if (!ledger)
        return NULL;
    bucket = bucket_of(ledger, sql);
    for (struct statement *found = *bucket; found; found = found->next)
        if (found->sql == sql && !found->busy && is_text_of(found, sql))
            return found;
    if (ledger->statement_count >= STATEMENTS_KEPT)
        drop_idle_statements(ledger);
    statement = statement_prepare(scope, ledger, sql);
    if (!statement)
        return NULL;
    statement->next = *bucket;
    *bucket = statement;
    ledger->statement_count++;
    return statement;
}

code ledger_prepares(struct scope *scope, const char *sql) {
    return statement_find(scope, sql) ? OK : scope->failure.code;
}

static int bind_one(sqlite3_stmt *handle, int index, const struct bind *bind,
                    sqlite3_destructor_type keep) {
    switch (bind->type) {
    case BIND_TYPE_INT64:
        return sqlite3_bind_int64(handle, index, bind->int64);
    case BIND_TYPE_DOUBLE:
        return sqlite3_bind_double(handle, index, bind->number);
    case BIND_TYPE_BOOL:
        return sqlite3_bind_int(handle, index, bind->boolean);
    case BIND_TYPE_TEXT:
        return sqlite3_bind_text64(handle, index, bind->text.data ? bind->text.data : "",
                                   bind->text.size, keep, SQLITE_UTF8);
    case BIND_TYPE_NULL:
        break;
    }
    return sqlite3_bind_null(handle, index);
}

static code statement_bind(struct scope *scope, struct statement *statement, struct binds binds,
                           sqlite3_destructor_type keep) {
    if (binds.count != (size_t)statement->parameter_count)
        return scope_fail(scope, INTERNAL, "a statement has %d parameters, %zu values came: %.200s",
                          statement->parameter_count, binds.count, statement->sql);
    for (size_t i = 0; i < binds.count; i++) {
        const int status =
            bind_one(statement->handle, statement->parameters[i], &binds.values[i], keep);

        if (status != SQLITE_OK)
            return ledger_fail(scope, statement->ledger->database, status);
    }
    return OK;
}

// ---- whose turn it is to write ----

static code take_turn(struct scope *scope) {
    struct session *session = scope->session;

    if (!write_turn_take(&session->store->write_turn, BUSY_TIMEOUT_MS))
        return ledger_fail(scope, session->ledger->database, SQLITE_BUSY);
    session->has_write_turn = true;
    return OK;
}

static void give_turn(struct scope *scope) {
    if (scope->session->has_write_turn)
        write_turn_give(&scope->session->store->write_turn);
    scope->session->has_write_turn = false;
}

// ---- running a statement ----

static code run_to_end(struct scope *scope, struct statement *statement) {
    const int status = sqlite3_step(statement->handle);

    if (status != SQLITE_DONE && status != SQLITE_ROW)
        ledger_fail(scope, statement->ledger->database, status);
    // In a transaction of its own the statement commits when it is reset.
    if (sqlite3_reset(statement->handle) != SQLITE_OK &&
        (status == SQLITE_DONE || status == SQLITE_ROW))
        return ledger_fail(scope, statement->ledger->database,
                           sqlite3_errcode(statement->ledger->database));
    return status == SQLITE_DONE || status == SQLITE_ROW ? OK : scope->failure.code;
}

// Texts are bound without a copy: the statement has ended when the call returns. One that writes
// outside of a transaction is a transaction of its own.
code ledger_exec(struct scope *scope, const char *sql, struct binds binds) {
    struct statement *statement = statement_find(scope, sql);
    code result;

    if (!statement)
        return scope->failure.code;
    TRY(statement_bind(scope, statement, binds, SQLITE_STATIC));
    if (scope->session->has_write_turn || scope->session->is_trial ||
        sqlite3_stmt_readonly(statement->handle))
        return run_to_end(scope, statement);
    TRY(take_turn(scope));
    result = run_to_end(scope, statement);
    if (!ledger_in_transaction(scope))
        give_turn(scope);
    return result;
}

code ledger_change(struct scope *scope, const char *sql, struct binds binds, int64_t *ret_count) {
    TRY(ledger_exec(scope, sql, binds));
    *ret_count = sqlite3_changes64(scope->session->ledger->database);
    return OK;
}

sqlite3 *ledger_database(struct scope *scope) {
    struct ledger *ledger = session_ledger(scope);

    return ledger ? ledger->database : NULL;
}

// Schema text is written once for both databases: "BIGINT PRIMARY KEY" becomes SQLite's rowid, and
// what stands in "/* sqlite: … */" counts.
static void adapt_schema(const char *sql, struct buffer *script) {
    static const struct text key = {"BIGINT PRIMARY KEY", 18}, opening = {"/* sqlite:", 10};

    while (*sql != '\0') {
        const char *end = NULL;

        if (strncmp(sql, key.data, key.size) == 0) {
            buffer_add_string(script, "INTEGER PRIMARY KEY");
            sql += key.size;
            continue;
        }
        if (strncmp(sql, opening.data, opening.size) == 0)
            end = strstr(sql, "*/");
        if (end) {
            buffer_add(script, sql + opening.size, (size_t)(end - sql) - opening.size);
            sql = end + 2;
            continue;
        }
        buffer_add_char(script, *sql++);
    }
}

code ledger_script(struct scope *scope, const char *sql) {
    CLEANUP(buffer_clear) struct buffer script = {0};
    struct ledger *ledger = session_ledger(scope);
    int status;

    if (!ledger)
        return scope->failure.code;
    adapt_schema(sql, &script);
    status = sqlite3_exec(ledger->database, buffer_string(&script), NULL, NULL, NULL);
    return status == SQLITE_OK ? OK : ledger_fail(scope, ledger->database, status);
}

// ---- rows ----

static bool statement_step(struct statement *statement) {
    const int status = sqlite3_step(statement->handle);

    statement->at_end = status != SQLITE_ROW;
    if (status != SQLITE_ROW && status != SQLITE_DONE)
        statement->rows.result =
            ledger_fail(statement->rows.scope, statement->ledger->database, status);
    return status == SQLITE_ROW;
}

// The first row is fetched here, so that a statement that fails says so at once.
code ledger_query(struct scope *scope, const char *sql, struct binds binds,
                  struct rows **ret_rows) {
    struct statement *statement = statement_find(scope, sql);

    if (!statement)
        return scope->failure.code;
    TRY(statement_bind(scope, statement, binds, SQLITE_TRANSIENT));
    statement->rows.scope = scope;
    statement->rows.result = OK;
    statement->has_row = statement_step(statement);
    if (statement->rows.result != OK) {
        sqlite3_reset(statement->handle);
        return statement->rows.result;
    }
    statement->busy = true;
    *ret_rows = &statement->rows;
    return OK;
}

static bool next(struct rows *rows) {
    struct statement *statement = (struct statement *)rows;

    if (statement->has_row) {
        statement->has_row = false;
        return true;
    }
    return !statement->at_end && statement_step(statement);
}

static void close_rows(struct rows *rows) {
    struct statement *statement = (struct statement *)rows;

    sqlite3_reset(statement->handle);
    statement->busy = false;
}

static sqlite3_stmt *handle_of(const struct rows *rows) {
    return ((const struct statement *)rows)->handle;
}

static size_t column_count(const struct rows *rows) {
    return (size_t)((const struct statement *)rows)->column_count;
}

static const char *column_name(const struct rows *rows, size_t column) {
    return sqlite3_column_name(handle_of(rows), (int)column);
}

static enum row_type column_type(const struct rows *rows, size_t column) {
    switch (sqlite3_column_type(handle_of(rows), (int)column)) {
    case SQLITE_INTEGER:
        return ROW_INT64;
    case SQLITE_FLOAT:
        return ROW_DOUBLE;
    case SQLITE_NULL:
        return ROW_NULL;
    default:
        return ROW_TEXT;
    }
}

static bool is_null(const struct rows *rows, size_t column) {
    return sqlite3_column_type(handle_of(rows), (int)column) == SQLITE_NULL;
}

static int64_t column_int64(const struct rows *rows, size_t column) {
    return sqlite3_column_int64(handle_of(rows), (int)column);
}

static double column_number(const struct rows *rows, size_t column) {
    return sqlite3_column_double(handle_of(rows), (int)column);
}

static bool column_boolean(const struct rows *rows, size_t column) {
    return sqlite3_column_int64(handle_of(rows), (int)column) != 0;
}

// SQLite renders doubles with 15 digits, which do not read back exactly.
static struct text column_text(const struct rows *rows, size_t column) {
    sqlite3_stmt *handle = handle_of(rows);
    const char *data;

    if (sqlite3_column_type(handle, (int)column) == SQLITE_FLOAT) {
        char *text = arena_alloc(&rows->scope->arena, NUMBER_TEXT_SIZE);

        return text_of(number_format(sqlite3_column_double(handle, (int)column), text));
    }
    data = (const char *)sqlite3_column_text(handle, (int)column);
    return (struct text){.data = data, .size = (size_t)sqlite3_column_bytes(handle, (int)column)};
}

static const struct rows_methods statement_rows_methods = {
    .next = next,
    .close = close_rows,
    .column_count = column_count,
    .column_name = column_name,
    .column_type = column_type,
    .is_null = is_null,
    .int64 = column_int64,
    .number = column_number,
    .boolean = column_boolean,
    .text = column_text,
};

// ---- transactions ----

bool ledger_in_transaction(const struct scope *scope) {
    return scope->session && scope->session->ledger &&
           !sqlite3_get_autocommit(scope->session->ledger->database);
}

static code begin(struct scope *scope, const char *sql) {
    if (ledger_in_transaction(scope))
        return scope_fail(scope, INTERNAL, "a transaction of the ledger is open already");
    if (scope->session) {
        scope->session->has_changes = false;
        scope->session->has_queued_jobs = false;
        change_forget(scope);
    }
    return ledger_exec(scope, sql, NO_BINDS);
}

code ledger_begin(struct scope *scope) {
    return begin(scope, "BEGIN IMMEDIATE");
}

code ledger_begin_snapshot(struct scope *scope) {
    return begin(scope, "BEGIN");
}

code ledger_commit(struct scope *scope) {
    if (!ledger_in_transaction(scope))
        return scope_fail(scope, INTERNAL, "there is no transaction of the ledger to commit");
    if (change_flush(scope) != OK || ledger_exec(scope, "COMMIT", NO_BINDS) != OK) {
        ledger_rollback(scope);
        return scope->failure.code;
    }
    give_turn(scope);
    if (scope->session->is_trial)
        return OK;
    if (scope->session->has_changes)
        mirror_nudge(scope->session->store->mirror);
    if (scope->session->has_queued_jobs)
        job_bell_ring(&scope->session->store->job_bell);
    return OK;
}

// The failure that leads here is kept: this one would be its consequence.
void ledger_rollback(struct scope *scope) {
    if (ledger_in_transaction(scope))
        sqlite3_exec(scope->session->ledger->database, "ROLLBACK", NULL, NULL, NULL);
    if (scope->session)
        give_turn(scope);
}
