// SPDX-License-Identifier: Apache-2.0
// Opens the format that a dialect names and hands its records on; the readers themselves are csv.c,
// fixed_width.c, json_lines.c and parquet.c.
#include "plug/source/source.h"

#include "base/limits.h"
#include "plug/source/format.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *const source_format_names[] = {"auto",       "csv",     "fixed_width",
                                           "json_lines", "parquet", NULL};
const char *const source_encoding_names[] = {"auto",    "utf-8",        "utf-16le", "utf-16be",
                                             "latin-1", "windows-1252", NULL};
const char *const source_compression_names[] = {"auto", "none", "gzip", NULL};
const char *const source_header_names[] = {"auto", "present", "absent", NULL};

static const struct format *const formats[] = {
    [SOURCE_CSV] = &csv_format,
    [SOURCE_FIXED_WIDTH] = &fixed_width_format,
    [SOURCE_JSON_LINES] = &json_lines_format,
    [SOURCE_PARQUET] = &parquet_format,
};

// A source without a file yet, its dialect copied.
static struct source *source_new(const struct source_dialect *dialect) {
    struct source *source = calloc(1, sizeof(*source));
    struct source_column *columns;

    if (!source)
        abort();
    arena_init(&source->arena);
    columns = arena_array(&source->arena, dialect->column_count, sizeof(*columns));
    for (size_t i = 0; i < dialect->column_count; i++) {
        columns[i] = dialect->columns[i];
        columns[i].name = text_copy(&source->arena, columns[i].name);
    }
    source->format = formats[dialect->format];
    source->dialect = *dialect;
    source->dialect.columns = columns;
    return source;
}

void source_close(struct source **source) {
    if (!*source)
        return;
    (*source)->format->close(*source);
    window_clear(&(*source)->window);
    stream_close(&(*source)->stream);
    arena_clear(&(*source)->arena);
    free(*source);
    *source = NULL;
}

code source_open(struct scope *scope, const char *path, const struct source_dialect *dialect,
                 struct source **ret_source) {
    CLEANUP(source_close) struct source *source = NULL;
    struct source_dialect found;

    TRY(source_sniff(scope, path, dialect, &found));
    source = source_new(&found);
    source->path = arena_printf(&source->arena, "%s", path);
    if (found.format != SOURCE_PARQUET) {
        TRY(stream_open(scope, path, found.compression, found.encoding, &source->stream));
        TRY(window_open(scope, &source->window,
                        (struct window_input){.read = stream_read, .from = source->stream}));
    }
    if (found.format == SOURCE_CSV)
        TRY(csv_take_separator_line(scope, &source->window, &(char){0}));
    TRY(source->format->open(scope, source));
    if (found.header == SOURCE_HEADER_PRESENT && source->format->pass_header)
        TRY(source->format->pass_header(scope, source));
    *ret_source = TAKE(source);
    return OK;
}

code source_next(struct scope *scope, struct source *source, struct record *ret_record,
                 bool *ret_end) {
    return source->format->next(scope, source, ret_record, ret_end);
}

code source_skip(struct scope *scope, struct source *source, int64_t rows) {
    for (int64_t passed = 0; passed < rows; passed++) {
        bool is_end = false;

        TRY(source->format->pass(scope, source, &is_end));
        if (is_end)
            return scope_fail(scope, INVALID,
                              "\"%s\" has %lld records, fewer than the %lld to pass over",
                              source->path, (long long)passed, (long long)rows);
        if ((passed & 0xFFFF) == 0)
            TRY(scope_check(scope));
    }
    return OK;
}

const struct source_dialect *source_dialect(const struct source *source) {
    return &source->dialect;
}

size_t source_column_count(const struct source *source) {
    return source->dialect.column_count;
}

struct text source_column_name(const struct source *source, size_t index) {
    return source->dialect.columns[index].name;
}

int64_t source_bytes_read(const struct source *source) {
    return source->stream ? stream_bytes_read(source->stream) : source->format->rows_read(source);
}

