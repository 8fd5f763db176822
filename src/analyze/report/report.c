// SPDX-License-Identifier: Apache-2.0
#include "analyze/report/report.h"

#include "base/money.h"
#include "report_sql.h"
#include "store/lake.h"

#include <stdlib.h>

// ---- VAT ----

static int vat_order(const void *a, const void *b) {
    const struct vat_row *first = a;
    const struct vat_row *second = b;
    const int by_currency = text_compare(first->currency, second->currency);

    if (by_currency != 0)
        return by_currency;
    if (first->period_day != second->period_day)
        return first->period_day < second->period_day ? -1 : 1;
    if (first->has_rate != second->has_rate)
        return first->has_rate ? -1 : 1;
    return (first->rate_bp > second->rate_bp) - (first->rate_bp < second->rate_bp);
}

static code read_vat(struct scope *scope, const struct metric_query *query, struct buffer *found) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text currency;

    TRY(metric_run(scope, query, &rows, &currency));
    while (rows_next(rows)) {
        const struct vat_row row = {
            .currency = text_copy(&scope->arena, rows_text(rows, 0)),
            .period = dimension_text(&scope->arena, query->dimensions[1], rows, 1),
            .period_day = (int32_t)rows_int64(rows, 1),
            .has_rate = !rows_is_null(rows, 2),
            .rate_bp = (int32_t)rows_int64(rows, 2),
            .gross_micros = rows_int64(rows, 3),
            .vat_micros = rows_int64(rows, 4),
        };

        buffer_add(found, &row, sizeof(row));
    }
    return rows_end(rows);
}

static int64_t minor_unit_micros(struct text currency) {
    int64_t unit = MICROS_PER_UNIT;

    for (int digits = currency_digits(currency); digits > 0; digits--)
        unit /= 10;
    return unit > 0 ? unit : 1;
}

// Gross and VAT are rounded so that they add up; net is what is between them.
static void round_currency(struct scope *scope, struct vat_row *rows, size_t count) {
    int64_t *exact = arena_array(&scope->arena, count, sizeof(*exact));
    int64_t *rounded = arena_array(&scope->arena, count, sizeof(*rounded));
    const int64_t unit = minor_unit_micros(rows[0].currency);

    for (size_t i = 0; i < count; i++)
        exact[i] = rows[i].gross_micros;
    spend_round(exact, count, unit, rounded);
    for (size_t i = 0; i < count; i++) {
        rows[i].gross_micros = rounded[i];
        exact[i] = rows[i].vat_micros;
    }
    spend_round(exact, count, unit, rounded);
    for (size_t i = 0; i < count; i++) {
        rows[i].vat_micros = rounded[i];
        rows[i].net_micros = rows[i].gross_micros - rows[i].vat_micros;
    }
}

code report_vat(struct scope *scope, const struct selection *selection,
                const struct dimension *period, struct vat_row **ret_rows, size_t *ret_count) {
    CLEANUP(buffer_clear) struct buffer found = {0};
    struct metric_query query = {.selection = *selection};
    struct vat_row *rows;
    size_t count;

    TRY(metric_query_add(scope, &query, TEXT("revenue_gross")));
    TRY(metric_query_add(scope, &query, TEXT("vat")));
    TRY(metric_query_by(scope, &query, TEXT("currency")));
    TRY(metric_query_by(scope, &query, text_of(period->name)));
    TRY(metric_query_by(scope, &query, TEXT("vat_rate")));
    TRY(read_vat(scope, &query, &found));
    count = found.size / sizeof(*rows);
    rows = arena_copy(&scope->arena, found.data, found.size);
    if (count > 0)
        qsort(rows, count, sizeof(*rows), vat_order);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count; next++)
            if (!text_equal(rows[next].currency, rows[first].currency))
                break;
        round_currency(scope, rows + first, next - first);
    }
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

// ---- spend ----

code report_spend(struct scope *scope, const struct selection *selection, struct spend *ret_spend) {
    CLEANUP(buffer_clear) struct buffer amounts = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct spend spend = {0};

    TRY(selection_currency(scope, selection, &spend.currency));
    TRY(selection_query(scope, selection, sql_report_spend, &rows));
    while (rows_next(rows)) {
        const int64_t micros = rows_int64(rows, 0);

        buffer_add(&amounts, &micros, sizeof(micros));
    }
    TRY(rows_end(rows));
    spend.count = amounts.size / sizeof(*spend.micros);
    spend.micros = arena_copy(&scope->arena, amounts.data, amounts.size);
    *ret_spend = spend;
    return OK;
}

code report_span(struct scope *scope, struct report_span *ret_span) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct report_span span = {0};
    CLEANUP(buffer_clear) struct buffer currencies = {0};

    TRY(lake_query_shared(scope, sql_report_span, NO_BINDS, &rows));
    while (rows_next(rows)) {
        const struct text currency = text_copy(&scope->arena, rows_text(rows, 0));
        const int32_t first = (int32_t)rows_int64(rows, 1), last = (int32_t)rows_int64(rows, 2);

        if (span.currency_count == 0 || first < span.first_day)
            span.first_day = first;
        if (span.currency_count == 0 || last > span.last_day)
            span.last_day = last;
        span.currency_count++;
        buffer_add(&currencies, &currency, sizeof(currency));
    }
    TRY(rows_end(rows));
    span.currencies = arena_copy(&scope->arena, currencies.data, currencies.size);
    *ret_span = span;
    return OK;
}
