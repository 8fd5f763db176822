// SPDX-License-Identifier: Apache-2.0
// What everybody did who was drawn for a campaign, held out or not: the facts behind its winner and
// its results. Who was refused before the draw is not among them; who was refused after it is, in
// the arm that was drawn: what is compared is what chance divided.
#pragma once

#include "push/campaign/campaign.h"

struct campaign_person {
    int64_t customer; // as it is now
    int32_t arm;      // −1: held out
    bool clicked;
    double revenue, receipts;                 // from the campaign's start on
    double earlier_revenue, earlier_receipts; // in as long a time before
};

struct campaign_people {
    struct campaign_person *people; // by customer, in the scope's arena
    size_t count;
    struct text currency; // of the revenue; empty: there is none
    int64_t left_out;     // receipts in other currencies: amounts of several are never added up
    int64_t from_us, to_us;
};

// From the first message to the end of the window, or to `until_us` when that is earlier. Where the
// time has receipts of several currencies, the revenue is that in the store's own. Refreshes the
// lake.
code campaign_people_read(struct scope *scope, const struct campaign *campaign, int64_t until_us,
                          struct campaign_people *ret_people);
