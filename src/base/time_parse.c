// SPDX-License-Identifier: Apache-2.0
// Reads dates and times as other systems export them. One pass with a cursor, no allocation: an
// import reads one or two of them per row.
#include "base/time.h"

enum { FIRST_YEAR = 1, LAST_YEAR = 9999, US_DIGITS = 6 };

struct cursor {
    const char *at;
    const char *end;
};

static char peek(const struct cursor *cursor) {
    return cursor->at < cursor->end ? *cursor->at : '\0';
}

static bool take(struct cursor *cursor, char byte) {
    if (peek(cursor) != byte || cursor->at == cursor->end)
        return false;
    cursor->at++;
    return true;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static size_t count_digits(const struct cursor *cursor) {
    const char *at = cursor->at;

    while (at < cursor->end && is_digit(*at))
        at++;
    return (size_t)(at - cursor->at);
}

// A number of `least` to `most` digits; the digit after them, if any, is the caller's to refuse.
static bool take_number(struct cursor *cursor, int least, int most, int *ret_number) {
    int number = 0, digits = 0;

    while (digits < most && is_digit(peek(cursor))) {
        number = number * 10 + (*cursor->at++ - '0');
        digits++;
    }
    if (digits < least)
        return false;
    *ret_number = number;
    return true;
}

static bool day_of(int year, int month, int day, int32_t *ret_day) {
    static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        day > lengths[month - 1] + (month == 2 && leap))
        return false;
    *ret_day = day_from_civil(year, month, day);
    return true;
}

static bool take_separator(struct cursor *cursor, char *ret_separator) {
    const char separator = peek(cursor);

    if (separator != '-' && separator != '/' && separator != '.')
        return false;
    cursor->at++;
    *ret_separator = separator;
    return true;
}

// Year first, whatever the column's order: four digits at the beginning can be nothing else.
static bool take_year_first(struct cursor *cursor, int32_t *ret_day) {
    int year, month, day;
    char separator;

    if (!take_number(cursor, 4, 4, &year) || !take_separator(cursor, &separator) ||
        !take_number(cursor, 1, 2, &month) || !take(cursor, separator) ||
        !take_number(cursor, 1, 2, &day))
        return false;
    return day_of(year, month, day, ret_day);
}

static bool take_year_last(struct cursor *cursor, enum date_order order, int32_t *ret_day) {
    int first, second, year;
    char separator;
    size_t year_digits;

    if (order == DATE_ORDER_YMD || !take_number(cursor, 1, 2, &first) ||
        !take_separator(cursor, &separator) || !take_number(cursor, 1, 2, &second) ||
        !take(cursor, separator))
        return false;
    year_digits = count_digits(cursor);
    if ((year_digits != 2 && year_digits != 4) || !take_number(cursor, 2, 4, &year))
        return false;
    if (year_digits == 2)
        year += year < 69 ? 2000 : 1900;
    return order == DATE_ORDER_DMY ? day_of(year, second, first, ret_day)
                                   : day_of(year, first, second, ret_day);
}

static bool take_date(struct cursor *cursor, enum date_order order, int32_t *ret_day) {
    const size_t digits = count_digits(cursor);
    int date = 0;

    if (digits == 8) {
        take_number(cursor, 8, 8, &date);
        return day_of(date / 10000, date / 100 % 100, date % 100, ret_day);
    }
    if (digits == 4)
        return take_year_first(cursor, ret_day);
    return take_year_last(cursor, order, ret_day);
}

// The digits behind the sign of a fraction, in microseconds; finer ones are cut off.
static bool take_fraction(struct cursor *cursor, int64_t *ret_us) {
    int64_t fraction_us = 0;
    int digits = 0;

    for (; is_digit(peek(cursor)); cursor->at++, digits++)
        if (digits < US_DIGITS)
            fraction_us = fraction_us * 10 + (*cursor->at - '0');
    if (digits == 0)
        return false;
    for (; digits < US_DIGITS; digits++)
        fraction_us *= 10;
    *ret_us = fraction_us;
    return true;
}

// "AM", "pm": turns an hour of the 12-hour clock into one of the 24-hour clock.
static bool take_half_day(struct cursor *cursor, int *hour) {
    const struct cursor begin = *cursor;
    char half, m;

    take(cursor, ' ');
    if (cursor->end - cursor->at < 2) {
        *cursor = begin;
        return true;
    }
    half = (char)(cursor->at[0] | 0x20);
    m = (char)(cursor->at[1] | 0x20);
    if (m != 'm' || (half != 'a' && half != 'p')) {
        *cursor = begin;
        return true;
    }
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (half == 'p' ? 12 : 0);
    cursor->at += 2;
    return true;
}

