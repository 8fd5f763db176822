// SPDX-License-Identifier: Apache-2.0
// Parquet files of a query's result.
#pragma once

#include "store/rows.h"

// Overwrites `path`. The columns keep their types.
code lake_write_parquet(struct scope *scope, const char *sql, struct binds binds, const char *path,
                        int64_t *ret_rows);
