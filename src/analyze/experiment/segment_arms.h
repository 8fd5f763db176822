// SPDX-License-Identifier: Apache-2.0
// Segments as the arms of a trial: what their members spent, how many receipts they had and whether
// they bought in a period, and the same of as many days before.
#pragma once

#include "analyze/experiment/trial.h"
#include "analyze/metric/selection.h"

struct segment_arms {
    struct text names[TRIAL_ARMS]; // the control first
    size_t count;
    double division[TRIAL_ARMS]; // shares that chance was to give; none: not made by chance
    bool is_divided;
};

// Members are those of the day before the period, so that what happens in it does not choose them;
// who is in several of the segments is left out. *ret_before is the earlier period. NOT_FOUND for a
// segment that is not there, INVALID without both days, for a name given twice, and for amounts of
// several currencies.
code segment_arms_read(struct scope *scope, const struct segment_arms *arms,
                       const struct selection *now, struct trial *ret_trial,
                       struct selection *ret_before);
