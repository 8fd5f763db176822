// SPDX-License-Identifier: Apache-2.0
// Questions that several ask: one answer for all, never an old one, never another's.
#include "base/clock.h"
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <pthread.h>
#include <unistd.h>

enum { ASKERS = 6, MANY_ROWS = 50000 };

// Some hundred milliseconds.
#define SLOW_SQL                                                                                   \
    "SELECT count(*) FROM generate_series(1, 6000) a (n), generate_series(1, 10000) b (m) "        \
    "WHERE (n * m) % 7 = $1"

static struct store_lake_counts counts_of(const struct scope *scope) {
    return store_lake_counts(session_store(scope));
}

static void check_counts(const struct scope *scope, int64_t run, int64_t shared) {
    CHECK_INT(counts_of(scope).run, run);
    CHECK_INT(counts_of(scope).shared, shared);
}

static int64_t count_stores(struct scope *scope) {
    int64_t count;

    CHECK_OK(lake_refresh(scope));
    CHECK_OK(lake_int64_shared(scope, "SELECT count(*) FROM store", NO_BINDS, -1, &count));
    return count;
}

static void add_store(struct scope *scope) {
    const int64_t id = store_new_id(scope);

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_exec(
        scope, "INSERT INTO store (id, code, import_id) VALUES ($1, $2, 1)",
        BINDS(BIND_INT64(id), BIND_TEXT(text_printf(&scope->arena, "%lld", (long long)id)))));
    CHECK_OK(change_record(scope, CHANGE_STORE, CHANGE_CREATED, id, id));
    CHECK_OK(ledger_commit(scope));
}

TEST(an_answer_is_kept_until_the_lake_changes) {
    test_store(scope);
    CHECK_INT(count_stores(scope), 0);
    CHECK_INT(count_stores(scope), 0);
    check_counts(scope, 1, 1);
    add_store(scope);
    CHECK_INT(count_stores(scope), 1);
    CHECK_INT(count_stores(scope), 1);
    check_counts(scope, 2, 2);
    CHECK_OK(lake_rebuild(scope));
    CHECK_INT(count_stores(scope), 1);
    if (test_store_is_shared())
        check_counts(scope, 2, 3); // views: nothing was built
    else
        check_counts(scope, 3, 2);
}

TEST(other_values_are_another_question) {
    static const char sql[] = "SELECT CAST($1 AS TEXT) || ':' || CAST($2 AS TEXT)";
    const struct bind values[][2] = {
        {BIND_TEXT(TEXT("a")), BIND_TEXT(TEXT("bc"))},
        {BIND_TEXT(TEXT("ab")), BIND_TEXT(TEXT("c"))},
        {BIND_INT64(1), BIND_TEXT(TEXT("1"))},
        {BIND_TEXT(TEXT("1")), BIND_INT64(1)},
        {BIND_NULL(), BIND_TEXT(TEXT("c"))},
        {BIND_TEXT(TEXT("")), BIND_TEXT(TEXT("c"))},
    };
    static const char *const answers[] = {"a:bc", "ab:c", "1:1", "1:1", "", ":c"};

    test_store(scope);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
            CLEANUP(rows_close) struct rows *rows = NULL;

            CHECK_OK(lake_query_shared(scope, sql, (struct binds){values[i], 2}, &rows));
            CHECK(rows_next(rows));
            CHECK_STRING(text_string(&scope->arena, rows_text(rows, 0)), answers[i]);
        }
    check_counts(scope, 6, 6);
}

// ---- rows ----

static void check_same_cell(struct rows *a, struct rows *b, size_t column) {
    const struct text text_a = rows_text(a, column), text_b = rows_text(b, column);

    CHECK_INT(rows_column_type(a, column), rows_column_type(b, column));
    CHECK(rows_is_null(a, column) == rows_is_null(b, column));
    CHECK_INT(rows_int64(a, column), rows_int64(b, column));
    CHECK(rows_double(a, column) == rows_double(b, column));
    CHECK(rows_bool(a, column) == rows_bool(b, column));
    CHECK(text_equal(text_a, text_b) && (text_a.data == NULL) == (text_b.data == NULL));
}

// Beside the same query that is not shared.
static int check_same_rows(struct scope *scope, const char *sql) {
    CLEANUP(rows_close) struct rows *shared = NULL;
    CLEANUP(rows_close) struct rows *plain = NULL;
    int count = 0;

    CHECK_OK(lake_query(scope, sql, NO_BINDS, &plain));
    CHECK_OK(lake_query_shared(scope, sql, NO_BINDS, &shared));
    CHECK_INT((int64_t)rows_column_count(shared), (int64_t)rows_column_count(plain));
    for (size_t i = 0; i < rows_column_count(plain); i++) {
        CHECK_STRING(rows_column_name(shared, i), rows_column_name(plain, i));
        CHECK_INT(rows_column_type(shared, i), rows_column_type(plain, i));
    }
    for (; rows_next(plain); count++) {
        CHECK(rows_next(shared));
        for (size_t i = 0; i < rows_column_count(plain); i++)
            check_same_cell(shared, plain, i);
    }
    CHECK(!rows_next(shared) && !rows_next(shared));
    CHECK_OK(rows_end(shared));
    return count;
}

