// SPDX-License-Identifier: Apache-2.0
// Results as files. CSV and JSON Lines are written here, row by row; Parquet by a DuckDB of its
// own, which may touch files and sees nothing of the lake but the chunks handed to it: the lake
// itself stays locked.
#include "base/json.h"
#include "base/money.h"
#include "store/lake.h"
#include "store/lake_parquet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE_AT_BYTES = 1 << 18 };

static code fail_on_file(struct scope *scope, const char *verb, const char *path, int error) {
    return scope_fail(scope, error == ENOSPC || error == EDQUOT ? STORAGE_FULL : UNAVAILABLE,
                      "cannot %s %s: %s", verb, path, strerror(error));
}

static code fail_existing(struct scope *scope, const char *path) {
    scope_fail(scope, CONFLICT, "the file %s exists already", path);
    return scope_hint(scope, "choose another name, or remove the file first");
}

// ---- CSV (RFC 4180) ----

static void add_csv_cell(struct buffer *out, struct text cell) {
    // An empty text is quoted, so that it is told from NULL.
    const bool quoted = cell.size == 0 || text_contains(cell, ',') || text_contains(cell, '"') ||
                        text_contains(cell, '\n') || text_contains(cell, '\r');

    if (!quoted) {
        buffer_add_text(out, cell);
        return;
    }
    buffer_add_char(out, '"');
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, cell.data[i]);
    }
    buffer_add_char(out, '"');
}

static void add_csv_header(struct buffer *out, const struct rows *rows) {
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        add_csv_cell(out, text_of(rows_column_name(rows, i)));
    }
    buffer_add_string(out, "\r\n");
}

static void add_csv_row(struct buffer *out, const struct rows *rows) {
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        if (!rows_is_null(rows, i))
            add_csv_cell(out, rows_text(rows, i));
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

static code write_all(struct scope *scope, int fd, const char *path, struct buffer *out) {
    size_t written = 0;

    while (written < out->size) {
        const ssize_t count = write(fd, out->data + written, out->size - written);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail_on_file(scope, "write", path, errno);
        written += (size_t)count;
    }
    out->size = 0;
    return OK;
}

static code write_rows(struct scope *scope, const char *sql, struct binds binds, int fd,
                       const char *path, enum lake_file format, int64_t *ret_rows) {
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
            TRY(write_all(scope, fd, path, &out));
        count++;
    }
    TRY(rows_end(rows));
    TRY(write_all(scope, fd, path, &out));
    *ret_rows = count;
    return OK;
}

// link() gives the name only when nobody has it; the file is whole by then.
static code give_name(struct scope *scope, const char *part, const char *path) {
    if (renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return OK;
    if (errno == EINVAL && link(part, path) == 0) { // a file system without RENAME_NOREPLACE
        unlink(part);
        return OK;
    }
    return errno == EEXIST ? fail_existing(scope, path) : fail_on_file(scope, "make", path, errno);
}

static code write_part(struct scope *scope, const char *sql, struct binds binds, int fd,
                       const char *part, enum lake_file format, int64_t *ret_rows) {
    if (format == LAKE_FILE_PARQUET)
        TRY(lake_write_parquet(scope, sql, binds, part, ret_rows));
    else
        TRY(write_rows(scope, sql, binds, fd, part, format, ret_rows));
    return fsync(fd) == 0 ? OK : fail_on_file(scope, "write", part, errno);
}

code lake_write_file(struct scope *scope, const char *sql, struct binds binds, const char *path,
                     enum lake_file format, int64_t *ret_rows) {
    const char *part = arena_printf(&scope->arena, "%s.%d.part", path, (int)getpid());
    struct stat status;
    code result;
    int fd;

    if (lstat(path, &status) == 0)
        return fail_existing(scope, path);
    unlink(part); // of a process that had this number and was killed
    fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail_on_file(scope, "make", part, errno);
    result = write_part(scope, sql, binds, fd, part, format, ret_rows);
    close(fd);
    if (result == OK)
        result = give_name(scope, part, path);
    if (result != OK)
        unlink(part);
    return result;
}
