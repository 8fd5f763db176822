// SPDX-License-Identifier: Apache-2.0
#include "plug/source/source_testing.h"

#include <duckdb.h>
#include <stdio.h>

// Have DuckDB write the rows of a query into a Parquet file of this name.
static const char *write_parquet(struct scope *scope, const char *name, const char *query) {
    const char *path = arena_printf(&scope->arena, "%s/%s", test_folder(scope), "written.parquet");
    const char *wanted = arena_printf(&scope->arena, "%s/%s", test_folder(scope), name);
    const char *sql =
        arena_printf(&scope->arena, "COPY (%s) TO '%s' (FORMAT parquet)", query, path);
    duckdb_database database;
    duckdb_connection connection;

    CHECK(duckdb_open(NULL, &database) == DuckDBSuccess);
    CHECK(duckdb_connect(database, &connection) == DuckDBSuccess);
    CHECK(duckdb_query(connection, sql, NULL) == DuckDBSuccess);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    CHECK(rename(path, wanted) == 0);
    return wanted;
}

static const char typed_rows[] =
    "SELECT 1 AS id, 2.50::DECIMAL(9, 2) AS amount, 0.1::DOUBLE AS ratio, TRUE AS paid, "
    "TIMESTAMP '2010-12-01 08:26:00' AS at, TIMESTAMPTZ '2010-12-01 08:26:00+01' AS instant, "
    "DATE '2010-12-01' AS day, [1, 2] AS list, {'a': 1, 'b': 'x'} AS pair, "
    "'say \"hi\"' AS \"odd \"\"name\", ''::VARCHAR AS empty, NULL::INTEGER AS none";

TEST(parquet_values_are_read_as_text) {
    const char *path = write_parquet(scope, "typed.parquet", typed_rows);

    CHECK_STRING(testing_read(scope, path, NULL),
                 "1@1 1|2.50|0.1|true|2010-12-01 08:26:00|2010-12-01 07:26:00+00|2010-12-01|[1,2]|"
                 "{\"a\":1,\"b\":\"x\"}|say \"hi\"||\n");
}

TEST(a_parquet_row_stands_as_json_and_can_be_read_again) {
    CLEANUP(source_close) struct source *source = NULL;
    struct record record, again;
    bool is_end;

    CHECK_OK(source_open(scope, write_parquet(scope, "typed.parquet", typed_rows), NULL, &source));
    CHECK_TEXT(source_column_name(source, 9), "odd \"name");
    CHECK_OK(source_next(scope, source, &record, &is_end));
    CHECK(text_starts_with(record.raw, TEXT("{\"id\":\"1\",\"amount\":\"2.50\",")));
    CHECK_OK(source_parse(scope, source_dialect(source), record.raw, &again));
    CHECK(!again.fault);
    CHECK_INT((int64_t)again.field_count, 12);
    for (size_t i = 0; i < again.field_count; i++)
        CHECK(text_equal(again.fields[i], record.fields[i]));
}

TEST(many_parquet_rows_come_in_order) {
    CLEANUP(source_close) struct source *source = NULL;
    const char *path =
        write_parquet(scope, "many.parquet", "SELECT i AS id FROM range(300000) t(i)");
    struct record record;
    bool is_end = false;
    int64_t value;

    CHECK_OK(source_open(scope, path, NULL, &source));
    CHECK_INT(source_bytes_total(source), 300000);
    CHECK_OK(source_skip(scope, source, 1234));
    for (int64_t row = 1235; row <= 300000; row++) {
        CHECK_OK(source_next(scope, source, &record, &is_end));
        CHECK(!is_end && record.row == row && text_to_int64(record.fields[0], &value) &&
              value == row - 1);
    }
    CHECK_OK(source_next(scope, source, &record, &is_end));
    CHECK(is_end);
    CHECK_INT(source_bytes_read(source), 300000);
}

TEST(no_character_of_a_path_has_a_meaning) {
    const char *path = write_parquet(scope, "it's [a] *?{x}.parquet", "SELECT 1 AS id");

    write_parquet(scope, "it's a x.parquet", "SELECT 2 AS id");
    CHECK_STRING(testing_read(scope, path, NULL), "1@1 1\n");
}

TEST(a_parquet_file_that_is_damaged_is_refused) {
    struct source_dialect dialect;

    CHECK_CODE(source_sniff(scope, test_file(scope, "x", TEXT("PAR1 and no more")), NULL, &dialect),
               INVALID);
    CHECK(strstr(scope->failure.message, "no readable Parquet file"));
}
