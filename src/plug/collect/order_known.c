// SPDX-License-Identifier: Apache-2.0
// An order has few receipts and few lines, so sums are searched one by one.
#include "plug/collect/order_known.h"

#include "collect_sql.h"
#include "store/ledger.h"

// ---- sums ----

static struct order_sum *sum_of(struct scope *scope, struct order_sums *sums,
                                const struct order_sum *like) {
    for (size_t i = 0; i < sums->count; i++) {
        struct order_sum *sum = &sums->list[i];

        if (sum->product_id == like->product_id &&
            sum->unit_price_micros == like->unit_price_micros &&
            sum->vat_rate_bp == like->vat_rate_bp && text_equal(sum->coupon, like->coupon))
            return sum;
    }
    if (sums->count == sums->capacity) {
        const size_t capacity = sums->capacity > 0 ? sums->capacity * 2 : 16;
        struct order_sum *list = arena_array(&scope->arena, capacity, sizeof(*list));

        if (sums->count > 0)
            memcpy(list, sums->list, sums->count * sizeof(*list));
        sums->list = list;
        sums->capacity = capacity;
    }
    sums->list[sums->count] = (struct order_sum){.product_id = like->product_id,
                                                 .unit_price_micros = like->unit_price_micros,
                                                 .vat_rate_bp = like->vat_rate_bp,
                                                 .coupon = like->coupon};
    return &sums->list[sums->count++];
}

// Lines have limits (order.c) far within which a few hundred of them add up.
static void add(struct scope *scope, struct order_sums *sums, const struct order_sum *other,
                int64_t sign) {
    struct order_sum *sum = sum_of(scope, sums, other);

    sum->quantity_micros += sign * other->quantity_micros;
    sum->discount_micros += sign * other->discount_micros;
    sum->net_micros += sign * other->net_micros;
    sum->vat_micros += sign * other->vat_micros;
    sum->gross_micros += sign * other->gross_micros;
}

void order_sums_add_line(struct scope *scope, struct order_sums *sums,
                         const struct order_line *line, int64_t product_id) {
    add(scope, sums,
        &(struct order_sum){.product_id = product_id,
                            .unit_price_micros = line->unit_price_micros,
                            .vat_rate_bp = line->vat_rate_bp,
                            .coupon = line->coupon,
                            .quantity_micros = line->quantity_micros,
                            .discount_micros = line->discount_micros,
                            .net_micros = line->net_micros,
                            .vat_micros = line->vat_micros,
                            .gross_micros = line->gross_micros},
        1);
}

void order_sums_subtract(struct scope *scope, struct order_sums *sums,
                         const struct order_sums *others) {
    for (size_t i = 0; i < others->count; i++)
        add(scope, sums, &others->list[i], -1);
}

bool order_sum_is_something(const struct order_sum *sum) {
    return sum->quantity_micros != 0 || sum->discount_micros != 0 || sum->net_micros != 0 ||
           sum->vat_micros != 0 || sum->gross_micros != 0;
}

bool order_sums_are_something(const struct order_sums *sums) {
    for (size_t i = 0; i < sums->count; i++)
        if (order_sum_is_something(&sums->list[i]))
            return true;
    return false;
}

bool order_sums_differ(struct scope *scope, const struct order_sums *a,
                       const struct order_sums *b) {
    struct order_sums difference = {0};

    for (size_t i = 0; i < a->count; i++)
        add(scope, &difference, &a->list[i], 1);
    order_sums_subtract(scope, &difference, b);
    return order_sums_are_something(&difference);
}

int64_t order_sums_gross(const struct order_sums *sums) {
    int64_t gross_micros = 0;

    for (size_t i = 0; i < sums->count; i++)
        gross_micros += sums->list[i].gross_micros;
    return gross_micros;
}

void order_sum_write(const struct order_sum *sum, struct sale_row *row) {
    row->product_id = sum->product_id;
    row->quantity_micros = sum->quantity_micros;
    row->unit_price_micros = sum->unit_price_micros;
    row->discount_micros = sum->discount_micros;
    row->coupon = sum->coupon;
    row->vat_rate_bp = sum->vat_rate_bp;
    row->net_micros = sum->net_micros;
    row->vat_micros = sum->vat_micros;
    row->gross_micros = sum->gross_micros;
}

// ---- what is known ----

// A discount is told as a magnitude in receipts and refunds: what a refund gives back, all else of
// which is negative, takes its discount off what is left. An adjustment tells differences.
static code add_lines(struct scope *scope, int64_t sale_id, enum sale_kind kind, bool is_own,
                      struct known_order *known) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_collect_receipt_lines, BINDS(BIND_INT64(sale_id)), &rows));
    while (rows_next(rows)) {
        struct order_sum line = {.product_id = rows_int64(rows, 0),
                                 .unit_price_micros = rows_int64(rows, 1),
                                 .vat_rate_bp = (int32_t)rows_int64(rows, 2),
                                 .coupon = text_copy(&scope->arena, rows_text(rows, 3)),
                                 .quantity_micros = rows_int64(rows, 4),
                                 .discount_micros = rows_int64(rows, 5),
                                 .net_micros = rows_int64(rows, 6),
                                 .vat_micros = rows_int64(rows, 7),
                                 .gross_micros = rows_int64(rows, 8)};

        if (is_own)
            add(scope, &known->sold, &line, 1);
        if (is_own || kind == SALE_KIND_ADJUSTMENT)
            add(scope, &known->held, &line, 1);
        if (kind == SALE_KIND_REFUND)
            line.discount_micros = -line.discount_micros;
        add(scope, &known->left, &line, 1);
    }
    return rows_end(rows);
}

struct change {
    int64_t sale_id;
    enum sale_kind kind;
};

static code add_changes(struct scope *scope, struct known_order *known) {
    CLEANUP(buffer_clear) struct buffer changes = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct change *list;

    TRY(ledger_query(scope, sql_collect_receipt_changes, BINDS(BIND_INT64(known->id)), &rows));
    while (rows_next(rows)) {
        const struct change change = {.sale_id = rows_int64(rows, 0),
                                      .kind = (enum sale_kind)rows_int64(rows, 1)};

        buffer_add(&changes, &change, sizeof(change));
        if (change.kind != SALE_KIND_ADJUSTMENT)
            continue;
        known->adjusted_at_us = known->is_adjusted && known->adjusted_at_us > rows_int64(rows, 2)
                                    ? known->adjusted_at_us
                                    : rows_int64(rows, 2);
        known->is_adjusted = true;
    }
    TRY(rows_end(rows));
    list = (const struct change *)(const void *)changes.data;
    for (size_t i = 0; i < changes.size / sizeof(*list); i++)
        TRY(add_lines(scope, list[i].sale_id, list[i].kind, false, known));
    return OK;
}

code order_find_known(struct scope *scope, struct text source, struct text number,
                      struct known_order *ret_known) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct known_order known = {0};
    enum sale_kind kind;
    bool found;

    *ret_known = known;
    TRY(ledger_find(scope, sql_collect_receipt_find, BINDS(BIND_TEXT(source), BIND_TEXT(number)),
                    &rows, &found));
    if (!found)
        return OK;
    known.id = rows_int64(rows, 0);
    kind = (enum sale_kind)rows_int64(rows, 1);
    known.currency = text_copy(&scope->arena, rows_text(rows, 2));
    known.identifier_id = rows_int64(rows, 3);
    known.origin = rows_int64(rows, 4);
    rows_close(&rows);
    TRY(add_lines(scope, known.id, kind, true, &known));
    TRY(add_changes(scope, &known));
    *ret_known = known;
    return OK;
}
