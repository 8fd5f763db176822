// SPDX-License-Identifier: Apache-2.0
// The first part of a search for several words: customers with an origin that has each of them as a
// whole word. Whoever types a name means these, and they are found by reading a few pages.
#pragma once

#include "host/customer/search_walk.h"

enum whole_end {
    WHOLE_PAGE_IS_FULL, // or has cost enough; it goes on behind *place
    WHOLE_ALL_FOUND,
    WHOLE_VAIN, // no more is tried; none was found, on no page
};

// Adds to `found`, in the order of origins. *place is the origin behind which it begins, 0: with
// the first one, and is moved on.
code search_whole(struct scope *scope, const struct text *words, size_t word_count, size_t limit,
                  const struct search_bounds *bounds, int64_t *place, struct search_found *found,
                  enum whole_end *ret_end);

// Has the customer such an origin, smaller than `before`?
code search_whole_has(struct scope *scope, const struct text *words, size_t word_count,
                      int64_t customer, int64_t before, bool *ret_has);
