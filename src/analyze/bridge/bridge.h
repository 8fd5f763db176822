// SPDX-License-Identifier: Apache-2.0
// Why revenue changed: from one period to another by articles, by receipts and by customers. Each
// way of telling it adds up to the same change.
#pragma once

#include "analyze/bridge/bridge_kernel.h"
#include "analyze/metric/selection.h"

// What became of the customers of two periods.
enum bridge_customers {
    BRIDGE_NEW,       // their very first document is of now
    BRIDGE_BACK,      // none before, but one even earlier
    BRIDGE_STAYED,    // documents in both
    BRIDGE_LEFT,      // none now
    BRIDGE_ANONYMOUS, // documents without a known customer
    BRIDGE_CUSTOMERS
};

struct bridge_group {
    int64_t customers; // 0 of BRIDGE_ANONYMOUS
    int64_t micros[BRIDGE_PERIODS];
};

struct bridge {
    struct text currency; // empty: nothing is selected
    int64_t micros[BRIDGE_PERIODS];
    struct bridge_mix mix;                                   // in micros
    double of_receipts, of_size, of_refunds, of_adjustments; // in micros
    struct bridge_group groups[BRIDGE_CUSTOMERS];
};

// Revenue is gross, refunds and adjustments deducted. INVALID for amounts of several currencies.
code bridge_make(struct scope *scope, const struct selection *before, const struct selection *now,
                 struct bridge *ret_bridge);
