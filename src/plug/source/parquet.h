// SPDX-License-Identifier: Apache-2.0
// Parquet files through DuckDB in memory, every value as text. Private to this folder.
#pragma once

#include "plug/source/source.h"

// The columns of the file, in the scope's arena. Fails with INVALID when it is no readable Parquet.
code parquet_columns(struct scope *scope, const char *path,
                     const struct source_column **ret_columns, size_t *ret_count);
