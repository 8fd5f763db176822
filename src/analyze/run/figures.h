// SPDX-License-Identifier: Apache-2.0
// What a run found, as JSON: figures, and tables in the form that the API answers with (columns
// with name, label, type and unit; rows), so that the page, the command line and an export show the
// same numbers. NaN and infinities are written as null.
#pragma once

#include "base/json.h"

struct figure_column {
    const char *name, *label, *type; // type as web/response.h names it: "share", "money", …
    const char *unit;                // NULL: none
};

void figure_text(struct json_writer *writer, const char *key, const char *value); // NULL: null
void figure_number(struct json_writer *writer, const char *key, double value);
void figure_integer(struct json_writer *writer, const char *key, int64_t value);
void figure_bool(struct json_writer *writer, const char *key, bool value);
void figure_day(struct json_writer *writer, const char *key, int32_t day);

// Rows are arrays, written between begin and end.
void figures_begin_table(struct json_writer *writer, const char *key,
                         const struct figure_column *columns, size_t count);
void figures_end_table(struct json_writer *writer, int64_t rows);
#define FIGURES_BEGIN_TABLE(writer, key, columns)                                                  \
    figures_begin_table(writer, key, columns, sizeof(columns) / sizeof(*(columns)))
