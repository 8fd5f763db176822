// SPDX-License-Identifier: Apache-2.0
// What is particular to PostgreSQL. What holds on both databases is tested where it is written,
// with TESSERA_TEST_STORE=postgresql.
#include "store/ledger_postgresql.h"

#include "base/time.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/ledger_copy.h"
#include "store/postgresql_dialect.h"
#include "store/postgresql_testing.h"
#include "store/store_internal.h"
#include "store/store_testing.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct test_place new_place(struct scope *scope) {
    return (struct test_place){.address = test_database(scope),
                               .folder =
                                   arena_printf(&scope->arena, "%s/beside", test_folder(scope))};
}

static void close_store(void *argument) {
    test_store_close(argument);
}

static struct test_place open_store(struct scope *scope) {
    const struct test_place place = new_place(scope);

    test_at_end(close_store, scope);
    test_store_open_at(scope, place);
    return place;
}

// ---- the dialect ----

static void check_adapted(void (*adapt)(const char *sql, struct buffer *adapted), const char *sql,
                          const char *expected) {
    CLEANUP(buffer_clear) struct buffer adapted = {0};

    adapt(sql, &adapted);
    CHECK_TEXT(buffer_text(&adapted), expected);
}

TEST(schema_text_becomes_the_dialect_of_postgresql) {
    check_adapted(postgresql_adapt_schema,
                  "CREATE TABLE a (id BIGINT PRIMARY KEY, t TEXT NOT NULL, d REAL); -- TEXT\n"
                  "INSERT INTO a SELECT 1, CAST(2 AS TEXT), 'TEXT', 3;"
                  "ALTER TABLE a ADD COLUMN u TEXT /* sqlite: WITHOUT ROWID */",
                  "CREATE TABLE a (id BIGINT PRIMARY KEY, t TEXT COLLATE \"C\" NOT NULL, "
                  "d DOUBLE PRECISION); -- TEXT\n"
                  "INSERT INTO a SELECT 1, CAST(2 AS TEXT), 'TEXT', 3;"
                  "ALTER TABLE a ADD COLUMN u TEXT COLLATE \"C\" /* sqlite: WITHOUT ROWID */");
    check_adapted(postgresql_adapt_statement,
                  "SELECT '/* postgresql: a */' FROM b /* postgresql: FOR UPDATE */",
                  "SELECT '/* postgresql: a */' FROM b  FOR UPDATE ");
    CHECK_INT((int64_t)postgresql_parameter_count("SELECT $2, '$9', $12 -- $30\n/* $40 */"), 12);
}

// ---- values ----

TEST(numbers_of_postgresql_read_as_those_of_the_ledger) {
    struct rows *rows;

    open_store(scope);
    CHECK_OK(ledger_query(scope,
                          "SELECT 9223372036854775807::NUMERIC, (-9223372036854775808)::NUMERIC,"
                          " 9223372036854775808::NUMERIC, -0.50::NUMERIC, 100000000.0001::NUMERIC,"
                          " 0::NUMERIC, 7::SMALLINT, 1.5::REAL, true, DATE '1969-12-31',"
                          " TIMESTAMP '1970-01-01 00:00:00.000001', 10000::NUMERIC, NULL::NUMERIC",
                          NO_BINDS, &rows));
    CHECK(rows_next(rows));
    CHECK(rows_column_type(rows, 0) == ROW_INT64 && rows_int64(rows, 0) == INT64_MAX);
    CHECK(rows_column_type(rows, 1) == ROW_INT64 && rows_int64(rows, 1) == INT64_MIN);
    CHECK(rows_column_type(rows, 2) == ROW_DECIMAL);
    CHECK_TEXT(rows_text(rows, 2), "9223372036854775808");
    CHECK_TEXT(rows_text(rows, 3), "-0.50");
    CHECK(rows_double(rows, 3) == -0.5);
    CHECK_TEXT(rows_text(rows, 4), "100000000.0001");
    CHECK_INT(rows_int64(rows, 4), 100000000);
    CHECK_TEXT(rows_text(rows, 5), "0");
    CHECK_INT(rows_int64(rows, 6), 7);
    CHECK(rows_double(rows, 7) == 1.5);
    CHECK(rows_bool(rows, 8));
    CHECK_INT(rows_int64(rows, 9), -1);
    CHECK_TEXT(rows_text(rows, 9), "1969-12-31");
    CHECK_INT(rows_int64(rows, 10), 1);
    CHECK_INT(rows_int64(rows, 11), 10000);
    CHECK(rows_is_null(rows, 12) && rows_int64(rows, 12) == 0);
    rows_close(&rows);
}

