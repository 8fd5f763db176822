// SPDX-License-Identifier: Apache-2.0
// The little in which PostgreSQL's SQL differs from the common text.
#pragma once

#include "base/text.h"

// A statement: what stands in "/* postgresql: … */" counts.
void postgresql_adapt_statement(const char *sql, struct buffer *adapted);
// How many values it wants: the largest n of its $n.
size_t postgresql_parameter_count(const char *sql);
// Statements that make tables: TEXT sorts and compares bytewise, as it does in SQLite, whatever the
// database's language is, and REAL has 64 bits.
void postgresql_adapt_schema(const char *sql, struct buffer *adapted);
