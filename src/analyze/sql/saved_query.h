// SPDX-License-Identifier: Apache-2.0
// Questions in SQL that people keep by name, for everybody who may ask. Only the text is kept: what
// it may do is decided when it is asked (lake_query_untrusted).
#pragma once

#include "base/scope.h"

struct saved_query {
    struct text name, query, description;
    struct text actor; // who wrote it last
    int64_t changed_at_us;
};

// Keeps it under its name, in the place of an earlier one. INVALID for a name that cannot be or an
// empty query, TOO_LARGE.
code saved_query_put(struct scope *scope, const struct saved_query *saved);
// NOT_FOUND.
code saved_query_find(struct scope *scope, struct text name, struct saved_query *ret_saved);
code saved_query_delete(struct scope *scope, struct text name);