TEST(a_number_that_does_not_fit_its_column_is_refused_not_cut) {
    open_store(scope);
    CHECK_CODE(ledger_exec(scope,
                           "INSERT INTO job_log (job_id, line, at_us, text) "
                           "VALUES (1, $1, 1, 'x')",
                           BINDS(BIND_INT64(INT64_C(1) << 40))),
               INVALID);
}

// ---- results ----

TEST(a_large_result_is_read_to_its_end_with_others_between) {
    static const char sql[] = "SELECT n, repeat('x', 200) FROM generate_series(1, $1) AS s (n)";
    struct rows *outer, *inner;
    int64_t sum = 0, count;

    open_store(scope);
    CHECK_OK(ledger_query(scope, sql, BINDS(BIND_INT64(5000)), &outer));
    for (int64_t row = 1; rows_next(outer); row++) {
        const struct text kept = rows_text(outer, 1);

        CHECK_INT(rows_int64(outer, 0), row);
        if (row == 100 || row == 1000) { // what was fetched ahead, and on its own
            CHECK_OK(ledger_query(scope, sql, BINDS(BIND_INT64(1000)), &inner));
            for (count = 0; rows_next(inner); count++)
                ;
            CHECK_OK(rows_end(inner));
            rows_close(&inner);
            CHECK_INT(count, 1000);
        }
        CHECK_INT((int64_t)kept.size, 200);
        CHECK(kept.data[0] == 'x' && kept.data[199] == 'x');
        sum += row;
    }
    CHECK_OK(rows_end(outer));
    rows_close(&outer);
    CHECK_INT(sum, 12502500);
    CHECK_OK(ledger_query(scope, sql, BINDS(BIND_INT64(100000)), &outer));
    CHECK(rows_next(outer));
    rows_close(&outer); // the rest is nobody's
    CHECK_STRING(test_ledger_rows(scope, "SELECT 1"), "1");
}

TEST(a_failure_behind_the_first_rows_of_a_result_is_told_at_its_end) {
    struct rows *rows;
    int64_t count = 0;

    open_store(scope);
    CHECK_OK(ledger_query(scope, "SELECT 1 / (1000 - n) FROM generate_series(1, $1) AS s (n)",
                          BINDS(BIND_INT64(2000)), &rows));
    while (rows_next(rows))
        count++;
    CHECK_CODE(rows_end(rows), INVALID);
    CHECK(count > 0 && count < 1000);
    rows_close(&rows);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT 1"), "1");
}

// ---- connections ----

