// SPDX-License-Identifier: Apache-2.0
// Rows of a DuckDB result, read chunk by chunk: each value comes straight out of its column's
// vector.
#include "store/lake_duckdb.h"

#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct column {
    duckdb_type type; // of the values in `data`
    enum row_type row_type;
    int scale;                // of a decimal
    const void *data;         // of the current chunk
    const uint64_t *validity; // NULL: no NULLs in the current chunk
    int64_t *narrowed;        // 128-bit integers of the current chunk as 64 bits
};

struct lake_rows {
    struct rows rows;
    struct lake_statement statement;
    enum lake_author author;
    void (*release)(void *owner);
    void *owner;
    duckdb_data_chunk chunk;
    idx_t row, row_count; // of the chunk
    struct arena texts;   // rendered for the current row
    size_t column_count;
    struct column columns[];
};

static const struct rows_methods lake_rows_methods;

// ---- types ----

static enum row_type row_type_of(duckdb_type type) {
    switch ((int)type) {
    case DUCKDB_TYPE_BOOLEAN:
        return ROW_BOOL;
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
        return ROW_INT64;
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
        return ROW_DOUBLE;
    case DUCKDB_TYPE_DECIMAL:
        return ROW_DECIMAL;
    case DUCKDB_TYPE_VARCHAR:
        return ROW_TEXT;
    case DUCKDB_TYPE_DATE:
        return ROW_DATE;
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
        return ROW_TIMESTAMP;
    default:
        return ROW_NULL;
    }
}

bool lake_type_is_plain(duckdb_type type) {
    return row_type_of(type) != ROW_NULL || type == DUCKDB_TYPE_SQLNULL;
}

static code describe_column(struct scope *scope, struct lake_rows *rows, idx_t index) {
    struct column *column = &rows->columns[index];
    duckdb_logical_type logical;

    column->type = duckdb_column_type(&rows->statement.result, index);
    column->row_type = row_type_of(column->type);
    if (!lake_type_is_plain(column->type))
        return scope_fail(scope, INTERNAL,
                          "column %s has a type that rows cannot carry: cast it to text",
                          duckdb_column_name(&rows->statement.result, index));
    if (column->type == DUCKDB_TYPE_DECIMAL) {
        logical = duckdb_column_logical_type(&rows->statement.result, index);
        column->scale = duckdb_decimal_scale(logical);
        column->type = duckdb_decimal_internal_type(logical);
        duckdb_destroy_logical_type(&logical);
    }
    if (column->type == DUCKDB_TYPE_HUGEINT || column->type == DUCKDB_TYPE_UBIGINT) {
        column->narrowed = calloc(duckdb_vector_size(), sizeof(*column->narrowed));
        if (!column->narrowed)
            return scope_fail(scope, UNAVAILABLE, "out of memory");
    }
    return OK;
}

// ---- chunks ----

static bool is_valid(const struct column *column, idx_t row) {
    return !column->validity || (column->validity[row / 64] >> (row % 64) & 1);
}

// Sums of integers are 128 bits wide in DuckDB. One that does not fit 64 bits ends the reading: a
// wrong number would be worse.
static code narrow(struct lake_rows *rows, struct column *column) {
    for (idx_t row = 0; row < rows->row_count; row++) {
        bool fits;

        if (!is_valid(column, row))
            continue;
        if (column->type == DUCKDB_TYPE_HUGEINT) {
            const duckdb_hugeint value = ((const duckdb_hugeint *)column->data)[row];

            column->narrowed[row] = (int64_t)value.lower;
            fits = value.upper == (column->narrowed[row] < 0 ? -1 : 0);
        } else {
            column->narrowed[row] = (int64_t)((const uint64_t *)column->data)[row];
            fits = column->narrowed[row] >= 0;
        }
        if (!fits) {
            scope_fail(rows->rows.scope, TOO_LARGE, "a number does not fit 64 bits");
            return scope_hint(rows->rows.scope, "cast it to DOUBLE");
        }
    }
    return OK;
}

