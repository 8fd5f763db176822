// SPDX-License-Identifier: Apache-2.0
#include "plug/source/source_testing.h"

#include <unicode/ucnv.h>
#include <zlib.h>

void testing_add_record(struct buffer *out, const struct record *record) {
    buffer_printf(out, "%lld@%lld ", (long long)record->row, (long long)record->line);
    if (record->fault)
        buffer_printf(out, "!%s ", record->fault_code);
    for (size_t i = 0; i < record->field_count; i++) {
        if (i > 0)
            buffer_add_char(out, '|');
        buffer_add_text(out, record->fields[i]);
    }
    buffer_add_char(out, '\n');
}

const char *testing_read(struct scope *scope, const char *path,
                         const struct source_dialect *dialect) {
    CLEANUP(source_close) struct source *source = NULL;
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct record record;
    bool is_end = false;

    CHECK_OK(source_open(scope, path, dialect, &source));
    for (;;) {
        CHECK_OK(source_next(scope, source, &record, &is_end));
        if (is_end)
            break;
        testing_add_record(&out, &record);
    }
    return text_string(&scope->arena, buffer_text(&out));
}

const char *testing_read_text(struct scope *scope, struct text content,
                              const struct source_dialect *dialect) {
    return testing_read(scope, test_file(scope, "records", content), dialect);
}

code testing_read_piece(struct scope *scope, void *from, char *into, size_t size,
                        size_t *ret_size) {
    struct testing_pieces *pieces = from;
    size_t count = pieces->piece < size ? pieces->piece : size;

    (void)scope;
    count = count < pieces->rest.size ? count : pieces->rest.size;
    if (count > 0)
        memcpy(into, pieces->rest.data, count);
    pieces->rest.data += count;
    pieces->rest.size -= count;
    *ret_size = count;
    return OK;
}

struct text testing_gzip(struct scope *scope, struct text content) {
    const size_t capacity = content.size + content.size / 100 + 200;
    char *packed = arena_alloc(&scope->arena, capacity);
    z_stream deflater = {
        .next_in = (Bytef *)(content.size > 0 ? content.data : ""),
        .avail_in = (uInt)content.size,
        .next_out = (Bytef *)packed,
        .avail_out = (uInt)capacity,
    };

    CHECK(deflateInit2(&deflater, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    CHECK(deflate(&deflater, Z_FINISH) == Z_STREAM_END);
    deflateEnd(&deflater);
    return (struct text){packed, capacity - deflater.avail_out};
}

struct text testing_encode(struct scope *scope, const char *encoding, struct text content) {
    const int32_t capacity = (int32_t)content.size * 4 + 8;
    char *encoded = arena_alloc(&scope->arena, (size_t)capacity);
    UErrorCode error = U_ZERO_ERROR;
    int32_t size;

    size = ucnv_convert(encoding, "UTF-8", encoded, capacity, content.data, (int32_t)content.size,
                        &error);
    CHECK(U_SUCCESS(error));
    return (struct text){encoded, (size_t)size};
}
