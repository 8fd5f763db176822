// SPDX-License-Identifier: Apache-2.0
// Instants are int64 microseconds since 1970-01-01T00:00:00Z (suffix _us). Days are int32 days
// since 1970-01-01 of the proleptic Gregorian calendar (suffix _day), always in the business time
// zone.
#pragma once

#include "base/scope.h"

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_DAY    (INT64_C(86400) * US_PER_SECOND)

int64_t time_now_us(void);

// ---- the calendar ----

int32_t day_from_civil(int year, int month, int day); // month 1..12; out of range days carry over
void day_to_civil(int32_t day, int *ret_year, int *ret_month, int *ret_day);

// ---- time zones (IANA names, from ICU) ----

// One time zone with the stretches of constant offset used lately, so that rows near each other in
// time cost no look-up. Not shared between threads.
struct zone;

// Fails with INVALID when the name is not an IANA time zone. zone_free takes NULL.
code zone_open(struct scope *scope, struct text name, struct zone **ret_zone);
void zone_free(struct zone *zone);
void zone_close(struct zone **zone); // for CLEANUP

// UTC offset at an instant, µs, positive east.
int64_t zone_offset_us(struct zone *zone, int64_t at_us);
// Local wall clock (µs as if it were UTC) to an instant. A time that a change to summer time skips
// is read with the offset before the change; one that occurs twice is the earlier one.
int64_t zone_to_utc_us(struct zone *zone, int64_t local_us);
int32_t zone_day(struct zone *zone, int64_t at_us);
int64_t zone_day_start_us(struct zone *zone, int32_t day); // the instant at which the day begins

// ---- reading and writing ----

// The order of day and month in numeric dates, found out or declared per column.
enum date_order { DATE_ORDER_YMD, DATE_ORDER_DMY, DATE_ORDER_MDY };

// Reads ISO 8601 (date; date and time with 'T' or blank; fractions; Z or ±hh[:mm]), YYYYMMDD,
// numeric dates with - / . in `order` and an optional time (12 or 24 h), and epoch seconds or
// milliseconds (10 or 13 digits). Without an offset the time is local to `zone`. A year of two
// digits lies in 1969..2068, as in POSIX; digits finer than a microsecond are cut off.
// *ret_has_time is false when only a date was given (the instant is then the day's beginning).
// Returns false for anything else, and for instants outside years 0001..9999.
bool time_parse(struct text text, enum date_order order, struct zone *zone, int64_t *ret_at_us,
                bool *ret_has_time);
// The date alone; a midnight behind it (without offset or in UTC), as systems write that have no
// type for days, is dropped.
bool day_parse(struct text text, enum date_order order, int32_t *ret_day);

enum { TIME_TEXT_SIZE = 40 };
// "2010-12-01T08:26:00Z", with .ssssss when there is a fraction.
const char *time_format_utc(int64_t at_us, char text[TIME_TEXT_SIZE]);
// "2010-12-01 08:26:00" in the zone.
const char *time_format_local(struct zone *zone, int64_t at_us, char text[TIME_TEXT_SIZE]);
// "2010-12-01"
const char *day_format(int32_t day, char text[TIME_TEXT_SIZE]);
