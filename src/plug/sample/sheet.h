// SPDX-License-Identifier: Apache-2.0
// A CSV file being written (RFC 4180 with LF): cells are appended to a buffer of fixed size (small
// enough to stay in the processor's cache) that goes to the disk when it is full. The file has its
// name only when it is complete; until then it ends in ".part".
#pragma once

#include "base/scope.h"

struct sheet {
    char *data; // SHEET_BYTES
    size_t size;
    int file;         // −1 while there is none
    const char *path; // in the scope's arena
    int64_t bytes;    // written so far
    int64_t rows;     // ended so far, without the header
    int32_t day;      // whose text is day_text
    char day_text[10];
};

enum { SHEET_BYTES = 1 << 18, SHEET_ROW_BYTES = 8192 };

// Buffer and path live in the scope's arena. UNAVAILABLE when the file cannot be made.
code sheet_open(struct scope *scope, struct sheet *sheet, const char *folder, const char *name,
                const char *header);
// Give the file its name. STORAGE_FULL when the disk is.
code sheet_finish(struct scope *scope, struct sheet *sheet);
// Leave an unfinished file behind under its ".part" name; nothing to do after sheet_finish.
void sheet_close(struct sheet *sheet);

code sheet_flush(struct scope *scope, struct sheet *sheet);

// Before the cells of a row, or of several that go together: afterwards SHEET_ROW_BYTES fit.
static inline code sheet_begin_row(struct scope *scope, struct sheet *sheet) {
    return sheet->size + SHEET_ROW_BYTES <= SHEET_BYTES ? OK : sheet_flush(scope, sheet);
}

static inline void sheet_raw(struct sheet *sheet, const char *data, size_t size) {
    memcpy(sheet->data + sheet->size, data, size);
    sheet->size += size;
}

static inline void sheet_comma(struct sheet *sheet) {
    sheet->data[sheet->size++] = ',';
}

// The last cell's comma becomes the line's end.
static inline void sheet_end_row(struct sheet *sheet) {
    sheet->data[sheet->size - 1] = '\n';
    sheet->rows++;
}

// One cell each, with the comma behind it.
static inline void sheet_word(struct sheet *sheet, const char *word) { // never needs quotes
    sheet_raw(sheet, word, strlen(word));
    sheet_comma(sheet);
}
void sheet_text(struct sheet *sheet, const char *text); // quoted when it has to be
void sheet_printf(struct sheet *sheet, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void sheet_int64(struct sheet *sheet, int64_t value);
void sheet_padded(struct sheet *sheet, uint64_t value, int width); // 000042
void sheet_cents(struct sheet *sheet, int64_t cents);              // 1250 → 12.50
void sheet_day(struct sheet *sheet, int32_t day);                  // 2010-12-01
void sheet_time(struct sheet *sheet, int32_t day, int32_t second); // 2010-12-01T08:26:00
