// SPDX-License-Identifier: Apache-2.0
// The ledger in PostgreSQL: prepared statements with binary values, results that are fetched as
// they are read, transactions that take turns by a lock in the database. The connections
// themselves: postgresql_connection.c.
#include "store/ledger_postgresql.h"

#include "postgresql_store_sql.h"
#include "store/ledger.h"
#include "store/postgresql_ahead.h"
#include "store/postgresql_append.h"
#include "store/postgresql_connection.h"
#include "store/postgresql_dialect.h"
#include "store/postgresql_store.h"
#include "store/postgresql_value.h"
#include "store/store_internal.h"
#include "store/unit.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LAKE_STATEMENTS_KEPT = 32, // most of their texts are made at run time and do not come again
    ROWS_AHEAD = 256,       // fetched before a query returns: what fails does so at once, as a rule
    LOOK_INTERVAL_MS = 100, // at whether the scope is over
    // Sent without waiting for the answers, and how many go on their way at once. Their answers
    // must fit into what the sockets hold, since nobody reads them meanwhile.
    SENT_STATEMENTS = 256,
    FIRST_LOOK_STATEMENTS = 2000, // of a bulk session, until the planner looks at its tables
    FLUSHED_STATEMENTS = 16,
};

struct statement {
    struct prepared prepared;
    struct connection *connection;
    char name[24];
    size_t parameter_count;
    int64_t generation;    // of the connection that knows the name; 0: none yet
    PGresult *description; // types of parameters and columns
    struct postgresql_value *row;
    PGresult *shown; // the row, when it was fetched on its own
    struct ahead ahead;
    struct append_use append;
};

struct connection {
    struct ledger ledger;
    struct store *store;
    char *search_path;
    const char *session_sql; // what each handle begins with; NULL: nothing
    PGconn *handle;          // NULL before the first use and after a loss
    int64_t generation;      // counts the handles
    int64_t named;           // counts the statements
    struct prepared_set statements;
    struct statement *streaming; // its result is still on its way
    bool in_transaction;
    bool is_trial, is_never_committed;
    bool is_bulk;
    int sent_count;                    // statements whose answers are still to come
    int64_t bulk_count, look_at_count; // statements sent in bulk; when the planner looks next
    struct appender appender;          // of a bulk session's transaction
};

static struct connection *connection_of(struct ledger *ledger) {
    return (struct connection *)ledger;
}

// ---- rows that were fetched ----

static int column_count_of(const struct statement *statement) {
    return PQnfields(statement->description);
}

static void show_fetched(struct statement *statement, PGresult *result) {
    const int count = column_count_of(statement);

    PQclear(statement->shown);
    statement->shown = result;
    for (int i = 0; i < count; i++) {
        statement->row[i].bytes = PQgetisnull(result, 0, i) ? NULL : PQgetvalue(result, 0, i);
        statement->row[i].size = PQgetlength(result, 0, i);
    }
}

// ---- fetching ----

// Until something has come; what takes longer is stopped when the scope is over.
static void await(struct statement *statement) {
    PGconn *handle = statement->connection->handle;
    struct rows *rows = &statement->prepared.rows;
    struct pollfd socket = {.fd = PQsocket(handle), .events = POLLIN};

    while (PQisBusy(handle)) {
        const int ready = poll(&socket, 1, LOOK_INTERVAL_MS);

        if (ready > 0 && PQconsumeInput(handle) != 1)
            break;
        if (ready == 0 && rows->result == OK && scope_check(rows->scope) != OK) {
            rows->result = rows->scope->failure.code;
            postgresql_ask_to_stop(handle);
        }
    }
}

// The next row of the statement that streams, or NULL at the end and on failure.
static PGresult *fetch(struct statement *statement) {
    struct connection *connection = statement->connection;
    struct rows *rows = &statement->prepared.rows;
    PGresult *result;

    await(statement);
    while ((result = PQgetResult(connection->handle))) {
        const ExecStatusType status = PQresultStatus(result);

        if (status == PGRES_SINGLE_TUPLE)
            return result;
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && rows->result == OK)
            rows->result = postgresql_fail(rows->scope, connection->handle, result);
        PQclear(result);
        await(statement);
    }
    connection->streaming = NULL;
    return NULL;
}

