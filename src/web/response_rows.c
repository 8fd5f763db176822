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

code response_rows(struct scope *scope, struct response *response, const char *key,
                   const struct column *columns, size_t column_count, struct rows *rows) {
    if (rows_column_count(rows) != column_count)
        return scope_fail(scope, INTERNAL, "a query gives %zu columns for a table of %zu",
                          rows_column_count(rows), column_count);
    response_begin_table(response, key, columns, column_count);
    while (rows_next(rows)) {
        response_begin_row(response);
        for (size_t i = 0; i < column_count; i++)
            response_cell(response, columns[i].type, rows, i);
        response_end_row(response);
    }
    TRY(rows_end(rows));
    response_end_table(response);
    return OK;
}
