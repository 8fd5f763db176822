// SPDX-License-Identifier: Apache-2.0
// Names and values as browsers write them: the query string of an address, the Cookie field.
#pragma once

#include "web/request.h"

// "a=1&b=x%20y+z" in order, decoded, in the arena. INVALID for a broken escape, an encoded NUL,
// what is not UTF-8, and for more than LIMIT_PARAMETERS.
code query_parse(struct scope *scope, struct text query, struct request_parameter **ret_parameters,
                 size_t *ret_count);

// The value of a cookie, as it stands. Empty when it is not there, or there twice: one of them was
// then set by somebody else.
struct text cookie_find(struct text field, const char *name);
