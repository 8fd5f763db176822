// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/sheet.h"

#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static const char *part_path(struct scope *scope, const struct sheet *sheet) {
    return arena_printf(&scope->arena, "%s.part", sheet->path);
}

static code fail_to_write(struct scope *scope, const struct sheet *sheet, int error) {
    const bool full = error == ENOSPC || error == EDQUOT;

    return scope_fail(scope, full ? STORAGE_FULL : UNAVAILABLE, "cannot write \"%s\": %s",
                      sheet->path, strerror(error));
}

code sheet_open(struct scope *scope, struct sheet *sheet, const char *folder, const char *name,
                const char *header) {
    *sheet = (struct sheet){
        .data = arena_alloc(&scope->arena, SHEET_BYTES),
        .file = -1,
        .path = arena_printf(&scope->arena, "%s/%s", folder, name),
    };
    sheet->file = open(part_path(scope, sheet), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (sheet->file < 0)
        return fail_to_write(scope, sheet, errno);
    sheet_raw(sheet, header, strlen(header));
    sheet_raw(sheet, "\n", 1);
    return OK;
}

code sheet_flush(struct scope *scope, struct sheet *sheet) {
    for (size_t done = 0; done < sheet->size;) {
        const ssize_t written = write(sheet->file, sheet->data + done, sheet->size - done);
        if (written < 0 && errno != EINTR)
            return fail_to_write(scope, sheet, errno);
        if (written > 0)
            done += (size_t)written;
    }
    sheet->bytes += (int64_t)sheet->size;
    sheet->size = 0;
    return OK;
}

code sheet_finish(struct scope *scope, struct sheet *sheet) {
    TRY(sheet_flush(scope, sheet));

    const int file = sheet->file;

    sheet->file = -1;
    if (close(file) != 0 || rename(part_path(scope, sheet), sheet->path) != 0)
        return fail_to_write(scope, sheet, errno);
    return OK;
}

void sheet_close(struct sheet *sheet) {
    if (sheet->data && sheet->file >= 0)
        close(sheet->file);
    sheet->file = -1;
}

void sheet_text(struct sheet *sheet, const char *text) {
    if (!strpbrk(text, ",\"\n\r")) {
        sheet_word(sheet, text);
        return;
    }
    sheet_raw(sheet, "\"", 1);
    for (; *text; text++) {
        if (*text == '"')
            sheet_raw(sheet, "\"", 1);
        sheet_raw(sheet, text, 1);
    }
    sheet_raw(sheet, "\",", 2);
}

void sheet_printf(struct sheet *sheet, const char *format, ...) {
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    sheet_text(sheet, text);
}

static const char two_digits[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536"
    "37383940414243444546474849505152535455565758596061626364656667686970717273"
    "7475767778798081828384858687888990919293949596979899";

static void add_two(struct sheet *sheet, uint32_t value) {
    sheet_raw(sheet, two_digits + (size_t)value * 2, 2);
}

// At least `width` digits, two at a time from the right.
static void add_digits(struct sheet *sheet, uint64_t value, int width) {
    char digits[24];
    char *const end = digits + sizeof(digits);
    char *start = end;

    while (value >= 10) {
        start -= 2;
        memcpy(start, two_digits + value % 100 * 2, 2);
        value /= 100;
    }
    if (value > 0 || start == end)
        *--start = (char)('0' + value);
    while (end - start < width)
        *--start = '0';
    sheet_raw(sheet, start, (size_t)(end - start));
}

static void add_sign(struct sheet *sheet, bool negative) {
    if (negative)
        sheet_raw(sheet, "-", 1);
}

void sheet_int64(struct sheet *sheet, int64_t value) {
    add_sign(sheet, value < 0);
    add_digits(sheet, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
    sheet_comma(sheet);
}

void sheet_padded(struct sheet *sheet, uint64_t value, int width) {
    add_digits(sheet, value, width);
    sheet_comma(sheet);
}

void sheet_cents(struct sheet *sheet, int64_t cents) {
    const uint64_t magnitude = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;

    add_sign(sheet, cents < 0);
    add_digits(sheet, magnitude / 100, 1);
    sheet_raw(sheet, ".", 1);
    add_two(sheet, (uint32_t)(magnitude % 100));
    sheet_comma(sheet);
}

// Rows come in the order of time: the day's text is usually there already.
static void add_day(struct sheet *sheet, int32_t day) {
    if (sheet->day != day || sheet->day_text[0] == 0) {
        char text[TIME_TEXT_SIZE];

        memcpy(sheet->day_text, day_format(day, text), sizeof(sheet->day_text));
        sheet->day = day;
    }
    sheet_raw(sheet, sheet->day_text, sizeof(sheet->day_text));
}

void sheet_day(struct sheet *sheet, int32_t day) {
    add_day(sheet, day);
    sheet_comma(sheet);
}

void sheet_time(struct sheet *sheet, int32_t day, int32_t second) {
    add_day(sheet, day);
    sheet_raw(sheet, "T", 1);
    add_two(sheet, (uint32_t)second / 3600);
    sheet_raw(sheet, ":", 1);
    add_two(sheet, (uint32_t)second / 60 % 60);
    sheet_raw(sheet, ":", 1);
    add_two(sheet, (uint32_t)second % 60);
    sheet_comma(sheet);
}
