// SPDX-License-Identifier: Apache-2.0
#include "store/store_testing.h"

#include "store/lake.h"
#include "store/ledger.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(values_of_every_type_come_out_of_the_lake) {
    struct rows *rows;

    test_store(scope);
    CHECK_OK(lake_query(
        scope,
        "SELECT CAST($1 AS BIGINT), $2::DOUBLE PRECISION, $3::TEXT, $4::BOOLEAN, $5::BIGINT, "
        "DATE '2011-12-09', TIMESTAMP '2010-12-01 08:26:00', 12.34::DECIMAL(9,2), "
        "sum(CAST(-5 AS BIGINT)), -0.05::DECIMAL(5,2), true, CAST(7 AS SMALLINT), NULL",
        BINDS(BIND_INT64(INT64_MIN), BIND_DOUBLE(0.1), BIND_STRING("Zürich, \"x\""),
              BIND_BOOL(true), BIND_NULL()),
        &rows));
    CHECK(rows_next(rows));
    CHECK_INT((int64_t)rows_column_count(rows), 13);
    CHECK(rows_int64(rows, 0) == INT64_MIN);
    CHECK(rows_double(rows, 1) == 0.1);
    CHECK_TEXT(rows_text(rows, 1), "0.1");
    CHECK_TEXT(rows_text(rows, 2), "Zürich, \"x\"");
    CHECK(rows_bool(rows, 3));
    CHECK(rows_is_null(rows, 4));
    CHECK_INT(rows_int64(rows, 4), 0);
    // 15317 days: 41 years of 365 days, 10 leap days (1972 … 2008), 342 days of 2011.
    CHECK_INT(rows_int64(rows, 5), 41 * 365 + 10 + 342);
    CHECK_TEXT(rows_text(rows, 5), "2011-12-09");
    CHECK_INT(rows_column_type(rows, 5), ROW_DATE);
    CHECK_INT(rows_int64(rows, 6), 1291191960000000); // date -u -d '2010-12-01 08:26' +%s
    CHECK_TEXT(rows_text(rows, 7), "12.34");
    CHECK_CLOSE(rows_double(rows, 7), 12.34, 1e-15);
    CHECK_INT(rows_column_type(rows, 8), ROW_INT64); // 128 bits wide in DuckDB
    CHECK_INT(rows_int64(rows, 8), -5);
    CHECK_TEXT(rows_text(rows, 9), "-0.05");
    CHECK_TEXT(rows_text(rows, 10), "true");
    CHECK_INT(rows_int64(rows, 11), 7);
    CHECK(rows_is_null(rows, 12));
    CHECK(!rows_next(rows));
    CHECK_OK(rows_end(rows));
    rows_close(&rows);
}

TEST(a_sum_past_64_bits_is_an_error_and_no_wrong_number) {
    struct rows *rows;

    test_store(scope);
    CHECK_OK(lake_query(scope, "SELECT sum(v) FROM (VALUES (9223372036854775807), (1)) AS t (v)",
                        NO_BINDS, &rows));
    CHECK(!rows_next(rows));
    CHECK_CODE(rows_end(rows), TOO_LARGE);
    rows_close(&rows);
}

TEST(a_big_result_streams_in_order_beside_another_query) {
    int64_t expected = 0, other;
    struct rows *rows;

    test_store(scope);
    CHECK_OK(lake_query(scope, "SELECT n FROM generate_series(0, 99999) AS s (n) ORDER BY n",
                        NO_BINDS, &rows));
    while (rows_next(rows)) {
        CHECK_INT(rows_int64(rows, 0), expected++);
        if (expected % 20000 == 0) {
            CHECK_OK(
                lake_int64(scope, "SELECT $1::BIGINT * 2", BINDS(BIND_INT64(expected)), 0, &other));
            CHECK_INT(other, expected * 2);
        }
    }
    CHECK_OK(rows_end(rows));
    CHECK_INT(expected, 100000);
    rows_close(&rows);
}

TEST(a_query_stops_when_it_is_cancelled) {
    static const atomic_bool cancelled = true;
    struct rows *rows;

    test_store(scope);
    scope->cancelled = &cancelled;
    CHECK_CODE(lake_query(scope,
                          "SELECT count(*) FROM generate_series(1, 1000000) a (n), "
                          "generate_series(1, 1000000) b (m) WHERE n * m % 7 = 3",
                          NO_BINDS, &rows),
               CANCELLED);
    scope_forgive(scope);
    scope->cancelled = NULL;
    CHECK_STRING(test_lake_rows(scope, "SELECT 1"), "1");
}

// ---- SQL of a person ----

static void check_refused(struct scope *scope, const char *sql) {
    struct rows *rows = NULL;
    const code result = lake_query_untrusted(scope, text_of(sql), &rows);

    if (result == OK) {
        while (rows_next(rows))
            ;
        if (rows_end(rows) == OK)
            test_fail(__FILE__, __LINE__, "this was run: %s", sql);
        rows_close(&rows);
    } else if (result != INVALID && result != FORBIDDEN)
        test_fail(__FILE__, __LINE__, "%s gives %s", sql, code_info(result)->name);
    scope_forgive(scope);
}

