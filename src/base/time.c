// SPDX-License-Identifier: Apache-2.0
// The clock, the calendar and written instants. Reading them is in time_parse.c, time zones in
// zone.c.
#include "base/time.h"

#include <time.h>

// A calendar that begins in March has the leap day last in the year, so that months are a
// linear function of the day: 153 days are five months, 146,097 days are 400 years.
enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_BEFORE_1970 = 719468 };

int64_t time_now_us(void) {
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

int32_t day_from_civil(int year, int month, int day) {
    const int march_year = month > 2 ? year : year - 1;
    const int march_month = month > 2 ? month - 3 : month + 9;
    const int era =
        (march_year >= 0 ? march_year : march_year - (YEARS_PER_ERA - 1)) / YEARS_PER_ERA;
    const int year_of_era = march_year - era * YEARS_PER_ERA;
    const int day_of_year = (153 * march_month + 2) / 5 + day - 1;

    return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - DAYS_BEFORE_1970;
}

void day_to_civil(int32_t day, int *ret_year, int *ret_month, int *ret_day) {
    const int64_t shifted = (int64_t)day + DAYS_BEFORE_1970;
    const int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    const int day_of_era = (int)(shifted - era * DAYS_PER_ERA);
    // Leap days that passed in the era are taken out before dividing by 365.
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int march_month = (5 * day_of_year + 2) / 153;

    *ret_day = day_of_year - (153 * march_month + 2) / 5 + 1;
    *ret_month = march_month < 10 ? march_month + 3 : march_month - 9;
    *ret_year = (int)era * YEARS_PER_ERA + year_of_era + (*ret_month <= 2);
}

// ---- writing ----

static char *put_digits(char *out, int value, int width) {
    for (int i = width - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + width;
}

static char *put_day(char *out, int32_t day_number) {
    int year, month, day, width = 4;

    day_to_civil(day_number, &year, &month, &day);
    if (year < 0) {
        *out++ = '-';
        year = -year;
    }
    for (int limit = 10000; width < 8 && year >= limit; limit *= 10)
        width++;
    out = put_digits(out, year, width);
    *out++ = '-';
    out = put_digits(out, month, 2);
    *out++ = '-';
    return put_digits(out, day, 2);
}

// A wall clock: date, `separator`, time of day, and the fraction when there is one.
static char *put_clock(char *out, int64_t local_us, char separator) {
    int64_t day = local_us / US_PER_DAY;
    int64_t rest_us = local_us % US_PER_DAY;
    int second;

    if (rest_us < 0) {
        rest_us += US_PER_DAY;
        day--;
    }
    second = (int)(rest_us / US_PER_SECOND);
    out = put_day(out, (int32_t)day);
    *out++ = separator;
    out = put_digits(out, second / 3600, 2);
    *out++ = ':';
    out = put_digits(out, second / 60 % 60, 2);
    *out++ = ':';
    out = put_digits(out, second % 60, 2);
    if (rest_us % US_PER_SECOND != 0) {
        *out++ = '.';
        out = put_digits(out, (int)(rest_us % US_PER_SECOND), 6);
    }
    return out;
}

const char *time_format_utc(int64_t at_us, char text[TIME_TEXT_SIZE]) {
    char *end = put_clock(text, at_us, 'T');

    *end++ = 'Z';
    *end = '\0';
    return text;
}

const char *time_format_local(struct zone *zone, int64_t at_us, char text[TIME_TEXT_SIZE]) {
    *put_clock(text, at_us + zone_offset_us(zone, at_us), ' ') = '\0';
    return text;
}

const char *day_format(int32_t day, char text[TIME_TEXT_SIZE]) {
    *put_day(text, day) = '\0';
    return text;
}