// Up to `most` rows into memory.
static void fetch_ahead(struct statement *statement, int most) {
    struct rows *rows = &statement->prepared.rows;
    PGresult *result;

    while (most-- > 0 && (result = fetch(statement))) {
        if (!ahead_add(&statement->ahead, result) && rows->result == OK)
            rows->result = scope_fail(rows->scope, UNAVAILABLE, "out of memory");
        PQclear(result);
    }
}

// A connection has one result on its way: what is left of it is fetched before another one.
static void end_streaming(struct connection *connection) {
    while (connection->streaming)
        fetch_ahead(connection->streaming, INT32_MAX);
}

// ---- statements whose answers are still to come ----

static code settle(struct scope *scope, struct connection *connection) {
    PGconn *handle = connection->handle;
    code outcome;

    if (connection->sent_count == 0)
        return OK;
    connection->sent_count = 0;
    if (PQpipelineSync(handle) != 1)
        return postgresql_fail(scope, handle, NULL);
    outcome = postgresql_take_answers(scope, handle);
    PQexitPipelineMode(handle);
    return outcome;
}

// ---- connecting ----

// The server keeps what has a name until it is told, or the connection ends.
static void forget_name(const struct statement *statement) {
    const struct connection *connection = statement->connection;
    char sql[48];

    if (!connection->handle || connection->streaming ||
        statement->generation != connection->generation)
        return;
    snprintf(sql, sizeof(sql), "DEALLOCATE %s", statement->name);
    PQclear(PQexec(connection->handle, sql));
}

static void clear_statement(struct prepared *prepared) {
    struct statement *statement = (struct statement *)prepared;

    forget_name(statement);
    PQclear(statement->description);
    PQclear(statement->shown);
    ahead_clear(&statement->ahead);
    free(statement->row);
}

static void hang_up(struct connection *connection) {
    postgresql_disconnect(connection->store->postgresql, TAKE(connection->handle));
}

// A plan is made while a table is small and kept while it grows: one that reads the whole table, or
// all of an index to join it, would be made for ever. Whoever writes in bulk finds each row by an
// index.
static code prepare_for_bulk(struct scope *scope, struct connection *connection) {
    return postgresql_run(
        scope, connection->handle,
        "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
        "SET plan_cache_mode = force_generic_plan");
}

static code prepare_handle(struct scope *scope, struct connection *connection) {
    if (connection->session_sql)
        TRY(postgresql_run(scope, connection->handle, connection->session_sql));
    if (connection->is_bulk)
        TRY(prepare_for_bulk(scope, connection));
    connection->generation++;
    // What ended other connections may have ended the one that holds the process's number.
    return connection->store->has_had_number ? postgresql_keep_number(scope, connection->store)
                                             : OK;
}

// A handle that is not prepared is none: the next use would find it alive and go on with it.
static code connect_anew(struct scope *scope, struct connection *connection) {
    hang_up(connection);
    TRY(postgresql_connect(scope, connection->store->postgresql, connection->search_path,
                           &connection->handle));
    if (prepare_handle(scope, connection) == OK)
        return OK;
    hang_up(connection);
    return scope->failure.code;
}

// A handle that answers. Within a transaction a lost one stays lost: what it did is gone.
static code make_ready(struct scope *scope, struct connection *connection) {
    end_streaming(connection);
    TRY(settle(scope, connection));
    // The tables of a trial went with their connection; the real ones must not take their place.
    if (!connection->in_transaction && !connection->is_trial) {
        if (!connection->handle || postgresql_is_lost(connection->handle))
            return connect_anew(scope, connection);
        return OK;
    }
    return PQstatus(connection->handle) == CONNECTION_OK
               ? OK
               : postgresql_fail(scope, connection->handle, NULL);
}

static void close_connection(struct ledger *ledger);

