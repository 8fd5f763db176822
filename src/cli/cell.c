// SPDX-License-Identifier: Apache-2.0
// Single values of an answer as text.
#include "cli/output.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

// Numbers past this are shown by their exponent: grouping 300 digits helps nobody.
#define LARGEST_GROUPED 1e18

static bool is_obeyed_by_terminals(UChar32 character) {
    return character < 0x20 || (character >= 0x7F && character < 0xA0) ||
           (character >= 0x202A && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069);
}

void output_safe_text(struct buffer *out, struct text text) {
    const uint8_t *data = (const uint8_t *)text.data;
    const int32_t size = (int32_t)text.size;
    int32_t i = 0;

    while (i < size) {
        const int32_t begin = i;
        UChar32 character;

        U8_NEXT(data, i, size, character);
        if (character == '\t' || character == '\n' || character == '\r')
            buffer_add_char(out, ' ');
        else if (character < 0 || is_obeyed_by_terminals(character))
            buffer_add_string(out, "\xEF\xBF\xBD");
        else
            buffer_add(out, data + begin, (size_t)(i - begin));
    }
}

size_t output_width(struct text text) {
    const uint8_t *data = (const uint8_t *)text.data;
    const int32_t size = (int32_t)text.size;
    size_t width = 0;
    int32_t i = 0;

    while (i < size) {
        UChar32 character;
        int wide;

        U8_NEXT(data, i, size, character);
        if (character >= 0 && u_charType(character) == U_NON_SPACING_MARK)
            continue;
        wide = character < 0 ? 0 : u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
        width += wide == U_EA_FULLWIDTH || wide == U_EA_WIDE ? 2 : 1;
    }
    return width;
}

// "-1234567.50" → "-1,234,567.50"
static void add_grouped(struct buffer *out, const char *digits) {
    size_t whole;

    if (*digits == '-')
        buffer_add_char(out, *digits++);
    whole = strspn(digits, "0123456789");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            buffer_add_char(out, ',');
        buffer_add_char(out, digits[i]);
    }
    buffer_add_string(out, digits + whole);
}

static void add_decimal(struct buffer *out, double value, int decimals) {
    char digits[64];

    if (fabs(value) >= LARGEST_GROUPED)
        snprintf(digits, sizeof(digits), "%.6g", value);
    else
        snprintf(digits, sizeof(digits), "%.*f", decimals, value);
    // A value that rounds to nothing has no sign.
    if (digits[0] == '-' && strspn(digits + 1, "0.") == strlen(digits + 1))
        digits[0] = '0', memmove(digits, digits + 1, strlen(digits));
    add_grouped(out, digits);
}

static void add_int64(struct buffer *out, int64_t value) {
    char digits[24];

    snprintf(digits, sizeof(digits), "%" PRId64, value);
    add_grouped(out, digits);
}

bool column_is_right_aligned(enum column_type type) {
    switch (type) {
    case COLUMN_INTEGER:
    case COLUMN_NUMBER:
    case COLUMN_MONEY:
    case COLUMN_QUANTITY:
    case COLUMN_RATE:
    case COLUMN_SHARE:
        return true;
    case COLUMN_TEXT:
    case COLUMN_ID:
    case COLUMN_DAY:
    case COLUMN_INSTANT:
    case COLUMN_BOOL:
    case COLUMN_TYPE_COUNT:
        return false;
    }
    return false;
}

static void add_number(struct buffer *out, const struct output_column *column, double value) {
    // A number too small for the column's decimals would be shown as nothing.
    if (column->type == COLUMN_NUMBER && value != 0 && fabs(value) < 0.0001) {
        buffer_printf(out, "%.3g", value);
    } else if (column->type == COLUMN_SHARE) {
        add_decimal(out, value * 100, column->decimals);
        buffer_add_char(out, '%');
    } else {
        add_decimal(out, value, column->decimals);
        if (column->type == COLUMN_RATE)
            buffer_add_char(out, '%');
    }
}

// "2010-12-01T08:26:00.123456Z" → "2010-12-01 08:26:00Z": parts of a second matter to programs
// only.
static void add_instant(struct buffer *out, struct text text) {
    const size_t whole = strlen("2010-12-01T08:26:00");

    if (text.size <= whole || text.data[text.size - 1] != 'Z') {
        output_safe_text(out, text);
        return;
    }
    for (size_t i = 0; i < whole; i++)
        buffer_add_char(out, text.data[i] == 'T' ? ' ' : text.data[i]);
    buffer_add_char(out, 'Z');
}

void output_cell(struct buffer *out, const struct output_column *column, const struct json *cell) {
    const bool counts = column_is_right_aligned(column->type);

    if (cell->type == JSON_INT64 && column->type == COLUMN_INTEGER)
        add_int64(out, cell->int64);
    else if (cell->type == JSON_INT64 && counts)
        add_number(out, column, (double)cell->int64);
    else if (cell->type == JSON_DOUBLE && counts)
        add_number(out, column, cell->number);
    else if (cell->type == JSON_INT64)
        buffer_printf(out, "%" PRId64, cell->int64);
    else if (cell->type == JSON_STRING && column->type == COLUMN_INSTANT)
        add_instant(out, cell->string);
    else
        output_scalar(out, cell);
}

void output_scalar(struct buffer *out, const struct json *value) {
    struct json_writer writer;

    switch (value->type) {
    case JSON_NULL:
        break;
    case JSON_BOOL:
        buffer_add_string(out, value->boolean ? "yes" : "no");
        break;
    case JSON_INT64:
        add_int64(out, value->int64);
        break;
    case JSON_DOUBLE: {
        struct buffer digits = {0};

        json_writer_init(&writer, &digits);
        json_write_double(&writer, value->number);
        add_grouped(out, buffer_string(&digits));
        buffer_clear(&digits);
        break;
    }
    case JSON_STRING:
        output_safe_text(out, value->string);
        break;
    case JSON_ARRAY:
        for (const struct json *item = value->first; item; item = item->next) {
            output_scalar(out, item);
            if (item->next)
                buffer_add_string(out, ", ");
        }
        break;
    case JSON_OBJECT: {
        struct buffer document = {0};

        json_writer_init(&writer, &document);
        json_write(&writer, value);
        output_safe_text(out, buffer_text(&document));
        buffer_clear(&document);
        break;
    }
    }
}

void output_csv_text(struct buffer *out, struct text text) {
    double number;
    const bool formula =
        text.size > 0 && memchr("=+-@\t\r", text.data[0], 6) && !text_to_double(text, &number);
    bool quoted = false;

    for (size_t i = 0; i < text.size; i++)
        quoted = quoted || text.data[i] == '"' || text.data[i] == ',' || text.data[i] == '\n' ||
                 text.data[i] == '\r';
    if (quoted)
        buffer_add_char(out, '"');
    if (formula)
        buffer_add_char(out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, text.data[i]);
    }
    if (quoted)
        buffer_add_char(out, '"');
}

void output_csv_cell(struct buffer *out, const struct json *cell) {
    struct buffer document = {0};
    struct json_writer writer;

    if (cell->type == JSON_NULL)
        return;
    if (cell->type == JSON_STRING) {
        output_csv_text(out, cell->string);
        return;
    }
    json_writer_init(&writer, &document);
    json_write(&writer, cell);
    output_csv_text(out, buffer_text(&document));
    buffer_clear(&document);
}
