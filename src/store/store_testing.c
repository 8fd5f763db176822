// SPDX-License-Identifier: Apache-2.0
#include "store/store_testing.h"

#include "store/lake.h"
#include "store/ledger.h"
#include "store/store_internal.h"

#include <stdlib.h>

static void close_at_end(void *argument) {
    test_store_close(argument);
}

static void open_store(struct scope *scope) {
    struct store *store;

    CHECK_OK(store_open(scope, arena_printf(&scope->arena, "%s/store", test_folder(scope)),
                        STORE_READ_WRITE, &store));
    CHECK_OK(session_open(scope, store));
}

void test_store(struct scope *scope) {
    setenv("TZ", "UTC", 1); // a new store takes its zone from the machine
    test_at_end(close_at_end, scope);
    open_store(scope);
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
    test_store_close(scope);
    open_store(scope);
}

void test_ledger_exec(struct scope *scope, const char *sql) {
    CHECK_OK(ledger_script(scope, sql));
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
