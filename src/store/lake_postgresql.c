// SPDX-License-Identifier: Apache-2.0
#include "store/lake_postgresql.h"

#include "distribute_sql.h"
#include "lake_postgresql_sql.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/ledger_postgresql.h"
#include "store/model_input.h"
#include "store/postgresql_connection.h"
#include "store/store_internal.h"

#include <stdlib.h>

struct connection {
    struct lake_session session;
    struct ledger *ledger; // of the views
};

// ---- making the views ----

// What one row of one integer says is not 0.
static code ask(struct scope *scope, PGconn *connection, const char *sql, bool *ret_answer) {
    PGresult *result = PQexec(connection, sql);

    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        *ret_answer = text_equal(text_of(PQgetvalue(result, 0, 0)), TEXT("0")) == false;
    else
        postgresql_fail(scope, connection, result);
    PQclear(result);
    return scope->failure.code;
}

static code find_whether_they_fit(struct scope *scope, PGconn *connection, bool *ret_fit) {
    bool exist;

    TRY(ask(scope, connection, sql_lake_views_exist, &exist));
    if (exist)
        return ask(scope, connection, sql_lake_views_fit, ret_fit);
    *ret_fit = false;
    return OK;
}

// Last, as they read the other views, by the names that the lake's statements use.
static code make_inputs(struct scope *scope, PGconn *connection) {
    TRY(postgresql_run(scope, connection, "SET LOCAL search_path = " POSTGRESQL_LAKE_PATH));
    for (size_t i = 0; i < MODEL_INPUTS; i++) {
        CLEANUP(buffer_clear) struct buffer view = {0};

        model_input_write_view(i, &view);
        TRY(postgresql_run(scope, connection, buffer_string(&view)));
    }
    return postgresql_run(scope, connection, "SET LOCAL search_path = " POSTGRESQL_SCHEMA);
}

static code make_unless_they_fit(struct scope *scope, PGconn *connection) {
    bool fit;

    TRY(postgresql_run(scope, connection, sql_lake_views_lock));
    TRY(find_whether_they_fit(scope, connection, &fit));
    if (!fit) {
        TRY(postgresql_run(scope, connection, sql_lake_views_create));
        TRY(postgresql_run(scope, connection, sql_distribute_views));
        TRY(make_inputs(scope, connection));
    }
    return postgresql_run(scope, connection, sql_lake_views_grant);
}

static code make_views(struct scope *scope, PGconn *connection) {
    TRY(postgresql_run(scope, connection,
                       "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"));
    TRY(make_unless_they_fit(scope, connection));
    return postgresql_run(scope, connection, "COMMIT");
}

// On a connection of its own that finds the ledger's tables; what it began ends with it.
static code with_connection(struct scope *scope, struct store *store,
                            code (*work)(struct scope *scope, PGconn *connection)) {
    PGconn *connection;
    code result;

    TRY(postgresql_connect(scope, store->postgresql, POSTGRESQL_SCHEMA, &connection));
    result = work(scope, connection);
    postgresql_disconnect(store->postgresql, connection);
    return result;
}

code lake_postgresql_start(struct scope *scope, struct store *store) {
    struct lake *lake;

    TRY(with_connection(scope, store, make_views));
    lake = calloc(1, sizeof(*lake));
    if (!lake)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    lake->engine = &lake_postgresql;
    store->lake = lake;
    return OK;
}

static void close_lake(struct lake *lake) {
    free(lake);
}

// ---- the session's connection ----

static void close_session(struct lake_session *session) {
    struct connection *connection = (struct connection *)session;

    ledger_close(connection->ledger);
    free(connection);
}

static bool session_is_lost(const struct lake_session *session) {
    const struct ledger *ledger = ((const struct connection *)session)->ledger;

    return ledger->engine->is_lost(ledger);
}

struct ledger *lake_postgresql_connection(struct scope *scope) {
    struct session *session = scope->session;
    struct connection *connection;

    if (!session_lake(scope))
        return NULL;
    if (session->lake)
        return ((struct connection *)session->lake)->ledger;
    connection = calloc(1, sizeof(*connection));
    if (!connection) {
        scope_fail(scope, UNAVAILABLE, "out of memory");
        return NULL;
    }
    connection->session.engine = &lake_postgresql;
    if (ledger_postgresql_open(scope, session->store, POSTGRESQL_LAKE_PATH, sql_lake_views_session,
                               &connection->ledger) != OK) {
        free(connection);
        return NULL;
    }
    session->lake = &connection->session;
    return connection->ledger;
}

// ---- the methods ----

static code query(struct scope *scope, const char *sql, struct binds binds,
                  struct rows **ret_rows) {
    struct ledger *ledger = lake_postgresql_connection(scope);
    struct rows *rows;

    if (!ledger)
        return scope->failure.code;
    TRY(ledger->engine->query(scope, ledger, sql, binds, &rows));
    return lake_postgresql_rows(scope, rows, NULL, NULL, ret_rows);
}

static code prepares(struct scope *scope, const char *sql) {
    struct ledger *ledger = lake_postgresql_connection(scope);

    return ledger ? ledger->engine->prepares(scope, ledger, sql) : scope->failure.code;
}

static code refresh(struct scope *scope) {
    (void)scope; // a query sees what is committed
    return OK;
}

// Writers take turns, so that changes have their ids in the order of their commits.
static code watermark(struct scope *scope, int64_t *ret_change_id) {
    return lake_int64(scope, sql_lake_views_watermark, NO_BINDS, 0, ret_change_id);
}

static void snapshot_end(struct scope *scope) {
    const struct connection *connection = (struct connection *)scope->session->lake;

    if (connection)
        connection->ledger->engine->rollback(connection->ledger);
}

// PostgreSQL takes the state with the first statement of the transaction.
static code snapshot_begin(struct scope *scope, int64_t *ret_change_id) {
    struct ledger *ledger = lake_postgresql_connection(scope);

    if (!ledger)
        return scope->failure.code;
    TRY(ledger->engine->begin(scope, ledger, LEDGER_SNAPSHOT));
    if (watermark(scope, ret_change_id) != OK)
        snapshot_end(scope);
    return scope->failure.code;
}

// The newest change, and the zone of the views, which makes other answers of the same rows.
static code state(struct scope *scope, int64_t *ret_change_id, struct text *ret_variant) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(query(scope, sql_lake_views_state, NO_BINDS, &rows));
    if (rows_next(rows)) {
        *ret_change_id = rows_int64(rows, 0);
        *ret_variant = text_copy(&scope->arena, rows_text(rows, 1));
    }
    return rows_end(rows);
}

// There is nothing to build but what the planner knows.
static code make_anew(struct scope *scope, PGconn *connection) {
    TRY(make_views(scope, connection));
    return postgresql_run(scope, connection, sql_lake_views_analyze);
}

static code rebuild(struct scope *scope) {
    return with_connection(scope, session_store(scope), make_anew);
}

const struct lake_engine lake_postgresql = {
    .version_sql = "SELECT 'PostgreSQL ' || current_setting('server_version')",
    .close = close_lake,
    .session_close = close_session,
    .session_is_lost = session_is_lost,
    .query = query,
    .snapshot_begin = snapshot_begin,
    .snapshot_end = snapshot_end,
    .query_untrusted = lake_postgresql_query_untrusted,
    .refresh = refresh,
    .watermark = watermark,
    .state = state,
    .rebuild = rebuild,
    .prepares = prepares,
};
