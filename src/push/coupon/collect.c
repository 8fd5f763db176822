// SPDX-License-Identifier: Apache-2.0
// Coupons found in sales. The lake tells which sales have lines with coupons; each is then dealt
// with by itself, so that a second look, or one that a crash broke off, changes nothing twice.
#include "coupon_sql.h"
#include "push/coupon/coupon.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/store.h"

enum { BATCH = 500 };

struct found {
    struct text coupon; // normalised
    int64_t sale_id, at_us, discount_micros;
};

struct receipt {
    struct text number, currency;
    int64_t gross_micros;
};

static code read_found(struct scope *scope, struct found **ret_found, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer all = {0};

    TRY(lake_refresh(scope));
    TRY(lake_query(scope, sql_coupon_lines, NO_BINDS, &rows));
    while (rows_next(rows)) {
        const struct found found = {.coupon =
                                        coupon_code_normalise(&scope->arena, rows_text(rows, 0)),
                                    .sale_id = rows_int64(rows, 1),
                                    .at_us = rows_int64(rows, 2),
                                    .discount_micros = rows_int64(rows, 3)};

        buffer_add(&all, &found, sizeof(found));
    }
    TRY(rows_end(rows));
    *ret_count = all.size / sizeof(struct found);
    *ret_found = arena_copy(&scope->arena, all.data ? all.data : "", all.size);
    return OK;
}

static code is_known(struct scope *scope, const struct found *found, bool *ret_is_known) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    return ledger_find(scope, sql_coupon_redemption_of_sale,
                       BINDS(BIND_TEXT(found->coupon), BIND_INT64(found->sale_id)), &rows,
                       ret_is_known);
}

static code read_receipt(struct scope *scope, int64_t sale_id, struct receipt *ret_receipt) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_coupon_sale, BINDS(BIND_INT64(sale_id)), &rows, &found));
    if (found)
        *ret_receipt = (struct receipt){.number = text_copy(&scope->arena, rows_text(rows, 0)),
                                        .gross_micros = rows_int64(rows, 1),
                                        .currency = text_copy(&scope->arena, rows_text(rows, 2))};
    return OK;
}

// The till told of it before the sale came.
static code attach(struct scope *scope, const struct found *found, const struct receipt *receipt,
                   bool *ret_is_attached) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t id;

    TRY(ledger_find(scope, sql_coupon_redemption_waiting,
                    BINDS(BIND_TEXT(found->coupon), BIND_TEXT(receipt->number)), &rows,
                    ret_is_attached));
    if (!*ret_is_attached)
        return OK;
    id = rows_int64(rows, 0);
    rows_close(&rows);
    return ledger_exec(scope, sql_coupon_redemption_attach,
                       BINDS(BIND_INT64(id), BIND_INT64(found->sale_id),
                             BIND_INT64(receipt->gross_micros), BIND_INT64(found->discount_micros),
                             BIND_TEXT(receipt->currency), BIND_TEXT(receipt->number)));
}

// What the till did is done; whether it should have is what the state says.
static code state_of(struct scope *scope, const struct coupon_check *check, int64_t at_us,
                     struct coupon_tally *tally, const char **ret_state) {
    const int64_t now_us = scope->now_us;
    struct coupon_check then;
    int64_t changed;
    code result;

    scope->now_us = at_us; // was it good when it was sold?
    result = coupon_look(scope, check->coupon, -1, &then);
    scope->now_us = now_us;
    TRY(result);
    TRY(ledger_change(scope, sql_coupon_count_use,
                      BINDS(BIND_TEXT(check->coupon), BIND_INT64(check->series.use_count)),
                      &changed));
    tally->voided += then.answer == COUPON_VOID;
    tally->outside += then.answer == COUPON_EARLY || then.answer == COUPON_LATE;
    tally->again += changed == 0 && then.answer != COUPON_VOID;
    tally->taken += then.answer == COUPON_VALID && changed == 1;
    *ret_state = then.answer == COUPON_VOID                                  ? "void"
                 : changed == 0                                              ? "again"
                 : then.answer == COUPON_EARLY || then.answer == COUPON_LATE ? "outside"
                                                                             : "taken";
    return OK;
}

static code take(struct scope *scope, const struct found *found, struct coupon_tally *tally) {
    struct coupon_check check;
    struct receipt receipt = {.number = TEXT(""), .currency = TEXT("")};
    const char *state;
    bool is_done;

    tally->read++;
    TRY(coupon_look(scope, found->coupon, -1, &check));
    if (check.answer == COUPON_UNKNOWN || check.answer == COUPON_MISREAD) {
        tally->unknown += coupon_code_checks(found->coupon);
        tally->foreign += !coupon_code_checks(found->coupon);
        return OK;
    }
    TRY(is_known(scope, found, &is_done));
    if (is_done)
        return OK;
    TRY(read_receipt(scope, found->sale_id, &receipt));
    TRY(attach(scope, found, &receipt, &is_done));
    tally->attached += is_done;
    if (is_done)
        return OK;
    TRY(state_of(scope, &check, found->at_us, tally, &state));
    return ledger_exec(
        scope, sql_coupon_redemption_insert,
        BINDS(BIND_INT64(store_new_id(scope)), BIND_TEXT(check.coupon), BIND_INT64(check.series.id),
              BIND_NULL(), BIND_STRING(""), BIND_INT64(found->sale_id), BIND_INT64(found->at_us),
              BIND_TEXT(receipt.number), BIND_STRING(state), BIND_INT64(receipt.gross_micros),
              BIND_INT64(found->discount_micros), BIND_TEXT_OR_NULL(receipt.currency)));
}

static code take_batch(struct scope *scope, const struct found *found, size_t count,
                       struct coupon_tally *tally) {
    for (size_t i = 0; i < count; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);

        TRY(take(scope, &found[i], tally));
        arena_rewind(&scope->arena, mark);
    }
    return OK;
}

code coupon_collect(struct scope *scope, struct coupon_tally *ret_tally) {
    struct coupon_tally tally = {0};
    struct found *found;
    size_t count;

    TRY(read_found(scope, &found, &count));
    for (size_t i = 0; i < count; i += BATCH) {
        TRY(scope_check(scope));
        TRY(ledger_begin(scope));
        TRY(ledger_end(
            scope, take_batch(scope, found + i, count - i < BATCH ? count - i : BATCH, &tally)));
    }
    *ret_tally = tally;
    return OK;
}