static bool take_clock(struct cursor *cursor, int64_t *ret_us) {
    int hour, minute, second = 0;
    int64_t fraction_us = 0;

    if (!take_number(cursor, 1, 2, &hour) || !take(cursor, ':') ||
        !take_number(cursor, 2, 2, &minute))
        return false;
    if (take(cursor, ':')) {
        if (!take_number(cursor, 2, 2, &second))
            return false;
        if ((take(cursor, '.') || take(cursor, ',')) && !take_fraction(cursor, &fraction_us))
            return false;
    }
    if (!take_half_day(cursor, &hour) || hour > 23 || minute > 59 || second > 59)
        return false;
    *ret_us = (int64_t)(hour * 3600 + minute * 60 + second) * US_PER_SECOND + fraction_us;
    return true;
}

// "Z", "+01", "-0530", "+05:30", with one blank before it or none; or nothing.
static bool take_offset(struct cursor *cursor, bool *ret_has_offset, int64_t *ret_offset_us) {
    int hours, minutes = 0;
    bool negative;

    if (cursor->at == cursor->end) {
        *ret_has_offset = false;
        return true;
    }
    take(cursor, ' ');
    *ret_has_offset = true;
    if (take(cursor, 'Z') || take(cursor, 'z')) {
        *ret_offset_us = 0;
        return true;
    }
    negative = take(cursor, '-');
    if (!negative && !take(cursor, '+'))
        return false;
    if (!take_number(cursor, 2, 2, &hours))
        return false;
    if ((take(cursor, ':') || is_digit(peek(cursor))) && !take_number(cursor, 2, 2, &minutes))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    *ret_offset_us = (int64_t)(hours * 60 + minutes) * 60 * US_PER_SECOND * (negative ? -1 : 1);
    return true;
}

static bool is_within_years(int64_t at_us) {
    static const int64_t first_us = INT64_C(-62135596800) * US_PER_SECOND;  // 0001-01-01T00:00:00Z
    static const int64_t behind_us = INT64_C(253402300800) * US_PER_SECOND; // 10000-01-01T00:00:00Z

    return at_us >= first_us && at_us < behind_us;
}

static bool epoch_parse(struct text text, int64_t *ret_at_us) {
    int64_t number;

    if ((text.size != 10 && text.size != 13) || !is_digit(text.data[0]) ||
        !text_to_int64(text, &number))
        return false;
    *ret_at_us = number * (text.size == 10 ? US_PER_SECOND : 1000);
    return true;
}

// The parts of an instant as they are written.
struct parts {
    int32_t day;
    bool has_time, has_offset;
    int64_t clock_us, offset_us;
};

static bool parts_parse(struct text text, enum date_order order, struct parts *ret_parts) {
    struct cursor cursor = {.at = text.data, .end = text.data + text.size};
    struct parts parts = {0};

    if (!take_date(&cursor, order, &parts.day))
        return false;
    if (cursor.at < cursor.end) {
        if (!take(&cursor, 'T') && !take(&cursor, ' ') && !take(&cursor, 't'))
            return false;
        while (take(&cursor, ' '))
            ;
        if (!take_clock(&cursor, &parts.clock_us) ||
            !take_offset(&cursor, &parts.has_offset, &parts.offset_us))
            return false;
        parts.has_time = true;
    }
    if (cursor.at != cursor.end)
        return false;
    *ret_parts = parts;
    return true;
}

bool time_parse(struct text text, enum date_order order, struct zone *zone, int64_t *ret_at_us,
                bool *ret_has_time) {
    struct parts parts = {.has_time = true};
    int64_t at_us;

    text = text_trim(text);
    if (text.size == 0)
        return false;
    if (!epoch_parse(text, &at_us)) {
        int64_t local_us;

        if (!parts_parse(text, order, &parts))
            return false;
        local_us = (int64_t)parts.day * US_PER_DAY + parts.clock_us;
        if (parts.has_offset)
            at_us = local_us - parts.offset_us;
        else
            at_us = parts.has_time ? zone_to_utc_us(zone, local_us)
                                   : zone_day_start_us(zone, parts.day);
    }
    if (!is_within_years(at_us))
        return false;
    *ret_at_us = at_us;
    *ret_has_time = parts.has_time;
    return true;
}

bool day_parse(struct text text, enum date_order order, int32_t *ret_day) {
    struct parts parts;

    text = text_trim(text);
    if (text.size == 0 || !parts_parse(text, order, &parts) || parts.clock_us != 0 ||
        parts.offset_us != 0)
        return false;
    *ret_day = parts.day;
    return true;
}
