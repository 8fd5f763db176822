// SPDX-License-Identifier: Apache-2.0
// Live segments are kept true to what happens. A round looks which customers changed since the last
// one and evaluates all segments for those alone, in one statement; a segment is evaluated whole
// when its definition or the day is another, when too many customers changed, when the change
// cannot be pinned to customers, and when it ranks customers among all (scores). Whole evaluations
// take a quarter of the time at most, so that they do not crowd out the rest.
//
// Nothing moves with time but by the day: windows are made of days. Who is in a segment after a
// round is therefore who a whole evaluation of that moment would find.
#pragma once

#include "analyze/segment/segment.h"

// A segment that somebody evaluated for another day than the present one stays at it for so long.
#define FOLLOW_PINNED_US (INT64_C(60) * 1000000)

// What a thread that follows remembers between rounds. Zero-initialised.
struct follow {
    int64_t rest_until_us;  // of the clock: no whole evaluation before
    int64_t seen_change_id; // the newest change when nothing was left to do
    int64_t looked_us;      // of the clock, at the definitions
    struct buffer failed;   // segments that could not be evaluated
};

void follow_clear(struct follow *follow);

struct follow_report {
    int evaluated;   // segments, whole
    int stepped;     // segments, for customers
    int customers;   // who were looked at
    int moved;       // who entered or departed by steps
    bool is_pending; // something waits for its turn
};

// One round. A segment that cannot be evaluated is left with its problem; the others go on.
code follow_round(struct scope *scope, struct follow *follow, struct follow_report *ret_report);
