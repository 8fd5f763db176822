// SPDX-License-Identifier: Apache-2.0
#include "store/store_testing.h"

#include "base/clock.h"
#include "base/progress.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/migration.h"
#include "store/setting.h"
#include "store/sql_catalogue.h"
#include "store/store_internal.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(every_sql_block_prepares_on_its_databases) {
    test_store(scope);
    for (size_t i = 0; i < sql_catalogue_count; i++) {
        const struct sql_block *block = &sql_catalogue[i];

        if (block->for_ledger && ledger_prepares(scope, block->text) != OK)
            test_fail(__FILE__, __LINE__, "%s: %s", block->name, scope->failure.detail);
        if (block->for_lake && lake_prepares(scope, block->text) != OK)
            test_fail(__FILE__, __LINE__, "%s: %s", block->name, scope->failure.detail);
        if (block->for_duckdb && !test_store_is_shared() && lake_prepares(scope, block->text) != OK)
            test_fail(__FILE__, __LINE__, "%s: %s", block->name, scope->failure.detail);
    }
}

// ---- the folder ----

TEST(a_store_is_a_private_folder) {
    struct stat status;

    test_store(scope);
    CHECK(stat(store_path(session_store(scope)), &status) == 0);
    CHECK_INT(status.st_mode & 0777, 0700);
}

TEST(a_store_has_one_owner_and_says_which) {
    struct store *store = NULL;
    const char *path;

    test_store_in_folder(scope);
    path = store_path(session_store(scope));
    CHECK_CODE(store_open(scope, path, STORE_READ_WRITE, &store), CONFLICT);
    CHECK(store == NULL);
    CHECK(strstr(scope->failure.message,
                 arena_printf(&scope->arena, "in use by process %d", (int)getpid())));
}

TEST(beside_the_owner_the_ledger_can_be_read_and_nothing_else) {
    struct store *store = NULL;
    struct session *own;
    struct rows *rows = NULL;
    struct test_place place;
    int64_t count;

    test_store(scope);
    place = test_store_place(scope);
    own = scope->session;
    scope->session = NULL;
    CHECK_OK(test_store_open(scope, place, STORE_LEDGER_ONLY, &store));
    CHECK_OK(session_open(scope, store));
    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM sale", NO_BINDS, -1, &count));
    CHECK_INT(count, 0);
    CHECK_CODE(lake_query(scope, "SELECT 1", NO_BINDS, &rows), UNAVAILABLE);
    session_close(scope);
    store_close(store);
    scope->session = own;
}

TEST(a_folder_that_is_no_store_is_not_found) {
    struct store *store = NULL;

    CHECK_CODE(store_open(scope, arena_printf(&scope->arena, "%s/none", test_folder(scope)),
                          STORE_LEDGER_ONLY, &store),
               NOT_FOUND);
    scope_forgive(scope);
    CHECK_CODE(store_open(scope, test_file(scope, "file", TEXT("x")), STORE_READ_WRITE, &store),
               INVALID);
}

// ---- ids ----

TEST(ids_grow_across_restarts_even_when_the_clock_does_not) {
    const int64_t far = INT64_MAX - (INT64_C(1) << 30); // as if the clock had been decades ahead
    int64_t first, second;

    test_store(scope);
    first = store_new_id(scope);
    second = store_new_ids(scope, 100);
    CHECK(first > 0);
    CHECK(second > first);
    CHECK(store_new_id(scope) >= second + 100);
    CHECK_OK(ledger_exec(scope, "INSERT INTO product (id, import_id, code) VALUES ($1, 1, 'p')",
                         BINDS(BIND_INT64(far))));
    test_store_reopen(scope);
    first = store_new_id(scope);
    CHECK(first > far);
    CHECK(store_new_id(scope) > first);
}

// ---- values and statements ----

