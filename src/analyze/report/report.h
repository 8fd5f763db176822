// SPDX-License-Identifier: Apache-2.0
// Reports that need more than a metric by dimensions: VAT that adds up to the cent, and how spend
// is distributed over customers. Sales, stores and cashiers are metrics, laid out in report_http.c.
#pragma once

#include "analyze/metric/metric.h"
#include "analyze/report/spend.h"

// One period, rate and currency. Amounts are multiples of the currency's minor unit; net + vat =
// gross, and the rows of a currency add up to its exact total, rounded once.
struct vat_row {
    struct text currency;
    struct text period; // as its dimension writes it
    int32_t period_day; // its first day
    bool has_rate;      // false: the lines state none
    int32_t rate_bp;
    int64_t net_micros, vat_micros, gross_micros;
};

// By currency, period and rate. `period` is one of the dimensions day … year. In the scope's arena.
code report_vat(struct scope *scope, const struct selection *selection,
                const struct dimension *period, struct vat_row **ret_rows, size_t *ret_count);

// What there is to report on.
struct report_span {
    int32_t first_day, last_day; // of documents; meaningless without any
    struct text *currencies;     // in order; in the scope's arena
    size_t currency_count;       // 0: there are no documents
};
code report_span(struct scope *scope, struct report_span *ret_span);

// What each known customer spent (gross, refunds deducted), in no order. In the scope's arena.
struct spend {
    struct text currency;
    int64_t *micros;
    size_t count;
};
code report_spend(struct scope *scope, const struct selection *selection, struct spend *ret_spend);