int64_t source_bytes_total(const struct source *source) {
    return source->stream ? stream_bytes_total(source->stream) : source->format->rows_total(source);
}

// ---- one record again ----

// Copy what lies in a source that is about to be closed.
static void keep_record(struct scope *scope, struct text raw, struct record *record) {
    struct text *fields = arena_array(&scope->arena, record->field_count, sizeof(*fields));

    for (size_t i = 0; i < record->field_count; i++)
        fields[i] = text_copy(&scope->arena, record->fields[i]);
    record->fields = fields;
    record->raw = raw;
    record->row = record->line = record->offset_bytes = 0;
    if (record->fault)
        record->fault = text_string(&scope->arena, text_of(record->fault));
}

code source_parse(struct scope *scope, const struct source_dialect *dialect, struct text raw,
                  struct record *ret_record) {
    CLEANUP(source_close) struct source *source = NULL;
    struct source_dialect here = *dialect;
    struct record record = {.raw = raw}, second;
    bool is_empty, is_all = true;

    if (here.format == SOURCE_FORMAT_AUTO || here.column_count == 0)
        return scope_fail(scope, INVALID, "the dialect does not say how the record is to be read");
    if (here.format == SOURCE_PARQUET)
        here.format = SOURCE_JSON_LINES; // raw is the row as a JSON object
    source = source_new(&here);
    window_open_memory(&source->window, raw);
    TRY(source->format->open(scope, source));
    TRY(source->format->next(scope, source, &record, &is_empty));
    keep_record(scope, raw, &record);
    if (!is_empty)
        TRY(source->format->next(scope, source, &second, &is_all));
    if ((is_empty || !is_all) && !record.fault) {
        record.fault = is_empty ? "is empty" : "is more than one record";
        record.fault_code = "record_count";
    }
    *ret_record = record;
    return OK;
}

// ---- is it still the same file? ----

enum { DIGEST_PIECE_BYTES = 1 << 20 };

static code hash_piece(struct scope *scope, const char *path, int file, int64_t from,
                       crypto_generichash_state *hash) {
    char *piece = arena_alloc(&scope->arena, DIGEST_PIECE_BYTES);
    size_t size = 0;

    while (size < DIGEST_PIECE_BYTES) {
        const ssize_t count =
            pread(file, piece + size, DIGEST_PIECE_BYTES - size, from + (int64_t)size);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return scope_fail(scope, UNAVAILABLE, "cannot read \"%s\": %s", path, strerror(errno));
        if (count == 0)
            break;
        size += (size_t)count;
    }
    crypto_generichash_update(hash, (const unsigned char *)piece, size);
    return OK;
}

static void close_file(const int *file) {
    if (*file >= 0)
        close(*file);
}

code source_digest(struct scope *scope, const char *path, struct source_digest *ret_digest) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    CLEANUP(close_file) int file = -1;
    crypto_generichash_state hash;
    unsigned char bytes[32];
    char size_text[32];
    int64_t size_bytes;

    TRY(stream_open_file(scope, path, &file, &size_bytes));
    crypto_generichash_init(&hash, NULL, 0, sizeof(bytes));
    snprintf(size_text, sizeof(size_text), "%lld\n", (long long)size_bytes);
    crypto_generichash_update(&hash, (const unsigned char *)size_text, strlen(size_text));
    TRY(hash_piece(scope, path, file, 0, &hash));
    if (size_bytes > DIGEST_PIECE_BYTES)
        TRY(hash_piece(scope, path, file, size_bytes - DIGEST_PIECE_BYTES, &hash));
    crypto_generichash_final(&hash, bytes, sizeof(bytes));
    arena_rewind(&scope->arena, mark);
    ret_digest->size_bytes = size_bytes;
    sodium_bin2hex(ret_digest->hash, sizeof(ret_digest->hash), bytes, sizeof(bytes));
    return OK;
}
