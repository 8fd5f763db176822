// SPDX-License-Identifier: Apache-2.0
// The ledger's rows tell the type of each value; a lake's column has one type. PostgreSQL's sums of
// integers are numerics of any length, without decimals: they are whole numbers here, as in DuckDB.
#include "store/lake_postgresql.h"

#include "base/text.h"

#include <stdlib.h>

struct lake_rows {
    struct rows rows;
    struct rows *inner;
    void (*end)(void *owner);
    void *owner;
    bool stands_on_first; // it was read ahead for the types
    bool has_ended;       // before the first row
    size_t column_count;
    enum row_type types[];
};

static const struct lake_rows *lake_rows_of(const struct rows *rows) {
    return (const struct lake_rows *)rows;
}

// A NULL says nothing of its column, and a whole number may be followed by one with decimals.
static void note_types(struct lake_rows *rows) {
    for (size_t i = 0; i < rows->column_count; i++) {
        const enum row_type type = rows_column_type(rows->inner, i);

        if (type == ROW_DECIMAL && !text_contains(rows_text(rows->inner, i), '.'))
            rows->rows.result =
                scope_fail(rows->rows.scope, TOO_LARGE, "a number does not fit 64 bits");
        if (type != ROW_NULL)
            rows->types[i] = type;
    }
}

static const struct rows_methods lake_rows_methods;

static void close_rows(struct rows *base) {
    struct lake_rows *rows = (struct lake_rows *)base;

    rows_close(&rows->inner);
    if (rows->end)
        rows->end(rows->owner);
    free(rows);
}

code lake_postgresql_rows(struct scope *scope, struct rows *inner, void (*end)(void *owner),
                          void *owner, struct rows **ret_rows) {
    const size_t count = rows_column_count(inner);
    struct lake_rows *rows = calloc(1, sizeof(*rows) + count * sizeof(*rows->types));

    if (!rows) {
        rows_close(&inner);
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    }
    rows->rows = (struct rows){.methods = &lake_rows_methods, .scope = scope};
    rows->inner = inner;
    rows->end = end;
    rows->owner = owner;
    rows->column_count = count;
    rows->stands_on_first = rows_next(inner);
    rows->has_ended = !rows->stands_on_first;
    if (rows->stands_on_first)
        note_types(rows);
    *ret_rows = &rows->rows;
    return OK;
}

static bool next(struct rows *base) {
    struct lake_rows *rows = (struct lake_rows *)base;

    if (rows->stands_on_first) {
        rows->stands_on_first = false;
        return true;
    }
    if (rows->has_ended || !rows_next(rows->inner)) {
        base->result = rows_end(rows->inner);
        return false;
    }
    note_types(rows);
    return base->result == OK;
}

static size_t column_count(const struct rows *rows) {
    return lake_rows_of(rows)->column_count;
}

static const char *column_name(const struct rows *rows, size_t column) {
    return rows_column_name(lake_rows_of(rows)->inner, column);
}

static enum row_type column_type(const struct rows *rows, size_t column) {
    return lake_rows_of(rows)->types[column];
}

static bool is_null(const struct rows *rows, size_t column) {
    return rows_is_null(lake_rows_of(rows)->inner, column);
}

static int64_t column_int64(const struct rows *rows, size_t column) {
    return rows_int64(lake_rows_of(rows)->inner, column);
}

// Without the sign of a zero, which depends on who divided.
static double column_number(const struct rows *rows, size_t column) {
    return rows_double(lake_rows_of(rows)->inner, column) + 0.0;
}

static bool column_boolean(const struct rows *rows, size_t column) {
    return rows_bool(lake_rows_of(rows)->inner, column);
}

static struct text column_text(const struct rows *rows, size_t column) {
    return rows_text(lake_rows_of(rows)->inner, column);
}

static const struct rows_methods lake_rows_methods = {
    .next = next,
    .close = close_rows,
    .column_count = column_count,
    .column_name = column_name,
    .column_type = column_type,
    .is_null = is_null,
    .int64 = column_int64,
    .number = column_number,
    .boolean = column_boolean,
    .text = column_text,
};
