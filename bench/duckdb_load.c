// SPDX-License-Identifier: Apache-2.0
// DuckDB's own load, the reference of `./dev bench import`: COPY of a CSV file into a bare table of
// a new database file, then a checkpoint. No customers found, nothing checked, nothing kept apart.
//
//   duckdb_load DATABASE FILE THREADS COLUMNS     COLUMNS as in CREATE TABLE, "a TEXT, b INTEGER"
#include <duckdb.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void run(duckdb_connection connection, const char *sql) {
    duckdb_result result;

    if (duckdb_query(connection, sql, &result) == DuckDBError) {
        fprintf(stderr, "%s\n%s\n", sql, duckdb_result_error(&result));
        exit(1);
    }
    duckdb_destroy_result(&result);
}

__attribute__((format(printf, 2, 3))) static void run_printf(duckdb_connection connection,
                                                             const char *format, ...) {
    va_list arguments;
    char sql[8192];

    va_start(arguments, format);
    if (vsnprintf(sql, sizeof(sql), format, arguments) >= (int)sizeof(sql))
        abort();
    va_end(arguments);
    run(connection, sql);
}

int main(int argc, char **argv) {
    duckdb_connection connection;
    duckdb_database database;

    if (argc != 5) {
        fprintf(stderr, "usage: duckdb_load DATABASE FILE THREADS COLUMNS\n");
        return 2;
    }
    if (duckdb_open(argv[1], &database) == DuckDBError ||
        duckdb_connect(database, &connection) == DuckDBError) {
        fprintf(stderr, "cannot open %s\n", argv[1]);
        return 1;
    }
    run_printf(connection, "SET threads = %s", argv[3]);
    run_printf(connection, "CREATE TABLE bare (%s)", argv[4]);
    run_printf(connection, "COPY bare FROM '%s' (FORMAT csv, HEADER)", argv[2]);
    run(connection, "CHECKPOINT");
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return 0;
}
