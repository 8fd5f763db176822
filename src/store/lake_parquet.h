// SPDX-License-Identifier: Apache-2.0
// Parquet files of rows, whichever database they come from.
#pragma once

#include "store/export_file.h"

// Overwrites `path` with the first columns of the rows, which have these names and types.
code lake_write_parquet_rows(struct scope *scope, struct rows *rows,
                             const struct export_column *columns, size_t column_count,
                             const char *path, int64_t *ret_rows);
