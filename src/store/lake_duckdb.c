// SPDX-License-Identifier: Apache-2.0
// The lake in DuckDB: the locked database, the connections of a session, and running statements.
#include "store/lake_duckdb.h"

#include "base/time.h"
#include "mirror_sql.h"
#include "store/lake.h"
#include "store/store_internal.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LAKE_MEMORY_MB = 256,    // for each processor, whatever the amount of data: DuckDB asks for 125
    LAKE_MEMORY_DIVISOR = 4, // of the machine's memory at most
    TASK_WAIT_NS = 50000,    // while other threads of DuckDB do the work
};

// A connection reads one result at a time, so a session has as many as it has open results.
struct lake_connection {
    struct lake_connection *next;
    duckdb_connection handle;
    bool busy;
    bool in_transaction; // of untrusted SQL, or of a snapshot
    bool is_read;        // rows of the snapshot are open
};

struct connections {
    struct lake_session session;
    struct lake_connection *first;
    struct lake_connection *snapshot; // every question is its own as long as it lasts; NULL: none
};

// ---- failures ----

static code reason_of(enum lake_author author, const char *message) {
    static const struct {
        const char *kind;
        code by_program, by_person;
    } kinds[] = {
        {"INTERRUPT Error", CANCELLED, CANCELLED},    {"Out of Memory Error", TOO_LARGE, TOO_LARGE},
        {"IO Error", UNAVAILABLE, UNAVAILABLE},       {"FATAL Error", UNAVAILABLE, UNAVAILABLE},
        {"INTERNAL Error", INTERNAL, INTERNAL},       {"Permission Error", FORBIDDEN, FORBIDDEN},
        {"Out of Range Error", TOO_LARGE, TOO_LARGE},
    };

    if (strstr(message, "No space left"))
        return STORAGE_FULL;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strncmp(message, kinds[i].kind, strlen(kinds[i].kind)) == 0)
            return author == LAKE_AUTHOR_PERSON ? kinds[i].by_person : kinds[i].by_program;
    return author == LAKE_AUTHOR_PERSON ? INVALID : INTERNAL;
}

code lake_fail(struct scope *scope, enum lake_author author, const char *message) {
    const char *shown = message ? message : "unknown";
    const code reason = reason_of(author, shown);

    if (reason == CANCELLED)
        return scope_fail(scope, CANCELLED, "cancelled on request");
    if (author == LAKE_AUTHOR_PERSON)
        scope_fail(scope, reason, "this SQL cannot be run");
    else
        scope_fail(scope, reason, "a query of the lake failed");
    if (strncmp(shown, "FATAL", strlen("FATAL")) == 0)
        scope_hint(scope, "start the program again: the lake is derived and is mended or rebuilt");
    return scope_detail(scope, "%s", shown);
}

// ---- the database ----

static int64_t usual_memory_bytes(void) {
    const int64_t pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
    const int64_t processors = sysconf(_SC_NPROCESSORS_ONLN);
    const int64_t most = pages / LAKE_MEMORY_DIVISOR * page_bytes;
    const int64_t wanted = (processors > 0 ? processors : 1) * LAKE_MEMORY_MB << 20;

    return most > 0 && most < wanted ? most : wanted;
}

static duckdb_state configure(duckdb_config config, const char *folder, int64_t memory_bytes) {
    char memory[32], temporary[4200];

    snprintf(memory, sizeof(memory), "%lldB",
             (long long)(memory_bytes > 0 ? memory_bytes : usual_memory_bytes()));
    snprintf(temporary, sizeof(temporary), "%s/lake.tmp", folder);
    const struct {
        const char *name, *value;
    } options[] = {
        {"memory_limit", memory},
        {"temp_directory", temporary},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"allow_unsigned_extensions", "false"},
        {"enable_external_access", "false"},
        {"checkpoint_threshold", "128MB"}, // of the log: small commits do not rewrite columns
        {"lock_configuration", "true"},
    };

    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
        if (duckdb_set_config(config, options[i].name, options[i].value) != DuckDBSuccess)
            return DuckDBError;
    return DuckDBSuccess;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status, (void)type, (void)walk;
    return remove(path);
}

