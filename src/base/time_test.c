// SPDX-License-Identifier: Apache-2.0
// Expected instants come from `date -u -d "2010-12-01 08:26:00Z" +%s` and the tz database: the
// rules of the zones are written beside each.
#include "base/time.h"

#include "base/test.h"

#define HOUR_US (INT64_C(3600) * US_PER_SECOND)

static int64_t utc_us(int year, int month, int day, int hour, int minute, int second) {
    return (int64_t)day_from_civil(year, month, day) * US_PER_DAY +
           (int64_t)(hour * 3600 + minute * 60 + second) * US_PER_SECOND;
}

TEST(days_are_counted_from_1970) {
    CHECK_INT(day_from_civil(1970, 1, 1), 0);
    CHECK_INT(day_from_civil(1969, 12, 31), -1);
    CHECK_INT(day_from_civil(2000, 2, 29), 11016);
    CHECK_INT(day_from_civil(2010, 12, 1), 14944);
    CHECK_INT(day_from_civil(1, 1, 1), -719162);
    CHECK_INT(day_from_civil(9999, 12, 31), 2932896);
    CHECK_INT(day_from_civil(2011, 2, 29), day_from_civil(2011, 3, 1));
    CHECK_INT(day_from_civil(2011, 1, 0), day_from_civil(2010, 12, 31));
}

TEST(every_day_of_800_years_goes_there_and_back) {
    int last_year = 1599, last_month = 12, last_day = 30;

    for (int32_t number = day_from_civil(1599, 12, 31); number < day_from_civil(2400, 3, 1);
         number++) {
        int year, month, day;

        day_to_civil(number, &year, &month, &day);
        CHECK_INT(day_from_civil(year, month, day), number);
        CHECK(day == last_day + 1 || day == 1);
        CHECK(year * 12 + month > last_year * 12 + last_month || day > last_day);
        last_year = year, last_month = month, last_day = day;
    }
}

TEST(a_time_zone_must_be_one_of_the_iana_list) {
    static const char *const wrong[] = {
        "",
        "Mars/Olympus",
        "europe/london",
        "BST",
        "GMT+5",
        "Etc/Unknown",
        "Europe/London ",
        "Z\xC3\xBCrich",
        "A_very_long_name/that_is_no_place/on_earth_or_elsewhere_at_all"};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        CLEANUP(zone_close) struct zone *zone = NULL;

        CHECK_CODE(zone_open(scope, text_of(wrong[i]), &zone), INVALID);
        CHECK(zone == NULL);
        scope_forgive(scope);
    }
}

TEST(london_changes_on_the_last_sundays_of_march_and_october) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    const int64_t spring_us = utc_us(2011, 3, 27, 1, 0, 0);
    const int64_t autumn_us = utc_us(2011, 10, 30, 1, 0, 0);

    CHECK_OK(zone_open(scope, TEXT("Europe/London"), &zone));
    CHECK_INT(zone_offset_us(zone, spring_us - 1), 0);
    CHECK_INT(zone_offset_us(zone, spring_us), HOUR_US);
    CHECK_INT(zone_offset_us(zone, autumn_us - 1), HOUR_US);
    CHECK_INT(zone_offset_us(zone, autumn_us), 0);
    // 01:30 is skipped: read with the offset before the change.
    CHECK_INT(zone_to_utc_us(zone, utc_us(2011, 3, 27, 0, 59, 59)), utc_us(2011, 3, 27, 0, 59, 59));
    CHECK_INT(zone_to_utc_us(zone, utc_us(2011, 3, 27, 1, 30, 0)), utc_us(2011, 3, 27, 1, 30, 0));
    CHECK_INT(zone_to_utc_us(zone, utc_us(2011, 3, 27, 2, 0, 0)), spring_us);
    // 01:30 occurs twice: the earlier one.
    CHECK_INT(zone_to_utc_us(zone, utc_us(2011, 10, 30, 0, 59, 0)),
              utc_us(2011, 10, 29, 23, 59, 0));
    CHECK_INT(zone_to_utc_us(zone, utc_us(2011, 10, 30, 1, 30, 0)), utc_us(2011, 10, 30, 0, 30, 0));
    CHECK_INT(zone_to_utc_us(zone, utc_us(2011, 10, 30, 2, 0, 0)), utc_us(2011, 10, 30, 2, 0, 0));
}

