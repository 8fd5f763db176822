// SPDX-License-Identifier: Apache-2.0
// Coupons of letters: "[[coupon SERIES]]" on a line of its own becomes the box of that series'
// code. A letter has one at most.
#pragma once

#include "push/coupon/coupon.h"
#include "push/letter/letter.h"

// Of a text that is not rendered yet: every mark names a series that has codes to give, none is
// made of values. INVALID with the field "text".
code letter_coupon_check(struct scope *scope, struct text source);

// Has the letter's body a coupon, and of which series? NOT_FOUND for one that does not exist,
// INVALID for a second mark.
code letter_coupon_find(struct scope *scope, const struct letter *letter,
                        struct coupon_series *ret_series, bool *ret_is_found);

// The mark becomes the box with this code: body and coupon of the letter are set. In the arena.
void letter_coupon_place(struct scope *scope, const struct coupon_series *series,
                         struct text coupon_code, struct letter *letter,
                         struct letter_coupon *ret_coupon);