// What a killed process had moved out of memory: rows of customers, which nobody will read again.
static void remove_temporary(struct scope *scope, const char *folder) {
    nftw(arena_printf(&scope->arena, "%s/lake.tmp", folder), remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

code lake_open(struct scope *scope, const char *folder, int64_t memory_bytes,
               struct lake **ret_lake) {
    const char *path = arena_printf(&scope->arena, "%s/lake.db", folder);
    struct lake_database *lake = calloc(1, sizeof(*lake));
    duckdb_config config = NULL;
    char *message = NULL;

    if (!lake)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    remove_temporary(scope, folder);
    if (duckdb_create_config(&config) != DuckDBSuccess ||
        configure(config, folder, memory_bytes) != DuckDBSuccess)
        scope_fail(scope, INTERNAL, "DuckDB %s does not know a setting of the lake",
                   duckdb_library_version());
    else if (duckdb_open_ext(path, &lake->database, config, &message) != DuckDBSuccess) {
        scope_fail(scope, message && strstr(message, "Could not set lock") ? CONFLICT : INVALID,
                   "cannot open the lake %s", path);
        scope_detail(scope, "%s", message ? message : "");
    }
    duckdb_free(message);
    duckdb_destroy_config(&config);
    if (!lake->database) {
        free(lake);
        return scope->failure.code;
    }
    lake->lake.engine = &lake_duckdb;
    *ret_lake = &lake->lake;
    return OK;
}

static void close_database(struct lake *base) {
    struct lake_database *lake = (struct lake_database *)base;

    duckdb_close(&lake->database);
    free(lake);
}

void lake_remove(const char *folder) {
    static const char *const names[] = {"lake.db", "lake.db.wal"};
    char path[4200];

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
    }
}

// ---- connections ----

// NULL on failure.
static struct connections *session_connections(struct scope *scope) {
    struct connections *connections;

    if (!session_lake(scope))
        return NULL;
    if (scope->session->lake)
        return (struct connections *)scope->session->lake;
    connections = calloc(1, sizeof(*connections));
    if (!connections) {
        scope_fail(scope, UNAVAILABLE, "out of memory");
        return NULL;
    }
    connections->session.engine = &lake_duckdb;
    scope->session->lake = &connections->session;
    return connections;
}

static struct lake_connection *connect_lake(struct scope *scope) {
    struct lake_connection *connection = calloc(1, sizeof(*connection));
    struct lake_database *lake = (struct lake_database *)scope->session->store->lake;

    if (connection && duckdb_connect(lake->database, &connection->handle) == DuckDBSuccess)
        return connection;
    free(connection);
    scope_fail(scope, UNAVAILABLE, "the lake refuses a connection");
    return NULL;
}

struct lake_connection *lake_connection_take(struct scope *scope) {
    struct connections *connections = session_connections(scope);
    struct lake_connection *connection;

    if (!connections)
        return NULL;
    for (connection = connections->first; connection && connection->busy;)
        connection = connection->next;
    if (!connection) {
        connection = connect_lake(scope);
        if (!connection)
            return NULL;
        connection->next = connections->first;
        connections->first = connection;
    }
    connection->busy = true;
    return connection;
}

void lake_connection_release(void *owner) {
    struct lake_connection *connection = owner;

    if (connection->in_transaction)
        duckdb_query(connection->handle, "ROLLBACK", NULL);
    connection->in_transaction = false;
    connection->busy = false;
}

static void end_reading(void *owner) {
    ((struct lake_connection *)owner)->is_read = false;
}

duckdb_connection lake_connection_handle(const struct lake_connection *connection) {
    return connection->handle;
}

static void close_connections(struct lake_session *session) {
    struct connections *connections = (struct connections *)session;

    while (connections->first) {
        struct lake_connection *connection = connections->first;

        connections->first = connection->next;
        duckdb_disconnect(&connection->handle);
        free(connection);
    }
    free(connections);
}

// ---- running a statement ----

static duckdb_state bind_one(duckdb_prepared_statement prepared, idx_t index,
                             const struct bind *bind) {
    switch (bind->type) {
    case BIND_TYPE_INT64:
        return duckdb_bind_int64(prepared, index, bind->int64);
    case BIND_TYPE_DOUBLE:
        return duckdb_bind_double(prepared, index, bind->number);
    case BIND_TYPE_BOOL:
        return duckdb_bind_boolean(prepared, index, bind->boolean);
    case BIND_TYPE_TEXT:
        return duckdb_bind_varchar_length(prepared, index, bind->text.data ? bind->text.data : "",
                                          bind->text.size);
    case BIND_TYPE_NULL:
        break;
    }
    return duckdb_bind_null(prepared, index);
}

static code bind_all(struct scope *scope, duckdb_prepared_statement prepared, const char *sql,
                     struct binds binds) {
    if (binds.count != duckdb_nparams(prepared))
        return scope_fail(scope, INTERNAL, "a statement has %d parameters, %zu values came: %.200s",
                          (int)duckdb_nparams(prepared), binds.count, sql);
    for (size_t i = 0; i < binds.count; i++) {
        if (bind_one(prepared, i + 1, &binds.values[i]) == DuckDBSuccess)
            continue;
        if (binds.values[i].type == BIND_TYPE_TEXT && !text_is_utf8(binds.values[i].text))
            return scope_fail(scope, INVALID, "a value is not UTF-8 text");
        return lake_fail(scope, LAKE_AUTHOR_PROGRAM, duckdb_prepare_error(prepared));
    }
    return OK;
}

// False once the work should stop; the failure is recorded.
static bool may_go_on(struct scope *scope, const struct lake_statement *statement) {
    if (scope_check(scope) != OK)
        return false;
    if (statement->deadline_us > 0 && time_now_us() > statement->deadline_us) {
        scope_fail(scope, TOO_LARGE, "the query did not end within %d seconds", LAKE_TIMEOUT_S);
        return false;
    }
    return true;
}

// Work on the query until its first chunk is there, looking up now and then.
static code execute_pending(struct scope *scope, struct lake_statement *statement,
                            enum lake_author author) {
    const struct timespec wait = {.tv_nsec = TASK_WAIT_NS};

    for (;;) {
        const duckdb_pending_state state = duckdb_pending_execute_task(statement->pending);

        if (state == DUCKDB_PENDING_ERROR)
            return lake_fail(scope, author, duckdb_pending_error(statement->pending));
        if (duckdb_pending_execution_is_finished(state))
            break;
        if (!may_go_on(scope, statement)) {
            duckdb_interrupt(statement->connection);
            return scope->failure.code;
        }
        if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE)
            nanosleep(&wait, NULL);
    }
    statement->has_result = true; // also a failed one has memory
    if (duckdb_execute_pending(statement->pending, &statement->result) != DuckDBSuccess)
        return lake_fail(scope, author, duckdb_result_error(&statement->result));
    return OK;
}

