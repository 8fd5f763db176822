// SPDX-License-Identifier: Apache-2.0
// Whom a campaign would reach: the segment's members, and how many of them may be written to, with
// the reasons of the others.
#pragma once

#include "push/campaign/campaign_record.h"

struct campaign_reason {
    struct text reason;
    int64_t count;
};

struct campaign_audience {
    int64_t members;
    int64_t permitted;
    struct campaign_reason *reasons; // of the others, most frequent first
    size_t reason_count;
    int64_t cost_micros; // of all who are permitted, but for those held out
};

// The segment's members as they are now, ascending. In the scope's arena.
code campaign_members(struct scope *scope, const struct campaign *campaign,
                      const int64_t **ret_customers, size_t *ret_count);
// Of a campaign that need not be kept: purpose, channel, segment and hold-out are looked at.
code campaign_audience_count(struct scope *scope, const struct campaign *campaign,
                             struct campaign_audience *ret_audience);
