// SPDX-License-Identifier: Apache-2.0
#include "store/store_testing.h"

#include "store/citus_testing.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/postgresql_testing.h"
#include "store/store_internal.h"

#include <stdlib.h>
#include <string.h>
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

static void make_store(struct scope *scope, bool is_shared) {
    struct test_place place = folder_place(scope);

    setenv("TZ", "UTC", 1); // a new store takes its zone from the machine
    if (is_shared)
        place.address = is_on_cluster() ? test_cluster(scope) : test_database(scope);
    test_at_end(close_at_end, scope);
    test_store_open_at(scope, place);
    if (is_shared && is_on_cluster())
        test_cluster_spread(scope);
}

// SQLite has this aggregate, which tests are glad of; PostgreSQL has it under another name.
static void make_group_concat(struct scope *scope) {
    test_ledger_exec(
        scope, "CREATE FUNCTION add_to_group (state text, value anyelement) RETURNS text "
               "LANGUAGE sql AS $$ SELECT coalesce(state || ',', '') || value::text $$;"
               "CREATE AGGREGATE group_concat (anyelement) (SFUNC = add_to_group, STYPE = text)");
}

void test_store(struct scope *scope) {
    CHECK(access(folder_place(scope).folder, F_OK) != 0); // a second store is not the first one
    make_store(scope, test_store_is_shared());
    if (test_store_is_shared())
        make_group_concat(scope);
}

void test_store_in_folder(struct scope *scope) {
    make_store(scope, false);
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
