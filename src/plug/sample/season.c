// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/season.h"

#include "base/time.h"

#include <math.h>

enum { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

int day_weekday(int32_t day) {
    return (day % 7 + 10) % 7; // 1970-01-01 was a Thursday
}

// The Gregorian computus as Meeus gives it (Astronomical Algorithms, chapter 8).
int32_t easter_sunday(int year) {
    const int a = year % 19, b = year / 100, c = year % 100;
    const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    const int h = (19 * a + b - d - g + 15) % 30;
    const int i = c / 4, k = c % 4;
    const int l = (32 + 2 * e + 2 * i - h - k) % 7;
    const int m = (a + 11 * h + 22 * l) / 451;
    const int n = h + l - 7 * m + 114;

    return day_from_civil(year, n / 31, n % 31 + 1);
}

bool day_is_holiday(int32_t day) {
    static const struct { int month, day; } fixed[] = {{1, 1}, {5, 1}, {10, 3}, {12, 25}, {12, 26}};
    static const int after_easter[] = {-2, 1, 39,
                                       50}; // Good Friday, Easter and Whit Monday, Ascension
    int year, month, day_of_month;

    day_to_civil(day, &year, &month, &day_of_month);
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (fixed[i].month == month && fixed[i].day == day_of_month)
            return true;
    for (size_t i = 0; i < sizeof(after_easter) / sizeof(after_easter[0]); i++)
        if (day == easter_sunday(year) + after_easter[i])
            return true;
    return false;
}

// Between the middles of two months demand moves in a straight line.
static double demand_of_year(int month, int day_of_month) {
    static const double months[12] = {0.90, 0.91, 0.97, 1.00, 1.01, 0.97,
                                      0.85, 0.84, 0.98, 1.02, 1.10, 1.20};
    const double place = (day_of_month - 15) / 30.5;
    const int neighbour = (month - 1 + (place < 0 ? 11 : 1)) % 12;

    return months[month - 1] + fabs(place) * (months[neighbour] - months[month - 1]);
}

static double demand_of_december(enum channel channel, int day_of_month) {
    if (channel == CHANNEL_WEB)
        return day_of_month <= 19 ? 1.30 + 0.02 * day_of_month : day_of_month <= 22 ? 0.9 : 0.55;
    if (day_of_month <= 23)
        return 1.0 + 0.024 * day_of_month;
    return day_of_month == 24 ? 0.85 : 0.95; // shut from 14:00 on Christmas Eve
}

// The Friday after the fourth Thursday of November, and the Monday behind it.
static double demand_of_sales(enum channel channel, int32_t day, int month, int day_of_month) {
    const int weekday = day_weekday(day);
    const bool web = channel == CHANNEL_WEB;

    if (month == 11 && weekday == FRIDAY && day_of_month >= 23 && day_of_month <= 29)
        return web ? 2.6 : 1.45;
    if (weekday == MONDAY &&
        ((month == 11 && day_of_month >= 26) || (month == 12 && day_of_month <= 2)))
        return web ? 1.9 : 1.0;
    return 1;
}

static double demand(enum channel channel, int32_t day) {
    static const double weekdays[CHANNEL_COUNT][7] = {
        {0.95, 0.92, 0.96, 1.06, 1.36, 1.75, 0},
        {1.06, 0.98, 0.96, 0.96, 0.90, 0.90, 1.24},
    };
    int year, month, day_of_month;

    if (channel == CHANNEL_STORE && day_is_holiday(day))
        return 0;
    day_to_civil(day, &year, &month, &day_of_month);

    double demand = weekdays[channel][day_weekday(day)] * demand_of_year(month, day_of_month) *
                    demand_of_sales(channel, day, month, day_of_month);

    if (month == 12)
        demand *= demand_of_december(channel, day_of_month);
    if (channel == CHANNEL_STORE && (day_is_holiday(day + 1) || day_is_holiday(day - 1)))
        demand *= 1.15;
    return demand;
}

void season_init(struct season *season, struct arena *arena, uint64_t seed, int32_t first_day,
                 int32_t day_count) {
    const double growth_per_year[CHANNEL_COUNT] = {0.01, 0.09};
    const double weather_deviation[CHANNEL_COUNT] = {0.07, 0.04};

    season->first_day = first_day;
    season->day_count = day_count;
    for (int channel = 0; channel < CHANNEL_COUNT; channel++) {
        struct random weather = random_stream(seed, 0x5ea5011, (uint64_t)channel);
        double *const clock = arena_array(arena, (size_t)day_count + 1, sizeof(double));

        for (int32_t d = 0; d < day_count; d++) {
            const double trend = 1 + growth_per_year[channel] * d / 365.25;
            const double noise = exp(weather_deviation[channel] * random_normal(&weather));
            clock[d + 1] = clock[d] + demand((enum channel)channel, first_day + d) * trend * noise;
        }
        season->clock[channel] = clock;
    }
}

int32_t season_day_at(const struct season *season, double web_share, double reading) {
    int32_t low = 0, high = season->day_count;

    // The first day whose end the reading does not pass.
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (season_reading(season, web_share, middle + 1) < reading)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double season_web_chance(const struct season *season, double web_share, int32_t index) {
    const double *const store = season->clock[CHANNEL_STORE];
    const double *const web = season->clock[CHANNEL_WEB];
    const double of_store = (1 - web_share) * (store[index + 1] - store[index]);
    const double of_web = web_share * (web[index + 1] - web[index]);

    return of_web > 0 ? of_web / (of_store + of_web) : 0;
}

int32_t closing_second(int32_t day) {
    int year, month, day_of_month;

    day_to_civil(day, &year, &month, &day_of_month);
    return (month == 12 && (day_of_month == 24 || day_of_month == 31) ? 14 : 20) * 3600;
}

int32_t time_of_visit(struct random *random, enum channel channel, int weekday, int32_t closing) {
    // Cumulated percent of visits by hour: a store on working days and on Saturdays, the web shop.
    static const uint8_t by_hour[3][24] = {
        {0, 0, 0, 0, 0, 0, 0, 0, 4, 11, 20, 29, 37, 44, 52, 61, 72, 84, 94, 100},
        {0, 0, 0, 0, 0, 0, 0, 0, 4, 13, 26, 41, 54, 65, 75, 84, 91, 96, 99, 100},
        {2, 3, 0, 0, 0, 4, 5, 8, 12, 16, 21, 26, 31, 36, 41, 46, 51, 57, 64, 72, 82, 91, 97, 100},
    };
    const uint8_t *const cumulated = by_hour[channel == CHANNEL_WEB ? 2
                                             : weekday == SATURDAY  ? 1
                                                                    : 0];
    int32_t second;

    do {
        const uint32_t draw = random_below(random, 100);
        int hour = 0;
        while (cumulated[hour] <= draw)
            hour++;
        second = hour * 3600 + (int32_t)random_below(random, 3600);
    } while (channel == CHANNEL_STORE && second >= closing);
    return second;
}
