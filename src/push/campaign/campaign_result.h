// SPDX-License-Identifier: Apache-2.0
// What a campaign changed, told beside the hold-out only: revenue that customers would have spent
// anyway is nobody's. Without a hold-out the arms are compared with the first of them, and nothing
// is said of what the campaign earned.
#pragma once

#include "analyze/experiment/trial.h"
#include "push/campaign/campaign_people.h"

struct campaign_result {
    struct campaign_people people;
    struct trial trial; // arm_count 0: there is nothing to compare
    bool has_hold_out;  // it is the control
    // What all who were in arms spent beyond what as many of the hold-out did, with the 95 %
    // interval, in the currency; NaN without a hold-out.
    double uplift, uplift_low, uplift_high;
    double margin, cost; // of the uplift (NaN: not known), and what was spent
};

code campaign_result_read(struct scope *scope, const struct campaign *campaign,
                          struct campaign_result *ret_result);

// A test that was sent elsewhere: the arms and outcomes of a file, kept with what they show
// (analyze/experiment/trial_file.h). Within the open transaction.
struct trial_query;
code campaign_import(struct scope *scope, struct campaign *campaign, const char *path,
                     const struct trial_query *query);