code ledger_postgresql_open(struct scope *scope, struct store *store, const char *search_path,
                            const char *session_sql, struct ledger **ret_ledger) {
    struct connection *connection = calloc(1, sizeof(*connection));

    if (!connection || !(connection->search_path = strdup(search_path))) {
        free(connection);
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    }
    connection->ledger.engine = &ledger_postgresql;
    connection->store = store;
    connection->session_sql = session_sql;
    connection->statements.clear = clear_statement;
    if (strcmp(search_path, POSTGRESQL_SCHEMA) != 0)
        connection->statements.most = LAKE_STATEMENTS_KEPT;
    if (connect_anew(scope, connection) != OK) {
        close_connection(&connection->ledger);
        return scope->failure.code;
    }
    *ret_ledger = &connection->ledger;
    return OK;
}

static code open_connection(struct scope *scope, struct store *store, struct ledger **ret_ledger) {
    return ledger_postgresql_open(scope, store, POSTGRESQL_SCHEMA, NULL, ret_ledger);
}

static void close_connection(struct ledger *ledger) {
    struct connection *connection = connection_of(ledger);

    hang_up(connection); // its names go with it
    prepared_clear(&connection->statements);
    appender_clear(&connection->appender);
    free(connection->search_path);
    free(connection);
}

// ---- statements ----

static code describe(struct scope *scope, struct statement *statement) {
    PGconn *handle = statement->connection->handle;
    PGresult *description = PQdescribePrepared(handle, statement->name);
    const int count = PQnfields(description);

    PQclear(statement->description);
    statement->description = description;
    if (PQresultStatus(description) != PGRES_COMMAND_OK)
        return postgresql_fail(scope, handle, description);
    free(statement->row);
    statement->row = calloc((size_t)count + 1, sizeof(*statement->row));
    if (!statement->row)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    for (int i = 0; i < count; i++)
        statement->row[i].type = PQftype(description, i);
    return OK;
}

static code check_count(struct scope *scope, const struct statement *statement,
                        const struct binds *binds) {
    if (statement->parameter_count > POSTGRESQL_MOST_PARAMETERS)
        return scope_fail(scope, INTERNAL,
                          "a statement has %zu parameters, at most %d are supported",
                          statement->parameter_count, POSTGRESQL_MOST_PARAMETERS);
    if (binds->count != statement->parameter_count)
        return scope_fail(scope, INTERNAL,
                          "a statement has %zu parameters, %zu values came: %.200s",
                          statement->parameter_count, binds->count, statement->prepared.sql);
    return OK;
}

// The names of a lost connection went with it. A number's type is said, since the server would take
// one that is compared with 0 for a small one; of everything else it knows best.
static code make_known(struct scope *scope, struct statement *statement,
                       const struct binds *binds) {
    struct connection *connection = statement->connection;
    CLEANUP(buffer_clear) struct buffer adapted = {0};
    Oid types[POSTGRESQL_MOST_PARAMETERS];
    PGresult *result;
    bool prepared;

    if (binds)
        TRY(check_count(scope, statement, binds));
    if (statement->generation == connection->generation)
        return OK;
    for (size_t i = 0; binds && i < binds->count; i++)
        types[i] = postgresql_type_of(&binds->values[i]);
    postgresql_adapt_statement(statement->prepared.text, &adapted);
    result = PQprepare(connection->handle, statement->name, buffer_string(&adapted),
                       binds ? (int)binds->count : 0, types);
    prepared = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!prepared)
        postgresql_fail(scope, connection->handle, result);
    PQclear(result);
    if (!prepared)
        return scope->failure.code;
    TRY(describe(scope, statement));
    statement->generation = connection->generation;
    return OK;
}

static const struct rows_methods statement_rows_methods;

