// SPDX-License-Identifier: Apache-2.0
// Any bytes are records and the line ends and blanks between them; rows and lines grow; and it does
// not matter how the bytes are cut into pieces, nor that a record may not be longer than a few
// bytes.
#include "base/limits.h"
#include "fuzz/fuzz.h"
#include "plug/source/csv.h"

#include <assert.h>

struct reader {
    struct text rest;
    size_t piece;
    struct window window;
    struct csv csv;
};

static code read_piece(struct scope *scope, void *from, char *into, size_t size, size_t *ret_size) {
    struct reader *reader = from;
    size_t count = reader->piece < size ? reader->piece : size;

    (void)scope;
    count = count < reader->rest.size ? count : reader->rest.size;
    if (count > 0)
        memcpy(into, reader->rest.data, count);
    reader->rest.data += count;
    reader->rest.size -= count;
    *ret_size = count;
    return OK;
}

static void reader_open(struct scope *scope, struct reader *reader, struct text bytes, size_t piece,
                        size_t limit_bytes, const char signs[2]) {
    const struct window_input input = {.read = read_piece, .from = reader};

    *reader = (struct reader){.rest = bytes, .piece = piece};
    assert(window_open(scope, &reader->window, input) == OK);
    reader->window.limit_bytes = limit_bytes;
    csv_open(&reader->csv, &reader->window, signs[0], signs[1]);
}

static void reader_close(struct reader *reader) {
    csv_clear(&reader->csv);
    window_clear(&reader->window);
}

static void check_same(const struct record *a, const struct record *b) {
    assert(a->row == b->row && a->line == b->line && a->offset_bytes == b->offset_bytes);
    assert(text_equal(a->raw, b->raw));
    assert((a->fault != NULL) == (b->fault != NULL));
    assert(!a->fault || strcmp(a->fault_code, b->fault_code) == 0);
    assert(a->field_count == b->field_count);
    for (size_t i = 0; i < a->field_count; i++)
        assert(text_equal(a->fields[i], b->fields[i]));
}

// Between two records there is nothing but line ends and blank lines, and the rest of one too long.
static void check_gap(struct text bytes, size_t begin, size_t end, bool is_after_long) {
    assert(begin <= end && end <= bytes.size);
    while (is_after_long && begin < end && bytes.data[begin] != '\n' && bytes.data[begin] != '\r')
        begin++;
    for (size_t i = begin; i < end; i++)
        assert(memchr("\r\n \t\x1A", bytes.data[i], 5));
}

static void check_record(struct text bytes, const struct record *record,
                         const struct record *before) {
    const size_t place = (size_t)record->offset_bytes;
    const bool is_after_long = before->fault && strcmp(before->fault_code, "too_long") == 0;

    assert(record->row == before->row + 1);
    assert(record->line > before->line || (before->row == 0 && record->line >= 1));
    check_gap(bytes, (size_t)before->offset_bytes + before->raw.size, place, is_after_long);
    assert(place + record->raw.size <= bytes.size);
    assert(memcmp(bytes.data + place, record->raw.data, record->raw.size) == 0);
}

static void read_both(struct scope *scope, struct text bytes, struct reader *whole,
                      struct reader *pieces) {
    struct record before = {0}, record, other;
    bool is_end, is_other_end;

    for (;;) {
        assert(csv_next(scope, &whole->csv, &record, &is_end) == OK);
        assert(csv_next(scope, &pieces->csv, &other, &is_other_end) == OK);
        assert(is_end == is_other_end);
        if (is_end)
            break;
        check_same(&record, &other);
        check_record(bytes, &record, &before);
        before = record;
    }
    check_gap(bytes, (size_t)before.offset_bytes + before.raw.size, bytes.size,
              before.fault && strcmp(before.fault_code, "too_long") == 0);
}

// The first three bytes choose the dialect, the pieces and the limit; the others are the file.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char dialects[][2] = {
        {',', '"'}, {';', '\''}, {'\t', SOURCE_QUOTE_NONE}, {' ', '"'}, {'|', '"'}, {'\x1F', 'q'},
    };
    struct reader whole, pieces;
    const char *signs;
    struct scope scope;
    struct text bytes;
    size_t limit_bytes;

    if (size < 3)
        return 0;
    bytes = (struct text){(const char *)data + 3, size - 3};
    if (text_starts_with(bytes, TEXT("\xEF\xBB\xBF")))
        return 0; // offsets count from behind the mark
    signs = dialects[data[0] % (sizeof(dialects) / sizeof(*dialects))];
    limit_bytes = data[2] % 2 ? LIMIT_RECORD_BYTES : 2u + data[2];
    scope_init(&scope);
    reader_open(&scope, &whole, bytes, size, limit_bytes, signs);
    reader_open(&scope, &pieces, bytes, 1u + data[1] % 64u, limit_bytes, signs);
    whole.csv.column_count = pieces.csv.column_count = data[1] / 64;
    read_both(&scope, bytes, &whole, &pieces);
    reader_close(&whole);
    reader_close(&pieces);
    scope_clear(&scope);
    return 0;
}