static void run_as(const char *address, const char *sql) {
    PGconn *connection = PQconnectdb(address);
    PGresult *result = PQexec(connection, sql);
    const ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    PQfinish(connection);
    CHECK(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

static void end_all_connections(struct test_place place) {
    run_as(place.address, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                          "WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

TEST(a_connection_that_is_lost_between_units_of_work_is_replaced_without_a_word) {
    static const char find[] = "SELECT customer FROM alias WHERE origin = 1";
    struct test_place place = open_store(scope);
    int64_t value;

    CHECK_OK(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 2)", NO_BINDS));
    CHECK_OK(ledger_int64(scope, find, NO_BINDS, 0, &value));
    end_all_connections(place);
    CHECK_OK(ledger_int64(scope, find, NO_BINDS, 0, &value)); // prepared anew
    CHECK_INT(value, 2);
    end_all_connections(place);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(scope, "UPDATE alias SET customer = 3", NO_BINDS));
    CHECK_OK(ledger_commit(scope));
}

TEST(a_connection_that_counts_does_so_as_before_when_it_was_replaced) {
    static const char sql[] = "SELECT current_setting('work_mem'), "
                              "current_setting('plan_cache_mode'), "
                              "current_setting('default_transaction_read_only')";
    struct test_place place = open_store(scope);

    CHECK_STRING(test_lake_rows(scope, sql), "64MB|force_custom_plan|on");
    end_all_connections(place);
    CHECK_STRING(test_lake_rows(scope, sql), "64MB|force_custom_plan|on");
}

TEST(a_process_that_finds_no_number_gives_no_ids_until_there_is_one) {
    struct test_place place = open_store(scope);
    PGconn *others = PQconnectdb(place.address);

    PQclear(PQexec(others, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                           "WHERE datname = current_database() AND pid <> pg_backend_pid()"));
    PQclear(PQexec(others, "SELECT pg_advisory_lock(1952805749, n) "
                           "FROM generate_series(0, 63) AS s (n)"));
    for (int i = 0; i < 3; i++) { // the second time it is no better
        CHECK_INT(ledger_begin(scope), CONFLICT);
        scope_forgive(scope);
    }
    PQfinish(others);
    for (int waited_ms = 0; waited_ms < 5000 && ledger_begin(scope) != OK; waited_ms += 20) {
        scope_forgive(scope);
        usleep(20000); // the server notices the end of a connection a moment later
    }
    CHECK(ledger_in_transaction(scope));
    ledger_rollback(scope);
}

TEST(a_connection_that_is_lost_in_a_transaction_fails_it_and_leaves_nothing_of_it) {
    struct test_place place = open_store(scope);

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 2)", NO_BINDS));
    end_all_connections(place);
    CHECK_CODE(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (2, 2)", NO_BINDS),
               UNAVAILABLE);
    scope_forgive(scope);
    CHECK_CODE(ledger_commit(scope), UNAVAILABLE);
    scope_forgive(scope);
    CHECK(!ledger_in_transaction(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "0");
}

TEST(a_server_that_is_away_is_said_to_be_and_is_not_asked_by_everybody) {
    struct test_place place = new_place(scope);
    const char *reachable = place.address;
    struct store *store = NULL;

    place.address = "postgresql://tessera:secret@127.0.0.1:1/none"; // nobody listens there
    CHECK_CODE(test_store_open(scope, place, STORE_READ_WRITE, &store), UNAVAILABLE);
    CHECK(!store);
    CHECK(!strstr(scope->failure.message, "secret") && !strstr(scope->failure.detail, "secret"));
    scope_forgive(scope);
    place.address = "postgresql://te%ssera:secret@/none";
    CHECK_CODE(test_store_open(scope, place, STORE_READ_WRITE, &store), INVALID);
    CHECK(!strstr(scope->failure.message, "secret") && !strstr(scope->failure.detail, "secret"));
    scope_forgive(scope);
    place.address = reachable;
    CHECK_OK(test_store_open(scope, place, STORE_READ_WRITE, &store));
    store_close(store);
}

// ---- whom the store trusts ----

// The private cluster lets everybody in on its socket.
static const char *as_superuser(struct scope *scope, const char *address) {
    const char *at = strchr(address, '@');

    CHECK(at);
    return arena_printf(&scope->arena, "postgresql://postgres%s", at);
}

TEST(a_role_that_is_mighty_on_the_server_is_refused) {
    struct test_place place = new_place(scope);
    struct store *store = NULL;

    place.address = as_superuser(scope, place.address);
    CHECK_CODE(test_store_open(scope, place, STORE_READ_WRITE, &store), INVALID);
    CHECK(strstr(scope->failure.message, "\"postgres\""));
}

TEST(a_standby_that_may_lack_what_was_acknowledged_is_refused_unless_told) {
    const struct test_place place = new_place(scope);
    PGconn *standby = PQconnectdb(
        arena_printf(&scope->arena, "%s?replication=true", as_superuser(scope, place.address)));
    struct store *store = NULL;
    struct config config;

    CHECK(PQstatus(standby) == CONNECTION_OK);
    CHECK_CODE(test_store_open(scope, place, STORE_READ_WRITE, &store), UNAVAILABLE);
    CHECK(strstr(scope->failure.hint, "standby_loss"));
    scope_forgive(scope);
    config_init(&config);
    config.files = place.folder;
    config.standby_loss = "accept";
    CHECK_OK(store_open_configured(scope, place.address, STORE_READ_WRITE, &config, &store));
    store_close(store);
    PQfinish(standby);
}

TEST(a_copy_into_a_file_is_of_the_instant_at_which_it_began) {
    const char *path = arena_printf(&scope->arena, "%s/copy.db", test_folder(scope));
    const char *folder = arena_printf(&scope->arena, "%s/folder", test_folder(scope));
    const struct test_place place = open_store(scope);
    struct store *other = NULL;
    struct text problem;
    struct scope writer;

    test_ledger_exec(scope, "INSERT INTO alias VALUES (1, 2), (2, 3);"
                            "INSERT INTO setting VALUES ('country', 'Österreich')");
    CHECK_OK(ledger_begin_copy(scope));
    scope_init(&writer);
    CHECK(test_store_open(&writer, place, STORE_LEDGER_ONLY, &other) == OK &&
          session_open(&writer, other) == OK);
    CHECK(ledger_exec(&writer, "INSERT INTO alias VALUES (4, 5)", NO_BINDS) == OK);
    session_close(&writer);
    store_close(other);
    scope_clear(&writer);
    CHECK_OK(ledger_copy(scope, path));
    ledger_rollback(scope);
    CHECK_OK(ledger_check_file(scope, path, LEDGER_CHECK_ALL, &problem));
    CHECK_TEXT(problem, "");
    CHECK(access(arena_printf(&scope->arena, "%s.making", path), F_OK) != 0);
    test_store_close(scope);
    CHECK(mkdir(folder, 0700) == 0 &&
          rename(path, arena_printf(&scope->arena, "%s/ledger.db", folder)) == 0);
    test_store_open_at(scope, (struct test_place){.address = folder, .folder = folder});
    CHECK_STRING(test_ledger_rows(scope, "SELECT origin, customer FROM alias ORDER BY 1"),
                 "1|2\n2|3");
    CHECK_STRING(test_ledger_rows(scope, "SELECT value FROM setting WHERE name = 'country'"),
                 "Österreich");
}

// ---- what is tried ----

struct opener {
    pthread_t thread;
    struct test_place place;
    struct store *store;
    struct failure failure;
};

static void *write_the_same_row(void *argument) {
    struct opener *opener = argument;
    struct scope scope;

    scope_init(&scope);
    if (test_store_open(&scope, opener->place, STORE_READ_WRITE, &opener->store) == OK &&
        session_open(&scope, opener->store) == OK)
        ledger_exec(&scope, "UPDATE alias SET customer = 9 WHERE origin = 1", NO_BINDS);
    session_close(&scope);
    store_close(opener->store);
    opener->failure = scope.failure;
    scope_clear(&scope);
    return NULL;
}

TEST(what_is_tried_among_others_gives_way_to_who_waits_for_it) {
    struct opener opener = {.place = open_store(scope)};
    struct scope trial;
    code result = OK;

    test_ledger_exec(scope, "INSERT INTO alias VALUES (1, 2)");
    scope_init(&trial);
    CHECK_INT(session_open_trial(&trial, session_store(scope), TRIAL_AMONG_OTHERS), OK);
    CHECK_INT(ledger_begin(&trial), OK);
    CHECK_INT(ledger_exec(&trial, "UPDATE alias SET customer = 3 WHERE origin = 1", NO_BINDS), OK);
    CHECK_INT(ledger_commit(&trial), OK);
    CHECK(pthread_create(&opener.thread, NULL, write_the_same_row, &opener) == 0);
    for (int i = 0; i < 1000 && result == OK; i++) {
        usleep(10000);
        result = ledger_begin(&trial);
        if (result == OK)
            ledger_rollback(&trial);
    }
    CHECK_INT(result, BUSY);
    session_close(&trial);
    scope_clear(&trial);
    pthread_join(opener.thread, NULL);
    CHECK_INT(opener.failure.code, OK);
    CHECK_STRING(test_ledger_rows(scope, "SELECT customer FROM alias"), "9");
}

static void add_aliases(struct scope *trial, int64_t first) {
    for (int64_t origin = first; origin < first + 100; origin++)
        CHECK_INT(ledger_exec(trial, "INSERT INTO alias (origin, customer) VALUES ($1, $2)",
                              BINDS(BIND_INT64(origin), BIND_INT64(1))),
                  OK);
}

TEST(rows_that_wait_in_a_trial_stay_when_a_part_of_it_is_taken_back) {
    struct scope trial;
    int64_t count;

    open_store(scope);
    scope_init(&trial);
    CHECK_INT(session_open_trial(&trial, session_store(scope), TRIAL_AMONG_OTHERS), OK);
    CHECK_INT(ledger_expect_bulk(&trial), OK);
    add_aliases(&trial, 1);
    CHECK_INT(ledger_begin(&trial), OK);
    add_aliases(&trial, 1001);
    CHECK_INT(ledger_commit(&trial), OK);
    CHECK_INT(ledger_begin(&trial), OK);
    add_aliases(&trial, 2001);
    ledger_rollback(&trial);
    CHECK_INT(ledger_int64(&trial, "SELECT count(*) FROM alias", NO_BINDS, 0, &count), OK);
    CHECK_INT(count, 200);
    session_close(&trial);
    scope_clear(&trial);
}

// ---- several at once ----

static void *open_and_write(void *argument) {
    struct opener *opener = argument;
    struct scope scope;

    scope_init(&scope);
    if (test_store_open(&scope, opener->place, STORE_READ_WRITE, &opener->store) == OK &&
        session_open(&scope, opener->store) == OK) {
        for (int i = 0; i < 200 && scope.failure.code == OK; i++)
            ledger_exec(
                &scope, "INSERT INTO alias (origin, customer) VALUES ($1, $2)",
                BINDS(BIND_INT64(store_new_id(&scope)), BIND_INT64(opener->store->process_number)));
        session_close(&scope);
    }
    opener->failure = scope.failure;
    scope_clear(&scope);
    return NULL;
}

TEST(stores_that_open_an_empty_database_at_once_make_one_schema_and_give_no_id_twice) {
    enum { OPENERS = 6 };
    struct opener openers[OPENERS] = {0};

    openers[0].place = new_place(scope);
    for (int i = 0; i < OPENERS; i++) {
        openers[i].place = openers[0].place;
        CHECK(pthread_create(&openers[i].thread, NULL, open_and_write, &openers[i]) == 0);
    }
    for (int i = 0; i < OPENERS; i++)
        pthread_join(openers[i].thread, NULL);
    for (int i = 0; i < OPENERS; i++)
        store_close(openers[i].store);
    for (int i = 0; i < OPENERS; i++)
        CHECK_STRING(openers[i].failure.message, "");
    test_at_end(close_store, scope);
    test_store_open_at(scope, openers[0].place);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(DISTINCT customer) FROM alias"),
                 "1200|6");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) - max(version) FROM schema_version"),
                 "0");
}