static bool load_chunk(struct lake_rows *rows) {
    struct scope *scope = rows->rows.scope;

    duckdb_destroy_data_chunk(&rows->chunk);
    rows->chunk = lake_statement_fetch(scope, &rows->statement, rows->author, &rows->rows.result);
    if (!rows->chunk)
        return false;
    rows->row = 0;
    rows->row_count = duckdb_data_chunk_get_size(rows->chunk);
    for (size_t i = 0; i < rows->column_count; i++) {
        struct column *column = &rows->columns[i];
        duckdb_vector vector = duckdb_data_chunk_get_vector(rows->chunk, i);

        column->data = duckdb_vector_get_data(vector);
        column->validity = duckdb_vector_get_validity(vector);
        if (column->narrowed && (rows->rows.result = narrow(rows, column)) != OK)
            return false;
    }
    return true;
}

static bool next(struct rows *base) {
    struct lake_rows *rows = (struct lake_rows *)base;

    arena_clear(&rows->texts);
    if (rows->chunk && ++rows->row < rows->row_count)
        return true;
    return (rows->chunk || rows->row_count == 0) && load_chunk(rows);
}

static void close_rows(struct rows *base) {
    struct lake_rows *rows = (struct lake_rows *)base;

    duckdb_destroy_data_chunk(&rows->chunk);
    lake_statement_clear(&rows->statement);
    for (size_t i = 0; i < rows->column_count; i++)
        free(rows->columns[i].narrowed);
    arena_clear(&rows->texts);
    if (rows->release)
        rows->release(rows->owner);
    free(rows);
}

code lake_rows_new(struct scope *scope, struct lake_statement *statement, enum lake_author author,
                   void (*release)(void *owner), void *owner, struct rows **ret_rows) {
    const idx_t count = duckdb_column_count(&statement->result);
    struct lake_rows *rows = calloc(1, sizeof(*rows) + count * sizeof(*rows->columns));

    if (!rows)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    rows->rows = (struct rows){.methods = &lake_rows_methods, .scope = scope};
    rows->statement = *statement;
    rows->author = author;
    rows->column_count = count;
    arena_init(&rows->texts);
    for (idx_t i = 0; i < count; i++)
        if (describe_column(scope, rows, i) != OK) {
            rows->statement = (struct lake_statement){0}; // stays the caller's
            close_rows(&rows->rows);
            return scope->failure.code;
        }
    rows->release = release;
    rows->owner = owner;
    *ret_rows = &rows->rows;
    return OK;
}

// ---- values ----

static const struct column *column_of(const struct rows *rows, size_t column) {
    return &((const struct lake_rows *)rows)->columns[column];
}

static idx_t row_of(const struct rows *rows) {
    return ((const struct lake_rows *)rows)->row;
}

static size_t column_count(const struct rows *rows) {
    return ((const struct lake_rows *)rows)->column_count;
}

static const char *column_name(const struct rows *rows, size_t column) {
    return duckdb_column_name((duckdb_result *)&((const struct lake_rows *)rows)->statement.result,
                              column);
}

static enum row_type column_type(const struct rows *rows, size_t column) {
    return column_of(rows, column)->row_type;
}

static bool is_null(const struct rows *rows, size_t index) {
    const struct column *column = column_of(rows, index);

    return column->row_type == ROW_NULL || !is_valid(column, row_of(rows));
}

// The integer that stands in the vector; of a decimal without its point.
static int64_t stored_int64(const struct column *column, idx_t row) {
    switch ((int)column->type) {
    case DUCKDB_TYPE_BOOLEAN:
        return ((const bool *)column->data)[row];
    case DUCKDB_TYPE_TINYINT:
        return ((const int8_t *)column->data)[row];
    case DUCKDB_TYPE_SMALLINT:
        return ((const int16_t *)column->data)[row];
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE:
        return ((const int32_t *)column->data)[row];
    case DUCKDB_TYPE_UTINYINT:
        return ((const uint8_t *)column->data)[row];
    case DUCKDB_TYPE_USMALLINT:
        return ((const uint16_t *)column->data)[row];
    case DUCKDB_TYPE_UINTEGER:
        return ((const uint32_t *)column->data)[row];
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
        return column->narrowed[row];
    default:
        return ((const int64_t *)column->data)[row];
    }
}

