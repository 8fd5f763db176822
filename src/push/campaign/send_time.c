// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/send_time.h"

#define US_PER_MINUTE (60 * US_PER_SECOND)

static bool minute_parse(struct text text, int32_t *ret_minute) {
    struct text minutes;
    const struct text hours = text_split(text, ':', &minutes);
    int64_t hour, minute;

    if (hours.size != 2 || minutes.size != 2 || !text_to_int64(hours, &hour) ||
        !text_to_int64(minutes, &minute) || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    *ret_minute = (int32_t)(hour * 60 + minute);
    return true;
}

bool quiet_hours_parse(struct text text, struct quiet_hours *ret_quiet) {
    struct quiet_hours quiet = {0};
    struct text to;
    struct text from;

    if (text.size == 0 || text_is(text, "never")) {
        *ret_quiet = quiet;
        return true;
    }
    from = text_split(text, '-', &to);
    if (!minute_parse(from, &quiet.from_minute) || !minute_parse(to, &quiet.to_minute))
        return false;
    *ret_quiet = quiet;
    return true;
}

static int64_t local_us(struct zone *zone, int64_t at_us) {
    return at_us + zone_offset_us(zone, at_us);
}

static int32_t minute_of(int64_t local) {
    const int64_t of_day = ((local % US_PER_DAY) + US_PER_DAY) % US_PER_DAY;

    return (int32_t)(of_day / US_PER_MINUTE);
}

static bool is_quiet(int32_t minute, const struct quiet_hours *quiet) {
    if (quiet->from_minute <= quiet->to_minute)
        return minute >= quiet->from_minute && minute < quiet->to_minute;
    return minute >= quiet->from_minute || minute < quiet->to_minute;
}

bool send_time_is_quiet(struct zone *zone, int64_t at_us, const struct quiet_hours *quiet) {
    return is_quiet(minute_of(local_us(zone, at_us)), quiet);
}

// The first instant behind `at_us` at which the wall clock shows the minute. A change of the clock
// may make the day's minute come earlier than at_us: then it is tomorrow's.
static int64_t next_minute_us(struct zone *zone, int64_t at_us, int32_t minute) {
    const int64_t local = local_us(zone, at_us);
    const int64_t day_us = local - (((local % US_PER_DAY) + US_PER_DAY) % US_PER_DAY);

    for (int64_t days = 0; days < 3; days++) {
        const int64_t found =
            zone_to_utc_us(zone, day_us + days * US_PER_DAY + minute * US_PER_MINUTE);

        if (found > at_us)
            return found;
    }
    return at_us + US_PER_DAY;
}

int64_t send_time_next(struct zone *zone, int64_t at_us, int32_t minute,
                       const struct quiet_hours *quiet) {
    if (minute >= 0 && minute_of(local_us(zone, at_us)) < minute)
        at_us = next_minute_us(zone, at_us, minute);
    // The clock may be put forward into quiet hours or back into them: twice is enough.
    for (int tries = 0; tries < 3 && send_time_is_quiet(zone, at_us, quiet); tries++)
        at_us = next_minute_us(zone, at_us, quiet->to_minute);
    return at_us;
}
