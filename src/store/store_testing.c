// SPDX-License-Identifier: Apache-2.0
#include "store/store_testing.h"

#include "store/citus_testing.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/postgresql_testing.h"
#include "store/store_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_at_end(void *argument) {
    test_store_close(argument);
}

static const char *wanted_store(void) {
    test_depends_on_store();
    return getenv("TESSERA_TEST_STORE");
}

bool test_store_is_shared(void) {
    const char *wanted = wanted_store();

    return wanted && (strcmp(wanted, "postgresql") == 0 || strcmp(wanted, "citus") == 0);
}

static bool is_on_cluster(void) {
    const char *wanted = wanted_store();

    return wanted && strcmp(wanted, "citus") == 0;
}

code test_store_open(struct scope *scope, struct test_place place, enum store_mode mode,
                     struct store **ret_store) {
    struct config config;

    config_init(&config);
    config.files = place.folder;
    return store_open_configured(scope, place.address, mode, &config, ret_store);
}

struct test_place test_store_place(struct scope *scope) {
    const struct store *store = session_store(scope);

    return (struct test_place){.address = arena_printf(&scope->arena, "%s", store_address(store)),
                               .folder = arena_printf(&scope->arena, "%s", store_path(store))};
}

void test_store_open_at(struct scope *scope, struct test_place place) {
    struct store *store;

    CHECK_OK(test_store_open(scope, place, STORE_READ_WRITE, &store));
    CHECK_OK(session_open(scope, store));
}

static struct test_place folder_place(struct scope *scope) {
    const char *folder = arena_printf(&scope->arena, "%s/store", test_folder(scope));

    return (struct test_place){.address = folder, .folder = folder};
}

// SQLite has this aggregate, which tests are glad of; PostgreSQL has it under another name.
static void make_group_concat(struct scope *scope) {
    test_ledger_exec(
        scope, "CREATE FUNCTION add_to_group (state text, value anyelement) RETURNS text "
               "LANGUAGE sql AS $$ SELECT coalesce(state || ',', '') || value::text $$;"
               "CREATE AGGREGATE group_concat (anyelement) (SFUNC = add_to_group, STYPE = text)");
}

// ---- one store is made of each kind, and every test gets a copy ----

struct made {
    pid_t maker; // whoever is forked from it removes nothing at its end
    char folder[64];
    char database[64]; // empty: in the folder
};

static struct made *made_of(bool is_shared) {
    static struct made made[2];

    return &made[is_shared];
}

static struct test_place made_place(struct scope *scope, const struct made *made) {
    const char *folder = arena_printf(&scope->arena, "%s/store", made->folder);

    return (struct test_place){
        .folder = folder,
        .address = made->database[0] ? test_database_address(scope, made->database) : folder};
}

static void remove_made(void) {
    for (int i = 0; i < 2; i++) {
        const struct made *made = made_of(i);

        if (made->maker != getpid())
            continue;
        test_remove_folder(made->folder);
        if (made->database[0])
            test_database_drop(made->database);
    }
}

static void make(struct scope *scope, bool is_shared, struct made *made) {
    struct made new = {.maker = getpid(), .folder = "/tmp/tessera-test-made-XXXXXX"};

    CHECK(mkdtemp(new.folder));
    if (is_shared)
        test_database_make(scope, NULL, sizeof(new.database), new.database);
    test_store_open_at(scope, made_place(scope, &new));
    if (is_shared)
        make_group_concat(scope);
    test_store_close(scope);
    if (!made_of(!is_shared)->maker)
        atexit(remove_made);
    *made = new;
}

static void copy_folder(const char *from, const char *to) {
    const pid_t process = fork();

    if (process == 0) {
        execlp("cp", "cp", "-a", from, to, (char *)NULL);
        _exit(127);
    }
    CHECK(process > 0);
    CHECK(waitpid(process, &(int){0}, 0) == process);
    CHECK(access(to, F_OK) == 0);
}

static void copy_store(struct scope *scope, bool is_shared) {
    struct test_place place = folder_place(scope);
    struct made *made = made_of(is_shared);

    if (made->maker == 0)
        make(scope, is_shared, made);
    copy_folder(made_place(scope, made).folder, place.folder);
    if (is_shared)
        place.address = test_database_copy(scope, made->database);
    test_at_end(close_at_end, scope);
    test_store_open_at(scope, place);
}

static void make_on_cluster(struct scope *scope) {
    struct test_place place = folder_place(scope);

    place.address = test_cluster(scope);
    test_at_end(close_at_end, scope);
    test_store_open_at(scope, place);
    test_cluster_spread(scope);
    make_group_concat(scope);
}

void test_store(struct scope *scope) {
    CHECK(access(folder_place(scope).folder, F_OK) != 0); // a second store is not the first one
    setenv("TZ", "UTC", 1); // a new store takes its zone from the machine
    if (is_on_cluster())
        make_on_cluster(scope);
    else
        copy_store(scope, test_store_is_shared());
}

// What another process made there is opened.
void test_store_in_folder(struct scope *scope) {
    const struct test_place place = folder_place(scope);

    setenv("TZ", "UTC", 1);
    if (access(place.folder, F_OK) != 0) {
        copy_store(scope, false);
        return;
    }
    test_at_end(close_at_end, scope);
    test_store_open_at(scope, place);
}

void test_store_close(struct scope *scope) {
    struct store *store;

    if (!scope->session)
        return;
    store = session_store(scope);
    session_close(scope);
    store_close(store);
}

void test_store_reopen(struct scope *scope) {
    const struct test_place place = scope->session ? test_store_place(scope) : folder_place(scope);

    test_store_close(scope);
    test_store_open_at(scope, place);
}

void test_ledger_exec(struct scope *scope, const char *sql) {
    CHECK_OK(ledger_script(scope, sql));
}

void test_ledger_refuse_rows(struct scope *scope, const char *table) {
    if (test_store_is_shared())
        test_ledger_exec(
            scope,
            arena_printf(&scope->arena,
                         "ALTER TABLE %s ADD CONSTRAINT refused CHECK (false) NOT VALID", table));
    else
        test_ledger_exec(scope, arena_printf(&scope->arena,
                                             "CREATE TRIGGER refused BEFORE INSERT ON %s BEGIN "
                                             "SELECT RAISE(ABORT, 'refused'); END",
                                             table));
}

static const char *all_rows(struct scope *scope, struct rows *rows) {
    CLEANUP(buffer_clear) struct buffer out = {0};

    while (rows_next(rows)) {
        if (out.size > 0)
            buffer_add_char(&out, '\n');
        for (size_t i = 0; i < rows_column_count(rows); i++) {
            if (i > 0)
                buffer_add_char(&out, '|');
            buffer_add_text(&out, rows_is_null(rows, i) ? TEXT("-") : rows_text(rows, i));
        }
    }
    CHECK_OK(rows_end(rows));
    return text_string(&scope->arena, buffer_text(&out));
}

const char *test_ledger_rows(struct scope *scope, const char *sql) {
    struct rows *rows;
    const char *text;

    CHECK_OK(ledger_query(scope, sql, NO_BINDS, &rows));
    text = all_rows(scope, rows);
    rows_close(&rows);
    return text;
}

const char *test_lake_rows(struct scope *scope, const char *sql) {
    struct rows *rows;
    const char *text;

    CHECK_OK(lake_refresh(scope));
    CHECK_OK(lake_query(scope, sql, NO_BINDS, &rows));
    text = all_rows(scope, rows);
    rows_close(&rows);
    return text;
}
