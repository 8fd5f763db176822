// SPDX-License-Identifier: Apache-2.0
// Results of queries as tables of an answer.
#include "web/response.h"

void response_cell(struct response *response, enum column_type type, const struct rows *rows,
                   size_t column) {
    if (rows_is_null(rows, column))
        response_null(response);
    else if (type == COLUMN_TEXT)
        response_text(response, rows_text(rows, column));
    else if (type == COLUMN_BOOL)
        response_int64(response, type, rows_bool(rows, column));
    else if (type == COLUMN_NUMBER || type == COLUMN_SHARE)
        response_double(response, rows_double(rows, column));
    else
        response_int64(response, type, rows_int64(rows, column));
}

static code check_width(struct scope *scope, const struct rows *rows, size_t column_count) {
    if (rows_column_count(rows) == column_count)
        return OK;
    return scope_fail(scope, INTERNAL, "a query gives %zu columns for a table of %zu",
                      rows_column_count(rows), column_count);
}

static void write_row(struct response *response, const struct column *columns, size_t column_count,
                      const struct rows *rows) {
    response_begin_row(response);
    for (size_t i = 0; i < column_count; i++)
        response_cell(response, columns[i].type, rows, i);
    response_end_row(response);
}

code response_page(struct scope *scope, struct response *response, const struct column *columns,
                   size_t column_count, struct rows *rows, int64_t limit) {
    int64_t last = 0;
    bool more = false;

    TRY(check_width(scope, rows, column_count));
    response_begin_table(response, NULL, columns, column_count);
    while (!more && rows_next(rows)) {
        more = response->row_count == limit;
        if (more)
            continue;
        write_row(response, columns, column_count, rows);
        last = rows_int64(rows, 0);
    }
    if (!more)
        TRY(rows_end(rows));
    response_end_page(response, more ? last : 0);
    return OK;
}

code response_rows(struct scope *scope, struct response *response, const char *key,
                   const struct column *columns, size_t column_count, struct rows *rows) {
    TRY(check_width(scope, rows, column_count));
    response_begin_table(response, key, columns, column_count);
    while (rows_next(rows))
        write_row(response, columns, column_count, rows);
    TRY(rows_end(rows));
    response_end_table(response);
    return OK;
}
