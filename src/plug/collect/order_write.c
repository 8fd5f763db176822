// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/order.h"

#include "collect_sql.h"
#include "store/ledger.h"

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

static code put_product(struct scope *scope, const struct order_context *context,
                        const struct order_line *line, int64_t *ret_id) {
    const struct profile_field fields[] = {
        {TEXT("name"), line->name},
        {TEXT("category"), line->category},
        {TEXT("brand"), line->brand},
    };

    return put_code(scope, context, PROFILE_PRODUCT, line->product, fields,
                    sizeof(fields) / sizeof(*fields), ret_id);
}

static code write_line(struct scope *scope, const struct order_context *context,
                       const struct order_line *line, struct sale_row *row) {
    enum sale_effect effect;

    TRY(put_product(scope, context, line, &row->product_id));
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
                          const struct order *order) {
    struct sale_row row = {
        .source = context->source,
        .number = order->number,
        .kind = order->kind,
        .sold_at_us = context->at_us,
        .till = order->till,
        .channel = context->channel,
        .currency = order->currency.size > 0 ? order->currency : context->currency,
        .identifier_id = context->identifier_id,
        .origin = context->origin,
        .refund_of = order->refund_of,
        .payment = order->payment,
    };

    TRY(put_code(scope, context, PROFILE_STORE, order->store, NULL, 0, &row.store_id));
    TRY(put_code(scope, context, PROFILE_STAFF, order->cashier, NULL, 0, &row.cashier_id));
    for (size_t i = 0; i < order->line_count; i++)
        TRY(write_line(scope, context, &order->lines[i], &row));
    return sale_writer_flush(scope, context->sales);
}

code order_write(struct scope *scope, const struct order_context *context,
                 const struct order *order) {
    int64_t known = 0, product;

    for (size_t i = 0; i < order->line_count && !order->is_sale; i++)
        TRY(put_product(scope, context, &order->lines[i], &product));
    if (!order->is_sale)
        return OK;
    TRY(ledger_int64(scope, sql_collect_receipt_find,
                     BINDS(BIND_TEXT(context->source), BIND_TEXT(order->number)), 0, &known));
    return known != 0 ? OK : write_receipt(scope, context, order);
}
