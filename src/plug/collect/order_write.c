// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/order.h"

#include "plug/collect/order_known.h"

#include <inttypes.h>

static code put_code(struct scope *scope, const struct order_context *context,
                     enum profile_subject subject, struct text subject_code,
                     const struct profile_field *fields, size_t count, int64_t *ret_id) {
    enum profile_effect effect;

    *ret_id = 0;
    if (subject_code.size == 0 || subject_code.size > MESSAGE_NAME_BYTES)
        return OK;
    return profiles_put_code(scope, context->profiles, subject, subject_code, context->import_id,
                             SAID_IN_PASSING, fields, count, ret_id, &effect);
}

code order_put_product(struct scope *scope, const struct order_context *context,
                       const struct order_line *line, int64_t *ret_id) {
    const struct profile_field fields[] = {
        {TEXT("name"), line->name},
        {TEXT("category"), line->category},
        {TEXT("brand"), line->brand},
    };

    return put_code(scope, context, PROFILE_PRODUCT, line->product, fields,
                    sizeof(fields) / sizeof(*fields), ret_id);
}

static bool is_among(int64_t id, const int64_t *ids, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static struct text list_of(struct arena *arena, const int64_t *ids, size_t count) {
    CLEANUP(buffer_clear) struct buffer list = {0};

    for (size_t i = 0; i < count; i++)
        buffer_printf(&list, "%s%" PRId64, i > 0 ? "," : "", ids[i]);
    return text_copy(arena, buffer_text(&list));
}

code order_put_subject(struct scope *scope, const struct order_context *context,
                       const struct order_subject *subject, int64_t *ret_product_id,
                       struct text *ret_product_ids) {
    int64_t *ids = arena_array(&scope->arena, subject->product_count + 1, sizeof(*ids));
    size_t count = 0;

    for (size_t i = 0; i < subject->product_count; i++) {
        TRY(order_put_product(scope, context, &subject->products[i], &ids[count]));
        count += ids[count] != 0 && !is_among(ids[count], ids, count);
    }
    *ret_product_id = count == 1 ? ids[0] : 0;
    *ret_product_ids = count > 1 ? list_of(&scope->arena, ids, count) : (struct text){0};
    return OK;
}

static code put_products(struct scope *scope, const struct order_context *context,
                         const struct order *order, struct order_sums *sums) {
    for (size_t i = 0; i < order->line_count; i++) {
        int64_t product_id;

        TRY(order_put_product(scope, context, &order->lines[i], &product_id));
        order_sums_add_line(scope, sums, &order->lines[i], product_id);
    }
    return OK;
}

// ---- a receipt ----

static code begin_receipt(struct scope *scope, const struct order_context *context,
                          const struct order *order, enum sale_kind kind,
                          struct sale_row *ret_row) {
    *ret_row = (struct sale_row){
        .source = context->source,
        .number = order->number,
        .kind = kind,
        .sold_at_us = context->at_us,
        .till = order->till,
        .channel = context->channel,
        .currency = order->currency.size > 0 ? order->currency : context->currency,
        .identifier_id = context->identifier_id,
        .origin = context->origin,
        .refund_of = order->refund_of,
        .payment = order->payment,
    };
    TRY(put_code(scope, context, PROFILE_STORE, order->store, NULL, 0, &ret_row->store_id));
    return put_code(scope, context, PROFILE_STAFF, order->cashier, NULL, 0, &ret_row->cashier_id);
}

static code write_line(struct scope *scope, const struct order_context *context,
                       const struct order_line *line, struct sale_row *row) {
    enum sale_effect effect;

    TRY(order_put_product(scope, context, line, &row->product_id));
    row->product_code = line->product;
    row->quantity_micros = line->quantity_micros;
    row->unit_price_micros = line->unit_price_micros;
    row->discount_micros = line->discount_micros;
    row->coupon = line->coupon;
    row->vat_rate_bp = line->vat_rate_bp;
    row->net_micros = line->net_micros;
    row->vat_micros = line->vat_micros;
    row->gross_micros = line->gross_micros;
    return sale_writer_add(scope, context->sales, row, &effect);
}

static code write_receipt(struct scope *scope, const struct order_context *context,
                          const struct order *order, struct sale_row *row) {
    for (size_t i = 0; i < order->line_count; i++)
        TRY(write_line(scope, context, &order->lines[i], row));
    return sale_writer_flush(scope, context->sales);
}

// The difference, as a receipt of its own. It belongs to whom the order belongs to.
static code write_adjustment(struct scope *scope, const struct order_context *context,
                             const struct order *order, const struct known_order *known,
                             const struct order_sums *difference) {
    struct sale_row row;
    enum sale_effect effect;

    TRY(begin_receipt(scope, context, order, SALE_KIND_ADJUSTMENT, &row));
    row.identifier_id = known->identifier_id;
    row.origin = known->origin;
    row.currency = known->currency;
    for (size_t i = 0; i < difference->count; i++)
        if (order_sum_is_something(&difference->list[i])) {
            order_sum_write(&difference->list[i], &row);
            TRY(sale_writer_add(scope, context->sales, &row, &effect));
        }
    return sale_writer_flush(scope, context->sales);
}

static struct message_fault fault_of(const char *reason, const char *field, const char *message) {
    return (struct message_fault){.reason = reason, .field = field, .message = message};
}

// ---- what became of one that is there ----

// The same again, as it was sold or as it stands now, is nothing new.
static code compare_with_known(struct scope *scope, const struct order_context *context,
                               const struct order *order, const struct known_order *known,
                               struct message_fault *ret_fault) {
    struct order_sums stated = {0};

    TRY(put_products(scope, context, order, &stated));
    if (!order_sums_differ(scope, &known->sold, &stated) ||
        !order_sums_differ(scope, &known->held, &stated))
        return OK;
    *ret_fault = fault_of("receipt_known", "order_id",
                          "another receipt has this number; it was left as it was");
    return OK;
}

// A total alone changes what the order holds in all, whatever it is that was taken off or added.
static void total_difference(struct scope *scope, const struct order *order,
                             const struct known_order *known, struct order_sums *ret_difference) {
    struct order_line line = {.quantity_micros = 0, .vat_rate_bp = -1};

    line.gross_micros = order->lines[0].gross_micros - order_sums_gross(&known->held);
    line.net_micros = line.gross_micros;
    order_sums_add_line(scope, ret_difference, &line, 0);
}

// What kind of order takes no update, whatever the update says.
static struct message_fault check_update(const struct order *order,
                                         const struct known_order *known) {
    if (order->currency.size > 0 && !text_equal(order->currency, known->currency))
        return fault_of("currency_differs", "currency",
                        "the order is in another currency; the sale was left as it was");
    if (known->is_adjusted && !order_sums_are_something(&known->left))
        return fault_of("order_cancelled", "order_id",
                        "the order was cancelled before; the sale was left as it is");
    return (struct message_fault){0};
}

// An update says what the order held when it was told: one that comes late, past a newer one, would
// turn the order back.
static code update(struct scope *scope, const struct order_context *context,
                   const struct order *order, const struct known_order *known,
                   struct message_fault *ret_fault) {
    struct order_sums difference = {0};

    *ret_fault = check_update(order, known);
    if (ret_fault->reason)
        return OK;
    if (order->is_total_only)
        total_difference(scope, order, known, &difference);
    else {
        TRY(put_products(scope, context, order, &difference));
        order_sums_subtract(scope, &difference, &known->held);
    }
    if (!order_sums_are_something(&difference))
        return OK;
    if (known->is_adjusted && context->at_us < known->adjusted_at_us) {
        *ret_fault = fault_of("update_is_late", "order_id",
                              "the order was changed later than this; it was left as it is");
        return OK;
    }
    return write_adjustment(scope, context, order, known, &difference);
}

// All that is left of it after what was given back before.
static code cancel(struct scope *scope, const struct order_context *context,
                   const struct order *order, const struct known_order *known,
                   struct message_fault *ret_fault) {
    struct order_sums difference = {0};

    if (known->id == 0) {
        *ret_fault = fault_of("order_unknown", "order_id",
                              "this order is not known; it can be tried again when it is");
        return OK;
    }
    order_sums_subtract(scope, &difference, &known->left);
    return order_sums_are_something(&difference)
               ? write_adjustment(scope, context, order, known, &difference)
               : OK;
}

static code write_change(struct scope *scope, const struct order_context *context,
                         const struct order *order, struct message_fault *ret_fault) {
    struct order first = *order;
    struct known_order known;
    struct sale_row row;

    TRY(order_find_known(scope, context->source, order->refund_of, &known));
    if (order->event == ORDER_CANCEL)
        return cancel(scope, context, order, &known, ret_fault);
    if (known.id != 0)
        return update(scope, context, order, &known, ret_fault);
    // What was told before it did not come: this is the sale.
    first.number = order->refund_of;
    first.refund_of = (struct text){0};
    TRY(begin_receipt(scope, context, &first, SALE_KIND_SALE, &row));
    return write_receipt(scope, context, &first, &row);
}

code order_write(struct scope *scope, const struct order_context *context,
                 const struct order *order, struct message_fault *ret_fault) {
    const enum sale_kind kind = order->event == ORDER_REFUND ? SALE_KIND_REFUND : SALE_KIND_SALE;
    struct order_sums spoken_of = {0};
    struct known_order known;
    struct sale_row row;

    if (!order->is_sale)
        return put_products(scope, context, order, &spoken_of);
    TRY(order_find_known(scope, context->source, order->number, &known));
    if (order->event == ORDER_UPDATE || order->event == ORDER_CANCEL)
        return known.id != 0 ? OK : write_change(scope, context, order, ret_fault);
    if (known.id != 0)
        return compare_with_known(scope, context, order, &known, ret_fault);
    TRY(begin_receipt(scope, context, order, kind, &row));
    return write_receipt(scope, context, order, &row);
}
