// SPDX-License-Identifier: Apache-2.0
// From a record's texts to typed values, by a mapping.
#pragma once

#include "base/time.h"
#include "plug/import/mapping.h"

// The values of one row, by target. Slices live as long as the record, the arena that was given and
// the converter, which holds the constants.
struct values {
    bool has[TARGET_COUNT];         // something was said
    struct text text[TARGET_COUNT]; // trimmed
    int64_t number[TARGET_COUNT];   // instants, days, micros, basis points, enum values
};

// Why a row cannot be taken. Empty code: it can.
struct refusal {
    char reason[32];   // "bad_date"
    char field[64];    // the target's name
    char message[300]; // with the value shown
};

__attribute__((format(printf, 4, 5))) void refusal_set(struct refusal *refusal, const char *reason,
                                                       const char *field, const char *format, ...);

// A mapping made ready for one file: columns found, time zone open. Not shared between threads.
struct converter;

// INVALID when the mapping names a column that the file does not have.
code converter_open(struct scope *scope, const struct mapping *mapping, const struct text *columns,
                    size_t column_count, struct converter **ret_converter);
void converter_close(struct converter **converter); // for CLEANUP

// Convert one record. False: *ret_refusal says why not. `values` may be the one of the row before:
// only what the mapping uses is set.
bool converter_row(struct converter *converter, struct arena *arena, const struct text *fields,
                   size_t field_count, struct values *values, struct refusal *ret_refusal);

// The columns kept as attributes: name and value of the i-th; empty values say nothing.
size_t converter_attribute_count(const struct converter *converter);
struct text converter_attribute(const struct converter *converter, const struct text *fields,
                                size_t index, struct text *ret_name);