TEST(new_york_changes_in_march_and_november) {
    CLEANUP(zone_close) struct zone *zone = NULL;

    CHECK_OK(zone_open(scope, TEXT("America/New_York"), &zone));
    // 2024-03-10 02:00 EST = 07:00Z; 2024-11-03 02:00 EDT = 06:00Z.
    CHECK_INT(zone_to_utc_us(zone, utc_us(2024, 3, 10, 1, 59, 59)), utc_us(2024, 3, 10, 6, 59, 59));
    CHECK_INT(zone_to_utc_us(zone, utc_us(2024, 3, 10, 2, 30, 0)), utc_us(2024, 3, 10, 7, 30, 0));
    CHECK_INT(zone_to_utc_us(zone, utc_us(2024, 3, 10, 3, 0, 0)), utc_us(2024, 3, 10, 7, 0, 0));
    CHECK_INT(zone_to_utc_us(zone, utc_us(2024, 11, 3, 1, 30, 0)), utc_us(2024, 11, 3, 5, 30, 0));
    CHECK_INT(zone_to_utc_us(zone, utc_us(2024, 11, 3, 2, 0, 0)), utc_us(2024, 11, 3, 7, 0, 0));
    CHECK_INT(zone_day(zone, utc_us(2024, 3, 10, 4, 59, 59)), day_from_civil(2024, 3, 9));
    CHECK_INT(zone_day(zone, utc_us(2024, 3, 10, 5, 0, 0)), day_from_civil(2024, 3, 10));
    CHECK_INT(zone_day_start_us(zone, day_from_civil(2024, 3, 11)), utc_us(2024, 3, 11, 4, 0, 0));
    // Until 2006 summer time began on the first Sunday of April.
    CHECK_INT(zone_offset_us(zone, utc_us(2006, 3, 20, 12, 0, 0)), -5 * HOUR_US);
    CHECK_INT(zone_offset_us(zone, utc_us(2007, 3, 20, 12, 0, 0)), -4 * HOUR_US);
}

TEST(kolkata_has_half_an_hour_and_no_summer_time) {
    CLEANUP(zone_close) struct zone *zone = NULL;

    CHECK_OK(zone_open(scope, TEXT("Asia/Kolkata"), &zone));
    CHECK_INT(zone_offset_us(zone, utc_us(2024, 7, 1, 0, 0, 0)), 11 * HOUR_US / 2);
    CHECK_INT(zone_day(zone, utc_us(2024, 6, 30, 18, 30, 0)), day_from_civil(2024, 7, 1));
    CHECK_INT(zone_day(zone, utc_us(2024, 6, 30, 18, 29, 59)), day_from_civil(2024, 6, 30));
    CHECK_INT(zone_to_utc_us(zone, utc_us(2500, 1, 1, 0, 0, 0)), utc_us(2499, 12, 31, 18, 30, 0));
}

TEST(historic_offsets_are_kept) {
    CLEANUP(zone_close) struct zone *london = NULL;
    CLEANUP(zone_close) struct zone *berlin = NULL;

    CHECK_OK(zone_open(scope, TEXT("Europe/London"), &london));
    // Local mean time until 1847-12-01: 75 seconds behind Greenwich.
    CHECK_INT(zone_offset_us(london, utc_us(1840, 1, 1, 0, 0, 0)), -75 * US_PER_SECOND);
    // British Standard Time: an hour ahead all year from 1968-10-27 to 1971-10-31.
    CHECK_INT(zone_offset_us(london, utc_us(1970, 1, 1, 0, 0, 0)), HOUR_US);
    // Double summer time of 1943.
    CHECK_INT(zone_offset_us(london, utc_us(1943, 7, 1, 0, 0, 0)), 2 * HOUR_US);
    CHECK_OK(zone_open(scope, TEXT("Europe/Berlin"), &berlin));
    // Local mean time until 1893-04-01: +0:53:28.
    CHECK_INT(zone_offset_us(berlin, utc_us(1890, 1, 1, 0, 0, 0)), (53 * 60 + 28) * US_PER_SECOND);
    CHECK_INT(zone_offset_us(berlin, utc_us(1, 1, 1, 12, 0, 0)), (53 * 60 + 28) * US_PER_SECOND);
    CHECK_INT(zone_offset_us(berlin, utc_us(9999, 7, 1, 12, 0, 0)), 2 * HOUR_US);
}