// NULL on failure. The connection is ready.
static struct statement *statement_find(struct scope *scope, struct connection *connection,
                                        const char *sql, const struct binds *binds) {
    struct statement *statement = (struct statement *)prepared_find(&connection->statements, sql);

    if (statement)
        return make_known(scope, statement, binds) == OK ? statement : NULL;
    statement =
        (struct statement *)prepared_new(scope, sizeof(*statement), sql, &statement_rows_methods);
    if (!statement)
        return NULL;
    statement->connection = connection;
    statement->parameter_count = postgresql_parameter_count(sql);
    snprintf(statement->name, sizeof(statement->name), "s%" PRId64, ++connection->named);
    if (make_known(scope, statement, binds) == OK) {
        prepared_keep(&connection->statements, &statement->prepared);
        return statement;
    }
    prepared_free(&connection->statements, &statement->prepared);
    return NULL;
}

static code prepares(struct scope *scope, struct ledger *ledger, const char *sql) {
    TRY(make_ready(scope, connection_of(ledger)));
    return statement_find(scope, connection_of(ledger), sql, NULL) ? OK : scope->failure.code;
}

static code bind_all(struct scope *scope, const struct statement *statement, struct binds binds,
                     struct postgresql_parameters *parameters) {
    for (size_t i = 0; i < binds.count; i++)
        TRY(postgresql_bind(scope, parameters, i, PQparamtype(statement->description, (int)i),
                            &binds.values[i]));
    return OK;
}

// ---- rows that wait ----

static code flush_rows(struct scope *scope, struct connection *connection, uint64_t tables) {
    if (tables == 0)
        return OK;
    TRY(make_ready(scope, connection));
    return appender_flush(scope, &connection->appender, connection->handle, tables);
}

// What the statement may see or change goes in before it.
static code flush_concerned(struct scope *scope, struct connection *connection,
                            struct statement *statement) {
    if (connection->appender.table_count == 0)
        return OK;
    return flush_rows(
        scope, connection,
        appender_concerned(&connection->appender, &statement->append, statement->prepared.sql));
}

// *ret_taken: the row waits, and goes in later.
static code append(struct scope *scope, struct connection *connection, struct statement *statement,
                   struct binds binds, bool *ret_taken) {
    struct appender *appender = &connection->appender;
    struct append_use *use = &statement->append;

    *ret_taken = false;
    if (!appender_wants(appender, use, statement->prepared.sql))
        return use->adds_row ? OK : flush_concerned(scope, connection, statement);
    if (appender_needs_connection(appender, use))
        TRY(make_ready(scope, connection));
    return appender_add(scope, appender, connection->handle, use, binds, ret_taken);
}

// ---- running a statement ----

static code exec_once(struct scope *scope, struct connection *connection, const char *sql,
                      struct binds binds, int64_t *ret_count) {
    struct postgresql_parameters parameters;
    struct statement *statement;
    PGresult *result;
    ExecStatusType status;
    code outcome = OK;

    TRY(make_ready(scope, connection));
    statement = statement_find(scope, connection, sql, &binds);
    if (!statement)
        return scope->failure.code;
    TRY(flush_concerned(scope, connection, statement));
    TRY(bind_all(scope, statement, binds, &parameters));
    result = PQexecPrepared(connection->handle, statement->name, (int)binds.count,
                            parameters.values, parameters.sizes, parameters.formats, 1);
    status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        outcome = postgresql_fail(scope, connection->handle, result);
    else if (ret_count)
        *ret_count = strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return outcome;
}

// Sends a statement behind those that were sent before. One that is not prepared yet, and rows that
// still come, need the connection for themselves.
static code send(struct scope *scope, struct connection *connection, const char *sql,
                 struct binds binds) {
    struct statement *statement = (struct statement *)prepared_find(&connection->statements, sql);
    struct postgresql_parameters parameters;
    bool waits;

    if (!statement || connection->streaming || statement->generation != connection->generation) {
        TRY(make_ready(scope, connection));
        statement = statement_find(scope, connection, sql, &binds);
        if (!statement)
            return scope->failure.code;
    }
    connection->bulk_count++;
    TRY(check_count(scope, statement, &binds));
    TRY(append(scope, connection, statement, binds, &waits));
    if (waits)
        return OK;
    TRY(bind_all(scope, statement, binds, &parameters));
    if (connection->sent_count == 0 && PQenterPipelineMode(connection->handle) != 1)
        return postgresql_fail(scope, connection->handle, NULL);
    connection->sent_count++;
    if (PQsendQueryPrepared(connection->handle, statement->name, (int)binds.count,
                            parameters.values, parameters.sizes, parameters.formats, 1) != 1)
        return postgresql_fail(scope, connection->handle, NULL);
    if (connection->sent_count % FLUSHED_STATEMENTS == 0)
        PQflush(connection->handle);
    return connection->sent_count < SENT_STATEMENTS ? OK : settle(scope, connection);
}

