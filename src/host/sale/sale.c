// SPDX-License-Identifier: Apache-2.0
#include "host/sale/sale.h"

static const char *const names[] = {"", "sale", "refund", "adjustment"};

const char *sale_kind_name(enum sale_kind kind) {
    return names[kind];
}

bool sale_kind_parse(struct text name, enum sale_kind *ret_kind) {
    for (int i = SALE_KIND_SALE; i <= SALE_KIND_ADJUSTMENT; i++)
        if (text_equal_ascii_case(name, text_of(names[i]))) {
            *ret_kind = (enum sale_kind)i;
            return true;
        }
    return false;
}