TEST(a_day_begins_where_the_clock_first_shows_it) {
    CLEANUP(zone_close) struct zone *sao_paulo = NULL;
    CLEANUP(zone_close) struct zone *apia = NULL;

    CHECK_OK(zone_open(scope, TEXT("America/Sao_Paulo"), &sao_paulo));
    // 2018-11-04 00:00 was skipped: the day began at 01:00 summer time, 03:00Z.
    CHECK_INT(zone_day_start_us(sao_paulo, day_from_civil(2018, 11, 4)),
              utc_us(2018, 11, 4, 3, 0, 0));
    CHECK_INT(zone_day(sao_paulo, utc_us(2018, 11, 4, 3, 0, 0)), day_from_civil(2018, 11, 4));
    CHECK_INT(zone_day(sao_paulo, utc_us(2018, 11, 4, 3, 0, 0) - 1), day_from_civil(2018, 11, 3));
    // 2019-02-17 00:00 went back to 23:00 of the day before: the day began an hour later, 03:00Z.
    CHECK_INT(zone_day_start_us(sao_paulo, day_from_civil(2019, 2, 17)),
              utc_us(2019, 2, 17, 3, 0, 0));
    // Samoa left out 2011-12-30: it and the 31st begin together, at 10:00Z of the 30th.
    CHECK_OK(zone_open(scope, TEXT("Pacific/Apia"), &apia));
    CHECK_INT(zone_day_start_us(apia, day_from_civil(2011, 12, 30)),
              utc_us(2011, 12, 30, 10, 0, 0));
    CHECK_INT(zone_day_start_us(apia, day_from_civil(2011, 12, 31)),
              utc_us(2011, 12, 30, 10, 0, 0));
}

TEST(offsets_do_not_depend_on_what_was_asked_before) {
    CLEANUP(zone_close) struct zone *kept = NULL;
    uint64_t random = 1;

    CHECK_OK(zone_open(scope, TEXT("Europe/Dublin"), &kept));
    for (int i = 0; i < 300; i++) {
        CLEANUP(zone_close) struct zone *fresh = NULL;
        int64_t local_us;

        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        local_us =
            (int64_t)(random >> 11) % (utc_us(2100, 1, 1, 0, 0, 0) - utc_us(1840, 1, 1, 0, 0, 0)) +
            utc_us(1840, 1, 1, 0, 0, 0);
        CHECK_OK(zone_open(scope, TEXT("Europe/Dublin"), &fresh));
        CHECK_INT(zone_to_utc_us(kept, local_us), zone_to_utc_us(fresh, local_us));
        CHECK_INT(zone_offset_us(kept, local_us), zone_offset_us(fresh, local_us));
    }
}

struct reading {
    const char *text;
    enum date_order order;
    const char *instant; // as time_format_utc writes it; NULL when it must be refused
    bool date_only;
};

static void check_reading(struct zone *zone, const struct reading *reading) {
    char text[TIME_TEXT_SIZE];
    int64_t at_us = 77;
    bool has_time = reading->date_only;
    const bool read = time_parse(text_of(reading->text), reading->order, zone, &at_us, &has_time);

    if (read != (reading->instant != NULL))
        test_fail(__FILE__, __LINE__, "\"%s\" is %s", reading->text, read ? "read" : "refused");
    if (!read)
        CHECK_INT(at_us, 77);
    else if (strcmp(time_format_utc(at_us, text), reading->instant) != 0)
        test_fail(__FILE__, __LINE__, "\"%s\" is %s", reading->text, text);
    else
        CHECK_INT(has_time, !reading->date_only);
}