TEST(values_come_back_from_the_ledger_as_they_went_in) {
    struct rows *rows;

    test_store(scope);
    test_ledger_exec(scope, "CREATE TABLE t (id BIGINT PRIMARY KEY, i BIGINT, d REAL, s TEXT)");
    CHECK_OK(ledger_exec(
        scope, "INSERT INTO t (id, i, d, s) VALUES ($1, $3, $4, $2)",
        BINDS(BIND_INT64(1), BIND_STRING("Zürich"), BIND_INT64(INT64_MIN), BIND_DOUBLE(0.1))));
    CHECK_OK(
        ledger_exec(scope, "INSERT INTO t (id, i, d, s) VALUES ($1, $3, $4, $2)",
                    BINDS(BIND_INT64(2), BIND_TEXT(TEXT("a\1b")), BIND_BOOL(true), BIND_NULL())));
    CHECK_OK(ledger_query(scope, "SELECT i, d, s FROM t ORDER BY id", NO_BINDS, &rows));
    CHECK(rows_next(rows));
    CHECK(rows_int64(rows, 0) == INT64_MIN);
    CHECK(rows_double(rows, 1) == 0.1);
    CHECK_TEXT(rows_text(rows, 1), "0.1");
    CHECK_TEXT(rows_text(rows, 2), "Zürich");
    CHECK(rows_next(rows));
    CHECK_INT(rows_int64(rows, 0), 1);
    CHECK(rows_is_null(rows, 1));
    CHECK_INT((int64_t)rows_text(rows, 2).size, 3);
    CHECK(!rows_next(rows));
    CHECK_OK(rows_end(rows));
    rows_close(&rows);
}

// PostgreSQL has no text with a NUL in it; nothing is cut off at one in silence.
TEST(a_text_with_a_nul_comes_back_whole_or_is_refused) {
    const struct text text = TEXT("a\0b");
    code result;

    test_store(scope);
    result = ledger_exec(scope, "INSERT INTO setting (name, value) VALUES ('nul', $1)",
                         BINDS(BIND_TEXT(text)));
    CHECK_INT(result, test_store_is_shared() ? INVALID : OK);
    scope_forgive(scope);
    CHECK_INT(
        (int64_t)strlen(test_ledger_rows(scope, "SELECT value FROM setting WHERE name = 'nul'")),
        result == OK ? 1 : 0); // up to the NUL
}

TEST(a_statement_can_be_used_again_while_its_rows_are_read) {
    static const char sql[] = "SELECT n FROM (SELECT 1 AS n UNION ALL SELECT 2) AS t WHERE n >= $1";
    struct rows *outer, *inner;
    int64_t sum = 0;

    test_store(scope);
    CHECK_OK(ledger_query(scope, sql, BINDS(BIND_INT64(1)), &outer));
    while (rows_next(outer)) {
        CHECK_OK(ledger_query(scope, sql, BINDS(BIND_INT64(rows_int64(outer, 0))), &inner));
        while (rows_next(inner))
            sum = sum * 10 + rows_int64(inner, 0);
        rows_close(&inner);
    }
    rows_close(&outer);
    CHECK_INT(sum, 122);
}

TEST(a_text_made_at_run_time_is_not_taken_for_another_at_the_same_place) {
    char sql[32];
    int64_t value;

    test_store(scope);
    for (int i = 0; i < 2000; i++) { // more than are kept
        snprintf(sql, sizeof(sql), "SELECT %d", i);
        CHECK_OK(ledger_int64(scope, sql, NO_BINDS, -1, &value));
        CHECK_INT(value, i);
    }
}

TEST(a_query_ends_when_it_is_cancelled_and_with_its_time) {
    static const char endless[] =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT COUNT(*) FROM n";
    static const atomic_bool cancelled = true;
    struct rows *rows;

    test_store(scope);
    scope->cancelled = &cancelled;
    CHECK_CODE(ledger_query(scope, endless, NO_BINDS, &rows), CANCELLED);
    scope_forgive(scope);
    scope->cancelled = NULL;
    scope->deadline_us = clock_us() + 50000;
    CHECK_CODE(ledger_query(scope, endless, NO_BINDS, &rows), BUSY);
    scope_forgive(scope);
    scope->deadline_us = 0;
    CHECK_STRING(test_ledger_rows(scope, "SELECT 1"), "1");
}

