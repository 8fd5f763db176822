// SPDX-License-Identifier: Apache-2.0
#include "store/export_file.h"

#include "base/json.h"
#include "base/progress.h"
#include "base/time.h"
#include "store/csv_cell.h"
#include "store/lake_parquet.h"
#include "store/part_file.h"

enum { WRITE_AT_BYTES = 1 << 18 };

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

static void add_json_row(struct buffer *out, const struct rows *rows,
                         const struct export_file *file) {
    char instant[TIME_TEXT_SIZE];
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_begin_object(&writer);
    for (size_t i = 0; i < file->column_count; i++) {
        json_key(&writer, file->columns[i].name);
        if (rows_is_null(rows, i))
            json_write_null(&writer);
        else if (file->columns[i].type == ROW_INT64)
            json_write_int64(&writer, rows_int64(rows, i));
        else
            json_write_text(&writer, cell_text(rows, &file->columns[i], i, instant));
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

    if (file->format == LAKE_FILE_CSV)
        add_header(&out, file);
    for (; rows_next(rows); count++) {
        if (file->format == LAKE_FILE_CSV)
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

code export_file_write(struct scope *scope, struct rows *rows, const struct export_file *file,
                       int64_t *ret_count) {
    CLEANUP(part_file_abandon) struct part_file part = {0};
    int64_t count;

    TRY(part_file_open(scope, file->path, &part));
    if (file->format == LAKE_FILE_PARQUET)
        TRY(lake_write_parquet_rows(scope, rows, file->columns, file->column_count, part.part,
                                    &count));
    else
        TRY(write_lines(scope, rows, file, &part, &count));
    TRY(part_file_sync(scope, &part));
    if (file->before_name)
        TRY(file->before_name(scope, file->context, count));
    TRY(part_file_finish(scope, &part));
    *ret_count = count;
    return OK;
}
