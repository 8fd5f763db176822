// SPDX-License-Identifier: Apache-2.0
#include "store/rows_engine.h"

#include "base/json.h"
#include "base/money.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool rows_next(struct rows *rows) {
    return rows->result == OK && rows->methods->next(rows);
}

code rows_end(struct rows *rows) {
    return rows->result;
}

void rows_close(struct rows **rows) {
    if (*rows)
        (*rows)->methods->close(*rows);
    *rows = NULL;
}

size_t rows_column_count(const struct rows *rows) {
    return rows->methods->column_count(rows);
}

const char *rows_column_name(const struct rows *rows, size_t column) {
    return rows->methods->column_name(rows, column);
}

enum row_type rows_column_type(const struct rows *rows, size_t column) {
    return rows->methods->column_type(rows, column);
}

bool rows_is_null(const struct rows *rows, size_t column) {
    return rows->methods->is_null(rows, column);
}

int64_t rows_int64(const struct rows *rows, size_t column) {
    return rows->methods->int64(rows, column);
}

double rows_double(const struct rows *rows, size_t column) {
    return rows->methods->number(rows, column);
}

bool rows_bool(const struct rows *rows, size_t column) {
    return rows->methods->boolean(rows, column);
}

struct text rows_text(const struct rows *rows, size_t column) {
    return rows->methods->text(rows, column);
}

const char *number_format(double number, char text[NUMBER_TEXT_SIZE]) {
    number += 0.0; // a zero has no sign for people, whichever database divided it
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, NUMBER_TEXT_SIZE, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    return text;
}

int64_t number_to_int64(double number) {
    if (isnan(number))
        return 0;
    if (number >= 0x1p63)
        return INT64_MAX;
    if (number < -0x1p63)
        return INT64_MIN;
    return llround(number);
}

void rows_write_decimal(struct json_writer *writer, const struct rows *rows, size_t column) {
    const struct text digits = rows_text(rows, column);
    char again[MICROS_TEXT_SIZE];
    int64_t value;
    struct text rest;

    text_split(digits, '.', &rest);
    if (text_to_int64(digits, &value))
        json_write_int64(writer, value);
    else if (rest.size <= 6 && micros_parse(digits, DECIMAL_POINT, &value) &&
             text_is(digits, micros_format(value, (int)rest.size, again)))
        json_write_micros(writer, value);
    else
        json_write_double(writer, rows_double(rows, column));
}
