// SPDX-License-Identifier: Apache-2.0
// Filters over numbers, amounts and dates. Whole numbers stay whole, amounts stay amounts; what
// does not fit becomes a decimal number.
#include "push/template/liquid_filter.h"
#include "push/template/liquid_locale.h"

#include "base/money.h"

#include <math.h>
#include <stdio.h>

static struct liquid_value money_like(struct liquid_value a, struct liquid_value b,
                                      int64_t micros) {
    struct liquid_value value = a.type == LIQUID_MONEY ? a : b;

    value.integer = micros;
    return value;
}

static bool to_micros(struct liquid_value number, int64_t *ret_micros) {
    const double micros = liquid_to_double(number) * (double)MICROS_PER_UNIT;

    if (number.type == LIQUID_MONEY)
        *ret_micros = number.integer;
    else if (fabs(micros) < 9e18)
        *ret_micros = llround(micros);
    else
        return false;
    return true;
}

static struct liquid_value added(struct liquid_value a, struct liquid_value b, bool minus) {
    int64_t x, y, result;

    if (a.type == LIQUID_INTEGER && b.type == LIQUID_INTEGER) {
        if (minus ? !__builtin_sub_overflow(a.integer, b.integer, &result)
                  : !__builtin_add_overflow(a.integer, b.integer, &result))
            return liquid_integer(result);
    } else if ((a.type == LIQUID_MONEY || b.type == LIQUID_MONEY) && to_micros(a, &x) &&
               to_micros(b, &y) &&
               (minus ? !__builtin_sub_overflow(x, y, &result)
                      : !__builtin_add_overflow(x, y, &result))) {
        return money_like(a, b, result);
    }
    return liquid_number(minus ? liquid_to_double(a) - liquid_to_double(b)
                               : liquid_to_double(a) + liquid_to_double(b));
}

struct liquid_value liquid_add(struct liquid_value a, struct liquid_value b) {
    return added(a, b, false);
}

#define UNUSED()                                                                                   \
    (void)renderer;                                                                                \
    (void)count

LIQUID_FILTER(filter_plus) {
    UNUSED();
    return added(liquid_to_number(values[0]), liquid_to_number(values[1]), false);
}

LIQUID_FILTER(filter_minus) {
    UNUSED();
    return added(liquid_to_number(values[0]), liquid_to_number(values[1]), true);
}

LIQUID_FILTER(filter_times) {
    const struct liquid_value a = liquid_to_number(values[0]), b = liquid_to_number(values[1]);
    const double product = liquid_to_double(a) * liquid_to_double(b);
    int64_t result;

    UNUSED();
    if (a.type == LIQUID_INTEGER && b.type == LIQUID_INTEGER &&
        !__builtin_mul_overflow(a.integer, b.integer, &result))
        return liquid_integer(result);
    if ((a.type == LIQUID_MONEY) != (b.type == LIQUID_MONEY) && fabs(product) < 9e12)
        return money_like(a, b, llround(product * (double)MICROS_PER_UNIT));
    return liquid_number(product);
}

