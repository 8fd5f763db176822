// SPDX-License-Identifier: Apache-2.0
#include "store/export_file.h"
#include "store/lake.h"
#include "store/store_testing.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *content_of(struct scope *scope, const char *path) {
    char *content = arena_alloc(&scope->arena, 4096);
    const int fd = open(path, O_RDONLY);

    CHECK(fd >= 0);
    CHECK(read(fd, content, 4095) >= 0);
    close(fd);
    return content;
}

static code write_answer(struct scope *scope, const char *sql, struct binds binds, const char *path,
                         enum export_format format, int64_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct export_file file = {.path = path, .format = format};

    TRY(lake_query(scope, sql, binds, &rows));
    return export_file_write(scope, rows, &file, ret_count);
}

TEST(a_result_becomes_a_csv_file_that_is_never_written_over) {
    const char *path;
    int64_t count;
    struct stat status;

    test_store(scope);
    path = arena_printf(&scope->arena, "%s/out.csv", test_folder(scope));
    CHECK_OK(
        write_answer(scope,
                     "SELECT * FROM (VALUES (1, 'a,\"b\"', 1.50), (2, NULL, 2.25), (3, '', NULL)) "
                     "AS t (id, \"na,me\", price) ORDER BY id",
                     NO_BINDS, path, EXPORT_CSV, &count));
    CHECK_INT(count, 3);
    CHECK_STRING(content_of(scope, path),
                 "id,\"na,me\",price\r\n1,\"a,\"\"b\"\"\",1.50\r\n2,,2.25\r\n3,\"\",\r\n");
    CHECK(stat(path, &status) == 0);
    CHECK_INT(status.st_mode & 0777, 0600);
    CHECK_CODE(write_answer(scope, "SELECT 1", NO_BINDS, path, EXPORT_CSV, &count), CONFLICT);
}

TEST(a_result_becomes_json_lines) {
    const char *path;
    int64_t count;

    test_store(scope);
    path = arena_printf(&scope->arena, "%s/out.jsonl", test_folder(scope));
    CHECK_OK(write_answer(
        scope,
        "SELECT $1::TEXT AS name, 7 AS n, 0.25::DOUBLE PRECISION AS x, 1.50::DECIMAL(9,2) AS d, "
        "true AS b, NULL AS nothing, DATE '2011-12-09' AS day",
        BINDS(BIND_STRING("a \"quote\"")), path, EXPORT_JSON_LINES, &count));
    CHECK_INT(count, 1);
    CHECK_STRING(
        content_of(scope, path),
        "{\"name\":\"a \\\"quote\\\"\",\"n\":7,\"x\":0.25,\"d\":1.5,\"b\":true,\"nothing\":null,"
        "\"day\":\"2011-12-09\"}\n");
}

TEST(a_result_becomes_a_parquet_file) {
    const char *path, *content;
    int64_t count;

    test_store(scope);
    path = arena_printf(&scope->arena, "%s/it's out.parquet", test_folder(scope));
    CHECK_OK(write_answer(scope,
                          "SELECT n, 'name ' || n AS name FROM generate_series(1, 10000) s (n)",
                          NO_BINDS, path, EXPORT_PARQUET, &count));
    CHECK_INT(count, 10000);
    content = content_of(scope, path);
    CHECK(memcmp(content, "PAR1", 4) == 0);
    CHECK_CODE(write_answer(scope, "SELECT 1", NO_BINDS, path, EXPORT_PARQUET, &count), CONFLICT);
}

TEST(every_type_of_the_lake_goes_into_a_file) {
    static const char sql[] =
        "SELECT CAST(n AS BIGINT) AS whole, CAST(n AS DOUBLE PRECISION) / 4 AS part, n % 2 = 0 AS "
        "is_even, DATE '2011-12-09' + CAST(n AS INTEGER) AS day, CASE WHEN n > 1 THEN 'a' || n "
        "END AS words, 1.25::DECIMAL(9, 2) AS rest, NULL AS nothing "
        "FROM generate_series(1, 3000) s (n)";

    test_store(scope);
    for (int format = EXPORT_CSV; format <= EXPORT_PARQUET; format++) {
        int64_t count = 0;

        CHECK_OK(write_answer(scope, sql, NO_BINDS,
                              arena_printf(&scope->arena, "%s/types.%s", test_folder(scope),
                                           export_format_names[format]),
                              (enum export_format)format, &count));
        CHECK_INT(count, 3000);
    }
}
