// SPDX-License-Identifier: Apache-2.0
// The year of a shop: on which days it is open and how busy each is. Public holidays are those that
// all of Germany has; shops are shut on them and on Sundays, the web shop never is.
//
// Demand over time is a clock that runs faster on busy days: visits of a customer are a Poisson
// process on that clock, so its reading at the end of a day is all that scheduling needs.
#pragma once

#include "base/arena.h"
#include "base/random.h"

enum channel { CHANNEL_STORE, CHANNEL_WEB, CHANNEL_COUNT };

struct season {
    int32_t first_day;
    int32_t day_count;
    // clock[channel][d]: the reading when day first_day + d begins; day_count + 1 of them. An
    // average day adds about 1.
    double *clock[CHANNEL_COUNT];
};

// Days first_day … first_day + day_count − 1. Lives as long as the arena.
void season_init(struct season *season, struct arena *arena, uint64_t seed, int32_t first_day,
                 int32_t day_count);

bool day_is_holiday(int32_t day);
int day_weekday(int32_t day); // 0 Monday … 6 Sunday
int32_t easter_sunday(int year);

// The share of web demand that somebody with this inclination (0 … 1) has; readings are mixed so.
static inline double season_reading(const struct season *season, double web_share, int32_t index) {
    return (1 - web_share) * season->clock[CHANNEL_STORE][index] +
           web_share * season->clock[CHANNEL_WEB][index];
}

// The index of the day in which the mixed clock reaches this reading; day_count when it lies behind
// the end.
int32_t season_day_at(const struct season *season, double web_share, double reading);

// The chance that a visit of that day is one to the web shop.
double season_web_chance(const struct season *season, double web_share, int32_t index);

// Shops open at 08:00 and close at 20:00, on 24 and 31 December at 14:00. Seconds since midnight.
enum { OPENING_SECOND = 8 * 3600, SHIFT_CHANGE_SECOND = 14 * 3600 };
int32_t closing_second(int32_t day);

// A time of day in seconds since midnight: before the shop closes or, in the web shop, any but the
// hours in which clocks change.
int32_t time_of_visit(struct random *random, enum channel channel, int weekday, int32_t closing);
