// SPDX-License-Identifier: Apache-2.0
#include "base/test.h"
#include "base/time.h"
#include "plug/sample/season.h"

#include <math.h>

TEST(easter_falls_on_the_published_days) {
    // Dates as the calendars of the churches print them; 1943 and 2038 are the latest possible.
    const int dates[][3] = {{1818, 3, 22}, {1943, 4, 25}, {2000, 4, 23}, {2008, 3, 23},
                            {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5},  {2038, 4, 25}};

    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
        CHECK_INT(easter_sunday(dates[i][0]),
                  day_from_civil(dates[i][0], dates[i][1], dates[i][2]));
}

TEST(holidays_of_all_germany_in_2025) {
    const int holidays[][2] = {{1, 1}, {4, 18}, {4, 21},  {5, 1},  {5, 29},
                               {6, 9}, {10, 3}, {12, 25}, {12, 26}};
    const int32_t first = day_from_civil(2025, 1, 1);
    int count = 0;

    for (int32_t day = first; day < first + 365; day++)
        count += day_is_holiday(day);
    CHECK_INT(count, 9);
    for (size_t i = 0; i < 9; i++)
        CHECK(day_is_holiday(day_from_civil(2025, holidays[i][0], holidays[i][1])));
}

TEST(weekdays_count_from_monday) {
    CHECK_INT(day_weekday(day_from_civil(1970, 1, 1)), 3);
    CHECK_INT(day_weekday(day_from_civil(2025, 12, 1)), 0);
    CHECK_INT(day_weekday(day_from_civil(1969, 12, 28)), 6);
}

static void year_2025(struct scope *scope, struct season *season) {
    season_init(season, &scope->arena, 1, day_from_civil(2025, 1, 1), 365);
}

TEST(shops_are_shut_on_sundays_and_holidays_and_the_web_shop_never) {
    struct season season;

    year_2025(scope, &season);
    for (int32_t d = 0; d < season.day_count; d++) {
        const int32_t day = season.first_day + d;
        const double of_store = season.clock[CHANNEL_STORE][d + 1] - season.clock[CHANNEL_STORE][d];
        const double of_web = season.clock[CHANNEL_WEB][d + 1] - season.clock[CHANNEL_WEB][d];
        const bool shut = day_weekday(day) == 6 || day_is_holiday(day);

        CHECK((of_store == 0) == shut);
        CHECK(of_web > 0);
        CHECK(!shut || season_web_chance(&season, 0, d) == 0);
    }
}

TEST(christmas_is_busy_and_summer_is_quiet) {
    struct season season;

    year_2025(scope, &season);

    const double *const clock = season.clock[CHANNEL_STORE];
    const double advent = clock[356] - clock[334]; // 1 to 22 December
    const double summer = clock[233] - clock[211]; // 31 July to 21 August
    const double year = clock[365] / 365;

    CHECK(advent / 22 > 1.3 * year);
    CHECK(summer / 22 < 0.95 * year);
    CHECK_CLOSE(year, 1, 0.1);
}

TEST(the_day_of_a_reading_is_the_one_in_which_the_clock_reaches_it) {
    struct season season;

    year_2025(scope, &season);
    for (int32_t d = 0; d < season.day_count; d++) {
        const double begin = season_reading(&season, 0.3, d),
                     end = season_reading(&season, 0.3, d + 1);
        CHECK_INT(season_day_at(&season, 0.3, (begin + end) / 2), d);
    }
    CHECK_INT(season_day_at(&season, 0.3, 1e9), season.day_count);
}

TEST(visits_fall_into_opening_hours_and_never_into_the_hour_that_is_skipped) {
    struct random random = {3};
    const int32_t christmas_eve = day_from_civil(2025, 12, 24);

    CHECK_INT(closing_second(christmas_eve), INT64_C(14) * 3600);
    for (int i = 0; i < 20000; i++) {
        const int32_t store =
            time_of_visit(&random, CHANNEL_STORE, i % 6, closing_second(christmas_eve));
        const int32_t web = time_of_visit(&random, CHANNEL_WEB, i % 7, 0);

        CHECK(store >= OPENING_SECOND && store < 14 * 3600);
        CHECK(web >= 0 && web < 24 * 3600);
        CHECK(web < 2 * 3600 || web >= 5 * 3600);
    }
}
