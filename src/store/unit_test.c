// SPDX-License-Identifier: Apache-2.0
// Work that PostgreSQL ends for another one's sake, and how it is begun anew.
#include "store/unit.h"

#include "store/job.h"
#include "store/ledger.h"
#include "store/postgresql_testing.h"
#include "store/store_testing.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void close_store(void *argument) {
    test_store_close(argument);
}

// In a database whose function collide(n) fails n times as a serialisation failure does. What a
// sequence has counted stays counted.
static struct test_place open_store(struct scope *scope) {
    static const char function[] =
        "CREATE SEQUENCE tries; CREATE FUNCTION collide(times BIGINT) RETURNS BIGINT "
        "LANGUAGE plpgsql AS $$ BEGIN IF nextval('tries') <= times THEN "
        "RAISE EXCEPTION 'somebody else' USING ERRCODE = '40001'; END IF; RETURN 1; END $$";
    const struct test_place place = {
        .address = test_database(scope),
        .folder = arena_printf(&scope->arena, "%s/beside", test_folder(scope))};

    test_at_end(close_store, scope);
    test_store_open_at(scope, place);
    test_ledger_exec(scope, function);
    return place;
}

static const char collide[] = "SELECT collide($1)";

static const char *tries(struct scope *scope) {
    return test_ledger_rows(scope, "SELECT last_value FROM tries");
}

static const char *alias_count(struct scope *scope) {
    return test_ledger_rows(scope, "SELECT count(*) FROM alias");
}

static code insert(struct scope *scope, int64_t origin) {
    return ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, 1)",
                       BINDS(BIND_INT64(origin)));
}

TEST(a_statement_on_its_own_that_collides_is_run_again_and_not_for_ever) {
    open_store(scope);
    CHECK_OK(ledger_exec(scope, collide, BINDS(BIND_INT64(3))));
    CHECK_STRING(tries(scope), "4");
    CHECK_CODE(ledger_exec(scope, collide, BINDS(BIND_INT64(1000))), BUSY);
    scope_forgive(scope);
    CHECK_INT(strtoll(tries(scope), NULL, 10), 4 + UNIT_TRIES);
}

struct unit {
    int64_t collisions, origin;
    bool commits_first;
};

static code write_both(struct scope *scope, const struct unit *unit) {
    TRY(insert(scope, unit->origin));
    return ledger_exec(scope, collide, BINDS(BIND_INT64(unit->collisions)));
}

static code work(struct scope *scope, void *argument) {
    const struct unit *unit = argument;

    if (unit->commits_first)
        TRY(insert(scope, 1));
    TRY(ledger_begin(scope));
    return ledger_end(scope, write_both(scope, unit));
}

TEST(a_unit_of_work_that_collides_is_run_again_as_a_whole) {
    struct unit unit = {.collisions = 3, .origin = 7};

    open_store(scope);
    CHECK_OK(unit_run(scope, work, &unit));
    CHECK_STRING(tries(scope), "4");
    CHECK_STRING(alias_count(scope), "1");
    unit = (struct unit){.collisions = 1000, .origin = 8};
    CHECK_CODE(unit_run(scope, work, &unit), BUSY);
    scope_forgive(scope);
    CHECK_INT(strtoll(tries(scope), NULL, 10), 4 + UNIT_TRIES);
    CHECK_STRING(alias_count(scope), "1");
}

TEST(a_unit_of_work_that_has_committed_something_is_not_run_again) {
    struct unit unit = {.collisions = 1, .origin = 7, .commits_first = true};

    open_store(scope);
    CHECK_CODE(unit_run(scope, work, &unit), BUSY);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT origin FROM alias"), "1");
}

// ---- a real one ----

struct rival {
    pthread_t thread;
    PGconn *connection;
};

static void run(PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fprintf(stderr, "  %s: %s", sql, PQerrorMessage(connection));
    PQclear(result);
}

// Waits for what the unit holds; never looks for a deadlock itself, so that the unit is the one to
// be ended.
static void *stand_in_the_way(void *argument) {
    const struct rival *rival = argument;

    run(rival->connection, "UPDATE tessera.alias SET customer = customer + 10 WHERE origin = 1");
    run(rival->connection, "COMMIT");
    return NULL;
}