TEST(instants_are_read_in_every_form) {
    static const struct reading readings[] = {
        {"2010-12-01T08:26:00Z", DATE_ORDER_YMD, "2010-12-01T08:26:00Z", false},
        {"2010-12-01 08:26", DATE_ORDER_YMD, "2010-12-01T08:26:00Z", false},
        {"2011-07-01 08:26:30", DATE_ORDER_YMD, "2011-07-01T07:26:30Z", false},
        {"2011-07-01T08:26:30.5", DATE_ORDER_DMY, "2011-07-01T07:26:30.500000Z", false},
        {"2011-07-01T08:26:30,123456789Z", DATE_ORDER_DMY, "2011-07-01T08:26:30.123456Z", false},
        {"2011-07-01T08:26:30+05:30", DATE_ORDER_YMD, "2011-07-01T02:56:30Z", false},
        {"2011-07-01T08:26:30-0800", DATE_ORDER_YMD, "2011-07-01T16:26:30Z", false},
        {"2011-07-01 08:26:30+02", DATE_ORDER_YMD, "2011-07-01T06:26:30Z", false},
        {"2011-07-01 08:26:30 +0000", DATE_ORDER_YMD, "2011-07-01T08:26:30Z", false},
        {"2011-07-01", DATE_ORDER_MDY, "2011-06-30T23:00:00Z", true},
        {"2011/7/1", DATE_ORDER_YMD, "2011-06-30T23:00:00Z", true},
        {"2011.07.01", DATE_ORDER_DMY, "2011-06-30T23:00:00Z", true},
        {"20110701", DATE_ORDER_DMY, "2011-06-30T23:00:00Z", true},
        {"19970101", DATE_ORDER_YMD, "1997-01-01T00:00:00Z", true},
        {"12/1/2010 8:26", DATE_ORDER_MDY, "2010-12-01T08:26:00Z", false},
        {"12/1/2010 8:26", DATE_ORDER_DMY, "2010-01-12T08:26:00Z", false},
        {"1.12.2010", DATE_ORDER_DMY, "2010-12-01T00:00:00Z", true},
        {"01-12-10", DATE_ORDER_DMY, "2010-12-01T00:00:00Z", true},
        {"12/31/69 11:59:59 PM", DATE_ORDER_MDY, "1969-12-31T22:59:59Z",
         false}, // an hour ahead then
        {"1/2/68", DATE_ORDER_DMY, "2068-02-01T00:00:00Z", true},
        {"12/1/2010 12:00 AM", DATE_ORDER_MDY, "2010-12-01T00:00:00Z", false},
        {"12/1/2010 12:00:01pm", DATE_ORDER_MDY, "2010-12-01T12:00:01Z", false},
        {"12/1/2010 1:05 pm", DATE_ORDER_MDY, "2010-12-01T13:05:00Z", false},
        {"1291191960", DATE_ORDER_YMD, "2010-12-01T08:26:00Z", false},
        {"1291191960123", DATE_ORDER_DMY, "2010-12-01T08:26:00.123000Z", false},
        {"  2010-12-01  ", DATE_ORDER_YMD, "2010-12-01T00:00:00Z", true},
        {"2000-02-29", DATE_ORDER_YMD, "2000-02-29T00:00:00Z", true},
        {"0001-01-02", DATE_ORDER_YMD, "0001-01-02T00:01:15Z", true}, // local mean time
        {"9999-12-31T23:59:59.999999Z", DATE_ORDER_YMD, "9999-12-31T23:59:59.999999Z", false},
    };
    CLEANUP(zone_close) struct zone *zone = NULL;

    CHECK_OK(zone_open(scope, TEXT("Europe/London"), &zone));
    for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++)
        check_reading(zone, &readings[i]);
}