// What was changed last has the largest id, which is how everybody knows that something changed.
TEST(who_writes_after_a_process_whose_clock_runs_ahead_still_has_the_last_word) {
    enum { AHEAD_S = 40 };
    const int64_t ahead_id =
        (time_now_us() / 1000 - INT64_C(1577836800000) + AHEAD_S * INT64_C(1000)) << 22;
    int64_t newest;

    open_store(scope);
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO change (id, table_id, kind, first_id, last_id) "
                         "VALUES ($1, 1, 2, 1, 1)",
                         BINDS(BIND_INT64(ahead_id))));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(ledger_begin(scope));
        CHECK_OK(change_record(scope, CHANGE_CUSTOMER, CHANGE_UPDATED, 1, 1));
        CHECK_OK(ledger_commit(scope));
    }
    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM change WHERE id > $1",
                          BINDS(BIND_INT64(ahead_id)), 0, &newest));
    CHECK(newest > 0);
}

// What is read in a transaction stays true to its end, whoever else writes.
static void *count_up(void *argument) {
    struct scope scope;
    int64_t epoch;

    scope_init(&scope);
    session_open(&scope, argument);
    for (int i = 0; i < 100 && scope.failure.code == OK; i++) {
        if (ledger_begin(&scope) == OK &&
            ledger_int64(&scope, "SELECT epoch FROM identity_epoch", NO_BINDS, -1, &epoch) == OK)
            ledger_exec(&scope, "UPDATE identity_epoch SET epoch = $1",
                        BINDS(BIND_INT64(epoch + 1)));
        ledger_end(&scope, scope.failure.code);
    }
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

TEST(writers_of_two_processes_do_not_overwrite_what_the_other_has_written) {
    struct store *other = NULL;
    pthread_t threads[4];
    struct test_place place = open_store(scope);

    CHECK_OK(test_store_open(scope, place, STORE_READ_WRITE, &other));
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, count_up,
                             i % 2 == 0 ? session_store(scope) : other) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    store_close(other);
    CHECK_STRING(test_ledger_rows(scope, "SELECT epoch FROM identity_epoch"), "400");
}

