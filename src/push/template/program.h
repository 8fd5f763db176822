// SPDX-License-Identifier: Apache-2.0
// A version's programs. Private to push/template.
#pragma once

#include "push/template/people.h"

// One content: the template's, or a variant's with the template's parts where it has none.
struct template_parts {
    struct text language, segment;
    const struct liquid_program *subject, *html, *text; // NULL: it has none
    struct text coupon_series;                          // empty: none
};

// Which facts are named anywhere, so that only they are read.
struct template_needs {
    bool totals, last_sale, segments, scores, numbers, coupon_pictures;
};

struct template_program {
    enum template_kind kind;
    struct template_parts content;
    struct template_parts variants[TEMPLATE_MOST_VARIANTS];
    size_t variant_count;
    struct template_needs needs;
};
