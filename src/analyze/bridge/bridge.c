// SPDX-License-Identifier: Apache-2.0
// The earlier period is held in memory, the later one read past it; both come in the same order.
#include "analyze/bridge/bridge.h"

#include "analyze/metric/metric.h"
#include "bridge_sql.h"

#include <stdlib.h>

// ---- totals ----

struct totals {
    int64_t receipts, sales_micros, refunds_micros, revenue_micros;
};

static code read_totals(struct scope *scope, const struct selection *selection,
                        struct totals *ret_totals, struct text *ret_currency) {
    static const char *const names[] = {"sale_receipts", "sales_gross", "refunds_gross",
                                        "revenue_gross"};
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct metric_query query = {.selection = *selection};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        TRY(metric_query_add(scope, &query, text_of(names[i])));
    TRY(metric_run(scope, &query, &rows, ret_currency));
    *ret_totals = (struct totals){0};
    if (rows_next(rows))
        *ret_totals = (struct totals){rows_int64(rows, 0), rows_int64(rows, 1), rows_int64(rows, 2),
                                      rows_int64(rows, 3)};
    return rows_end(rows);
}

static code tell_totals(struct scope *scope, const struct selection *before,
                        const struct selection *now, struct bridge *bridge) {
    struct totals was, is;
    struct text currency;
    double receipts[BRIDGE_PERIODS], sales[BRIDGE_PERIODS];

    TRY(read_totals(scope, before, &was, &currency));
    TRY(read_totals(scope, now, &is, &bridge->currency));
    if (bridge->currency.size == 0)
        bridge->currency = currency;
    else if (currency.size > 0 && !text_equal(currency, bridge->currency))
        return scope_fail(scope, INVALID, "the periods have different currencies: %.*s and %.*s",
                          TEXT_ARG(currency), TEXT_ARG(bridge->currency));
    receipts[BRIDGE_BEFORE] = (double)was.receipts;
    receipts[BRIDGE_NOW] = (double)is.receipts;
    sales[BRIDGE_BEFORE] = (double)was.sales_micros;
    sales[BRIDGE_NOW] = (double)is.sales_micros;
    bridge->micros[BRIDGE_BEFORE] = was.revenue_micros;
    bridge->micros[BRIDGE_NOW] = is.revenue_micros;
    bridge_factors(receipts, sales, &bridge->of_receipts, &bridge->of_size);
    bridge->of_refunds = (double)(was.refunds_micros - is.refunds_micros);
    bridge->of_adjustments = (double)((is.revenue_micros - is.sales_micros + is.refunds_micros) -
                                      (was.revenue_micros - was.sales_micros + was.refunds_micros));
    return OK;
}

// ---- articles ----

struct article {
    struct text code; // empty: lines without one
    double units, revenue;
};

static code read_articles(struct scope *scope, const struct selection *selection,
                          struct article **ret_articles, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer found = {0};
    struct metric_query query = {.selection = *selection};
    struct text currency;

    TRY(metric_query_add(scope, &query, TEXT("units")));
    TRY(metric_query_add(scope, &query, TEXT("revenue_gross")));
    TRY(metric_query_by(scope, &query, TEXT("product")));
    TRY(metric_query_order(scope, &query, TEXT("product:asc")));
    TRY(metric_run(scope, &query, &rows, &currency));
    while (rows_next(rows)) {
        // A code and a name stand before the figures.
        const struct article article = {.code = text_copy(&scope->arena, rows_text(rows, 0)),
                                        .units = (double)rows_int64(rows, 2),
                                        .revenue = (double)rows_int64(rows, 3)};

        buffer_add(&found, &article, sizeof(article));
    }
    TRY(rows_end(rows));
    *ret_count = found.size / sizeof(struct article);
    *ret_articles = arena_copy(&scope->arena, found.data, found.size);
    return OK;
}

static int by_code(const void *a, const void *b) {
    return text_compare(((const struct article *)a)->code, ((const struct article *)b)->code);
}

static void set(struct bridge_item *item, int period, const struct article *article) {
    item->units[period] = article->units;
    item->revenue[period] = article->revenue;
}

static code tell_articles(struct scope *scope, const struct selection *before,
                          const struct selection *now, struct bridge *bridge) {
    size_t was_count, is_count, count = 0;
    struct article *was, *is;
    struct bridge_item *items;

    TRY(read_articles(scope, before, &was, &was_count));
    TRY(read_articles(scope, now, &is, &is_count));
    if (was_count > 0)
        qsort(was, was_count, sizeof(*was), by_code);
    if (is_count > 0)
        qsort(is, is_count, sizeof(*is), by_code);
    items = arena_array(&scope->arena, was_count + is_count, sizeof(*items));
    for (size_t i = 0, j = 0; i < was_count || j < is_count; count++) {
        const int order = i == was_count  ? 1
                          : j == is_count ? -1
                                          : text_compare(was[i].code, is[j].code);

        if (order <= 0)
            set(&items[count], BRIDGE_BEFORE, &was[i++]);
        if (order >= 0)
            set(&items[count], BRIDGE_NOW, &is[j++]);
    }
    bridge_mix(items, count, &bridge->mix);
    return OK;
}

// ---- customers ----

struct spender {
    int64_t customer; // 0: the anonymous ones together
    int64_t micros;
};

static code read_spenders(struct scope *scope, const struct selection *before,
                          struct buffer *spenders) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(selection_query(scope, before, sql_bridge_customers, &rows));
    while (rows_next(rows)) {
        const struct spender spender = {rows_int64(rows, 0), rows_int64(rows, 1)};

        buffer_add(spenders, &spender, sizeof(spender));
    }
    return rows_end(rows);
}

static void add(struct bridge *bridge, enum bridge_customers kind, int64_t customer, int64_t before,
                int64_t now) {
    struct bridge_group *group = &bridge->groups[customer == 0 ? BRIDGE_ANONYMOUS : kind];

    group->customers += customer != 0;
    group->micros[BRIDGE_BEFORE] += before;
    group->micros[BRIDGE_NOW] += now;
}

static code tell_customers(struct scope *scope, const struct selection *before,
                           const struct selection *now, struct bridge *bridge) {
    CLEANUP(buffer_clear) struct buffer earlier = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct spender *was, *end;

    TRY(read_spenders(scope, before, &earlier));
    was = (const struct spender *)earlier.data;
    end = was + earlier.size / sizeof(*was);
    TRY(selection_query(scope, now, sql_bridge_customers, &rows));
    while (rows_next(rows)) {
        const int64_t customer = rows_int64(rows, 0);
        const enum bridge_customers kind = rows_bool(rows, 2) ? BRIDGE_NEW : BRIDGE_BACK;

        for (; was < end && was->customer < customer; was++)
            add(bridge, BRIDGE_LEFT, was->customer, was->micros, 0);
        if (was < end && was->customer == customer)
            add(bridge, BRIDGE_STAYED, customer, (was++)->micros, rows_int64(rows, 1));
        else
            add(bridge, kind, customer, 0, rows_int64(rows, 1));
    }
    TRY(rows_end(rows));
    for (; was < end; was++)
        add(bridge, BRIDGE_LEFT, was->customer, was->micros, 0);
    return OK;
}

code bridge_make(struct scope *scope, const struct selection *before, const struct selection *now,
                 struct bridge *ret_bridge) {
    struct bridge bridge = {0};

    TRY(tell_totals(scope, before, now, &bridge));
    TRY(tell_articles(scope, before, now, &bridge));
    TRY(tell_customers(scope, before, now, &bridge));
    *ret_bridge = bridge;
    return OK;
}