TEST(sql_of_a_person_cannot_write_nor_reach_anything_outside) {
    const char *folder;

    test_store(scope);
    folder = test_folder(scope);
    test_file(scope, "secret.csv", TEXT("a,b\n1,2\n"));
    for (size_t i = 0; i < 2; i++) { // twice: nothing a refusal leaves behind opens a door
        check_refused(scope, "INSERT INTO alias VALUES (1, 2)");
        check_refused(scope, "DELETE FROM sale");
        check_refused(scope, "UPDATE sale SET kind = 'x'");
        check_refused(scope, "DROP TABLE sale");
        check_refused(scope, "CREATE TABLE t (a INTEGER)");
        check_refused(scope, "CREATE TEMP TABLE t AS SELECT 1");
        check_refused(scope, "CREATE MACRO m() AS 1");
        check_refused(scope, "EXPLAIN ANALYZE INSERT INTO alias VALUES (1, 2)");
        check_refused(scope, "EXPLAIN ANALYZE DROP TABLE sale");
        check_refused(scope, "SET memory_limit = '1TB'");
        check_refused(scope, "SET lock_configuration = false");
        check_refused(scope, "RESET memory_limit");
        check_refused(scope, "PRAGMA enable_external_access");
        check_refused(scope, "INSTALL httpfs");
        check_refused(scope, "LOAD '/tmp/x.duckdb_extension'");
        check_refused(scope, "ATTACH ':memory:' AS m");
        check_refused(scope, "CHECKPOINT");
        check_refused(scope, "COMMIT");
        check_refused(scope, "ROLLBACK; INSERT INTO alias VALUES (1, 2)");
        check_refused(scope, "SELECT 1; SELECT 2");
        check_refused(scope, "");
        check_refused(scope, "-- nothing");
        check_refused(scope, "SELECT $1");
        check_refused(scope, "SELECT * FROM nothing");
        check_refused(scope, "SELECT 1) UNION (SELECT 2");
        check_refused(scope, "SELECT * FROM read_text('/etc/passwd')");
        check_refused(scope, "SELECT * FROM glob('/etc/*')");
        check_refused(scope, "SELECT * FROM '/etc/passwd'");
        check_refused(scope, "CALL enable_logging('QueryLog')");
        check_refused(
            scope, arena_printf(&scope->arena, "SELECT * FROM read_csv('%s/secret.csv')", folder));
        check_refused(scope, arena_printf(&scope->arena, "SELECT * FROM '%s/secret.csv'", folder));
        check_refused(
            scope, arena_printf(&scope->arena, "SELECT * FROM sniff_csv('%s/secret.csv')", folder));
        check_refused(scope, arena_printf(&scope->arena, "COPY sale TO '%s/out.csv'", folder));
        check_refused(scope,
                      arena_printf(&scope->arena, "COPY (SELECT 1) TO '%s/out.csv'", folder));
        check_refused(scope, arena_printf(&scope->arena,
                                          "EXPLAIN ANALYZE COPY sale TO '%s/out.csv'", folder));
        check_refused(scope, arena_printf(&scope->arena,
                                          "ATTACH '%s/store/ledger.db' (TYPE sqlite)", folder));
        check_refused(scope, arena_printf(&scope->arena, "ATTACH '%s/other.db'", folder));
        check_refused(scope, arena_printf(&scope->arena, "EXPORT DATABASE '%s/all'", folder));
        check_refused(scope,
                      arena_printf(&scope->arena,
                                   "SELECT * FROM enable_logging('QueryLog', storage = 'file', "
                                   "storage_path = '%s/log')",
                                   folder));
    }
    CHECK(access(arena_printf(&scope->arena, "%s/out.csv", folder), F_OK) != 0);
    CHECK(access(arena_printf(&scope->arena, "%s/log", folder), F_OK) != 0);
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*) FROM alias"), "0");
}

static const char *untrusted_rows(struct scope *scope, const char *sql) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct rows *rows;

    CHECK_OK(lake_query_untrusted(scope, text_of(sql), &rows));
    while (rows_next(rows)) {
        for (size_t i = 0; i < rows_column_count(rows); i++) {
            buffer_add_text(&out, rows_text(rows, i));
            buffer_add_char(&out, '|');
        }
        buffer_add_char(&out, '\n');
    }
    CHECK_OK(rows_end(rows));
    rows_close(&rows);
    return text_string(&scope->arena, buffer_text(&out));
}

TEST(sql_of_a_person_may_ask_anything) {
    test_store(scope);
    CHECK_STRING(untrusted_rows(scope, "SELECT 1 AS a, 'x' AS b; -- and no more"), "1|x|\n");
    CHECK_STRING(untrusted_rows(scope, "WITH t AS (SELECT 2 AS n) SELECT n * n FROM t"), "4|\n");
    CHECK(strstr(untrusted_rows(scope, "DESCRIBE sale"), "sold_on|DATE|"));
    CHECK(strstr(untrusted_rows(scope, "SHOW TABLES"), "sale_line|"));
    CHECK(untrusted_rows(scope, "EXPLAIN SELECT * FROM sale")[0] != '\0');
}

TEST(sql_of_a_person_may_be_of_duckdb_where_it_answers) {
    test_store_in_folder(scope);
    CHECK_STRING(
        untrusted_rows(scope, "SELECT [1, 2] AS \"a \"\"list\"\"\", INTERVAL '3 days', 5 -- end"),
        "[1, 2]|3 days|5|\n");
    CHECK_STRING(
        untrusted_rows(scope, "SELECT n, [n] FROM generate_series(1, 3) s (n) ORDER BY n DESC;;"),
        "3|[3]|\n2|[2]|\n1|[1]|\n");
    CHECK(strstr(untrusted_rows(scope, "SUMMARIZE SELECT 42 AS answer"), "answer|"));
    CHECK(untrusted_rows(scope, "FROM sale")[0] == '\0');
}
