// SPDX-License-Identifier: Apache-2.0
// Rows of the ledger or the lake as a file for people: CSV (RFC 4180 with a header, cells safe for
// spreadsheets), JSON Lines, Parquet.
#pragma once

#include "store/rows.h"

enum export_format { EXPORT_CSV, EXPORT_JSON_LINES, EXPORT_PARQUET };
extern const char *const export_format_names[]; // "csv", …, NULL-terminated; endings of files, too

struct export_column {
    const char *name;
    enum row_type type; // of its values; ROW_TIMESTAMP of an instant in µs
};

struct export_file {
    const char *path; // must not exist; readable by its owner only
    enum export_format format;
    const struct export_column *columns; // of the rows, from the first on; NULL: all, as they are
    size_t column_count;
    // Called once all rows are in the file, before it has its name; when it fails there is no file.
    // The rows are not read any more. May be NULL.
    code (*before_name)(struct scope *scope, void *context, int64_t row_count);
    void *context;
};

code export_file_write(struct scope *scope, struct rows *rows, const struct export_file *file,
                       int64_t *ret_count);