static int64_t floored(int64_t a, int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static struct liquid_value refuse(struct liquid_renderer *renderer, const char *why) {
    if (!renderer->failure)
        renderer->failure = why;
    return LIQUID_NOTHING;
}

LIQUID_FILTER(filter_divided_by) {
    const struct liquid_value a = liquid_to_number(values[0]), b = liquid_to_number(values[1]);
    const double divisor = liquid_to_double(b);

    (void)count;
    if (divisor == 0)
        return refuse(renderer, "something is divided by 0");
    if (a.type == LIQUID_INTEGER && b.type == LIQUID_INTEGER &&
        !(a.integer == INT64_MIN && b.integer == -1))
        return liquid_integer(floored(a.integer, b.integer));
    if (a.type == LIQUID_MONEY && b.type != LIQUID_MONEY &&
        fabs((double)a.integer / divisor) < 9e18)
        return money_like(a, a, llround((double)a.integer / divisor));
    return liquid_number(liquid_to_double(a) / divisor);
}

LIQUID_FILTER(filter_modulo) {
    const struct liquid_value a = liquid_to_number(values[0]), b = liquid_to_number(values[1]);
    const double divisor = liquid_to_double(b);

    (void)count;
    if (divisor == 0)
        return refuse(renderer, "something is divided by 0");
    if (a.type == LIQUID_INTEGER && b.type == LIQUID_INTEGER) {
        const int64_t rest = b.integer == -1 ? 0 : a.integer % b.integer;

        return liquid_integer(rest != 0 && (rest < 0) != (b.integer < 0) ? rest + b.integer : rest);
    }
    return liquid_number(liquid_to_double(a) - divisor * floor(liquid_to_double(a) / divisor));
}

LIQUID_FILTER(filter_abs) {
    struct liquid_value number = liquid_to_number(values[0]);

    UNUSED();
    if (number.type == LIQUID_NUMBER)
        number.number = fabs(number.number);
    else if (number.integer < 0 && number.integer != INT64_MIN)
        number.integer = -number.integer;
    return number;
}

static struct liquid_value bounded(struct liquid_value *values, bool at_least) {
    const struct liquid_value a = liquid_to_number(values[0]), b = liquid_to_number(values[1]);
    int order = 0;

    liquid_compare(a, b, &order);
    return at_least ? (order < 0 ? b : a) : (order > 0 ? b : a);
}

LIQUID_FILTER(filter_at_least) {
    UNUSED();
    return bounded(values, true);
}

LIQUID_FILTER(filter_at_most) {
    UNUSED();
    return bounded(values, false);
}

// ---- rounding ----

static struct liquid_value whole(double number) {
    return fabs(number) < 9e18 ? liquid_integer((int64_t)number) : liquid_number(number);
}

LIQUID_FILTER(filter_ceil) {
    UNUSED();
    return whole(ceil(liquid_to_double(values[0])));
}

LIQUID_FILTER(filter_floor) {
    UNUSED();
    return whole(floor(liquid_to_double(values[0])));
}

static int digits_given(struct liquid_value *values, size_t count, int otherwise, int most) {
    const int64_t given = count > 1 ? liquid_to_integer(values[1]) : otherwise;

    return given < 0 ? 0 : given > most ? most : (int)given;
}

LIQUID_FILTER(filter_round) {
    const struct liquid_value number = liquid_to_number(values[0]);
    const int digits = digits_given(values, count, 0, 12);
    const double scale = pow(10, digits);

    (void)renderer;
    if (number.type == LIQUID_INTEGER)
        return number;
    if (number.type == LIQUID_MONEY) {
        const double unit = (double)MICROS_PER_UNIT / pow(10, digits > 6 ? 6 : digits);

        return money_like(number, number, llround(round((double)number.integer / unit) * unit));
    }
    if (digits == 0)
        return whole(round(number.number));
    if (!(fabs(number.number * scale) < 9e15))
        return number;
    return liquid_number(round(number.number * scale) / scale);
}

// ---- as a language writes them ----

static struct liquid_value localized(struct liquid_renderer *renderer, const char *digits,
                                     const char *before, const char *behind) {
    const size_t room = LIQUID_NUMBER_SIZE + strlen(before) + strlen(behind);
    char *data = liquid_scratch(renderer, room);
    size_t size = strlen(before);

    if (!data)
        return LIQUID_NOTHING;
    memcpy(data, before, size);
    size += liquid_locale_number(renderer->locale, digits, data + size);
    memcpy(data + size, behind, strlen(behind));
    return liquid_made(data, size + strlen(behind));
}

LIQUID_FILTER(filter_number) {
    const struct liquid_value number = liquid_to_number(values[0]);
    const bool is_whole = number.type == LIQUID_INTEGER && count < 2;
    char digits[400];

    if (is_whole)
        snprintf(digits, sizeof(digits), "%lld", (long long)number.integer);
    else
        snprintf(digits, sizeof(digits), "%.*f",
                 digits_given(values, count, number.type == LIQUID_MONEY ? 2 : 1, 6),
                 liquid_to_double(number));
    return localized(renderer, digits, "", "");
}

// Of a share: 0.125 is 12.5 %.
LIQUID_FILTER(filter_percent) {
    char digits[400];

    snprintf(digits, sizeof(digits), "%.*f", digits_given(values, count, 0, 6),
             liquid_to_double(values[0]) * 100);
    return localized(renderer, digits, "", renderer->locale->amount_first ? "\xC2\xA0%" : "%");
}

LIQUID_FILTER(filter_money) {
    const struct liquid_value number = liquid_to_number(values[0]);
    const struct text given = count > 1 ? liquid_to_text(renderer, values[1]) : TEXT("");
    char currency[4] = "", digits[MICROS_TEXT_SIZE], sign[24];
    bool is_word;
    int64_t micros;

    if (given.size == 3)
        memcpy(currency, given.data, 3);
    else
        memcpy(currency,
               number.type == LIQUID_MONEY && number.currency[0] ? number.currency
                                                                 : renderer->currency,
               3);
    if (!to_micros(number, &micros))
        return LIQUID_NOTHING;
    micros_format_rounded(micros, currency_digits(text_of(currency)), digits);
    if (!currency[0])
        return localized(renderer, digits, "", "");
    is_word = strcmp(liquid_currency_sign(currency), currency) == 0 ||
              strncmp(renderer->locale->language, "nl", 2) == 0 ||
              strncmp(renderer->locale->language, "de", 2) == 0;
    if (renderer->locale->amount_first) {
        snprintf(sign, sizeof(sign), "\xC2\xA0%s", liquid_currency_sign(currency));
        return localized(renderer, digits, "", sign);
    }
    snprintf(sign, sizeof(sign), "%s%s%s", digits[0] == '-' ? "-" : "",
             liquid_currency_sign(currency), is_word ? "\xC2\xA0" : "");
    return localized(renderer, digits + (digits[0] == '-'), sign, "");
}

// In French whatever is less than two is one: "0 article".
LIQUID_FILTER(filter_pluralize) {
    const double number = fabs(liquid_to_double(values[0]));
    const bool is_french = strncmp(renderer->locale->language, "fr", 2) == 0;

    (void)count;
    return (is_french ? number < 2 : number == 1) ? values[1] : values[2];
}

// ---- dates ----

// An instant, a day, an ISO date or a number of seconds; false when the value is no time.
static bool time_of(struct liquid_renderer *renderer, struct liquid_value value, int64_t *ret_at_us,
                    bool *ret_is_day) {
    const struct text text = liquid_text_of(value);
    bool has_time = true;

    *ret_is_day = false;
    switch (value.type) {
    case LIQUID_INSTANT:
        *ret_at_us = value.integer;
        return true;
    case LIQUID_DAY:
        *ret_is_day = true;
        *ret_at_us = value.integer * US_PER_DAY;
        return true;
    case LIQUID_INTEGER:
        if (value.integer <= -62135596800 || value.integer >= 253402300800)
            return false;
        *ret_at_us = value.integer * US_PER_SECOND;
        return true;
    case LIQUID_TEXT:
        if (text.size > 64 ||
            !time_parse(text, DATE_ORDER_YMD, renderer->zone, ret_at_us, &has_time))
            return false;
        if (!has_time) { // its beginning in the zone: the day itself
            *ret_is_day = true;
            if (renderer->zone)
                *ret_at_us += zone_offset_us(renderer->zone, *ret_at_us);
        }
        return true;
    default:
        return false;
    }
}

// What is no time stays as it is, as the reference says.
LIQUID_FILTER(filter_date) {
    const struct text format = liquid_to_text(renderer, values[1]);
    int64_t at_us, offset_us = 0, day;
    bool is_day;
    char *data;
    size_t size;

    if (!liquid_work(renderer, 40 + 24 * format.size))
        return LIQUID_NOTHING;
    if (values[0].type == LIQUID_TEXT &&
        (text_is(liquid_text_of(values[0]), "now") || text_is(liquid_text_of(values[0]), "today")))
        return refuse(renderer, "a template knows no clock; use message.day");
    if (!time_of(renderer, values[0], &at_us, &is_day) || format.size == 0)
        return values[0];
    if (!is_day && renderer->zone)
        offset_us = zone_offset_us(renderer->zone, at_us);
    if (count > 2 && !is_day) {
        const double hours = liquid_to_double(values[2]);

        offset_us = fabs(hours) <= 14 ? llround(hours * 3600) * US_PER_SECOND : 0;
    }
    at_us += offset_us;
    day = floored(at_us, US_PER_DAY);
    data = liquid_scratch(renderer, format.size * 16 + 64);
    if (!data)
        return LIQUID_NOTHING;
    size = liquid_strftime(renderer->locale, format, (int32_t)day, at_us - day * US_PER_DAY,
                           offset_us, data, format.size * 16 + 64);
    return size == SIZE_MAX ? refuse(renderer, "the format of a date makes a text that is too long")
                            : liquid_made(data, size);
}
