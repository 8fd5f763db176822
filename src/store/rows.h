// SPDX-License-Identifier: Apache-2.0
// What a query gives back, whichever database answered, and the values bound into it.
#pragma once

#include "base/scope.h"

enum bind_type {
    BIND_TYPE_NULL,
    BIND_TYPE_INT64,
    BIND_TYPE_DOUBLE,
    BIND_TYPE_TEXT,
    BIND_TYPE_BOOL
};

struct bind {
    enum bind_type type;
    union {
        int64_t int64;
        double number;
        struct text text;
        bool boolean;
    };
};

// $1, $2, … in order. The values must live until the call returns.
struct binds {
    const struct bind *values;
    size_t count;
};

#define BIND_NULL()        ((struct bind){.type = BIND_TYPE_NULL})
#define BIND_INT64(value)  ((struct bind){.type = BIND_TYPE_INT64, .int64 = (value)})
#define BIND_DOUBLE(value) ((struct bind){.type = BIND_TYPE_DOUBLE, .number = (value)})
#define BIND_BOOL(value)   ((struct bind){.type = BIND_TYPE_BOOL, .boolean = (value)})
#define BIND_TEXT(value)   ((struct bind){.type = BIND_TYPE_TEXT, .text = (value)})
#define BIND_STRING(value) BIND_TEXT(text_of(value))
// NULL instead of the value when `present` is false; of a text when it is empty.
#define BIND_INT64_IF(present, value) ((present) ? BIND_INT64(value) : BIND_NULL())
#define BIND_TEXT_OR_NULL(value)      ((value).size > 0 ? BIND_TEXT(value) : BIND_NULL())
#define BINDS(...)                                                                                 \
    ((struct binds){.values = (const struct bind[]){__VA_ARGS__},                                  \
                    .count = sizeof((const struct bind[]){__VA_ARGS__}) / sizeof(struct bind)})
#define NO_BINDS ((struct binds){0})

enum row_type {
    ROW_NULL,
    ROW_BOOL,
    ROW_INT64,
    ROW_DOUBLE,
    ROW_TEXT,
    ROW_DATE,
    ROW_TIMESTAMP,
    ROW_DECIMAL
};

// A result being read, row by row. Owned by the caller: CLEANUP(rows_close) struct rows *rows =
// NULL;
struct rows;

// The next row, or false at the end and on failure. The failure is in the scope: after the loop
// TRY(rows_end(rows)).
bool rows_next(struct rows *rows);
code rows_end(struct rows *rows);
void rows_close(struct rows **rows); // takes a pointer to NULL

size_t rows_column_count(const struct rows *rows);
const char *rows_column_name(const struct rows *rows, size_t column);
enum row_type rows_column_type(const struct rows *rows,
                               size_t column); // declared (lake) or of this row (ledger)

// Values of the current row, column from 0. A NULL reads as 0 or empty. DATE reads as days,
// TIMESTAMP as µs through rows_int64. Text lives until the next rows_next.
bool rows_is_null(const struct rows *rows, size_t column);
int64_t rows_int64(const struct rows *rows, size_t column);
double rows_double(const struct rows *rows, size_t column);
bool rows_bool(const struct rows *rows, size_t column);
struct text rows_text(const struct rows *rows, size_t column); // other types are rendered

// A decimal as a number of JSON, exact: a double only when int64 and micros cannot hold it.
struct json_writer;
void rows_write_decimal(struct json_writer *writer, const struct rows *rows, size_t column);
