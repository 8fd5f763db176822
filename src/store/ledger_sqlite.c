// SPDX-License-Identifier: Apache-2.0
// The ledger in SQLite: connections, prepared statements, transactions, and what SQLite's failures
// mean. All that is particular to SQLite stands here and in ledger_copy_sqlite.c.
#include "store/ledger_sqlite.h"

#include "store/ledger.h"
#include "store/ledger_copy.h"
#include "store/ledger_engine.h"
#include "store/store_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    PARAMETERS_LARGEST = 64,
    CACHE_KIB = 32 * 1024, // of pages, each session
    CACHE_LARGE_KIB = 256 * 1024,
    CHECKPOINT_PAGES =
        8192, // of the log, before it is carried into the file: amortises pages hit often
    LOG_KEPT_BYTES = 64 << 20,
    CHECKPOINT_LARGE_PAGES = 32768, // of who writes in bulk: a page of an index is hit more often
    LOG_LARGE_KEPT_BYTES = 160 << 20,
    BUSY_TIMEOUT_MS = 30000,
    STEPS_BETWEEN_LOOKS = 100000, // of SQLite's machine: some milliseconds
    BUSY_STEP_MS = 1, // SQLite's own steps grow to 100 ms and lose every race against a bulk import
};

struct statement {
    struct prepared prepared;
    struct connection *connection;
    sqlite3_stmt *handle;
    bool has_row; // stepped ahead by the query, not yet asked for
    bool at_end;
    int column_count;
    int parameter_count;
    int parameters[PARAMETERS_LARGEST]; // SQLite's index of $1, $2, …
};

struct connection {
    struct ledger ledger;
    sqlite3 *database;
    struct prepared_set statements;
    struct write_turn *turn; // of this process's writers; NULL: nobody else writes here
    bool has_turn;
    struct scope *asking; // whose query is worked on; NULL: none
};

static struct connection *connection_of(struct ledger *ledger) {
    return (struct connection *)ledger;
}

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

code ledger_sqlite_fail(struct scope *scope, sqlite3 *database, int status) {
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
    return scope->failure.code;
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

// Queries end before their end when their scope does; what writes comes to its own.
static int is_over(void *argument) {
    const struct connection *connection = argument;

    return connection->asking && scope_check(connection->asking) != OK;
}

static int configure(struct connection *connection, const char *durability) {
    sqlite3 *database = connection->database;
    char *pragmas;
    int status;

    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_handler(database, wait_for_lock, NULL);
    sqlite3_progress_handler(database, STEPS_BETWEEN_LOOKS, is_over, connection);
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

static void clear_statement(struct prepared *prepared) {
    sqlite3_finalize(((struct statement *)prepared)->handle);
}

static void give_turn(struct connection *connection) {
    if (connection->has_turn)
        write_turn_give(connection->turn);
    connection->has_turn = false;
}

static void close_connection(struct ledger *ledger) {
    struct connection *connection = connection_of(ledger);

    prepared_clear(&connection->statements);
    sqlite3_close(connection->database);
    give_turn(connection);
    free(connection);
}

// Writers of the file take turns at `turn`; NULL: nobody else knows the file.
static code open_file(struct scope *scope, const char *path, int create, const char *durability,
                      struct write_turn *turn, struct ledger **ret_ledger) {
    struct connection *connection = calloc(1, sizeof(*connection));
    int status;

    if (!connection)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    connection->ledger.engine = &ledger_sqlite;
    connection->turn = turn;
    connection->statements.clear = clear_statement;
    // Memory statistics would put one lock around every allocation of all threads. It takes effect
    // before the first connection of the process, and is refused afterwards.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    status = sqlite3_open_v2(path, &connection->database,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | create, NULL);
    if (status == SQLITE_OK)
        status = configure(connection, durability);
    if (status == SQLITE_OK) {
        *ret_ledger = &connection->ledger;
        return OK;
    }
    scope_fail(scope, reason_of(connection->database, status), "cannot open the ledger %s", path);
    scope_detail(scope, "%s", sqlite3_errmsg(connection->database));
    close_connection(&connection->ledger);
    return scope->failure.code;
}

static code open_connection(struct scope *scope, struct store *store, struct ledger **ret_ledger) {
    return open_file(scope, arena_printf(&scope->arena, "%s/ledger.db", store->path),
                     store->mode != STORE_LEDGER_ONLY ? SQLITE_OPEN_CREATE : 0,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", &store->write_turn,
                     ret_ledger);
}

// What is lost with the process anyway need not reach the disk in order. The open copy needs no
// name: nothing of it is left, however the process ends.
static code open_trial(struct scope *scope, struct store *store, struct ledger *ledger,
                       enum trial_kind kind, struct ledger **ret_trial) {
    const char *path = arena_printf(&scope->arena, "%s/" LEDGER_TRIAL_PREFIX "%" PRId64,
                                    store->path, store_new_id(scope));
    code result;

    (void)ledger, (void)kind; // the session's own; who writes keeps everybody else waiting
    TRY(ledger_begin_copy(scope));
    result = ledger_copy(scope, path);
    ledger_rollback(scope);
    if (result == OK)
        result =
            open_file(scope, path, 0, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;",
                      NULL, ret_trial);
    unlink(path);
    return result;
}

static code expect_bulk(struct scope *scope, struct ledger *ledger) {
    sqlite3 *database = connection_of(ledger)->database;
    char pragmas[160];
    int status;

    snprintf(pragmas, sizeof(pragmas),
             "PRAGMA cache_size = -%d; PRAGMA wal_autocheckpoint = %d;"
             "PRAGMA journal_size_limit = %d;",
             CACHE_LARGE_KIB, CHECKPOINT_LARGE_PAGES, LOG_LARGE_KEPT_BYTES);
    status = sqlite3_exec(database, pragmas, NULL, NULL, NULL);
    return status == SQLITE_OK ? OK : ledger_sqlite_fail(scope, database, status);
}

// ---- statements ----

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
                              count, name, statement->prepared.sql);
    }
    statement->parameter_count = count;
    return OK;
}

