// SPDX-License-Identifier: Apache-2.0
#include "store/rows_paged.h"

#include "store/rows_engine.h"

#include <stdlib.h>

struct paged_rows {
    struct rows rows;
    rows_page ask;
    void *context;
    struct rows *page; // the one that is read
    int64_t after;     // of the last row given
    bool has_given;    // of this page
};

static struct paged_rows *of(const struct rows *rows) {
    return (struct paged_rows *)(void *)rows;
}

static code turn(struct paged_rows *self) {
    struct rows *page;

    TRY(self->ask(self->rows.scope, self->context, self->after, &page));
    rows_close(&self->page);
    self->page = page;
    self->has_given = false;
    return OK;
}

static bool next_of_page(struct paged_rows *self) {
    if (!rows_next(self->page)) {
        self->rows.result = rows_end(self->page);
        return false;
    }
    self->after = rows_int64(self->page, 0);
    self->has_given = true;
    return true;
}

static bool next(struct rows *rows) {
    struct paged_rows *self = of(rows);

    if (next_of_page(self))
        return true;
    if (rows->result == OK && self->has_given) {
        rows->result = turn(self);
        return rows->result == OK && next_of_page(self);
    }
    return false;
}

static void close_rows(struct rows *rows) {
    struct paged_rows *self = of(rows);

    rows_close(&self->page);
    free(self);
}

static size_t column_count(const struct rows *rows) {
    return rows_column_count(of(rows)->page);
}

static const char *column_name(const struct rows *rows, size_t column) {
    return rows_column_name(of(rows)->page, column);
}

static enum row_type column_type(const struct rows *rows, size_t column) {
    return rows_column_type(of(rows)->page, column);
}

static bool is_null(const struct rows *rows, size_t column) {
    return rows_is_null(of(rows)->page, column);
}

static int64_t column_int64(const struct rows *rows, size_t column) {
    return rows_int64(of(rows)->page, column);
}

static double column_number(const struct rows *rows, size_t column) {
    return rows_double(of(rows)->page, column);
}

static bool column_boolean(const struct rows *rows, size_t column) {
    return rows_bool(of(rows)->page, column);
}

static struct text column_text(const struct rows *rows, size_t column) {
    return rows_text(of(rows)->page, column);
}

static const struct rows_methods paged_rows_methods = {
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

code rows_paged(struct scope *scope, rows_page page, void *context, struct rows **ret_rows) {
    struct paged_rows *self;
    struct rows *first;

    TRY(page(scope, context, 0, &first));
    self = calloc(1, sizeof(*self));
    if (!self)
        abort();
    self->rows = (struct rows){.methods = &paged_rows_methods, .scope = scope, .result = OK};
    self->ask = page;
    self->context = context;
    self->page = first;
    *ret_rows = &self->rows;
    return OK;
}