// ---- jobs ----

static int64_t new_job(struct scope *scope, const char *kind) {
    int64_t id;

    CHECK_OK(job_create(scope, kind, TEXT("a job"), TEXT("{}"), &id));
    return id;
}

static struct text state_of(struct scope *scope, int64_t id) {
    struct job job = {0};

    CHECK_OK(job_find(scope, id, &job));
    return job.state;
}

TEST(a_job_of_another_machine_is_taken_over_when_its_lease_has_run_out_and_not_before) {
    int64_t id;

    open_store(scope);
    id = new_job(scope, "count");
    CHECK_OK(ledger_exec(scope,
                         "UPDATE job SET state = 'running', owner = 'elsewhere boot 1 1' "
                         "WHERE id = $1",
                         BINDS(BIND_INT64(id))));
    CHECK_OK(ledger_exec(scope,
                         "UPDATE job_lease SET owner = 'elsewhere boot 1 1', until_us = $2 "
                         "WHERE job_id = $1",
                         BINDS(BIND_INT64(id), BIND_INT64(time_now_us() + 10 * US_PER_SECOND))));
    CHECK_OK(job_recover(scope));
    CHECK_TEXT(state_of(scope, id), "running");
    CHECK_OK(ledger_exec(scope, "UPDATE job_lease SET until_us = $1",
                         BINDS(BIND_INT64(time_now_us() - 1))));
    CHECK_OK(job_recover(scope));
    CHECK_TEXT(state_of(scope, id), "interrupted");
}

