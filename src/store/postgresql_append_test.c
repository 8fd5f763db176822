// SPDX-License-Identifier: Apache-2.0
// That rows which wait are seen, refused and taken back as if they did not wait.
#include "store/postgresql_append.h"

#include "store/ledger.h"
#include "store/postgresql_testing.h"
#include "store/store_testing.h"

static void close_store(void *argument) {
    test_store_close(argument);
}

static void open_bulk(struct scope *scope) {
    const struct test_place place = {
        .address = test_database(scope),
        .folder = arena_printf(&scope->arena, "%s/beside", test_folder(scope))};

    test_at_end(close_store, scope);
    test_store_open_at(scope, place);
    test_ledger_exec(scope, "CREATE TABLE kept (id BIGINT PRIMARY KEY, small INTEGER, word TEXT, "
                            "number DOUBLE PRECISION)");
    CHECK_OK(ledger_expect_bulk(scope));
    CHECK_OK(ledger_begin(scope));
}

static code add(struct scope *scope, int64_t id) {
    const struct text word = id % 3 == 0 ? TEXT("a\tb\\\n\"") : TEXT("");

    return ledger_exec(scope, "INSERT INTO kept (id, small, word, number)\nVALUES ($1, $2, $3, $4)",
                       BINDS(BIND_INT64(id), BIND_INT64_IF(id % 2 == 0, -id),
                             id % 5 == 0 ? BIND_NULL() : BIND_TEXT(word),
                             BIND_DOUBLE((double)id / 4)));
}

TEST(rows_that_wait_come_in_as_they_were_given) {
    open_bulk(scope);
    for (int64_t id = 1; id <= 100; id++)
        CHECK_OK(add(scope, id));
    CHECK_OK(ledger_commit(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(small), min(small), count(word), "
                                         "sum(number) FROM kept"),
                 "100|50|-100|80|1262.5");
    CHECK_STRING(test_ledger_rows(scope, "SELECT small, word, number FROM kept WHERE id = 96"),
                 "-96|a\tb\\\n\"|24");
    CHECK_STRING(test_ledger_rows(scope, "SELECT small, word, number FROM kept WHERE id = 95"),
                 "-|-|23.75");
}

// Every statement that names the table finds all rows that were added before it.
TEST(rows_that_wait_are_seen_by_whoever_asks) {
    int64_t count, changed = 0;

    open_bulk(scope);
    for (int64_t id = 1; id <= 400; id++) {
        CHECK_OK(add(scope, id));
        if (id % 90 == 0)
            CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM kept", NO_BINDS, -1, &count));
        if (id % 90 == 0)
            CHECK_INT(count, id);
        if (id == 250)
            CHECK_OK(ledger_change(scope, "UPDATE kept SET number = 0", NO_BINDS, &changed));
    }
    CHECK_INT(changed, 250);
    CHECK_OK(ledger_commit(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM kept WHERE number > 0"), "150");
}

TEST(a_row_that_waited_and_is_refused_fails_the_commit_and_leaves_nothing) {
    open_bulk(scope);
    for (int64_t id = 1; id <= 100; id++)
        CHECK_OK(add(scope, id));
    CHECK_OK(add(scope, 50));
    CHECK_INT(ledger_commit(scope), CONFLICT);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM kept"), "0");
    CHECK_OK(ledger_begin(scope));
    for (int64_t id = 1; id <= 100; id++)
        CHECK_OK(add(scope, id));
    ledger_rollback(scope);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_commit(scope));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM kept"), "0");
}

TEST(a_number_that_waits_and_does_not_fit_its_column_is_refused_at_once) {
    open_bulk(scope);
    for (int64_t id = 1; id <= 60; id++)
        CHECK_OK(add(scope, id));
    CHECK_INT(add(scope, INT64_C(6000000000)), INVALID);
    ledger_rollback(scope);
}

// Only INSERTs of values alone wait; what else an INSERT may say is run.
TEST(an_insert_that_is_more_than_values_does_not_wait) {
    static const struct {
        const char *sql;
        bool adds_row;
    } cases[] = {
        {"INSERT INTO a (b, c) VALUES ($1, $2)", true},
        {"-- a word\nINSERT INTO a (b,\n  c)\nVALUES ($2,$1) ;", false},
        {"-- a word\nINSERT INTO a (b,\n  c)\nVALUES ($2, $1)\n", true},
        {"INSERT INTO a (b) VALUES ($1) ON CONFLICT (b) DO NOTHING", false},
        {"INSERT INTO a (b) VALUES ($1) RETURNING b", false},
        {"INSERT INTO a (b, c) VALUES ($1, 'waiting')", false},
        {"INSERT INTO a (b) VALUES ($1), ($2)", false},
        {"INSERT INTO a VALUES ($1)", false},
        {"INSERT INTO a (b /* postgresql: , c */) VALUES ($1)", false},
        {"INSERT INTO a (b) SELECT $1", false},
        {"UPDATE a SET b = $1", false},
    };

    (void)scope;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct appender appender = {0};
        struct append_use use = {0};
        bool wants = false;

        for (int row = 0; row < 40; row++)
            wants = appender_wants(&appender, &use, cases[i].sql);
        if (wants != cases[i].adds_row)
            test_fail(__FILE__, __LINE__, "%s", cases[i].sql);
        appender_clear(&appender);
    }
}