TEST(what_is_no_instant_is_refused) {
    static const char *const wrong[] = {
        "",
        " ",
        "-",
        "yesterday",
        "2010",
        "2010-12",
        "2010-13-01",
        "2010-00-10",
        "2010-02-29",
        "1900-02-29",
        "2010-12-32",
        "2010-12-01T",
        "2010-12-01T08",
        "2010-12-01T24:00",
        "2010-12-01T08:60",
        "2010-12-01T08:26:60",
        "2010-12-01T08:26:00.",
        "2010-12-01T08:26:00+1",
        "2010-12-01T08:26:00+24",
        "2010-12-01T08:26:00+01:60",
        "2010-12-01T08:26:00Z ago",
        "2010-12-01Z",
        "2010-12/01",
        "2010-12-01x",
        "0000-01-01",
        "0001-01-01T00:00:00+01",
        "9999-12-31T23:59:59-01",
        "99999-01-01",
        "201012",
        "20101301",
        "129119196",
        "12911919600",
        "1291191960.5",
        "-1291191960",
        "1.2.3.4",
        "13:00",
        "12/1/2010 13:00 PM",
        "12/1/2010 0:30 AM",
        "12/1/2010 8:26 XM",
        "2010--12-01",
        "+010-12-01",
        "2010-12-01T-8:26",
        "31/12/010",
    };
    CLEANUP(zone_close) struct zone *zone = NULL;

    CHECK_OK(zone_open(scope, TEXT("Europe/London"), &zone));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        check_reading(zone, &(struct reading){wrong[i], DATE_ORDER_MDY, NULL, false});
    check_reading(zone, &(struct reading){"1/12/2010", DATE_ORDER_YMD, NULL, false});
    check_reading(zone, &(struct reading){"13/12/2010", DATE_ORDER_MDY, NULL, false});
}

TEST(a_date_may_end_in_a_midnight_without_offset) {
    int32_t day = 77;

    CHECK(day_parse(TEXT("1980-05-01"), DATE_ORDER_YMD, &day));
    CHECK_INT(day, day_from_civil(1980, 5, 1));
    CHECK(day_parse(TEXT("2.5.1980"), DATE_ORDER_DMY, &day));
    CHECK_INT(day, day_from_civil(1980, 5, 2));
    CHECK(day_parse(TEXT("1980-05-03T00:00:00.000Z"), DATE_ORDER_YMD, &day));
    CHECK_INT(day, day_from_civil(1980, 5, 3));
    CHECK(!day_parse(TEXT("1980-05-03T00:00:01Z"), DATE_ORDER_YMD, &day));
    CHECK(!day_parse(TEXT("1980-05-03T00:00:00+01:00"), DATE_ORDER_YMD, &day));
    CHECK(!day_parse(TEXT("1291191960"), DATE_ORDER_YMD, &day));
    CHECK_INT(day, day_from_civil(1980, 5, 3));
}

TEST(instants_are_written) {
    CLEANUP(zone_close) struct zone *zone = NULL;
    char text[TIME_TEXT_SIZE];

    CHECK_OK(zone_open(scope, TEXT("Europe/London"), &zone));
    CHECK_STRING(time_format_utc(INT64_C(1291191960) * US_PER_SECOND, text),
                 "2010-12-01T08:26:00Z");
    CHECK_STRING(time_format_utc(-1, text), "1969-12-31T23:59:59.999999Z");
    CHECK_STRING(time_format_local(zone, utc_us(2011, 7, 1, 7, 26, 0), text),
                 "2011-07-01 08:26:00");
    CHECK_STRING(day_format(day_from_civil(2010, 12, 1), text), "2010-12-01");
    CHECK_STRING(day_format(day_from_civil(7, 1, 2), text), "0007-01-02");
    CHECK_STRING(time_format_utc(INT64_MAX, text), "294247-01-10T04:00:54.775807Z");
    CHECK_STRING(time_format_utc(INT64_MIN, text), "-290308-12-21T19:59:05.224192Z");
}
