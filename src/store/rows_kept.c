// SPDX-License-Identifier: Apache-2.0
// Every way of reading a cell is asked when the copy is made, so that nothing here knows how a
// database renders or converts. Only small results are copied.
#include "store/rows_kept.h"

#include "store/rows_engine.h"

#include <stdatomic.h>
#include <stdlib.h>

struct cell {
    int64_t int64;
    double number;
    size_t text_at, text_size; // in `texts`
    enum row_type type;
    bool is_null, boolean, has_text;
};

struct kept {
    atomic_int owners;
    size_t column_count, row_count;
    struct buffer names; // terminated, one behind the other
    struct buffer types; // enum row_type, of the columns
    struct buffer cells; // struct cell, row by row
    struct buffer texts;
};

// ---- copying ----

static void keep_columns(struct kept *kept, const struct rows *rows) {
    kept->column_count = rows_column_count(rows);
    for (size_t i = 0; i < kept->column_count; i++) {
        const char *name = rows_column_name(rows, i);
        const enum row_type type = rows_column_type(rows, i);

        buffer_add(&kept->names, name, strlen(name) + 1);
        buffer_add(&kept->types, &type, sizeof(type));
    }
}

static void keep_row(struct kept *kept, const struct rows *rows) {
    for (size_t i = 0; i < kept->column_count; i++) {
        const struct text text = rows_text(rows, i);
        const struct cell cell = {
            .int64 = rows_int64(rows, i),
            .number = rows_double(rows, i),
            .text_at = kept->texts.size,
            .text_size = text.size,
            .type = rows_column_type(rows, i),
            .is_null = rows_is_null(rows, i),
            .boolean = rows_bool(rows, i),
            .has_text = text.data != NULL,
        };

        buffer_add_text(&kept->texts, text);
        buffer_add(&kept->cells, &cell, sizeof(cell));
    }
    kept->row_count++;
}

code rows_keep(struct rows *rows, size_t most_bytes, struct kept **ret_kept, bool *ret_is_whole) {
    struct kept *kept = calloc(1, sizeof(*kept));
    bool is_whole = false;

    if (!kept)
        return scope_fail(rows->scope, UNAVAILABLE, "out of memory");
    atomic_init(&kept->owners, 1);
    keep_columns(kept, rows);
    while (kept_bytes(kept) < most_bytes && !is_whole) {
        is_whole = !rows_next(rows);
        if (!is_whole)
            keep_row(kept, rows);
    }
    if (rows_end(rows) != OK) {
        kept_release(kept);
        return rows_end(rows);
    }
    *ret_kept = kept;
    *ret_is_whole = is_whole;
    return OK;
}

struct kept *kept_hold(struct kept *kept) {
    atomic_fetch_add(&kept->owners, 1);
    return kept;
}

void kept_release(struct kept *kept) {
    if (!kept || atomic_fetch_sub(&kept->owners, 1) > 1)
        return;
    buffer_clear(&kept->names);
    buffer_clear(&kept->types);
    buffer_clear(&kept->cells);
    buffer_clear(&kept->texts);
    free(kept);
}

size_t kept_bytes(const struct kept *kept) {
    return sizeof(*kept) + kept->names.size + kept->types.size + kept->cells.size +
           kept->texts.size;
}

// ---- reading ----

struct kept_rows {
    struct rows rows; // first: the rows are this struct
    struct kept *kept;
    struct rows *rest; // NULL: none
    size_t read_count; // of the copy's rows
    bool is_in_rest;
};

static struct kept_rows *of(const struct rows *rows) {
    return (struct kept_rows *)rows;
}

static const struct cell *cell_of(const struct rows *rows, size_t column) {
    const struct kept_rows *self = of(rows);
    const struct cell *cells = (const struct cell *)(const void *)self->kept->cells.data;

    return &cells[(self->read_count - 1) * self->kept->column_count + column];
}

static bool next(struct rows *rows) {
    struct kept_rows *self = of(rows);

    if (self->read_count < self->kept->row_count) {
        self->read_count++;
        return true;
    }
    self->is_in_rest = self->rest && rows_next(self->rest);
    if (self->rest)
        rows->result = rows_end(self->rest);
    return self->is_in_rest;
}

static void close_rows(struct rows *rows) {
    struct kept_rows *self = of(rows);

    rows_close(&self->rest);
    kept_release(self->kept);
    free(self);
}

static size_t column_count(const struct rows *rows) {
    return of(rows)->kept->column_count;
}

static const char *column_name(const struct rows *rows, size_t column) {
    const char *name = of(rows)->kept->names.data;

    for (size_t i = 0; i < column; i++)
        name += strlen(name) + 1;
    return name;
}

static enum row_type column_type(const struct rows *rows, size_t column) {
    const struct kept_rows *self = of(rows);

    if (self->is_in_rest)
        return rows_column_type(self->rest, column);
    if (self->read_count > 0 && self->kept->row_count > 0)
        return cell_of(rows, column)->type;
    return ((const enum row_type *)(const void *)self->kept->types.data)[column];
}

static bool is_null(const struct rows *rows, size_t column) {
    const struct kept_rows *self = of(rows);

    return self->is_in_rest ? rows_is_null(self->rest, column) : cell_of(rows, column)->is_null;
}

static int64_t column_int64(const struct rows *rows, size_t column) {
    const struct kept_rows *self = of(rows);

    return self->is_in_rest ? rows_int64(self->rest, column) : cell_of(rows, column)->int64;
}

static double column_number(const struct rows *rows, size_t column) {
    const struct kept_rows *self = of(rows);

    return self->is_in_rest ? rows_double(self->rest, column) : cell_of(rows, column)->number;
}

static bool column_boolean(const struct rows *rows, size_t column) {
    const struct kept_rows *self = of(rows);

    return self->is_in_rest ? rows_bool(self->rest, column) : cell_of(rows, column)->boolean;
}

static struct text column_text(const struct rows *rows, size_t column) {
    const struct kept_rows *self = of(rows);
    const struct cell *cell;

    if (self->is_in_rest)
        return rows_text(self->rest, column);
    cell = cell_of(rows, column);
    if (!cell->has_text)
        return (struct text){0};
    if (cell->text_size == 0)
        return TEXT("");
    return (struct text){.data = self->kept->texts.data + cell->text_at, .size = cell->text_size};
}

static const struct rows_methods kept_rows_methods = {
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

struct rows *kept_read(struct scope *scope, struct kept *kept, struct rows *rest) {
    struct kept_rows *self = calloc(1, sizeof(*self));

    if (!self)
        abort();
    self->rows = (struct rows){.methods = &kept_rows_methods, .scope = scope, .result = OK};
    self->kept = kept;
    self->rest = rest;
    return &self->rows;
}
