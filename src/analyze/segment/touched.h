// SPDX-License-Identifier: Apache-2.0
// Whom the change log concerns: the customers whose facts or attributes may be others since an
// entry of it.
#pragma once

#include "analyze/segment/member.h"

enum { TOUCHED_MOST = 10000 };

struct touched {
    struct ids customers; // in order; those of them who are no customers any more, too
    // They cannot be named: there are too many, or rows are gone that would tell whose they were.
    bool is_anybody;
    bool has_catalogue; // products or stores have other attributes: whoever bought is concerned
};

// Behind entry `from`, which must be within what is kept (change_span).
code touched_read(struct scope *scope, int64_t from, struct touched *ret_touched);
void touched_clear(struct touched *touched);