struct crossing {
    struct rival *rival;
    int runs;
};

static code cross(struct scope *scope, void *argument) {
    struct crossing *crossing = argument;
    code result;

    TRY(ledger_begin(scope));
    result =
        ledger_exec(scope, "UPDATE alias SET customer = customer + 1 WHERE origin = 1", NO_BINDS);
    if (crossing->runs++ == 0)
        CHECK(pthread_create(&crossing->rival->thread, NULL, stand_in_the_way, crossing->rival) ==
              0);
    if (result == OK)
        result = ledger_exec(scope, "UPDATE alias SET customer = customer + 1 WHERE origin = 2",
                             NO_BINDS);
    return ledger_end(scope, result);
}

TEST(two_that_wait_for_each_other_both_come_to_their_end) {
    const struct test_place place = open_store(scope);
    const char *at = strchr(place.address, '@');
    struct rival rival = {
        .connection = PQconnectdb(arena_printf(&scope->arena, "postgresql://postgres%s", at))};
    struct crossing crossing = {.rival = &rival};

    CHECK_OK(insert(scope, 1));
    CHECK_OK(insert(scope, 2));
    run(rival.connection, "SET deadlock_timeout = '1h'");
    run(rival.connection, "BEGIN");
    run(rival.connection, "UPDATE tessera.alias SET customer = customer + 10 WHERE origin = 2");
    CHECK_OK(unit_run(scope, cross, &crossing));
    pthread_join(rival.thread, NULL);
    PQfinish(rival.connection);
    CHECK(crossing.runs > 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT customer FROM alias ORDER BY origin"), "12\n12");
}

// ---- jobs ----

// Three batches, each of which collides twice before it comes through.
static code write_batches(struct scope *scope, int64_t job_id, const struct json *parameters,
                          struct json_writer *result) {
    (void)job_id, (void)parameters;
    for (int64_t done = 0; done < 3; done++) {
        struct unit unit = {.origin = done};

        TRY(ledger_int64(scope, "SELECT count(*) FROM alias", NO_BINDS, 0, &done));
        if (done == 3)
            break;
        unit = (struct unit){.origin = done, .collisions = (done + 1) * 3 - 1};
        TRY(work(scope, &unit));
    }
    json_begin_object(result);
    json_end_object(result);
    return OK;
}

TEST(a_job_that_collides_goes_on_where_it_stopped) {
    static const struct job_kind kinds[] = {{"batches", write_batches, JOB_HEAVY}};
    struct job job = {0};
    int64_t id;

    open_store(scope);
    CHECK_OK(job_create(scope, "batches", TEXT("a job"), TEXT("{}"), &id));
    CHECK_OK(job_run(scope, kinds, 1, id));
    CHECK_OK(job_find(scope, id, &job));
    CHECK_TEXT(job.state, "done");
    CHECK_TEXT(job.result, "{}");
    CHECK_STRING(tries(scope), "9");
    CHECK_STRING(test_ledger_rows(scope, "SELECT origin FROM alias ORDER BY origin"), "0\n1\n2");
}

// ---- what takes too long ----

static struct config quick_config(struct test_place place) {
    struct config config;

    config_init(&config);
    config.files = place.folder;
    config.database_statement_timeout_s = 3;
    config.database_lock_timeout_s = 2;
    config.database_transaction_timeout_s = 1;
    return config;
}

struct other {
    struct scope scope;
    struct store *store;
};

static void close_other(void *argument) {
    struct other *other = argument;

    session_close(&other->scope);
    store_close(other->store);
    scope_clear(&other->scope);
}

// Another process's way into the database, which is given little time.
static struct other *open_other(struct scope *scope, struct test_place place) {
    struct other *other = arena_alloc(&scope->arena, sizeof(*other));
    const struct config config = quick_config(place);

    *other = (struct other){0};
    scope_init(&other->scope);
    CHECK_OK(store_open_configured(scope, place.address, STORE_READ_WRITE, &config, &other->store));
    test_at_end(close_other, other);
    CHECK_OK(session_open(&other->scope, other->store));
    return other;
}

TEST(a_statement_that_takes_too_long_is_ended_by_the_database) {
    struct other *other = open_other(scope, open_store(scope));
    struct rows *rows = NULL;

    CHECK_INT(ledger_query(&other->scope, "SELECT pg_sleep(30)", NO_BINDS, &rows), BUSY);
    CHECK_STRING(other->scope.failure.message, "a statement took longer than it may");
    scope_forgive(&other->scope);
    CHECK_INT(ledger_exec(&other->scope, "SELECT pg_sleep(30)", NO_BINDS), BUSY);
    scope_forgive(&other->scope);
    CHECK_INT(insert(&other->scope, 1), OK);
}

TEST(who_waits_for_the_turn_to_write_waits_for_so_long_and_not_longer) {
    struct other *other = open_other(scope, open_store(scope));

    CHECK_OK(ledger_begin(scope));
    CHECK_INT(ledger_begin(&other->scope), BUSY);
    CHECK_STRING(other->scope.failure.message, "the ledger is being written by somebody else");
    scope_forgive(&other->scope);
    ledger_rollback(scope);
    CHECK_INT(ledger_begin(&other->scope), OK);
    CHECK_INT(ledger_commit(&other->scope), OK);
}

// A process that stands still, or whose machine has gone, does not keep the others from writing.
TEST(who_has_the_turn_to_write_and_does_nothing_loses_it) {
    struct other *other = open_other(scope, open_store(scope));

    CHECK_INT(ledger_begin(&other->scope), OK);
    CHECK_INT(insert(&other->scope, 1), OK);
    CHECK_OK(ledger_begin(scope)); // waits until the other's is over
    CHECK_OK(insert(scope, 2));
    CHECK_OK(ledger_commit(scope));
    CHECK_INT(ledger_commit(&other->scope), UNAVAILABLE);
    scope_forgive(&other->scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT origin FROM alias"), "2");
    CHECK_INT(insert(&other->scope, 3), OK); // on a new connection
}

// ---- connections ----

static const char *connections(struct scope *scope) {
    return test_ledger_rows(scope, "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                   "current_database() AND application_name = 'tessera'");
}

TEST(a_connection_that_nobody_uses_is_used_again_and_remembers_nothing) {
    const char *before, *path;

    open_store(scope);
    test_ledger_exec(scope, "SELECT pg_advisory_lock(42)");
    path = test_ledger_rows(scope, "SHOW search_path");
    before = connections(scope);
    for (int i = 0; i < 20; i++) {
        struct store *store = session_store(scope);

        session_close(scope);
        CHECK_OK(session_open(scope, store));
        if (i == 0)
            CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM pg_locks WHERE locktype = "
                                                 "'advisory' AND objid = 42"),
                         "0");
        CHECK_STRING(test_ledger_rows(scope, "SHOW search_path"), path);
        CHECK_OK(ledger_expect_bulk(scope)); // settings of the session
        CHECK_STRING(test_ledger_rows(scope, "SHOW enable_seqscan"), "off");
    }
    CHECK_STRING(connections(scope), before);
}

TEST(a_process_has_no_more_connections_than_it_may) {
    enum { MOST = 8 };
    const struct test_place place = open_store(scope);
    struct config config = quick_config(place);
    struct store *store;
    struct scope scopes[MOST];
    int count = 0;
    code result = OK;

    config.database_connections = MOST;
    CHECK_OK(store_open_configured(scope, place.address, STORE_READ_WRITE, &config, &store));
    while (count < MOST && result == OK) {
        scope_init(&scopes[count]);
        CHECK(session_open(&scopes[count], store) == OK);
        result = insert(&scopes[count], count);
        count++;
    }
    CHECK_INT(result, BUSY);
    CHECK_INT(count, MOST); // one of them is the process's own
    CHECK_STRING(scopes[MOST - 1].failure.message, "all 8 connections to the database are in use");
    session_close(&scopes[0]);
    scope_forgive(&scopes[MOST - 1]);
    CHECK_INT(insert(&scopes[MOST - 1], MOST), OK);
    for (int i = 0; i < MOST; i++) {
        session_close(&scopes[i]);
        scope_clear(&scopes[i]);
    }
    store_close(store);
}
