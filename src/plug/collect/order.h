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

enum order_event {
    ORDER_SALE,
    ORDER_UPDATE,   // what the order holds now
    ORDER_REFUND,   // of what it names
    ORDER_CANCEL,   // of the whole order
    ORDER_INTEREST, // products are spoken of only
    ORDER_COUPON    // a coupon is
};

// What a message sells, changes, takes back, or shows interest in.
struct order {
    enum order_event event;
    bool is_sale;          // there is a receipt to write
    struct text number;    // of the receipt: of an update or a cancellation, its own
    struct text refund_of; // number of the order that is changed or taken back
    bool is_total_only;    // an update that names no products: one line with the total
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

// What an event is about, beside what it sells. Figures that cannot be kept do not matter here.
struct order_subject {
    struct order_line *products; // names only; not all have a code
    size_t product_count;
    struct text coupon; // of the whole order, or of the only product
};
// NULL when the event is none of these, or about neither.
struct order_subject *order_read_subject(struct arena *arena, struct text event,
                                         const struct json *properties);

// Who and when, and where it is written.
struct order_context {
    struct profiles *profiles;
    struct sale_writer *sales;
    int64_t import_id;
    struct text source, channel, currency;
    int64_t at_us, identifier_id, origin;
};
// The product in the catalogue; *ret_id is 0 for one that has no code, or none that can be kept.
code order_put_product(struct scope *scope, const struct order_context *context,
                       const struct order_line *line, int64_t *ret_id);
// All those that an event is about, each once: the only one, or a list of several (event_row).
code order_put_subject(struct scope *scope, const struct order_context *context,
                       const struct order_subject *subject, int64_t *ret_product_id,
                       struct text *ret_product_ids);
// A receipt that is there already is left as it is: the same one again is nothing new, another one
// under its number is a fault. What changes an order is a receipt of its own, an adjustment that
// holds the difference and refers to it, so that history and totals stay exact. *ret_fault: why
// nothing was written.
code order_write(struct scope *scope, const struct order_context *context,
                 const struct order *order, struct message_fault *ret_fault);
