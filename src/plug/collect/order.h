// SPDX-License-Identifier: Apache-2.0
// An order or a receipt within a message: the e-commerce events of the tracking API, and the `pos`
// extension by which a till posts receipts (docs/collect.md). Reading is pure; writing goes on
// within the writer's transaction.
#pragma once

#include "base/json.h"
#include "host/profile/profile.h"
#include "host/sale/sale.h"
#include "plug/collect/message.h"

struct order_line {
    struct text product, name, category, brand, coupon; // empty: not said
    int64_t quantity_micros, unit_price_micros, discount_micros;
    int32_t vat_rate_bp; // -1: not said
    int64_t net_micros, vat_micros, gross_micros;
};

// What a message sells, takes back, or shows interest in.
struct order {
    bool is_sale;          // there are lines of a receipt; otherwise products are spoken of only
    enum sale_kind kind;   // SALE or REFUND
    struct text number;    // of the receipt
    struct text refund_of; // of the order that is taken back
    struct text store, till, cashier, payment;
    struct text currency; // empty: the store's own
    bool differs;         // its lines do not add up to the total it states
    struct order_line *lines;
    size_t line_count;
};

// NULL when the event is none of these. *ret_fault is set when it is one that cannot be kept as a
// sale; the event is kept all the same.
struct order *order_read(struct arena *arena, struct text event, const struct json *properties,
                         struct text key, struct message_fault *ret_fault);

// Who and when, and where it is written.
struct order_context {
    struct profiles *profiles;
    struct sale_writer *sales;
    int64_t import_id;
    struct text source, channel, currency;
    int64_t at_us, identifier_id, origin;
};
// A receipt that is there already is left as it is.
code order_write(struct scope *scope, const struct order_context *context,
                 const struct order *order);
