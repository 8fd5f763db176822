// SPDX-License-Identifier: Apache-2.0
// How long customers stay, when they come back, and what of both can be said although the last ones
// have only just come: time until the second purchase, until a silence, between purchases;
// retention rates of trade without contracts and, where a month's purchase is a renewal, with them.
// docs/retention.md defines the terms.
#pragma once

#include "analyze/lifetime_value/contract_kernel.h"
#include "analyze/metric/selection.h"
#include "analyze/retention/survival_kernel.h"

enum {
    TENURE_DAYS_MOST = 36500,
    TENURE_CATEGORIES = 30, // with the most repeat purchases
    TENURE_AHEAD = 12,      // months that contracts are projected beyond the last one observed
};
extern const double tenure_confidence;

struct tenure_month {
    int32_t first_day;
    int64_t active, stayed; // of the active ones
};

struct tenure_category {
    struct text name;
    int64_t gaps;
    int64_t lower, median, upper; // quartiles, days
};

struct tenure_reason {
    struct text reason, event;
    int64_t count, customers;
};

// Times in days, of contracts in months. Arrays in the scope's arena.
struct tenure {
    int64_t silence_days;
    bool silence_is_given; // otherwise nine of ten who came back had by then
    int64_t customers;     // with a purchase
    int64_t *gaps;         // how many days of purchase followed another after so many days
    size_t gap_days;       // elements of gaps
    int64_t gap_count;
    struct survival second;  // from the first purchase to the second
    struct survival next;    // from any purchase to the next
    struct survival silence; // from the first purchase until a silence
    struct tenure_month *months;
    size_t month_count;
    struct survival contracts; // renewals until one was missed
    bool has_projection;
    struct likelihood_fit projection; // of contract_kernel.h
    struct tenure_category *categories;
    size_t category_count;
    struct tenure_reason *reasons;
    size_t reason_count;
};

// silence_days 0: chosen from the data. INVALID when nobody known bought anything in the selection.
code tenure_compute(struct scope *scope, const struct selection *selection, int64_t silence_days,
                    struct tenure *ret_tenure);

// The smallest number of days within which this share (0 … 1) of the gaps lies; 0 for none.
int64_t tenure_gap_quantile(const int64_t *gaps, size_t days, double share);
