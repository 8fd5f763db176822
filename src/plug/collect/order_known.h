// SPDX-License-Identifier: Apache-2.0
// What is known of an order: its receipt and what changed it since, added up by what was bought.
// Sums can be compared and subtracted, which is how an update becomes an adjustment.
#pragma once

#include "plug/collect/order.h"

// Of one product at one price, VAT rate and coupon.
struct order_sum {
    int64_t product_id; // 0: none
    int64_t unit_price_micros;
    int32_t vat_rate_bp; // -1: none
    struct text coupon;
    int64_t quantity_micros, discount_micros, net_micros, vat_micros, gross_micros;
};

// In the scope's arena. Begins as zeros.
struct order_sums {
    struct order_sum *list;
    size_t count, capacity;
};

void order_sums_add_line(struct scope *scope, struct order_sums *sums,
                         const struct order_line *line, int64_t product_id);
void order_sums_subtract(struct scope *scope, struct order_sums *sums,
                         const struct order_sums *others);
bool order_sums_differ(struct scope *scope, const struct order_sums *a, const struct order_sums *b);
bool order_sum_is_something(const struct order_sum *sum); // not all of it is 0
bool order_sums_are_something(const struct order_sums *sums);
int64_t order_sums_gross(const struct order_sums *sums);
void order_sum_write(const struct order_sum *sum, struct sale_row *row);

struct known_order {
    int64_t id; // of the receipt; 0: there is none
    struct text currency;
    int64_t identifier_id, origin;
    bool is_adjusted;
    int64_t adjusted_at_us; // by the newest of its adjustments
    struct order_sums sold; // by its own lines
    struct order_sums held; // and by its adjustments: what was ordered, as last told
    struct order_sums left; // and by its refunds
};
code order_find_known(struct scope *scope, struct text source, struct text number,
                      struct known_order *ret_known);
