// SPDX-License-Identifier: Apache-2.0
#include "store/export_file.h"

#include "base/json.h"
#include "base/progress.h"
#include "base/time.h"
#include "store/csv_cell.h"
#include "store/lake_parquet.h"
#include "store/part_file.h"

enum { WRITE_AT_BYTES = 1 << 18 };

const char *const export_format_names[] = {"csv", "jsonl", "parquet", NULL};

static struct text cell_text(const struct rows *rows, const struct export_column *column,
                             size_t index, char instant[TIME_TEXT_SIZE]) {
    if (column->type == ROW_TIMESTAMP)
        return text_of(time_format_utc(rows_int64(rows, index), instant));
    return rows_text(rows, index);
}

static void add_csv_row(struct buffer *out, const struct rows *rows,
                        const struct export_file *file) {
    char instant[TIME_TEXT_SIZE];

    for (size_t i = 0; i < file->column_count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        if (!rows_is_null(rows, i))
            csv_add_safe_cell(out, cell_text(rows, &file->columns[i], i, instant));
    }
    buffer_add_string(out, "\r\n");
}

static void add_json_value(struct json_writer *writer, const struct rows *rows,
                           const struct export_column *column, size_t index) {
    char instant[TIME_TEXT_SIZE];

    switch (rows_is_null(rows, index) ? ROW_NULL : column->type) {
    case ROW_NULL:
        json_write_null(writer);
        return;
    case ROW_BOOL:
        json_write_bool(writer, rows_bool(rows, index));
        return;
    case ROW_INT64:
        json_write_int64(writer, rows_int64(rows, index));
        return;
    case ROW_DOUBLE:
        json_write_double(writer, rows_double(rows, index));
        return;
    case ROW_DECIMAL:
        rows_write_decimal(writer, rows, index);
        return;
    case ROW_TEXT:
    case ROW_DATE:
    case ROW_TIMESTAMP:
        json_write_text(writer, cell_text(rows, column, index, instant));
    }
}

static void add_json_row(struct buffer *out, const struct rows *rows,
                         const struct export_file *file) {
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_begin_object(&writer);
    for (size_t i = 0; i < file->column_count; i++) {
        json_key(&writer, file->columns[i].name);
        add_json_value(&writer, rows, &file->columns[i], i);
    }
    json_end_object(&writer);
    buffer_add_char(out, '\n');
}

static void add_header(struct buffer *out, const struct export_file *file) {
    for (size_t i = 0; i < file->column_count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        csv_add_cell(out, text_of(file->columns[i].name));
    }
    buffer_add_string(out, "\r\n");
}

static code write_lines(struct scope *scope, struct rows *rows, const struct export_file *file,
                        const struct part_file *part, int64_t *ret_count) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    int64_t count = 0;

    if (file->format == EXPORT_CSV)
        add_header(&out, file);
    for (; rows_next(rows); count++) {
        if (file->format == EXPORT_CSV)
            add_csv_row(&out, rows, file);
        else
            add_json_row(&out, rows, file);
        if (out.size < WRITE_AT_BYTES)
            continue;
        TRY(part_file_write(scope, part, &out));
        TRY(scope_check(scope));
        progress_report(scope->progress, "writing", count + 1, 0, "rows");
    }
    TRY(rows_end(rows));
    TRY(part_file_write(scope, part, &out));
    *ret_count = count;
    return OK;
}

static const struct export_column *columns_of(struct scope *scope, const struct rows *rows,
                                              size_t count) {
    struct export_column *columns = arena_array(&scope->arena, count, sizeof(*columns));

    for (size_t i = 0; i < count; i++)
        columns[i] = (struct export_column){
            .name = arena_printf(&scope->arena, "%s", rows_column_name(rows, i)),
            .type = rows_column_type(rows, i)};
    return columns;
}

static code write_part(struct scope *scope, struct rows *rows, const struct export_file *file,
                       const struct part_file *part, int64_t *ret_count) {
    struct export_file whole = *file;

    if (!file->columns) {
        whole.column_count = rows_column_count(rows);
        whole.columns = columns_of(scope, rows, whole.column_count);
    }
    if (file->format != EXPORT_PARQUET)
        return write_lines(scope, rows, &whole, part, ret_count);
    return lake_write_parquet_rows(scope, rows, whole.columns, whole.column_count, part->part,
                                   ret_count);
}

code export_file_write(struct scope *scope, struct rows *rows, const struct export_file *file,
                       int64_t *ret_count) {
    CLEANUP(part_file_abandon) struct part_file part = {0};
    int64_t count;

    TRY(part_file_open(scope, file->path, &part));
    TRY(write_part(scope, rows, file, &part, &count));
    TRY(part_file_sync(scope, &part));
    if (file->before_name)
        TRY(file->before_name(scope, file->context, count));
    TRY(part_file_finish(scope, &part));
    *ret_count = count;
    return OK;
}
