// SPDX-License-Identifier: Apache-2.0
// Results as files. CSV and JSON Lines are written here, row by row; Parquet by a DuckDB of its
// own, which may touch files and sees nothing of the lake but the chunks handed to it: the lake
// itself stays locked.
#include "base/json.h"
#include "base/money.h"
#include "store/csv_cell.h"
#include "store/lake.h"
#include "store/lake_engine.h"
#include "store/part_file.h"

enum { WRITE_AT_BYTES = 1 << 18 };

// ---- CSV ----

static void add_csv_header(struct buffer *out, const struct rows *rows) {
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        csv_add_cell(out, text_of(rows_column_name(rows, i)));
    }
    buffer_add_string(out, "\r\n");
}

static void add_csv_row(struct buffer *out, const struct rows *rows) {
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        if (!rows_is_null(rows, i))
            csv_add_cell(out, rows_text(rows, i));
    }
    buffer_add_string(out, "\r\n");
}

// ---- JSON Lines ----

static void add_json_value(struct json_writer *writer, const struct rows *rows, size_t column) {
    int64_t micros;

    switch (rows_is_null(rows, column) ? ROW_NULL : rows_column_type(rows, column)) {
    case ROW_NULL:
        json_write_null(writer);
        return;
    case ROW_BOOL:
        json_write_bool(writer, rows_bool(rows, column));
        return;
    case ROW_INT64:
        json_write_int64(writer, rows_int64(rows, column));
        return;
    case ROW_DOUBLE:
        json_write_double(writer, rows_double(rows, column));
        return;
    case ROW_DECIMAL:
        if (micros_parse(rows_text(rows, column), DECIMAL_POINT, &micros))
            json_write_micros(writer, micros);
        else
            json_write_double(writer, rows_double(rows, column));
        return;
    case ROW_TEXT:
    case ROW_DATE:
    case ROW_TIMESTAMP:
        break;
    }
    json_write_text(writer, rows_text(rows, column));
}

static void add_json_row(struct buffer *out, const struct rows *rows) {
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_begin_object(&writer);
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        json_key(&writer, rows_column_name(rows, i));
        add_json_value(&writer, rows, i);
    }
    json_end_object(&writer);
    buffer_add_char(out, '\n');
}

// ---- writing ----

static code write_rows(struct scope *scope, const char *sql, struct binds binds,
                       const struct part_file *file, enum lake_file format, int64_t *ret_rows) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer out = {0};
    int64_t count = 0;

    TRY(lake_query(scope, sql, binds, &rows));
    if (format == LAKE_FILE_CSV)
        add_csv_header(&out, rows);
    while (rows_next(rows)) {
        if (format == LAKE_FILE_CSV)
            add_csv_row(&out, rows);
        else
            add_json_row(&out, rows);
        if (out.size >= WRITE_AT_BYTES)
            TRY(part_file_write(scope, file, &out));
        count++;
    }
    TRY(rows_end(rows));
    TRY(part_file_write(scope, file, &out));
    *ret_rows = count;
    return OK;
}

static code write_parquet(struct scope *scope, const char *sql, struct binds binds,
                          const char *path, int64_t *ret_rows) {
    const struct lake *lake = session_lake(scope);

    return lake ? lake->engine->write_parquet(scope, sql, binds, path, ret_rows)
                : scope->failure.code;
}

code lake_write_file(struct scope *scope, const char *sql, struct binds binds, const char *path,
                     enum lake_file format, int64_t *ret_rows) {
    CLEANUP(part_file_abandon) struct part_file file = {0};
    int64_t count = 0;

    TRY(part_file_open(scope, path, &file));
    if (format == LAKE_FILE_PARQUET)
        TRY(write_parquet(scope, sql, binds, file.part, &count));
    else
        TRY(write_rows(scope, sql, binds, &file, format, &count));
    TRY(part_file_sync(scope, &file));
    TRY(part_file_finish(scope, &file));
    *ret_rows = count;
    return OK;
}