// As a process that was cut off for so long that another one has its job.
static code lose_the_job(struct scope *scope, int64_t id, const struct json *parameters,
                         struct json_writer *result) {
    (void)parameters, (void)result;
    TRY(ledger_exec(scope, "UPDATE job SET owner = 'another' WHERE id = $1",
                    BINDS(BIND_INT64(id))));
    return ledger_exec(scope, "UPDATE job_lease SET owner = 'another' WHERE job_id = $1",
                       BINDS(BIND_INT64(id)));
}

TEST(who_has_lost_a_job_does_not_write_its_end) {
    static const struct job_kind kinds[] = {{"lose", lose_the_job, JOB_LIGHT}};
    int64_t id;

    open_store(scope);
    id = new_job(scope, "lose");
    CHECK_OK(job_run(scope, kinds, 1, id));
    CHECK_TEXT(state_of(scope, id), "running");
    CHECK_STRING(test_ledger_rows(scope, "SELECT owner FROM job_lease"), "another");
}

// While the ledger's connection is well, or idle and not looked at.
static code lose_the_lake(struct scope *scope, int64_t id, const struct json *parameters,
                          struct json_writer *result) {
    int64_t ended;

    (void)id, (void)parameters, (void)result;
    return lake_int64(scope, "SELECT 1 FROM pg_terminate_backend(pg_backend_pid())", NO_BINDS, 0,
                      &ended);
}

