// SPDX-License-Identifier: Apache-2.0
// A whole ledger from one store into another, whichever databases they stand on.
#pragma once

#include "base/scope.h"

#include <stddef.h>

struct store_copy_summary {
    size_t table_count;
    int64_t row_count;     // in all tables
    int64_t present_count; // of them that an earlier, interrupted run had brought already
};

// Copies every row of the ledger of from's session into the ledger of to's, in the order of the
// tables' keys, a piece at a time, and compares both at the end: counts and sums of all rows, table
// by table. Nobody may use either store meanwhile. CONFLICT when the target holds other rows than
// an interrupted copy of the same source would have left; run again, that one goes on where it
// stopped. Failures, progress and cancelling are to's.
code store_copy(struct scope *from, struct scope *to, struct store_copy_summary *ret_summary);
