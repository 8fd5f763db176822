// SPDX-License-Identifier: Apache-2.0
// The lake finds the candidates of all open refund lines in one query, sorted by product; ties are
// made greedily in that order, so what is left of a sale line needs remembering for one product at
// a time.
#include "host/sale/sale.h"

#include "base/progress.h"
#include "sale_sql.h"
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"

struct tie {
    int64_t refund_id, refund_line, sale_id, sale_line, quantity_micros;
};

// Ties chosen so far, one behind the other, in the order of products.
static const struct tie *tie_list(const struct buffer *ties, size_t *ret_count) {
    *ret_count = ties->size / sizeof(struct tie);
    return (const struct tie *)(const void *)ties->data;
}

// What this run has already taken of a sale line.
static int64_t taken_now(const struct buffer *ties, size_t from, int64_t sale_id, int64_t line) {
    int64_t taken = 0;
    size_t count;
    const struct tie *list = tie_list(ties, &count);

    for (size_t i = from; i < count; i++)
        if (list[i].sale_id == sale_id && list[i].sale_line == line)
            taken += list[i].quantity_micros;
    return taken;
}

static code choose_ties(struct scope *scope, struct buffer *ties) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct tie last = {0};
    int64_t product_id = 0;
    size_t product_from = 0;

    TRY(lake_query(scope, sql_refund_candidates, NO_BINDS, &rows));
    while (rows_next(rows)) {
        const struct tie tie = {.refund_id = rows_int64(rows, 0),
                                .refund_line = rows_int64(rows, 1),
                                .quantity_micros = rows_int64(rows, 2),
                                .sale_id = rows_int64(rows, 3),
                                .sale_line = rows_int64(rows, 4)};

        if (tie.refund_id == last.refund_id && tie.refund_line == last.refund_line)
            continue; // tied already
        if (rows_int64(rows, 6) != product_id) {
            product_id = rows_int64(rows, 6);
            tie_list(ties, &product_from);
        }
        if (rows_int64(rows, 5) - taken_now(ties, product_from, tie.sale_id, tie.sale_line) <
            tie.quantity_micros)
            continue;
        buffer_add(ties, &tie, sizeof(tie));
        last = tie;
    }
    return rows_end(rows);
}

static code write_ties(struct scope *scope, const struct buffer *ties) {
    size_t count;
    const struct tie *list = tie_list(ties, &count);

    for (size_t i = 0; i < count; i++) {
        TRY(ledger_exec(scope, sql_refund_tie_line,
                        BINDS(BIND_INT64(list[i].refund_id), BIND_INT64(list[i].refund_line),
                              BIND_INT64(list[i].sale_id), BIND_INT64(list[i].sale_line))));
    }
    // By product, the lines of one refund stand apart: each line's tie is reported, the mirror
    // folds them.
    for (size_t i = 0; i < count; i++) {
        TRY(ledger_exec(scope, sql_refund_tie_sale, BINDS(BIND_INT64(list[i].refund_id))));
        TRY(change_record(scope, CHANGE_SALE, CHANGE_UPDATED, list[i].refund_id,
                          list[i].refund_id));
        progress_report(scope->progress, "tying refunds", (int64_t)i + 1, (int64_t)count, "lines");
    }
    return OK;
}

static code tie_in_one_transaction(struct scope *scope, const struct buffer *ties) {
    code outcome;

    TRY(ledger_begin(scope));
    outcome = write_ties(scope, ties);
    if (outcome == OK)
        outcome = ledger_commit(scope);
    if (outcome != OK)
        ledger_rollback(scope);
    return outcome;
}

code refund_match(struct scope *scope, int64_t *ret_tied) {
    CLEANUP(buffer_clear) struct buffer ties = {0};
    size_t count;

    TRY(lake_refresh(scope));
    TRY(choose_ties(scope, &ties));
    if (ties.size > 0)
        TRY(tie_in_one_transaction(scope, &ties));
    tie_list(&ties, &count);
    *ret_tied = (int64_t)count;
    return OK;
}