static const struct rows_methods statement_rows_methods;

// NULL on failure.
static struct statement *statement_prepare(struct scope *scope, struct connection *connection,
                                           const char *sql) {
    struct statement *statement =
        (struct statement *)prepared_new(scope, sizeof(*statement), sql, &statement_rows_methods);
    const char *tail = "";
    int status;

    if (!statement)
        return NULL;
    statement->connection = connection;
    status = sqlite3_prepare_v3(connection->database, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                &statement->handle, &tail);
    if (status != SQLITE_OK)
        ledger_sqlite_fail(scope, connection->database, status);
    else if (!statement->handle || tail[strspn(tail, " \t\r\n;")] != '\0')
        scope_fail(scope, INTERNAL, "one statement is expected: %.200s", sql);
    else if (resolve_parameters(scope, statement) == OK) {
        statement->column_count = sqlite3_column_count(statement->handle);
        return statement;
    }
    prepared_free(&connection->statements, &statement->prepared);
    return NULL;
}

// An idle prepared statement of this text. NULL on failure.
static struct statement *statement_find(struct scope *scope, struct connection *connection,
                                        const char *sql) {
    struct statement *statement = (struct statement *)prepared_find(&connection->statements, sql);

    if (statement)
        return statement;
    statement = statement_prepare(scope, connection, sql);
    if (statement)
        prepared_keep(&connection->statements, &statement->prepared);
    return statement;
}

static code prepares(struct scope *scope, struct ledger *ledger, const char *sql) {
    return statement_find(scope, connection_of(ledger), sql) ? OK : scope->failure.code;
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
                          statement->parameter_count, binds.count, statement->prepared.sql);
    for (size_t i = 0; i < binds.count; i++) {
        const int status =
            bind_one(statement->handle, statement->parameters[i], &binds.values[i], keep);

        if (status != SQLITE_OK)
            return ledger_sqlite_fail(scope, statement->connection->database, status);
    }
    return OK;
}

// ---- whose turn it is to write ----

static code take_turn(struct scope *scope, struct connection *connection) {
    if (!write_turn_take(connection->turn, BUSY_TIMEOUT_MS))
        return ledger_sqlite_fail(scope, connection->database, SQLITE_BUSY);
    connection->has_turn = true;
    return OK;
}

// ---- running a statement ----

static code run_to_end(struct scope *scope, struct statement *statement) {
    const int status = sqlite3_step(statement->handle);

    if (status != SQLITE_DONE && status != SQLITE_ROW)
        ledger_sqlite_fail(scope, statement->connection->database, status);
    // In a transaction of its own the statement commits when it is reset.
    if (sqlite3_reset(statement->handle) != SQLITE_OK &&
        (status == SQLITE_DONE || status == SQLITE_ROW))
        return ledger_sqlite_fail(scope, statement->connection->database,
                                  sqlite3_errcode(statement->connection->database));
    return status == SQLITE_DONE || status == SQLITE_ROW ? OK : scope->failure.code;
}

