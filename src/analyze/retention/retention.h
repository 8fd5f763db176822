// SPDX-License-Identifier: Apache-2.0
// Monthly cohorts: customers by the month of their first purchase, and how many of them purchase
// again so many months later. Months are those of the business time zone; purchases are documents
// that are sales.
#pragma once

#include "analyze/metric/selection.h"

// Months are counted from January of year 0: year × 12 + month − 1.
struct retention {
    int32_t first_month; // of the first cohort
    int32_t last_month;  // in which anybody purchased
    size_t size;         // cohorts, and months of the first one: last_month − first_month + 1
    // size × size, by cohort then months since: different customers who purchase. What lies behind
    // last_month is not known yet and 0. In the scope's arena; NULL when nobody purchased.
    int64_t *customers;
};

// Purchases of one cohort in one month, as many entries as there are such pairs.
struct retention_entry {
    int32_t cohort_month;
    int32_t month;
    int64_t customers;
};

// Fill the matrix from its entries, in any order. Zero-filled where there is none.
void retention_fill(struct scope *scope, const struct retention_entry *entries, size_t count,
                    struct retention *ret_retention);
// Months since the first that have been, of one cohort.
size_t retention_known(const struct retention *retention, size_t cohort);

// All cohorts together, so many months since their first purchase: those that have come so far.
struct retention_point {
    size_t cohorts;
    int64_t customers; // who purchase in that month
    int64_t of;        // the customers of these cohorts
};
struct retention_point retention_point(const struct retention *retention, size_t since);

// First purchases are the first among the selected documents.
code retention_compute(struct scope *scope, const struct selection *selection,
                       struct retention *ret_retention);
