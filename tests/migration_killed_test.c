// SPDX-License-Identifier: Apache-2.0
// A new program on an old database: killed in the middle of each step of the schema, and started
// twice at the same time after that. What there is then is what a new database has.
#include "store/ledger.h"
#include "store/migration.h"
#include "store/postgresql_testing.h"
#include "store/store_internal.h"
#include "store/store_testing.h"
#include "tests/program.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STEP_MS = 10, PATIENCE_MS = 10000 };

struct house {
    struct scope *scope;
    const char *words; // of a command that opens the store
    PGconn *watcher;   // sees everything, and keeps what it locks
};

static void close_house(void *argument) {
    struct house *house = argument;

    PQfinish(house->watcher);
    test_store_close(house->scope);
}

static void run(const struct house *house, const char *sql) {
    PGresult *result = PQexec(house->watcher, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        test_fail(__FILE__, __LINE__, "%s: %s", sql, PQerrorMessage(house->watcher));
    PQclear(result);
}

static const char *ask(const struct house *house, const char *sql) {
    PGresult *result = PQexec(house->watcher, sql);
    const char *answer;

    CHECK(PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1);
    answer = arena_printf(&house->scope->arena, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return answer;
}

static struct house *open_house(struct scope *scope) {
    struct house *house = arena_alloc(&scope->arena, sizeof(*house));
    const struct test_place place = {
        .address = test_database(scope),
        .folder = arena_printf(&scope->arena, "%s/files", test_folder(scope))};
    const char *config =
        test_file(scope, "house.conf", text_printf(&scope->arena, "files = %s\n", place.folder));

    test_store_open_at(scope, place);
    *house = (struct house){
        .scope = scope,
        .words = arena_printf(&scope->arena, "setting list --data %s --config %s", place.address,
                              config),
        .watcher = PQconnectdb(
            arena_printf(&scope->arena, "postgresql://postgres%s", strchr(place.address, '@'))),
    };
    test_at_end(close_house, house);
    return house;
}

// All tables with their columns, types and defaults, and all indexes.
static const char *schema_of(const struct house *house) {
    return ask(house,
               "SELECT (SELECT string_agg(concat_ws(' ', table_name, column_name, data_type, "
               "column_default, is_nullable, generation_expression), ', ' "
               "ORDER BY table_name, ordinal_position) FROM information_schema.columns "
               "WHERE table_schema = 'tessera') || (SELECT string_agg(indexdef, ', ' "
               "ORDER BY indexdef) FROM pg_indexes WHERE schemaname = 'tessera')");
}

// As the program of that time left it.
static void go_back_to(const struct house *house, size_t version) {
    struct scope *scope = house->scope;

    run(house, "SET client_min_messages = warning");
    run(house, "DROP SCHEMA tessera_lake CASCADE");
    run(house, "DROP SCHEMA tessera CASCADE");
    run(house, "CREATE SCHEMA tessera AUTHORIZATION tessera");
    atomic_store(&session_store(scope)->has_seen_ids, false); // there are none in it yet
    CHECK_OK(migration_apply(scope, migrations, version));
}

static void wait_for_one_who_waits(const struct house *house) {
    for (int waited_ms = 0;; waited_ms += STEP_MS) {
        const char *count;

        run(house, "SELECT pg_stat_clear_snapshot()"); // of the open transaction
        count =
            ask(house, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                       "datname = current_database() AND query LIKE 'INSERT INTO schema_version%'");

        if (strcmp(count, "1") == 0)
            return;
        if (waited_ms >= PATIENCE_MS)
            test_fail(__FILE__, __LINE__, "it does not come to the end of the step: %s",
                      ask(house, "SELECT string_agg(concat_ws(' ', state, wait_event_type, query), "
                                 "', ') FROM pg_stat_activity WHERE datname = current_database()"));
        usleep(STEP_MS * 1000);
    }
}

static void wait_until_gone(const struct house *house) {
    for (int waited_ms = 0; strcmp(ask(house, "SELECT count(*) FROM pg_stat_activity WHERE "
                                              "datname = current_database() AND state = 'active' "
                                              "AND pid <> pg_backend_pid()"),
                                   "0") != 0;
         waited_ms += STEP_MS) {
        CHECK(waited_ms < PATIENCE_MS);
        usleep(STEP_MS * 1000);
    }
}

// It has done all that the step says and is about to note it.
static void kill_in_the_next_step(const struct house *house) {
    pid_t process;

    run(house, "BEGIN; LOCK TABLE tessera.schema_version IN SHARE MODE");
    process = start_program(house->scope, house->words);
    wait_for_one_who_waits(house);
    kill(process, SIGKILL);
    CHECK_INT(wait_program(process), 128 + SIGKILL);
    run(house, "ROLLBACK");
    wait_until_gone(house);
}

static void start_two_at_once(const struct house *house) {
    const pid_t one = start_program(house->scope, house->words);
    const pid_t other = start_program(house->scope, house->words);

    CHECK_INT(wait_program(one), 0);
    CHECK_INT(wait_program(other), 0);
}

TEST(a_program_killed_in_any_step_of_the_schema_leaves_what_two_others_bring_to_its_end) {
    const char *steps = "SELECT string_agg(version || ' ' || name, ', ' ORDER BY version) "
                        "FROM tessera.schema_version";
    const struct house *house = open_house(scope);
    const char *expected, *expected_steps;

    start_two_at_once(house);
    expected = schema_of(house);
    expected_steps = ask(house, steps);
    for (size_t version = 0; version < migration_count; version++) {
        go_back_to(house, version);
        kill_in_the_next_step(house);
        CHECK_STRING(ask(house, "SELECT coalesce(max(version), 0) FROM tessera.schema_version"),
                     arena_printf(&scope->arena, "%zu", version));
        start_two_at_once(house);
        CHECK_STRING(ask(house, steps), expected_steps);
        CHECK_STRING(schema_of(house), expected);
    }
}

// What the last step of another program's schema would need for itself.
static const struct migration *with_one_more(struct scope *scope) {
    struct migration *steps = arena_array(&scope->arena, migration_count + 1, sizeof(*steps));

    memcpy(steps, migrations, migration_count * sizeof(*steps));
    steps[migration_count] =
        (struct migration){(int)migration_count + 1, "index",
                           "CREATE INDEX event_by_campaign ON event (campaign);"
                           "ALTER TABLE event ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;"};
    return steps;
}

// It reads the whole time, in a process of its own.
static pid_t read_for(const struct house *house, int seconds) {
    const pid_t process = fork();
    PGconn *reader;

    if (process != 0)
        return process;
    reader = PQconnectdb(arena_printf(&house->scope->arena, "postgresql://postgres%s",
                                      strchr(test_store_place(house->scope).address, '@')));
    PQclear(PQexec(reader, "BEGIN; SELECT count(*) FROM tessera.event"));
    sleep((unsigned)seconds);
    PQfinish(reader);
    _exit(0);
}

TEST(a_step_that_needs_a_table_which_is_being_read_lets_others_by_and_comes_again) {
    const struct house *house = open_house(scope);
    const pid_t reader = read_for(house, 5);

    while (strcmp(ask(house, "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in "
                             "transaction' AND datname = current_database()"),
                  "1") != 0)
        usleep(STEP_MS * 1000);
    CHECK_OK(migration_apply(scope, with_one_more(scope), migration_count + 1));
    CHECK_STRING(
        ask(house, "SELECT count(*) FROM pg_indexes WHERE indexname = 'event_by_campaign'"), "1");
    CHECK_INT(wait_program(reader), 0);
}

// A step may take longer than anybody waits for a lock.
TEST(who_starts_while_another_one_brings_the_schema_up_to_date_waits_for_it) {
    const struct house *house = open_house(scope);
    pid_t process;

    go_back_to(house, migration_count - 1);
    setenv("TESSERA_DATABASE_LOCK_TIMEOUT", "1s", 1);
    run(house, "BEGIN; SELECT pg_advisory_xact_lock(1952805748, 1)"); // as a step does
    process = start_program(scope, house->words);
    unsetenv("TESSERA_DATABASE_LOCK_TIMEOUT");
    sleep(3);
    run(house, "ROLLBACK");
    CHECK_INT(wait_program(process), 0);
}
