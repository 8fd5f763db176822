// SPDX-License-Identifier: Apache-2.0
// A second DuckDB, in memory and on this thread alone, which may touch files and sees nothing but
// the rows that a table function hands it, copies them to the file: the lake itself stays locked.
#include "store/lake_parquet.h"

#include "store/lake_duckdb.h"

#include <stdlib.h>

struct feed {
    struct scope *scope;
    struct rows *rows;
    const struct export_column *columns;
    size_t column_count;
    int64_t row_count;
    code result;
};

static duckdb_type type_of(enum row_type type) {
    switch (type) {
    case ROW_BOOL:
        return DUCKDB_TYPE_BOOLEAN;
    case ROW_INT64:
        return DUCKDB_TYPE_BIGINT;
    case ROW_DOUBLE:
    case ROW_DECIMAL:
        return DUCKDB_TYPE_DOUBLE;
    case ROW_DATE:
        return DUCKDB_TYPE_DATE;
    case ROW_TIMESTAMP:
        return DUCKDB_TYPE_TIMESTAMP_TZ;
    case ROW_NULL:
    case ROW_TEXT:
        break;
    }
    return DUCKDB_TYPE_VARCHAR;
}

static void bind(duckdb_bind_info info) {
    const struct feed *feed = duckdb_bind_get_extra_info(info);

    for (size_t i = 0; i < feed->column_count; i++) {
        duckdb_logical_type type = duckdb_create_logical_type(type_of(feed->columns[i].type));

        duckdb_bind_add_result_column(info, feed->columns[i].name, type);
        duckdb_destroy_logical_type(&type);
    }
}

static void give_value(const struct feed *feed, duckdb_vector vector, size_t column, idx_t row) {
    const struct rows *rows = feed->rows;
    void *data = duckdb_vector_get_data(vector);
    struct text text;

    if (rows_is_null(rows, column)) {
        duckdb_vector_ensure_validity_writable(vector);
        duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
        return;
    }
    switch ((int)type_of(feed->columns[column].type)) {
    case DUCKDB_TYPE_VARCHAR:
        text = rows_text(rows, column);
        duckdb_vector_assign_string_element_len(vector, row, text.data, text.size);
        return;
    case DUCKDB_TYPE_BOOLEAN:
        ((bool *)data)[row] = rows_bool(rows, column);
        return;
    case DUCKDB_TYPE_DOUBLE:
        ((double *)data)[row] = rows_double(rows, column);
        return;
    case DUCKDB_TYPE_DATE:
        ((int32_t *)data)[row] = (int32_t)rows_int64(rows, column);
        return;
    default:
        ((int64_t *)data)[row] = rows_int64(rows, column);
    }
}

static void give_chunk(duckdb_function_info info, duckdb_data_chunk output) {
    struct feed *feed = duckdb_function_get_extra_info(info);
    idx_t count = 0;

    while (count < duckdb_vector_size() && rows_next(feed->rows)) {
        for (size_t i = 0; i < feed->column_count; i++)
            give_value(feed, duckdb_data_chunk_get_vector(output, i), i, count);
        count++;
    }
    if (count < duckdb_vector_size() && feed->result == OK)
        feed->result = rows_end(feed->rows);
    if (feed->result == OK)
        feed->result = scope_check(feed->scope);
    if (feed->result != OK) {
        duckdb_function_set_error(info, "the rows cannot be read");
        count = 0;
    }
    duckdb_data_chunk_set_size(output, count);
    feed->row_count += (int64_t)count;
}

// ---- copying ----

static void init(duckdb_init_info info) {
    duckdb_init_set_max_threads(info, 1);
}

static duckdb_state register_feed(duckdb_connection connection, struct feed *feed) {
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_state state;

    duckdb_table_function_set_name(function, "feed");
    duckdb_table_function_set_extra_info(function, feed, NULL);
    duckdb_table_function_set_bind(function, bind);
    duckdb_table_function_set_init(function, init);
    duckdb_table_function_set_function(function, give_chunk);
    state = duckdb_register_table_function(connection, function);
    duckdb_destroy_table_function(&function);
    return state;
}

static code copy_feed(struct scope *scope, duckdb_connection connection, struct feed *feed,
                      const char *path) {
    CLEANUP(buffer_clear) struct buffer copy = {0};
    duckdb_result result;

    if (register_feed(connection, feed) != DuckDBSuccess)
        return scope_fail(scope, INTERNAL, "DuckDB does not take the table function of an export");
    buffer_add_string(&copy, "COPY (SELECT * FROM feed()) TO '");
    for (const char *byte = path; *byte != '\0'; byte++)
        buffer_add(&copy, *byte == '\'' ? "''" : byte, *byte == '\'' ? 2 : 1);
    buffer_add_string(&copy, "' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
    if (duckdb_query(connection, buffer_string(&copy), &result) != DuckDBSuccess)
        lake_fail(scope, LAKE_AUTHOR_PROGRAM, duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return scope->failure.code;
}

static duckdb_state open_writer(duckdb_database *database, duckdb_connection *connection) {
    static const struct {
        const char *name, *value;
    } options[] = {
        {"threads", "1"},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
    };
    duckdb_config config = NULL;
    duckdb_state state = duckdb_create_config(&config);

    for (size_t i = 0; state == DuckDBSuccess && i < sizeof(options) / sizeof(*options); i++)
        state = duckdb_set_config(config, options[i].name, options[i].value);
    if (state == DuckDBSuccess)
        state = duckdb_open_ext(NULL, database, config, NULL);
    if (state == DuckDBSuccess)
        state = duckdb_connect(*database, connection);
    duckdb_destroy_config(&config);
    return state;
}

static code write_feed(struct scope *scope, struct feed *feed, const char *path,
                       int64_t *ret_rows) {
    duckdb_database database = NULL;
    duckdb_connection connection = NULL;

    if (open_writer(&database, &connection) != DuckDBSuccess)
        scope_fail(scope, UNAVAILABLE, "cannot open a database for writing Parquet");
    else if (copy_feed(scope, connection, feed, path) == OK)
        *ret_rows = feed->row_count;
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return scope->failure.code;
}

code lake_write_parquet_rows(struct scope *scope, struct rows *rows,
                             const struct export_column *columns, size_t column_count,
                             const char *path, int64_t *ret_rows) {
    struct feed feed = {
        .scope = scope, .rows = rows, .columns = columns, .column_count = column_count};

    return write_feed(scope, &feed, path, ret_rows);
}