// A statement outside of a transaction is a unit of its own.
struct alone {
    struct connection *connection;
    const char *sql;
    struct binds binds;
    int64_t *ret_count;
};

static code exec_alone(struct scope *scope, void *argument) {
    const struct alone *alone = argument;

    return exec_once(scope, alone->connection, alone->sql, alone->binds, alone->ret_count);
}

static code exec(struct scope *scope, struct ledger *ledger, const char *sql, struct binds binds,
                 int64_t *ret_count) {
    struct connection *connection = connection_of(ledger);
    struct alone alone = {connection, sql, binds, NULL};

    alone.ret_count = ret_count;
    if (!connection->in_transaction && !connection->is_never_committed)
        return unit_run(scope, exec_alone, &alone);
    if (connection->is_bulk && !ret_count)
        return send(scope, connection, sql, binds);
    return exec_once(scope, connection, sql, binds, ret_count);
}

static code query_once(struct scope *scope, struct connection *connection, const char *sql,
                       struct binds binds, struct rows **ret_rows) {
    struct postgresql_parameters parameters;
    struct statement *statement;
    struct rows *rows;

    TRY(make_ready(scope, connection));
    statement = statement_find(scope, connection, sql, &binds);
    if (!statement)
        return scope->failure.code;
    TRY(flush_concerned(scope, connection, statement));
    TRY(bind_all(scope, statement, binds, &parameters));
    if (PQsendQueryPrepared(connection->handle, statement->name, (int)binds.count,
                            parameters.values, parameters.sizes, parameters.formats, 1) != 1)
        return postgresql_fail(scope, connection->handle, NULL);
    PQsetSingleRowMode(connection->handle);
    rows = &statement->prepared.rows;
    rows->scope = scope;
    rows->result = OK;
    connection->streaming = statement;
    fetch_ahead(statement, ROWS_AHEAD);
    if (rows->result != OK) {
        end_streaming(connection);
        ahead_clear(&statement->ahead);
        return rows->result;
    }
    statement->prepared.busy = true;
    *ret_rows = rows;
    return OK;
}

// A connection that breaks while it only reads is replaced without a word.
static code query(struct scope *scope, struct ledger *ledger, const char *sql, struct binds binds,
                  struct rows **ret_rows) {
    struct connection *connection = connection_of(ledger);
    const bool is_free =
        !connection->in_transaction && scope->failure.code == OK && strncmp(sql, "SELECT", 6) == 0;
    const code result = query_once(scope, connection, sql, binds, ret_rows);

    if (result != UNAVAILABLE || !is_free || !connection->handle ||
        PQstatus(connection->handle) == CONNECTION_OK)
        return result;
    scope_forgive(scope);
    return query_once(scope, connection, sql, binds, ret_rows);
}

static code script(struct scope *scope, struct ledger *ledger, const char *sql) {
    CLEANUP(buffer_clear) struct buffer text = {0};

    TRY(make_ready(scope, connection_of(ledger)));
    if (connection_of(ledger)->in_transaction) // as long as it takes; see take_step of migration.c
        buffer_add_string(&text, "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '3s';");
    postgresql_adapt_schema(sql, &text);
    return postgresql_run(scope, connection_of(ledger)->handle, buffer_string(&text));
}

static code expect_bulk(struct scope *scope, struct ledger *ledger) {
    struct connection *connection = connection_of(ledger);

    connection->is_bulk = true;
    connection->look_at_count = FIRST_LOOK_STATEMENTS;
    TRY(make_ready(scope, connection));
    return prepare_for_bulk(scope, connection);
}

// ---- rows ----

