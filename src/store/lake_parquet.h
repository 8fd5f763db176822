// SPDX-License-Identifier: Apache-2.0
// Parquet files of a query's result.
#pragma once

#include "store/export_file.h"

// Overwrites `path`. The columns keep their types.
code lake_write_parquet(struct scope *scope, const char *sql, struct binds binds, const char *path,
                        int64_t *ret_rows);
// The same of rows of the ledger: their first columns, of these names and types.
code lake_write_parquet_rows(struct scope *scope, struct rows *rows,
                             const struct export_column *columns, size_t column_count,
                             const char *path, int64_t *ret_rows);
