// SPDX-License-Identifier: Apache-2.0
#include "analyze/metric/comparison.h"

const char *const comparison_names[] = {"previous", "year", NULL};

enum comparison comparison_of(struct text name) {
    for (int i = 0; comparison_names[i]; i++)
        if (text_is(name, comparison_names[i]))
            return (enum comparison)(i + 1);
    return COMPARE_NOTHING;
}

static bool is_leap_day(int32_t day) {
    int year, month, day_of_month;

    day_to_civil(day, &year, &month, &day_of_month);
    return month == 2 && day_of_month == 29;
}

static int32_t year_before(int32_t day) {
    int year, month, day_of_month;

    day_to_civil(is_leap_day(day) ? day - 1 : day, &year, &month, &day_of_month);
    return day_from_civil(year - 1, month, day_of_month);
}

code comparison_before(struct scope *scope, const struct selection *now, enum comparison comparison,
                       struct selection *ret_before) {
    const int32_t days = now->to_day - now->from_day + 1;
    struct selection before = *now;

    if (!now->has_from || !now->has_to) {
        scope_fail_field(scope, INVALID, now->has_from ? "to" : "from",
                         "a comparison needs a first and a last day");
        return scope_hint(scope, "say both, for example from 2011-01-01 to 2011-12-31");
    }
    if (comparison == COMPARE_YEAR) {
        before.from_day = year_before(now->from_day);
        before.to_day = year_before(now->to_day);
    } else {
        before.from_day = now->from_day - days;
        before.to_day = now->to_day - days;
    }
    *ret_before = before;
    return OK;
}

// 1970-01-01 was a Thursday.
static int64_t week_number(int32_t day) {
    const int64_t since_monday = (int64_t)day + 3;

    return since_monday >= 0 ? since_monday / 7 : -((6 - since_monday) / 7);
}

int64_t comparison_period(enum dimension_type type, int32_t day) {
    int year, month, day_of_month;

    day_to_civil(day, &year, &month, &day_of_month);
    switch (type) {
    case DIMENSION_WEEK:
        return week_number(day);
    case DIMENSION_MONTH:
        return (int64_t)year * 12 + month - 1;
    case DIMENSION_QUARTER:
        return (int64_t)year * 4 + (month - 1) / 3;
    case DIMENSION_YEAR:
        return year;
    case DIMENSION_DAY:
    case DIMENSION_TEXT:
    case DIMENSION_STORE:
    case DIMENSION_CASHIER:
    case DIMENSION_PRODUCT:
    case DIMENSION_WEEKDAY:
    case DIMENSION_HOUR:
    case DIMENSION_RATE:
        break;
    }
    return day;
}

bool comparison_beside(enum comparison comparison, const struct selection *now,
                       const struct selection *before, enum dimension_type type, int32_t day,
                       int64_t *ret_period) {
    if (comparison == COMPARE_YEAR && type == DIMENSION_DAY) {
        if (is_leap_day(day))
            return false;
        *ret_period = year_before(day);
        return true;
    }
    *ret_period = comparison_period(type, day) - comparison_period(type, now->from_day) +
                  comparison_period(type, before->from_day);
    return true;
}
