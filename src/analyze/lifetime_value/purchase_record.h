// SPDX-License-Identifier: Apache-2.0
// What the lake knows of customers' purchases, as columns: until the split that divides calibration
// from hold-out, and as a whole. All purchases of a customer on one business day are one; refunds
// and adjustments are none, what was refunded is taken off the day it was bought; anonymous sales
// say nothing of a customer. Where trade knows opportunities of several days (a weekly market, a
// monthly fee), all purchases within `unit_days` days, counted back from the end, are one, on the
// last of these days; the split lies whole units before the end.
#pragma once

#include "base/scope.h"

struct purchase_records {
    int32_t end_day;   // the last day that counts
    int32_t split_day; // the last day of calibration
    struct text currency;
    size_t count;
    int64_t *customers; // ascending
    int32_t *first_days, *last_days;
    int64_t *repeats;             // days of purchase after the first
    int64_t *repeat_gross_micros; // on these days, less what was refunded until the end
    int32_t *split_last_days;     // until the split
    int64_t *split_repeats;       // −1: the first purchase came later
    int64_t *split_gross_micros;  // of repeats until the split, less refunds until then
};

// The first and the last business day of any sale; *ret_count 0 when there is none.
code purchase_span(struct scope *scope, int32_t *ret_first_day, int32_t *ret_last_day,
                   int64_t *ret_count);
// The currency of all amounts until this day; empty when there are none. INVALID when there are
// several.
code purchase_currency(struct scope *scope, int32_t end_day, struct text *ret_currency);
// INVALID when amounts have several currencies. Arrays in the scope's arena.
code purchase_records_read(struct scope *scope, int32_t end_day, int32_t split_day,
                           int32_t unit_days, struct purchase_records *ret_records);
// Days of purchase after the split, of customers who were there before it: element i of the
// hold-out is the i-th day after the split. The array has end_day − split_day elements.
code purchase_days_read(struct scope *scope, int32_t end_day, int32_t split_day, int32_t unit_days,
                        int64_t **ret_purchases);
