// SPDX-License-Identifier: Apache-2.0
// The tables of reports, for the report of one and for the overview of many. For *_http.c files.
#pragma once

#include "analyze/metric/comparison.h"
#include "analyze/report/report.h"
#include "web/response.h"

// A few metrics of the registry by at most one dimension.
struct report_layout {
    const char *const *metrics;     // NULL-terminated; the first one orders and is shared out
    const char *dimension;          // NULL: one row of totals
    int64_t limit;                  // 0: all rows
    enum comparison comparison;     // of report_write_layout alone
    const struct selection *before; // what is compared with
};

// The layout's metrics as a table.
code report_write_layout(struct scope *scope, struct response *response, const char *key,
                         const struct report_layout *layout, const struct selection *selection);
// The same with the rank before and the share of the first metric behind each row.
code report_write_league(struct scope *scope, struct response *response, const char *key,
                         const struct report_layout *layout, const struct selection *selection);
// VAT by currency, period and rate. The rows as a table; their sums by currency and rate; all in
// all.
void report_write_vat(struct scope *scope, struct response *response, const struct vat_row *rows,
                      size_t count);
void report_write_vat_rates(struct scope *scope, struct response *response, const char *key,
                            const struct vat_row *rows, size_t count);