static bool in_transaction(const struct ledger *ledger) {
    return !sqlite3_get_autocommit(((const struct connection *)ledger)->database);
}

// Texts are bound without a copy: the statement has ended when the call returns. One that writes
// outside of a transaction is a transaction of its own.
static code run(struct scope *scope, struct connection *connection, const char *sql,
                struct binds binds) {
    struct statement *statement = statement_find(scope, connection, sql);
    code result;

    if (!statement)
        return scope->failure.code;
    TRY(statement_bind(scope, statement, binds, SQLITE_STATIC));
    if (connection->has_turn || !connection->turn || sqlite3_stmt_readonly(statement->handle))
        return run_to_end(scope, statement);
    TRY(take_turn(scope, connection));
    result = run_to_end(scope, statement);
    if (!in_transaction(&connection->ledger))
        give_turn(connection);
    return result;
}

static code exec(struct scope *scope, struct ledger *ledger, const char *sql, struct binds binds,
                 int64_t *ret_count) {
    struct connection *connection = connection_of(ledger);

    TRY(run(scope, connection, sql, binds));
    if (ret_count)
        *ret_count = sqlite3_changes64(connection->database);
    return OK;
}

sqlite3 *ledger_sqlite_database(struct scope *scope) {
    struct ledger *ledger = session_ledger(scope);

    if (!ledger)
        return NULL;
    if (ledger->engine == &ledger_sqlite)
        return connection_of(ledger)->database;
    scope_fail(scope, INTERNAL, "a ledger in %s is no file", ledger->engine->name);
    return NULL;
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

static code script(struct scope *scope, struct ledger *ledger, const char *sql) {
    sqlite3 *database = connection_of(ledger)->database;
    CLEANUP(buffer_clear) struct buffer script = {0};
    int status;

    adapt_schema(sql, &script);
    status = sqlite3_exec(database, buffer_string(&script), NULL, NULL, NULL);
    return status == SQLITE_OK ? OK : ledger_sqlite_fail(scope, database, status);
}

// ---- rows ----

static bool statement_step(struct statement *statement) {
    struct connection *connection = statement->connection;
    struct rows *rows = &statement->prepared.rows;
    int status;

    connection->asking = rows->scope;
    status = sqlite3_step(statement->handle);
    connection->asking = NULL;
    statement->at_end = status != SQLITE_ROW;
    if (status != SQLITE_ROW && status != SQLITE_DONE)
        rows->result = ledger_sqlite_fail(rows->scope, connection->database, status);
    return status == SQLITE_ROW;
}

// The first row is fetched here, so that a statement that fails says so at once.
static code query(struct scope *scope, struct ledger *ledger, const char *sql, struct binds binds,
                  struct rows **ret_rows) {
    struct statement *statement = statement_find(scope, connection_of(ledger), sql);
    struct rows *rows;

    if (!statement)
        return scope->failure.code;
    TRY(statement_bind(scope, statement, binds, SQLITE_TRANSIENT));
    rows = &statement->prepared.rows;
    rows->scope = scope;
    rows->result = OK;
    statement->has_row = statement_step(statement);
    if (rows->result != OK) {
        sqlite3_reset(statement->handle);
        return rows->result;
    }
    statement->prepared.busy = true;
    *ret_rows = rows;
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
    statement->prepared.busy = false;
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

static code begin(struct scope *scope, struct ledger *ledger, enum ledger_access access) {
    return run(scope, connection_of(ledger),
               access == LEDGER_SNAPSHOT ? "BEGIN" : "BEGIN IMMEDIATE", NO_BINDS);
}

static code commit(struct scope *scope, struct ledger *ledger) {
    TRY(run(scope, connection_of(ledger), "COMMIT", NO_BINDS));
    give_turn(connection_of(ledger));
    return OK;
}

static void rollback(struct ledger *ledger) {
    if (in_transaction(ledger))
        sqlite3_exec(connection_of(ledger)->database, "ROLLBACK", NULL, NULL, NULL);
    give_turn(connection_of(ledger));
}

const struct ledger_engine ledger_sqlite = {
    .name = "SQLite",
    .has_owner = true,
    .check_sql = "PRAGMA quick_check(1)",
    .version_sql = "SELECT 'SQLite ' || sqlite_version()",
    .tables_sql = "SELECT name FROM sqlite_schema WHERE type = 'table' "
                  "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    .open = open_connection,
    .close = close_connection,
    .open_trial = open_trial,
    .exec = exec,
    .query = query,
    .script = script,
    .prepares = prepares,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .expect_bulk = expect_bulk,
};