TEST(values_and_parameters_must_agree) {
    int64_t value;

    test_store(scope);
    CHECK_CODE(ledger_int64(scope, "SELECT $1", NO_BINDS, 0, &value), INTERNAL);
    scope_forgive(scope);
    CHECK_CODE(ledger_int64(scope, "SELECT 1", BINDS(BIND_INT64(1)), 0, &value), INTERNAL);
    scope_forgive(scope);
    CHECK_CODE(ledger_int64(scope, "SELECT $2", BINDS(BIND_INT64(1)), 0, &value), INTERNAL);
    scope_forgive(scope);
    CHECK_CODE(ledger_exec(scope, "SELECT 1; SELECT 2", NO_BINDS), INTERNAL);
}

// ---- transactions ----

TEST(what_is_rolled_back_never_happened) {
    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    CHECK(ledger_in_transaction(scope));
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 2)");
    ledger_rollback(scope);
    CHECK(!ledger_in_transaction(scope));
    ledger_rollback(scope);
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (3, 4)");
    CHECK_OK(ledger_commit(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT origin, customer FROM alias"), "3|4");
    CHECK_CODE(ledger_commit(scope), INTERNAL);
}

TEST(a_row_that_contradicts_another_is_a_conflict_that_leaves_nothing_behind) {
    test_store(scope);
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 2)");
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (3, 4)");
    CHECK_CODE(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 3)", NO_BINDS),
               CONFLICT);
    CHECK(!strstr(scope->failure.detail, "(1)")); // the row's values may be a person's
    scope_forgive(scope);
    ledger_rollback(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT origin, customer FROM alias"), "1|2");
    CHECK_CODE(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 3)", NO_BINDS),
               CONFLICT);
}

// A commit in PostgreSQL that keeps nothing would be called a success by it.
TEST(a_transaction_in_which_a_statement_failed_is_kept_whole_or_said_to_be_lost) {
    code committed;

    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 2)");
    CHECK_CODE(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 3)", NO_BINDS),
               CONFLICT);
    scope_forgive(scope);
    committed = ledger_commit(scope);
    CHECK_INT(committed, test_store_is_shared() ? INTERNAL : OK);
    scope_forgive(scope);
    CHECK(!ledger_in_transaction(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"),
                 committed == OK ? "1" : "0");
}

TEST(a_session_that_ends_within_a_transaction_takes_it_back) {
    struct store *store;

    test_store(scope);
    store = session_store(scope);
    CHECK_OK(ledger_begin(scope));
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 2)");
    session_close(scope);
    CHECK_OK(session_open(scope, store));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "0");
}

static void *add_aliases(void *argument) {
    struct store *store = argument;
    struct scope scope;
    uintptr_t failures = 0;

    scope_init(&scope);
    failures += session_open(&scope, store) != OK;
    for (int i = 0; i < 100; i++) {
        failures += ledger_begin(&scope) != OK;
        failures += ledger_exec(&scope, "INSERT INTO alias (origin, customer) VALUES ($1, 1)",
                                BINDS(BIND_INT64(store_new_id(&scope)))) != OK;
        failures += ledger_commit(&scope) != OK;
    }
    session_close(&scope);
    scope_clear(&scope);
    return (void *)failures; // NOLINT(performance-no-int-to-ptr): a count, never followed
}

TEST(threads_that_write_at_the_same_time_wait_for_each_other) {
    enum { THREADS = 4 };
    pthread_t threads[THREADS];

    test_store(scope);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, add_aliases, session_store(scope)) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *failures;

        CHECK(pthread_join(threads[i], &failures) == 0);
        CHECK(failures == NULL);
    }
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "400");
}

// ---- migrations ----

static void apply_steps(struct scope *scope, const struct migration *steps, size_t count,
                        code expected) {
    CHECK_CODE(migration_apply(scope, steps, count), expected);
    scope_forgive(scope);
}

