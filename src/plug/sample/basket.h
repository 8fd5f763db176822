// SPDX-License-Identifier: Apache-2.0
// What one visitor buys: a first wish, then more of it, what goes with it, or something else.
#pragma once

#include "plug/sample/campaign.h"
#include "plug/sample/shopper.h"

struct basket_line {
    uint32_t product;
    int32_t quantity_milli; // thousandths of a piece or kilogram; negative in a refund
    int32_t unit_cents;
    int32_t discount_cents; // with the sign of the quantity
    const char *coupon;     // or NULL
};

// Exact: quantities and prices are made so that nothing is lost.
static inline int64_t basket_line_cents(const struct basket_line *line) {
    return (int64_t)line->quantity_milli * line->unit_cents / 1000 - line->discount_cents;
}

struct basket {
    int line_count;
    struct basket_line lines[BASKET_LINES];
};

// Of a shopper (by number, with a stream), or of a walk-in: shopper NULL.
void basket_fill(struct basket *basket, struct random *random, const struct shelf *shelf,
                 const struct shopper *shopper, int64_t index, const struct campaign *campaign,
                 bool subscribed);
