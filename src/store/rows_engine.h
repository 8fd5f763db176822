// SPDX-License-Identifier: Apache-2.0
// What a database puts behind struct rows. Only the files of a database include this.
#pragma once

#include "store/rows.h"

struct rows_methods {
    bool (*next)(struct rows *rows);
    void (*close)(
        struct rows *rows); // frees rows as well, when they are not part of something kept
    size_t (*column_count)(const struct rows *rows);
    const char *(*column_name)(const struct rows *rows, size_t column);
    enum row_type (*column_type)(const struct rows *rows, size_t column);
    bool (*is_null)(const struct rows *rows, size_t column);
    int64_t (*int64)(const struct rows *rows, size_t column);
    double (*number)(const struct rows *rows, size_t column);
    bool (*boolean)(const struct rows *rows, size_t column);
    struct text (*text)(const struct rows *rows, size_t column);
};

// The first member of each database's own struct.
struct rows {
    const struct rows_methods *methods;
    struct scope *scope;
    code result; // of the last step
};

enum { NUMBER_TEXT_SIZE = 40 };
// The shortest text that reads back as the same double.
const char *number_format(double number, char text[NUMBER_TEXT_SIZE]);
// Rounded half away from zero; beyond the range of int64 its ends, NaN as 0.
int64_t number_to_int64(double number);