code lake_statement_run(struct scope *scope, struct lake_statement *statement,
                        enum lake_author author, const char *sql, struct binds binds) {
    if (duckdb_prepare(statement->connection, sql, &statement->prepared) != DuckDBSuccess)
        return lake_fail(scope, author, duckdb_prepare_error(statement->prepared));
    TRY(bind_all(scope, statement->prepared, sql, binds));
    return lake_statement_start(scope, statement, author);
}

code lake_statement_start(struct scope *scope, struct lake_statement *statement,
                          enum lake_author author) {
    if (duckdb_pending_prepared_streaming(statement->prepared, &statement->pending) !=
        DuckDBSuccess)
        return lake_fail(scope, author, duckdb_pending_error(statement->pending));
    return execute_pending(scope, statement, author);
}

duckdb_data_chunk lake_statement_fetch(struct scope *scope, struct lake_statement *statement,
                                       enum lake_author author, code *ret_result) {
    duckdb_data_chunk chunk = NULL;
    const char *message;

    if (!may_go_on(scope, statement)) {
        *ret_result = scope->failure.code;
        return NULL;
    }
    chunk = duckdb_fetch_chunk(statement->result);
    if (chunk && duckdb_data_chunk_get_size(chunk) == 0)
        duckdb_destroy_data_chunk(&chunk);
    if (chunk)
        return chunk;
    message = duckdb_result_error(&statement->result);
    *ret_result = message && message[0] != '\0' ? lake_fail(scope, author, message) : OK;
    return NULL;
}

void lake_statement_clear(struct lake_statement *statement) {
    if (statement->has_result)
        duckdb_destroy_result(&statement->result);
    duckdb_destroy_pending(&statement->pending);
    duckdb_destroy_prepare(&statement->prepared);
    *statement = (struct lake_statement){.connection = statement->connection};
}

code lake_run(struct scope *scope, duckdb_connection connection, const char *sql,
              struct binds binds) {
    CLEANUP(lake_statement_clear) struct lake_statement statement = {.connection = connection};
    duckdb_data_chunk chunk;
    code result;

    TRY(lake_statement_run(scope, &statement, LAKE_AUTHOR_PROGRAM, sql, binds));
    while ((chunk = lake_statement_fetch(scope, &statement, LAKE_AUTHOR_PROGRAM, &result)))
        duckdb_destroy_data_chunk(&chunk);
    return result;
}

// ---- queries ----