static bool next(struct rows *rows) {
    struct statement *statement = (struct statement *)rows;
    PGresult *result;

    if (ahead_take(&statement->ahead, statement->row, column_count_of(statement)))
        return true;
    if (statement->connection->streaming != statement)
        return false;
    result = fetch(statement);
    if (result)
        show_fetched(statement, result);
    return result != NULL;
}

// What was not read is thrown away as it comes.
static void close_rows(struct rows *rows) {
    struct statement *statement = (struct statement *)rows;
    PGresult *result;

    while (statement->connection->streaming == statement && (result = fetch(statement)))
        PQclear(result);
    PQclear(TAKE(statement->shown));
    ahead_clear(&statement->ahead);
    statement->prepared.busy = false;
}

static const struct statement *statement_of(const struct rows *rows) {
    return (const struct statement *)rows;
}

static size_t column_count(const struct rows *rows) {
    return (size_t)column_count_of(statement_of(rows));
}

static const char *column_name(const struct rows *rows, size_t column) {
    return PQfname(statement_of(rows)->description, (int)column);
}

static enum row_type column_type(const struct rows *rows, size_t column) {
    return postgresql_row_type(&statement_of(rows)->row[column]);
}

static bool is_null(const struct rows *rows, size_t column) {
    return !statement_of(rows)->row[column].bytes;
}

static int64_t column_int64(const struct rows *rows, size_t column) {
    return postgresql_int64(&statement_of(rows)->row[column]);
}

static double column_number(const struct rows *rows, size_t column) {
    return postgresql_double(&statement_of(rows)->row[column]);
}

static bool column_boolean(const struct rows *rows, size_t column) {
    return postgresql_bool(&statement_of(rows)->row[column]);
}