TEST(a_migration_that_fails_leaves_nothing_of_its_step) {
    const int next = (int)migration_count + 1;
    const size_t count = migration_count + 2;
    struct migration *steps = arena_array(&scope->arena, count, sizeof(*steps));

    memcpy(steps, migrations, migration_count * sizeof(*steps));
    steps[count - 2] =
        (struct migration){next, "good", "CREATE TABLE good (id BIGINT PRIMARY KEY)"};
    steps[count - 1] = (struct migration){
        next + 1, "bad",
        "CREATE TABLE bad (id BIGINT PRIMARY KEY); INSERT INTO nowhere VALUES (1)"};
    test_store(scope);
    apply_steps(scope, steps, count, INTERNAL);
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT name FROM schema_version ORDER BY version DESC LIMIT 1"),
        "good");
    CHECK_CODE(ledger_prepares(scope, "SELECT * FROM bad"), INTERNAL);
    scope_forgive(scope);
    steps[count - 1].sql = "CREATE TABLE bad (id BIGINT PRIMARY KEY); INSERT INTO bad VALUES (7)";
    apply_steps(scope, steps, count, OK);
    apply_steps(scope, steps, count, OK);
    CHECK_STRING(test_ledger_rows(scope, "SELECT id FROM bad"), "7");
}

TEST(a_ledger_of_a_newer_program_is_not_touched) {
    struct store *store = NULL;
    struct test_place place;

    test_store(scope);
    place = test_store_place(scope);
    test_ledger_exec(
        scope, "INSERT INTO schema_version (version, name, applied_at_us) VALUES (999, 'x', 0)");
    test_store_close(scope);
    CHECK_CODE(test_store_open(scope, place, STORE_READ_WRITE, &store), CONFLICT);
    CHECK(strstr(scope->failure.message, "999"));
    scope_forgive(scope);
    CHECK_CODE(test_store_open(scope, place, STORE_LEDGER_ONLY, &store), CONFLICT);
}

TEST(schema_text_becomes_the_dialect_of_sqlite) {
    test_store_in_folder(scope);
    test_ledger_exec(
        scope, "CREATE TABLE a (id BIGINT PRIMARY KEY, n BIGINT);"
               "CREATE TABLE b (x TEXT, y TEXT, PRIMARY KEY (x, y)) /* sqlite: WITHOUT ROWID */;"
               "/* a comment stays one */");
    CHECK_STRING(test_ledger_rows(
                     scope, "SELECT sql FROM sqlite_master WHERE name IN ('a', 'b') ORDER BY name"),
                 "CREATE TABLE a (id INTEGER PRIMARY KEY, n BIGINT)\n"
                 "CREATE TABLE b (x TEXT, y TEXT, PRIMARY KEY (x, y))  WITHOUT ROWID ");
}

// ---- settings ----

TEST(settings_are_checked_and_kept) {
    struct settings settings;

    test_store(scope);
    CHECK_OK(settings_load(scope, &settings));
    CHECK_TEXT(settings.zone, "UTC");
    CHECK_TEXT(settings.currency, "EUR");
    CHECK_TEXT(settings.country, "");
    CHECK_OK(setting_set(scope, TEXT("currency"), TEXT("GBP")));
    CHECK_OK(setting_set(scope, TEXT("country"), TEXT("GB")));
    CHECK_CODE(setting_set(scope, TEXT("currency"), TEXT("Pounds")), INVALID);
    scope_forgive(scope);
    CHECK_CODE(setting_set(scope, TEXT("country"), TEXT("gb")), INVALID);
    scope_forgive(scope);
    CHECK_CODE(setting_set(scope, TEXT("zone"), TEXT("Europe/Atlantis")), INVALID);
    scope_forgive(scope);
    CHECK_CODE(setting_set(scope, TEXT("colour"), TEXT("red")), INVALID);
    scope_forgive(scope);
    CHECK_OK(setting_set(scope, TEXT("require_second_factor"), TEXT("always")));
    test_store_reopen(scope);
    CHECK_OK(settings_load(scope, &settings));
    CHECK_TEXT(settings.require_second_factor, "always");
    CHECK_TEXT(settings.currency, "GBP");
    CHECK_TEXT(settings.country, "GB");
}

