// SPDX-License-Identifier: Apache-2.0
// What DuckDB alone takes: events through its appender into a new database file, in transactions of
// as many rows as the second argument says, for as many seconds as the third. Writes rows/s.
#include <duckdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char table[] =
    "CREATE TABLE event (id BIGINT, source VARCHAR, origin BIGINT, at_us TIMESTAMP, name VARCHAR, "
    "channel VARCHAR, direction VARCHAR, campaign VARCHAR, properties VARCHAR)";
static const char properties[] =
    "{\"product_id\":\"P4711\",\"category\":\"Garden\",\"price\":18.99,\"position\":3,\"context\":{"
    "\"page\":{\"path\":\"/garden/\",\"url\":\"https://shop.example/garden/\",\"title\":\"Garden\"}"
    ",\"locale\":\"de-DE\"}}";

static double now_s(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(duckdb_state state, const char *what) {
    if (state == DuckDBSuccess)
        return;
    fprintf(stderr, "duckdb_append: %s\n", what);
    exit(1);
}

static void append_row(duckdb_appender appender, int64_t id) {
    duckdb_append_int64(appender, id);
    duckdb_append_varchar(appender, "shop");
    duckdb_append_int64(appender, random() % 100000);
    duckdb_append_timestamp(appender, (duckdb_timestamp){.micros = id});
    duckdb_append_varchar(appender, "Product Clicked");
    duckdb_append_varchar(appender, "web");
    duckdb_append_varchar(appender, "in");
    duckdb_append_null(appender);
    duckdb_append_varchar(appender, properties);
    must(duckdb_appender_end_row(appender), "a row is refused");
}

int main(int argc, char **argv) {
    const int64_t together = argc > 2 ? atoll(argv[2]) : 0;
    const double seconds = argc > 3 ? (double)atoll(argv[3]) : 0, begin_s = now_s();
    duckdb_connection connection;
    duckdb_appender appender;
    duckdb_database database;
    int64_t count = 0;

    if (together <= 0 || seconds <= 0) {
        fputs("usage: duckdb_append FILE ROWS SECONDS\n", stderr);
        return 2;
    }
    must(duckdb_open(argv[1], &database), "the file cannot be opened");
    must(duckdb_connect(database, &connection), "no connection");
    must(duckdb_query(connection, table, NULL), "no table");
    while (now_s() - begin_s < seconds) {
        must(duckdb_query(connection, "BEGIN", NULL), "no transaction");
        must(duckdb_appender_create(connection, NULL, "event", &appender), "no appender");
        for (int64_t i = 0; i < together; i++)
            append_row(appender, ++count);
        must(duckdb_appender_destroy(&appender), "rows are refused");
        must(duckdb_query(connection, "COMMIT", NULL), "no commit");
    }
    printf("%.0f\n", (double)count / (now_s() - begin_s));
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return 0;
}
