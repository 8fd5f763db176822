// SPDX-License-Identifier: Apache-2.0
// Appends to the lake column by column: values go from the ledger's rows straight into DuckDB's
// vectors.
#include "store/lake_writer.h"

#include "store/lake_duckdb.h"

#include <stdlib.h>

enum { COLUMNS_LARGEST = 32 };

struct target {
    duckdb_type type;
    duckdb_vector vector;
    void *data;
    uint64_t *validity; // NULL until the chunk has a NULL in this column
};

struct lake_writer {
    duckdb_connection connection;
    duckdb_appender appender;
    duckdb_data_chunk chunk;
    idx_t chunk_rows, chunk_capacity;
    size_t column_count;
    struct target targets[COLUMNS_LARGEST];
    int instant_column;
    struct zone *zone;
};

code lake_writer_open(struct scope *scope, struct lake *lake, struct lake_writer **ret_writer) {
    struct lake_writer *writer = calloc(1, sizeof(*writer));

    if (!writer || duckdb_connect(((struct lake_database *)lake)->database, &writer->connection) !=
                       DuckDBSuccess) {
        free(writer);
        return scope_fail(scope, UNAVAILABLE, "the lake refuses a connection");
    }
    writer->chunk_capacity = duckdb_vector_size();
    *ret_writer = writer;
    return OK;
}

void lake_writer_close(struct lake_writer *writer) {
    if (!writer)
        return;
    lake_append_abandon(writer);
    duckdb_disconnect(&writer->connection);
    free(writer);
}

// ---- statements ----

code lake_writer_exec(struct scope *scope, struct lake_writer *writer, const char *sql,
                      struct binds binds) {
    return lake_run(scope, writer->connection, sql, binds);
}

void lake_writer_rollback(struct lake_writer *writer) {
    duckdb_query(writer->connection, "ROLLBACK", NULL);
}

code lake_writer_script(struct scope *scope, struct lake_writer *writer, const char *sql) {
    duckdb_result result;

    if (duckdb_query(writer->connection, sql, &result) != DuckDBSuccess)
        lake_fail(scope, LAKE_AUTHOR_PROGRAM, duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return scope->failure.code;
}

code lake_writer_query(struct scope *scope, struct lake_writer *writer, const char *sql,
                       struct binds binds, struct rows **ret_rows) {
    struct lake_statement statement = {.connection = writer->connection};

    if (lake_statement_run(scope, &statement, LAKE_AUTHOR_PROGRAM, sql, binds) == OK &&
        lake_rows_new(scope, &statement, LAKE_AUTHOR_PROGRAM, NULL, NULL, ret_rows) == OK)
        return OK;
    lake_statement_clear(&statement);
    return scope->failure.code;
}

static duckdb_value list_of(const int64_t *ids, size_t count) {
    duckdb_logical_type type = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_value *values = calloc(count > 0 ? count : 1, sizeof(duckdb_value));
    duckdb_value list = NULL;

    if (values) {
        for (size_t i = 0; i < count; i++)
            values[i] = duckdb_create_int64(ids[i]);
        list = duckdb_create_list_value(type, values, count);
        for (size_t i = 0; i < count; i++)
            duckdb_destroy_value(&values[i]);
    }
    free(values);
    duckdb_destroy_logical_type(&type);
    return list;
}

code lake_writer_query_ids(struct scope *scope, struct lake_writer *writer, const char *sql,
                           const int64_t *ids, size_t count, struct rows **ret_rows) {
    struct lake_statement statement = {.connection = writer->connection};
    duckdb_value list = list_of(ids, count);

    if (duckdb_prepare(writer->connection, sql, &statement.prepared) != DuckDBSuccess || !list ||
        duckdb_bind_value(statement.prepared, 1, list) != DuckDBSuccess)
        lake_fail(scope, LAKE_AUTHOR_PROGRAM, duckdb_prepare_error(statement.prepared));
    else if (lake_statement_start(scope, &statement, LAKE_AUTHOR_PROGRAM) == OK)
        lake_rows_new(scope, &statement, LAKE_AUTHOR_PROGRAM, NULL, NULL, ret_rows);
    duckdb_destroy_value(&list);
    if (scope->failure.code != OK)
        lake_statement_clear(&statement);
    return scope->failure.code;
}

code lake_writer_exec_ids(struct scope *scope, struct lake_writer *writer, const char *sql,
                          const int64_t *ids, size_t count) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(lake_writer_query_ids(scope, writer, sql, ids, count, &rows));
    while (rows_next(rows))
        ;
    return rows_end(rows);
}

// ---- appending ----

static code append_fail(struct scope *scope, struct lake_writer *writer) {
    return lake_fail(scope, LAKE_AUTHOR_PROGRAM, duckdb_appender_error(writer->appender));
}