// ---- trials ----

static int count_trials(const char *path) {
    DIR *folder = opendir(path);
    struct dirent *entry;
    int count = 0;

    CHECK(folder);
    while ((entry = readdir(folder)))
        count += strncmp(entry->d_name, "trial-", 6) == 0;
    closedir(folder);
    return count;
}

static void try_something(struct scope *scope, enum trial_kind kind) {
    struct store *store;
    struct scope trial;
    int64_t count;

    test_store(scope);
    store = session_store(scope);
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (1, 1)");
    scope_init(&trial);
    if (session_open_trial(&trial, store, kind) != OK)
        test_fail(__FILE__, __LINE__, "%s; %s", trial.failure.message, trial.failure.detail);
    CHECK_INT(count_trials(store_path(store)), 0); // it has no name
    CHECK_INT(ledger_begin(&trial), OK);
    CHECK_INT(ledger_exec(&trial, "INSERT INTO alias (origin, customer) VALUES (2, 1)", NO_BINDS),
              OK);
    CHECK_OK(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (3, 1)", NO_BINDS));
    CHECK_INT(ledger_commit(&trial), OK);
    CHECK_INT(ledger_int64(&trial, "SELECT sum(origin) FROM alias", NO_BINDS, 0, &count), OK);
    CHECK_INT(count, 1 + 2);
    session_close(&trial);
    scope_clear(&trial);
    CHECK_STRING(test_ledger_rows(scope, "SELECT sum(origin) FROM alias"), "4");
}

TEST(what_is_tried_is_seen_by_nobody_keeps_nobody_waiting_and_is_gone_afterwards) {
    try_something(scope, TRIAL_APART);
}

TEST(what_is_tried_among_others_is_seen_by_nobody_and_is_gone_afterwards) {
    try_something(scope, TRIAL_AMONG_OTHERS);
}

// Somebody writes each time that the copy tells how far it is.
struct meddler {
    struct progress progress;
    struct scope *scope;
    int64_t reports, last_done;
    bool began_again;
};

static void meddle(struct progress *progress, const char *stage, int64_t done, int64_t total,
                   const char *unit) {
    struct meddler *meddler = (struct meddler *)progress;

    (void)stage, (void)total, (void)unit;
    meddler->began_again |= done < meddler->last_done;
    meddler->last_done = done;
    if (++meddler->reports < 100)
        ledger_exec(meddler->scope, "UPDATE identity_epoch SET epoch = epoch + 1", NO_BINDS);
}

TEST(a_copy_does_not_begin_again_when_somebody_writes) {
    struct meddler meddler = {.progress = {.report = meddle}};
    struct scope trial;
    int64_t epoch;

    test_store_in_folder(scope);
    test_ledger_exec(scope,
                     "CREATE TABLE big (id BIGINT PRIMARY KEY, t TEXT);"
                     "INSERT INTO big SELECT value, hex(zeroblob(20000)) FROM "
                     "(WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM "
                     "n WHERE value < 1000) SELECT value FROM n) AS numbers");
    scope_init(&trial);
    meddler.scope = scope;
    trial.progress = &meddler.progress;
    CHECK_INT(session_open_trial(&trial, session_store(scope), TRIAL_APART), OK);
    CHECK(meddler.reports > 2);
    CHECK(!meddler.began_again);
    CHECK_INT(ledger_int64(&trial, "SELECT epoch FROM identity_epoch", NO_BINDS, 0, &epoch), OK);
    CHECK_INT(epoch, 0);
    session_close(&trial);
    scope_clear(&trial);
}

TEST(copies_that_a_crash_left_go_with_the_next_opening) {
    const char *left;

    test_store_in_folder(scope);
    left = arena_printf(&scope->arena, "%s/trial-1", store_path(session_store(scope)));
    CHECK(symlink("/dev/null", left) == 0);
    test_store_reopen(scope);
    CHECK_INT(count_trials(store_path(session_store(scope))), 0);
}