static struct text column_text(const struct rows *rows, size_t column) {
    return postgresql_text(&rows->scope->arena, &statement_of(rows)->row[column]);
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

// Who writes has the lock to the end of the transaction, in whichever process: what was read stays
// true until the commit, as with SQLite. The database hands it on in the order of asking.
#define WRITE_TURN "SELECT pg_advisory_xact_lock(1952805748, 1)"

static bool in_transaction(const struct ledger *ledger) {
    return ((const struct connection *)ledger)->in_transaction;
}

// A connection that was idle when the server went knows of it only when it looks.
static bool is_lost(const struct ledger *ledger) {
    const struct connection *connection = (const struct connection *)ledger;

    return !connection->handle || postgresql_is_lost(connection->handle);
}

static void rollback(struct ledger *ledger) {
    struct connection *connection = connection_of(ledger);
    struct scope unheard; // what failed meanwhile is the reason, or its consequence

    if (!connection->in_transaction)
        return;
    end_streaming(connection);
    appender_forget(&connection->appender);
    scope_init(&unheard);
    settle(&unheard, connection);
    scope_clear(&unheard);
    PQclear(PQexec(connection->handle,
                   connection->is_never_committed ? "ROLLBACK TO tried" : "ROLLBACK"));
    connection->in_transaction = false;
}

// A snapshot holds nobody up, however long its reader is busy with what was read. Who writes learns
// of the newest change, whichever process made it: the next one has a larger id, whatever the
// clocks of the machines say.
static const char *begin_sql(const struct connection *connection, enum ledger_access access) {
    if (connection->is_never_committed)
        return "SAVEPOINT tried";
    if (access == LEDGER_SNAPSHOT)
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
               "SET LOCAL idle_in_transaction_session_timeout = 0";
    if (connection->is_trial || access == LEDGER_ROWS)
        return "BEGIN";
    return connection->store->has_seen_ids ? "BEGIN; " WRITE_TURN
                                             "; SELECT coalesce(max(id), 0) FROM change"
                                           : "BEGIN; " WRITE_TURN;
}

static code run_begin(struct scope *scope, const struct connection *connection,
                      enum ledger_access access) {
    PGresult *result = PQexec(connection->handle, begin_sql(connection, access));
    const ExecStatusType status = PQresultStatus(result);
    int64_t newest;
    code outcome = OK;

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        outcome = postgresql_fail(scope, connection->handle, result);
    else if (status == PGRES_TUPLES_OK && text_to_int64(text_of(PQgetvalue(result, 0, 0)), &newest))
        store_see_id(connection->store, newest);
    PQclear(result);
    return outcome;
}

// What is tried ends as soon as somebody has to wait for it.
static code give_way(struct scope *scope, const struct connection *connection) {
    PGresult *result = PQexec(connection->handle, sql_postgresql_is_waited_for);
    const bool waits = PQntuples(result) == 1 && strcmp(PQgetvalue(result, 0, 0), "0") != 0;

    PQclear(result);
    return waits ? scope_fail(scope, BUSY, "somebody waits for what is only tried") : OK;
}

static code begin_once(struct scope *scope, struct ledger *ledger, enum ledger_access access) {
    struct connection *connection = connection_of(ledger);
    code result;

    TRY(make_ready(scope, connection));
    if (connection->is_never_committed) // rows of before the savepoint go in before it
        TRY(flush_rows(scope, connection, connection->appender.waiting));
    appender_forget(&connection->appender);
    TRY(connection->is_never_committed ? give_way(scope, connection) : OK);
    connection->in_transaction = true;
    result = run_begin(scope, connection, access);
    if (result != OK)
        rollback(ledger);
    return result;
}

// Nothing was done yet that could be lost with the connection.
static code begin(struct scope *scope, struct ledger *ledger, enum ledger_access access) {
    const bool had_failed = scope->failure.code != OK;
    const code result = begin_once(scope, ledger, access);

    if (result != UNAVAILABLE || had_failed || !connection_of(ledger)->handle)
        return result;
    scope_forgive(scope);
    return begin_once(scope, ledger, access);
}

// Autovacuum tells the planner of new rows once a minute, and never of those of a trial. What comes
// of it is speed, and nothing else.
static void let_planner_look(struct connection *connection) {
    if (!connection->is_bulk || connection->bulk_count < connection->look_at_count)
        return;
    connection->look_at_count *= 4;
    PQclear(PQexec(connection->handle, sql_postgresql_analyze_small));
}

// PostgreSQL takes the commit of a failed transaction for a rollback, and calls that a success.
static code commit(struct scope *scope, struct ledger *ledger) {
    struct connection *connection = connection_of(ledger);

    TRY(make_ready(scope, connection));
    TRY(flush_rows(scope, connection, connection->appender.waiting));
    if (PQtransactionStatus(connection->handle) == PQTRANS_INERROR)
        return scope_fail(scope, INTERNAL,
                          "a transaction in which a statement failed was to be "
                          "committed");
    TRY(postgresql_run(scope, connection->handle,
                       connection->is_never_committed ? "RELEASE tried" : "COMMIT"));
    connection->in_transaction = false;
    let_planner_look(connection);
    return OK;
}

// ---- trials ----

// Among others, all of it is one transaction that is never committed.
static code open_trial(struct scope *scope, struct store *store, struct ledger *ledger,
                       enum trial_kind kind, struct ledger **ret_trial) {
    const bool is_apart = kind == TRIAL_APART;
    struct ledger *trial = NULL;

    (void)ledger;
    TRY(open_connection(scope, store, &trial));
    connection_of(trial)->is_trial = true;
    connection_of(trial)->is_never_committed = !is_apart;
    if (postgresql_run(scope, connection_of(trial)->handle,
                       is_apart ? sql_postgresql_copy_tables : sql_postgresql_begin_trial) != OK) {
        close_connection(trial);
        return scope->failure.code;
    }
    *ret_trial = trial;
    return OK;
}

const struct ledger_engine ledger_postgresql = {
    .name = "PostgreSQL",
    .version_sql = "SELECT 'PostgreSQL ' || current_setting('server_version')",
    .tables_sql = "SELECT tablename FROM pg_tables WHERE schemaname = '" POSTGRESQL_SCHEMA
                  "' ORDER BY tablename",
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
    .is_lost = is_lost,
    .expect_bulk = expect_bulk,
};
