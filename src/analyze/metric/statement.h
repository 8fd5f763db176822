// SPDX-License-Identifier: Apache-2.0
// A statement under construction: text of the program's own and the values bound into it. Values of
// other people never become text.
#pragma once

#include "store/rows.h"

enum { STATEMENT_BINDS = 64 };

// Zero-initialised is a valid empty statement; statement_clear gives its memory back.
struct statement {
    struct buffer sql;
    struct bind binds[STATEMENT_BINDS];
    size_t bind_count;
    size_t bound_before; // values of the statement that this becomes a part of
};

void statement_clear(struct statement *statement);
void statement_add(struct statement *statement, const char *sql);
void statement_printf(struct statement *statement, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// Writes $n and keeps the value, which must live as long as the statement is used.
void statement_bind(struct statement *statement, struct bind value);
const char *statement_sql(struct statement *statement);
struct binds statement_binds(const struct statement *statement);