static code lose_the_ledger(struct scope *scope, int64_t id, const struct json *parameters,
                            struct json_writer *result) {
    (void)id, (void)parameters, (void)result;
    end_all_connections((struct test_place){.address = session_store(scope)->address});
    return scope_fail(scope, UNAVAILABLE, "the database went");
}

TEST(a_job_whose_database_went_away_is_taken_up_again) {
    static const struct job_kind kinds[] = {{"lose_lake", lose_the_lake, JOB_LIGHT},
                                            {"lose_ledger", lose_the_ledger, JOB_LIGHT}};

    open_store(scope);
    for (size_t i = 0; i < 2; i++) {
        const int64_t id = new_job(scope, kinds[i].name);

        CHECK_CODE(job_run(scope, kinds, 2, id), UNAVAILABLE);
        scope_forgive(scope);
        CHECK_TEXT(state_of(scope, id), "interrupted");
    }
}

// Two servers look at the queue all the time; each job is run by one of them.
struct runner {
    pthread_t thread;
    struct store *store;
};

static code tell(struct scope *scope, int64_t id, const struct json *parameters,
                 struct json_writer *result) {
    (void)parameters, (void)result;
    return ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, 1)",
                       BINDS(BIND_INT64(id)));
}

static void *run_all(void *argument) {
    static const struct job_kind kinds[] = {{"tell", tell, JOB_LIGHT}};
    struct runner *runner = argument;
    struct scope scope;
    int64_t id = 1;

    scope_init(&scope);
    if (session_open(&scope, runner->store) == OK)
        while (id != 0 && job_run_next(&scope, kinds, 1, JOB_LIGHT, &id) == OK)
            scope_forgive(&scope);
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

TEST(each_job_in_the_queue_is_run_by_one_process_only) {
    enum { RUNNERS = 4, JOBS = 40 };
    struct runner runners[RUNNERS] = {0};
    struct test_place place = open_store(scope);

    for (int i = 0; i < JOBS; i++)
        new_job(scope, "tell");
    for (int i = 0; i < RUNNERS; i++) {
        CHECK_OK(test_store_open(scope, place, STORE_READ_WRITE, &runners[i].store));
        CHECK(pthread_create(&runners[i].thread, NULL, run_all, &runners[i]) == 0);
    }
    for (int i = 0; i < RUNNERS; i++)
        pthread_join(runners[i].thread, NULL);
    for (int i = 0; i < RUNNERS; i++)
        store_close(runners[i].store);
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, count(*) FROM job GROUP BY state"),
                 "done|40");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "40");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM job_lease"), "0");
}

// An import has the turn to write most of the time: this one until the job has begun.
static void *write_until_it_runs(void *argument) {
    enum { LOOKS = 500, LOOK_US = 10000 };
    struct scope *writer = argument;
    int64_t count = 0;

    for (int i = 0; i < LOOKS && count == 0; i++) {
        ledger_int64(writer, "SELECT count(*) FROM alias", NO_BINDS, 0, &count);
        usleep(LOOK_US);
    }
    ledger_rollback(writer);
    return (void *)(intptr_t)count; // NOLINT(performance-no-int-to-ptr): never followed
}

TEST(a_light_job_is_taken_while_another_process_writes) {
    static const struct job_kind kinds[] = {{"tell", tell, JOB_LIGHT}};
    struct test_place place = open_store(scope);
    struct store *other = NULL;
    struct scope writer;
    pthread_t thread;
    void *began;
    int64_t id;

    new_job(scope, "tell");
    CHECK_OK(test_store_open(scope, place, STORE_READ_WRITE, &other));
    scope_init(&writer);
    CHECK(session_open(&writer, other) == OK && ledger_begin(&writer) == OK);
    CHECK(pthread_create(&thread, NULL, write_until_it_runs, &writer) == 0);
    CHECK_OK(job_run_next(scope, kinds, 1, JOB_LIGHT, &id));
    pthread_join(thread, &began);
    session_close(&writer);
    scope_clear(&writer);
    store_close(other);
    CHECK_INT((intptr_t)began, 1);
    CHECK_TEXT(state_of(scope, id), "done");
}

