// SPDX-License-Identifier: Apache-2.0
#include "store/postgresql_store.h"

#include "postgresql_store_sql.h"
#include "store/ledger.h"
#include "store/ledger_postgresql.h"
#include "store/postgresql_connection.h"
#include "store/store_internal.h"

#include <inttypes.h>
#include <stdio.h>

enum { OLDEST_VERSION = 150000 };

struct look {
    int64_t version;
    bool is_standby, is_too_mighty, has_loose_standby, has_schema;
    struct text role, commits;
};

static code look_at(struct scope *scope, struct look *ret_look) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_postgresql_look, NO_BINDS, &rows, &found));
    *ret_look = (struct look){
        .version = rows_int64(rows, 0),
        .is_standby = rows_bool(rows, 1),
        .role = text_copy(&scope->arena, rows_text(rows, 2)),
        .is_too_mighty = rows_bool(rows, 3),
        .commits = text_copy(&scope->arena, rows_text(rows, 4)),
        .has_loose_standby = rows_bool(rows, 5),
        .has_schema = rows_bool(rows, 6),
    };
    return OK;
}

static code check_role(struct scope *scope, const struct look *look) {
    if (!look->is_too_mighty)
        return OK;
    scope_fail(scope, INVALID, "the role \"%.*s\" may read files and run programs on the server",
               TEXT_ARG(look->role));
    return scope_hint(scope, "make one that may not: CREATE ROLE tessera LOGIN; "
                             "CREATE DATABASE tessera OWNER tessera");
}

// What is acknowledged must be there after a failover too.
static code check_durability(struct scope *scope, const struct look *look,
                             const struct config *config) {
    const bool allowed = text_is(text_of(config->standby_loss), "accept");

    if (!look->has_loose_standby || allowed)
        return OK;
    scope_fail(scope, UNAVAILABLE, "a standby of the database does not have what was acknowledged");
    scope_detail(scope, "synchronous_standby_names is empty, and a server replicates");
    return scope_hint(scope, "name the standby in synchronous_standby_names, or set "
                             "standby_loss = accept");
}

static code check_server(struct scope *scope, const struct look *look,
                         const struct config *config) {
    if (look->version < OLDEST_VERSION)
        return scope_fail(scope, INVALID,
                          "PostgreSQL %" PRId64 " is too old: 15 or later is needed",
                          look->version / 10000);
    if (look->is_standby) {
        scope_fail(scope, UNAVAILABLE, "the database is a standby, which cannot be written");
        return scope_hint(scope,
                          "add target_session_attrs=read-write and all hosts to the address");
    }
    TRY(check_role(scope, look));
    return check_durability(scope, look, config);
}

// Two that start at the same time come here one after the other.
static code make_schema(struct scope *scope) {
    TRY(ledger_begin(scope));
    return ledger_end(scope,
                      ledger_script(scope, "CREATE SCHEMA IF NOT EXISTS " POSTGRESQL_SCHEMA));
}

// -1 when it cannot be had.
static int ask_for_number(PGconn *keeper, const char *sql) {
    PGresult *result = PQexec(keeper, sql);
    const bool found = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    int64_t number = -1;

    if (found && !text_to_int64(text_of(PQgetvalue(result, 0, 0)), &number))
        number = -1;
    PQclear(result);
    return (int)number;
}

static code ask_for_any_number(struct scope *scope, struct store *store) {
    char again[128];
    int number;

    snprintf(again, sizeof(again), "SELECT %d WHERE pg_try_advisory_lock(1952805749, %d)",
             store->process_number, store->process_number);
    number = ask_for_number(store->keeper, again);
    if (number < 0)
        number = ask_for_number(store->keeper, sql_postgresql_take_number);
    if (number < 0 && postgresql_is_lost(store->keeper))
        return postgresql_fail(scope, store->keeper, NULL);
    if (number < 0)
        return scope_fail(scope, CONFLICT, "64 processes use the database already");
    store->process_number = number;
    store->has_had_number = true;
    return OK;
}

// Whoever finds a keeper takes it for one that holds the number: without one there is none.
static code take_number(struct scope *scope, struct store *store) {
    code result;

    TRY(postgresql_connect(scope, store->postgresql, POSTGRESQL_SCHEMA, &store->keeper));
    result = ask_for_any_number(scope, store);
    if (result != OK)
        postgresql_disconnect(store->postgresql, TAKE(store->keeper));
    return result;
}

code postgresql_keep_number(struct scope *scope, struct store *store) {
    code result = OK;

    pthread_mutex_lock(&store->keeper_mutex);
    if (!store->keeper || postgresql_is_lost(store->keeper)) {
        postgresql_disconnect(store->postgresql, TAKE(store->keeper));
        store->leads = false;
        result = take_number(scope, store);
    }
    pthread_mutex_unlock(&store->keeper_mutex);
    return result;
}

// A lock of the connection that holds the number: it goes with the process, and whoever asks next
// has it.
static code lead(struct scope *scope, struct store *store, bool *ret_leads) {
    const char *sql =
        store->leads ? "SELECT 1" : "SELECT 1 WHERE pg_try_advisory_lock(1952805748, 2)";
    PGresult *result;
    code outcome = OK;

    if (!store->keeper || postgresql_is_lost(store->keeper)) {
        postgresql_disconnect(store->postgresql, TAKE(store->keeper));
        store->leads = false;
        return take_number(scope, store);
    }
    result = PQexec(store->keeper, sql);
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        *ret_leads = store->leads = PQntuples(result) == 1;
    else
        outcome = postgresql_fail(scope, store->keeper, result);
    PQclear(result);
    return outcome;
}

code postgresql_leads(struct scope *scope, struct store *store, bool *ret_leads) {
    code result;

    *ret_leads = false;
    pthread_mutex_lock(&store->keeper_mutex);
    result = lead(scope, store, ret_leads);
    pthread_mutex_unlock(&store->keeper_mutex);
    return result;
}

static code attach(struct scope *scope, struct store *store) {
    struct look look;

    TRY(look_at(scope, &look));
    TRY(check_server(scope, &look, &store->config));
    if (!look.has_schema) {
        if (store->mode != STORE_READ_WRITE)
            return scope_fail(scope, NOT_FOUND, "there is no store in the database");
        TRY(make_schema(scope));
    }
    return postgresql_keep_number(scope, store);
}

code postgresql_attach(struct scope *scope, struct store *store, const char *address) {
    struct session *session = TAKE(scope->session);
    struct text shown;
    code result;

    result = postgresql_shown_address(scope, address, &shown);
    if (result == OK)
        result = postgresql_pool_open(scope, address, &store->config, &store->postgresql);
    if (result == OK)
        result = session_open(scope, store);
    if (result == OK) {
        result = attach(scope, store);
        session_close(scope);
    }
    scope->session = session;
    return result;
}

void postgresql_detach(struct store *store) {
    if (store->keeper)
        postgresql_disconnect(store->postgresql, TAKE(store->keeper));
    postgresql_pool_close(TAKE(store->postgresql));
}