static void point_at_chunk(struct lake_writer *writer) {
    for (size_t i = 0; i < writer->column_count; i++) {
        struct target *target = &writer->targets[i];

        target->vector = duckdb_data_chunk_get_vector(writer->chunk, i);
        target->data = duckdb_vector_get_data(target->vector);
        target->validity = NULL;
    }
    writer->chunk_rows = 0;
}

code lake_append_begin(struct scope *scope, struct lake_writer *writer, const char *table,
                       int instant_column, struct zone *zone) {
    duckdb_logical_type types[COLUMNS_LARGEST];

    if (duckdb_appender_create(writer->connection, NULL, table, &writer->appender) != DuckDBSuccess)
        return append_fail(scope, writer);
    writer->column_count = duckdb_appender_column_count(writer->appender);
    if (writer->column_count > COLUMNS_LARGEST)
        return scope_fail(scope, INTERNAL,
                          "table %s of the lake has %zu columns, at most %d are filled", table,
                          writer->column_count, COLUMNS_LARGEST);
    for (size_t i = 0; i < writer->column_count; i++) {
        types[i] = duckdb_appender_column_type(writer->appender, i);
        writer->targets[i].type = duckdb_get_type_id(types[i]);
    }
    writer->chunk = duckdb_create_data_chunk(types, writer->column_count);
    for (size_t i = 0; i < writer->column_count; i++)
        duckdb_destroy_logical_type(&types[i]);
    writer->instant_column = instant_column;
    writer->zone = zone;
    point_at_chunk(writer);
    return OK;
}

static code flush_chunk(struct scope *scope, struct lake_writer *writer) {
    if (writer->chunk_rows == 0)
        return OK;
    duckdb_data_chunk_set_size(writer->chunk, writer->chunk_rows);
    if (duckdb_append_data_chunk(writer->appender, writer->chunk) != DuckDBSuccess)
        return append_fail(scope, writer);
    duckdb_data_chunk_reset(writer->chunk);
    point_at_chunk(writer);
    return OK;
}

static void put_null(struct target *target, idx_t row) {
    if (!target->validity) {
        duckdb_vector_ensure_validity_writable(target->vector);
        target->validity = duckdb_vector_get_validity(target->vector);
    }
    target->validity[row / 64] &= ~(UINT64_C(1) << (row % 64));
}

static code put_value(struct scope *scope, struct lake_writer *writer, const struct rows *rows,
                      size_t column) {
    struct target *target = &writer->targets[column];
    const idx_t row = writer->chunk_rows;
    struct text text;

    switch ((int)target->type) {
    case DUCKDB_TYPE_BIGINT:
        ((int64_t *)target->data)[row] = rows_int64(rows, column);
        return OK;
    case DUCKDB_TYPE_INTEGER:
        ((int32_t *)target->data)[row] = (int32_t)rows_int64(rows, column);
        return OK;
    case DUCKDB_TYPE_BOOLEAN:
        ((bool *)target->data)[row] = rows_bool(rows, column);
        return OK;
    case DUCKDB_TYPE_DATE:
        ((int32_t *)target->data)[row] = (int)column == writer->instant_column
                                             ? zone_day(writer->zone, rows_int64(rows, column))
                                             : (int32_t)rows_int64(rows, column);
        return OK;
    case DUCKDB_TYPE_VARCHAR:
        text = rows_text(rows, column);
        duckdb_vector_assign_string_element_len(target->vector, row, text.data ? text.data : "",
                                                text.size);
        return OK;
    default:
        return scope_fail(scope, INTERNAL,
                          "column %zu of a lake table has a type that is not filled", column);
    }
}

static code put_row(struct scope *scope, struct lake_writer *writer, const struct rows *rows) {
    for (size_t i = 0; i < writer->column_count; i++) {
        if (rows_is_null(rows, i))
            put_null(&writer->targets[i], writer->chunk_rows);
        else
            TRY(put_value(scope, writer, rows, i));
    }
    if (++writer->chunk_rows == writer->chunk_capacity)
        TRY(flush_chunk(scope, writer));
    return OK;
}

code lake_append_rows(struct scope *scope, struct lake_writer *writer, struct rows *rows,
                      int64_t limit, int64_t *ret_count) {
    int64_t count = 0;

    if (rows_column_count(rows) != writer->column_count)
        return scope_fail(scope, INTERNAL, "the ledger gives %zu columns, the lake's table has %zu",
                          rows_column_count(rows), writer->column_count);
    while (count < limit && rows_next(rows)) {
        TRY(put_row(scope, writer, rows));
        count++;
    }
    *ret_count = count;
    return rows_end(rows);
}

code lake_append_end(struct scope *scope, struct lake_writer *writer) {
    TRY(flush_chunk(scope, writer));
    if (duckdb_appender_close(writer->appender) != DuckDBSuccess)
        return append_fail(scope, writer);
    lake_append_abandon(writer);
    return OK;
}

void lake_append_abandon(struct lake_writer *writer) {
    duckdb_destroy_data_chunk(&writer->chunk);
    duckdb_appender_destroy(&writer->appender);
}
