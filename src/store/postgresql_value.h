// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's binary values: read as whoever asks for them wants, and made of what is bound. The
// type of a parameter is the server's: it says of each what the statement compares or stores it as.
#pragma once

#include "store/rows.h"

#include <libpq-fe.h>

// One value of a row. bytes NULL: NULL.
struct postgresql_value {
    Oid type;
    const char *bytes;
    int size;
};

enum row_type postgresql_row_type(const struct postgresql_value *value);
int64_t postgresql_int64(const struct postgresql_value *value);
double postgresql_double(const struct postgresql_value *value);
bool postgresql_bool(const struct postgresql_value *value);
// A text is shown where it stands, anything else is rendered into the arena.
struct text postgresql_text(struct arena *arena, const struct postgresql_value *value);

enum { POSTGRESQL_MOST_PARAMETERS = 64 };

// Of a parameter's value, as libpq counts them.
enum { POSTGRESQL_TEXT = 0, POSTGRESQL_BINARY = 1 };

// What PQsendQueryPrepared takes; texts stay where they are bound.
struct postgresql_parameters {
    const char *values[POSTGRESQL_MOST_PARAMETERS];
    int sizes[POSTGRESQL_MOST_PARAMETERS];
    int formats[POSTGRESQL_MOST_PARAMETERS];
    char space[POSTGRESQL_MOST_PARAMETERS][40]; // of what is not a text
};

// What a statement is told of a value's type; 0: nothing.
Oid postgresql_type_of(const struct bind *bind);

// INVALID when a number does not fit its type.
code postgresql_bind(struct scope *scope, struct postgresql_parameters *parameters, size_t index,
                     Oid type, const struct bind *bind);
