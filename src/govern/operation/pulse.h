// SPDX-License-Identifier: Apache-2.0
// The pulse of the sources that send as things happen: when something came last, at what rate, and
// whether a source is silent for longer than it should be. How long that is people say, or it is
// learnt from the source's own rhythm.
#pragma once

#include "base/scope.h"

#include <stddef.h>

// In place of seconds (plug/sender/sender.h): half as long again as the second longest time without
// an event in the last 28 days. One breakdown does not make the alarm deaf, a week-end comes four
// times.
enum { SILENCE_LEARNT = -1 };

struct pulse {
    int64_t id;
    struct text name, type;
    const char *state; // off; new: nothing came yet; silent: for longer than it should be; on
    bool is_learnt;
    int64_t silence_s;  // without an event from which on it is an alarm; 0: none, or not learnt yet
    int64_t last_at_us; // 0: nothing came yet
    int64_t since_us;   // of that, or else of when the source was made
    int64_t hour_count; // events accepted in this hour and the one before
    int64_t day_count;  // in the last 24 hours
    int64_t duplicate_day_count, quarantined_day_count;
    int64_t accepted_count; // ever
    int64_t waiting_count;  // in quarantine, when asked for
    int64_t created_at_us;
};
// Of all sources, by name.
code pulse_read(struct scope *scope, struct pulse **ret_pulses, size_t *ret_count);
// Beside it: as many as wait are looked at, so that is not for who looks every few seconds.
code pulse_count_waiting(struct scope *scope, struct pulse *pulses, size_t count);

// What is learnt: from how many hours something came of late, since when these reach back, and the
// second longest step between two of them. 0: not enough is known.
int64_t pulse_learnt_silence_s(int64_t hour_count, int64_t reach_hours, int64_t step_hours);
