// SPDX-License-Identifier: Apache-2.0
// When somebody may be written to: at a minute of their own day, outside quiet hours. Pure: no
// database.
#pragma once

#include "base/time.h"

enum { MINUTES_OF_DAY = 24 * 60 };

struct quiet_hours {
    int32_t from_minute,
        to_minute; // of the local day; equal: there are none; they may span midnight
};

// "21:00-08:00"; "" or "never": none. False for anything else.
bool quiet_hours_parse(struct text text, struct quiet_hours *ret_quiet);

// The first instant at `at_us` or later that is allowed in the zone: from `minute` (−1: any) of a
// day on to the day's end, and not quiet. A minute that is quiet itself is the end of the quiet
// hours then.
int64_t send_time_next(struct zone *zone, int64_t at_us, int32_t minute,
                       const struct quiet_hours *quiet);
bool send_time_is_quiet(struct zone *zone, int64_t at_us, const struct quiet_hours *quiet);