code lake_connection_query(struct scope *scope, struct lake_connection *connection,
                           enum lake_author author, const char *sql, struct binds binds,
                           struct rows **ret_rows) {
    struct lake_statement statement = {.connection = connection->handle};

    if (author == LAKE_AUTHOR_PERSON)
        statement.deadline_us = time_now_us() + LAKE_TIMEOUT_S * US_PER_SECOND;
    if (lake_statement_run(scope, &statement, author, sql, binds) == OK &&
        lake_rows_new(scope, &statement, author, lake_connection_release, connection, ret_rows) ==
            OK)
        return OK;
    lake_statement_clear(&statement);
    lake_connection_release(connection);
    return scope->failure.code;
}

code lake_connection_begin_read_only(struct scope *scope, struct lake_connection *connection) {
    TRY(lake_run(scope, connection->handle, "BEGIN TRANSACTION READ ONLY", NO_BINDS));
    connection->in_transaction = true;
    return OK;
}

static code query_alone(struct scope *scope, const char *sql, struct binds binds,
                        struct rows **ret_rows) {
    struct lake_connection *connection = lake_connection_take(scope);

    if (!connection)
        return scope->failure.code;
    return lake_connection_query(scope, connection, LAKE_AUTHOR_PROGRAM, sql, binds, ret_rows);
}

// A state belongs to one connection, which reads one result at a time.
static code query_snapshot(struct scope *scope, struct lake_connection *connection, const char *sql,
                           struct binds binds, struct rows **ret_rows) {
    struct lake_statement statement = {.connection = connection->handle};

    if (connection->is_read)
        return scope_fail(scope, INTERNAL, "a snapshot of the lake answers one question at a time");
    connection->is_read = true;
    if (lake_statement_run(scope, &statement, LAKE_AUTHOR_PROGRAM, sql, binds) == OK &&
        lake_rows_new(scope, &statement, LAKE_AUTHOR_PROGRAM, end_reading, connection, ret_rows) ==
            OK)
        return OK;
    lake_statement_clear(&statement);
    end_reading(connection);
    return scope->failure.code;
}

static code query(struct scope *scope, const char *sql, struct binds binds,
                  struct rows **ret_rows) {
    const struct connections *connections = (struct connections *)scope->session->lake;

    return connections && connections->snapshot
               ? query_snapshot(scope, connections->snapshot, sql, binds, ret_rows)
               : query_alone(scope, sql, binds, ret_rows);
}

// ---- snapshots ----

static void snapshot_end(struct scope *scope) {
    struct connections *connections = (struct connections *)scope->session->lake;

    if (connections && connections->snapshot)
        lake_connection_release(TAKE(connections->snapshot));
}

// DuckDB takes the state when the transaction first reads: that is the watermark.
static code snapshot_begin(struct scope *scope, int64_t *ret_change_id) {
    struct lake_connection *connection = lake_connection_take(scope);

    if (!connection)
        return scope->failure.code;
    if (lake_connection_begin_read_only(scope, connection) != OK) {
        lake_connection_release(connection);
        return scope->failure.code;
    }
    ((struct connections *)scope->session->lake)->snapshot = connection;
    if (lake_int64(scope, sql_lake_state_watermark, NO_BINDS, 0, ret_change_id) != OK)
        snapshot_end(scope);
    return scope->failure.code;
}

static code prepare_each(struct scope *scope, duckdb_connection connection, const char *sql) {
    duckdb_extracted_statements statements = NULL;
    const idx_t count = duckdb_extract_statements(connection, sql, &statements);

    if (count == 0)
        lake_fail(scope, LAKE_AUTHOR_PROGRAM, duckdb_extract_statements_error(statements));
    for (idx_t i = 0; i < count && scope->failure.code == OK; i++) {
        duckdb_prepared_statement prepared = NULL;

        if (duckdb_prepare_extracted_statement(connection, statements, i, &prepared) !=
            DuckDBSuccess)
            lake_fail(scope, LAKE_AUTHOR_PROGRAM, duckdb_prepare_error(prepared));
        duckdb_destroy_prepare(&prepared);
    }
    duckdb_destroy_extracted(&statements);
    return scope->failure.code;
}

static code prepares(struct scope *scope, const char *sql) {
    struct lake_connection *connection = lake_connection_take(scope);
    code result;

    if (!connection)
        return scope->failure.code;
    result = prepare_each(scope, connection->handle, sql);
    lake_connection_release(connection);
    return result;
}

const struct lake_engine lake_duckdb = {
    .version_sql = "SELECT 'DuckDB ' || version()",
    .close = close_database,
    .session_close = close_connections,
    .query = query,
    .snapshot_begin = snapshot_begin,
    .snapshot_end = snapshot_end,
    .query_untrusted = lake_duckdb_query_untrusted,
    .refresh = mirror_refresh,
    .watermark = mirror_watermark,
    .rebuild = mirror_rebuild,
    .prepares = prepares,
};
