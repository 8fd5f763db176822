// SPDX-License-Identifier: Apache-2.0
// A long list as rows one after the other, asked for page by page: memory holds one page, and each
// question is small. What changes between two pages is in the list or not.
#pragma once

#include "store/rows.h"

// The page behind `after`, the first column of the last row (0 at the beginning), in its order. One
// without rows ends the list.
typedef code (*rows_page)(struct scope *scope, void *context, int64_t after,
                          struct rows **ret_page);

// Asks for the first page at once. The context is used until the rows are closed.
code rows_paged(struct scope *scope, rows_page page, void *context, struct rows **ret_rows);