TEST(shared_rows_are_the_rows_of_the_query) {
    static const char sql[] =
        "SELECT n AS number, CAST(n AS DOUBLE PRECISION) / 3 AS third, CAST(n AS DECIMAL(12, 2)) / "
        "4 AS "
        "rest, "
        "n % 2 = 0 AS is_even, CASE WHEN n > 2 THEN 'text ' || n END AS words, '' AS nothing, "
        "DATE '2026-01-01' + CAST(n AS INTEGER) AS day, TIMESTAMP '2026-01-01 10:00:00' AS at "
        "FROM generate_series(1, 5) a (n) ORDER BY n";

    test_store(scope);
    for (int round = 0; round < 3; round++) {
        CHECK_INT(check_same_rows(scope, sql), 5);
        CHECK_INT(check_same_rows(scope, "SELECT 1 AS one WHERE 1 = 2"), 0);
    }
    check_counts(scope, 2, 4);
}

TEST(an_answer_that_is_too_large_to_keep_comes_whole) {
    test_store_in_folder(scope);
    for (int round = 0; round < 2; round++)
        CHECK_INT(check_same_rows(scope, "SELECT n, 'row ' || n AS words FROM "
                                         "generate_series(1, 50000) a (n) ORDER BY n"),
                  MANY_ROWS);
    check_counts(scope, 2, 0);
}

// ---- at once ----

struct asker {
    struct store *store;
    pthread_t thread;
    const atomic_bool *cancelled;
    int64_t value; // bound
    int64_t count; // answered
    code result;
    int64_t ended_us;
};

static void *ask(void *argument) {
    struct asker *asker = argument;
    struct scope scope;

    scope_init(&scope);
    scope.cancelled = asker->cancelled;
    asker->result = session_open(&scope, asker->store);
    if (asker->result == OK)
        asker->result =
            lake_int64_shared(&scope, SLOW_SQL, BINDS(BIND_INT64(asker->value)), -1, &asker->count);
    asker->ended_us = clock_us();
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

static void start(struct scope *scope, struct asker *asker) {
    asker->store = session_store(scope);
    CHECK(pthread_create(&asker->thread, NULL, ask, asker) == 0);
}

TEST(who_asks_the_same_at_the_same_time_is_told_what_one_query_found) {
    struct asker askers[ASKERS] = {0};

    test_store_in_folder(scope);
    for (int i = 0; i < ASKERS; i++)
        start(scope, &askers[i]);
    for (int i = 0; i < ASKERS; i++) {
        pthread_join(askers[i].thread, NULL);
        CHECK_CODE(askers[i].result, OK);
        CHECK(askers[i].count > 0);
        CHECK_INT(askers[i].count, askers[0].count);
    }
    check_counts(scope, 1, ASKERS - 1);
}

TEST(when_who_works_on_an_answer_gives_up_another_goes_on) {
    atomic_bool cancelled = false;
    struct asker first = {.cancelled = &cancelled}, second = {0}, third = {0};

    test_store_in_folder(scope);
    start(scope, &first);
    while (counts_of(scope).run == 0)
        usleep(1000);
    start(scope, &second);
    start(scope, &third);
    usleep(50000);
    atomic_store(&cancelled, true);
    pthread_join(first.thread, NULL);
    pthread_join(second.thread, NULL);
    pthread_join(third.thread, NULL);
    CHECK_CODE(first.result, CANCELLED);
    CHECK_CODE(second.result, OK);
    CHECK_CODE(third.result, OK);
    CHECK(second.count > 0);
    CHECK_INT(second.count, third.count);
    check_counts(scope, 2, 1);
}

TEST(who_waits_for_an_answer_can_be_cancelled) {
    static const atomic_bool cancelled = true;
    struct asker first = {0}, second = {.cancelled = &cancelled};

    test_store_in_folder(scope);
    start(scope, &first);
    while (counts_of(scope).run == 0)
        usleep(1000);
    start(scope, &second);
    pthread_join(second.thread, NULL);
    pthread_join(first.thread, NULL);
    CHECK_CODE(second.result, CANCELLED);
    CHECK_CODE(first.result, OK);
    CHECK(second.ended_us < first.ended_us);
    check_counts(scope, 1, 0);
}
