// SPDX-License-Identifier: Apache-2.0
#include "analyze/metric/statement.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void statement_clear(struct statement *statement) {
    buffer_clear(&statement->sql);
    statement->bind_count = 0;
}

void statement_add(struct statement *statement, const char *sql) {
    buffer_add_string(&statement->sql, sql);
}

void statement_printf(struct statement *statement, const char *format, ...) {
    char piece[1024];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(piece, sizeof(piece), format, arguments);
    va_end(arguments);
    assert(length >= 0 && (size_t)length < sizeof(piece));
    buffer_add(&statement->sql, piece, (size_t)length);
}

void statement_bind(struct statement *statement, struct bind value) {
    assert(statement->bind_count < STATEMENT_BINDS);
    statement->binds[statement->bind_count++] = value;
    buffer_printf(&statement->sql, "$%zu", statement->bound_before + statement->bind_count);
}

const char *statement_sql(struct statement *statement) {
    return buffer_string(&statement->sql);
}

struct binds statement_binds(const struct statement *statement) {
    return (struct binds){.values = statement->binds, .count = statement->bind_count};
}