// ---- in bulk ----

TEST(statements_in_bulk_are_done_in_order_and_seen_by_the_next_question) {
    int64_t sum;

    open_store(scope);
    CHECK_OK(ledger_expect_bulk(scope));
    CHECK_OK(ledger_begin(scope));
    for (int64_t i = 1; i <= 1000; i++)
        CHECK_OK(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, $1)",
                             BINDS(BIND_INT64(i))));
    CHECK_OK(ledger_exec(scope, "UPDATE alias SET customer = 0 WHERE origin > $1",
                         BINDS(BIND_INT64(10))));
    CHECK_OK(ledger_int64(scope, "SELECT sum(customer) FROM alias", NO_BINDS, -1, &sum));
    CHECK_INT(sum, 55);
    CHECK_OK(ledger_exec(scope, "DELETE FROM alias WHERE origin > $1", BINDS(BIND_INT64(500))));
    CHECK_OK(ledger_commit(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "500");
}

TEST(a_statement_in_bulk_that_fails_is_told_at_the_commit_at_the_latest) {
    static const char insert[] = "INSERT INTO alias (origin, customer) VALUES ($1, 1)";
    code result = OK;

    open_store(scope);
    CHECK_OK(ledger_expect_bulk(scope));
    CHECK_OK(ledger_begin(scope));
    for (int i = 0; i < 3 && result == OK; i++)
        result = ledger_exec(scope, insert, BINDS(BIND_INT64(7)));
    if (result == OK)
        result = ledger_commit(scope);
    CHECK_INT(result, CONFLICT);
    ledger_rollback(scope);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "0");
    CHECK_OK(ledger_begin(scope)); // it can be used again, and taken back in the middle
    for (int64_t i = 0; i < 100; i++)
        CHECK_OK(ledger_exec(scope, insert, BINDS(BIND_INT64(i))));
    ledger_rollback(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "0");
}

// Counts those that run at once in all processes.
static code be_heavy(struct scope *scope, int64_t id, const struct json *parameters,
                     struct json_writer *result) {
    (void)parameters, (void)result;
    TRY(ledger_exec(scope,
                    "INSERT INTO alias (origin, customer) "
                    "SELECT $1, count(*) FROM job WHERE state = 'running'",
                    BINDS(BIND_INT64(id))));
    usleep(20000);
    return OK;
}

static void *run_one_heavy(void *argument) {
    static const struct job_kind kinds[] = {{"heavy", be_heavy, JOB_HEAVY}};
    struct runner *runner = argument;
    struct scope scope;
    int64_t id;

    scope_init(&scope);
    if (session_open(&scope, runner->store) == OK &&
        job_create(&scope, "heavy", TEXT("a job"), TEXT("{}"), &id) == OK)
        job_run(&scope, kinds, 1, id);
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

TEST(heavy_jobs_of_several_processes_run_one_after_the_other) {
    enum { RUNNERS = 4 };
    struct runner runners[RUNNERS] = {0};
    struct test_place place = open_store(scope);

    for (int i = 0; i < RUNNERS; i++) {
        CHECK_OK(test_store_open(scope, place, STORE_READ_WRITE, &runners[i].store));
        CHECK(pthread_create(&runners[i].thread, NULL, run_one_heavy, &runners[i]) == 0);
    }
    for (int i = 0; i < RUNNERS; i++)
        pthread_join(runners[i].thread, NULL);
    for (int i = 0; i < RUNNERS; i++)
        store_close(runners[i].store);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), max(customer) FROM alias"), "4|1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, count(*) FROM job GROUP BY state"),
                 "done|4");
}