static double power_of_ten(int exponent) {
    double power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

static double column_number(const struct rows *rows, size_t index) {
    const struct column *column = column_of(rows, index);
    const idx_t row = row_of(rows);
    double number;

    if (is_null(rows, index))
        return 0;
    switch (column->row_type) {
    case ROW_DOUBLE:
        number = column->type == DUCKDB_TYPE_FLOAT ? (double)((const float *)column->data)[row]
                                                   : ((const double *)column->data)[row];
        return number + 0.0; // without the sign of a zero, which depends on who divided
    case ROW_DECIMAL:
        return (double)stored_int64(column, row) / power_of_ten(column->scale);
    case ROW_TEXT:
        return text_to_double(rows_text(rows, index), &number) ? number : 0;
    case ROW_NULL:
    case ROW_BOOL:
    case ROW_INT64:
    case ROW_DATE:
    case ROW_TIMESTAMP:
        break;
    }
    return (double)stored_int64(column, row);
}

static int64_t column_int64(const struct rows *rows, size_t index) {
    const struct column *column = column_of(rows, index);
    int64_t value;

    if (is_null(rows, index))
        return 0;
    switch (column->row_type) {
    case ROW_DOUBLE:
    case ROW_DECIMAL:
        return number_to_int64(column_number(rows, index));
    case ROW_TEXT:
        return text_to_int64(rows_text(rows, index), &value) ? value : 0;
    case ROW_NULL:
    case ROW_BOOL:
    case ROW_INT64:
    case ROW_DATE:
    case ROW_TIMESTAMP:
        break;
    }
    return stored_int64(column, row_of(rows));
}

static bool column_boolean(const struct rows *rows, size_t index) {
    return column_int64(rows, index) != 0;
}

static struct text decimal_text(struct arena *arena, int64_t stored, int scale) {
    char digits[24];
    const int length =
        snprintf(digits, sizeof(digits), "%0*llu", scale + 1,
                 stored < 0 ? 0 - (unsigned long long)stored : (unsigned long long)stored);

    return text_printf(arena, "%s%.*s%s%s", stored < 0 ? "-" : "", length - scale, digits,
                       scale > 0 ? "." : "", digits + length - scale);
}

static struct text column_text(const struct rows *rows, size_t index) {
    const struct column *column = column_of(rows, index);
    struct arena *arena = &((struct lake_rows *)rows)->texts;
    const idx_t row = row_of(rows);
    char *text;

    if (is_null(rows, index))
        return (struct text){0};
    switch (column->row_type) {
    case ROW_TEXT: {
        duckdb_string_t *value = (duckdb_string_t *)column->data + row;

        return (struct text){.data = duckdb_string_t_data(value),
                             .size = duckdb_string_t_length(*value)};
    }
    case ROW_DOUBLE:
        text = arena_alloc(arena, NUMBER_TEXT_SIZE);
        return text_of(number_format(column_number(rows, index), text));
    case ROW_DECIMAL:
        return decimal_text(arena, stored_int64(column, row), column->scale);
    case ROW_DATE:
        text = arena_alloc(arena, TIME_TEXT_SIZE);
        return text_of(day_format((int32_t)stored_int64(column, row), text));
    case ROW_TIMESTAMP:
        text = arena_alloc(arena, TIME_TEXT_SIZE);
        return text_of(time_format_utc(stored_int64(column, row), text));
    case ROW_BOOL:
        return stored_int64(column, row) != 0 ? TEXT("true") : TEXT("false");
    case ROW_NULL:
    case ROW_INT64:
        break;
    }
    return text_printf(arena, "%lld", (long long)stored_int64(column, row));
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
