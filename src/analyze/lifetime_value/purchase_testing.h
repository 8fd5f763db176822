// SPDX-License-Identifier: Apache-2.0
// The classic data sets of repeat purchase, as the models read them.
#pragma once

#include "analyze/lifetime_value/purchase_group.h"

struct test_purchases {
    struct purchase_history history; // until the end of calibration
    struct purchase_groups groups;   // of it
    const double *average_spend;     // of the repeat purchases of calibration; 0 without
    const double *first_spend;       // of all days of purchase, the first as well
    const int64_t *later;            // purchases after it, until the end of the data
};

// CDNOW: "cdnow_sample.txt" (2,357 customers) or "cdnow_master.txt" (23,570). Purchases of a day
// are one; time in weeks; calibration ends with 1997-09-30. Skips the test where the data are not
// there.
void test_cdnow(struct scope *scope, const char *name, struct test_purchases *ret_purchases);

// The donations of Fader, Hardie & Shang (2010): 11,104 donors, 6 opportunities.
void test_donations(struct scope *scope, struct purchase_groups *ret_groups);
