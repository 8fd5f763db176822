// SPDX-License-Identifier: Apache-2.0
// Amounts as people and systems write them. Plain numbers such as "12.50" take a short way; signs,
// currencies and thousands separators a longer one, which ends in the same accumulation of digits.
#include "base/money.h"

#include <math.h>

enum { DECIMALS = 6, BP_PER_UNIT = 10000 };

static const int64_t powers_of_ten[DECIMALS + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000};

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

// Half away from zero. Only for divisors above zero.
static __int128 divide_rounded(__int128 dividend, int64_t divisor) {
    const __int128 quotient = dividend / divisor;
    const __int128 rest = dividend % divisor;

    if (rest >= 0)
        return quotient + (2 * rest >= divisor);
    return quotient - (-2 * rest >= divisor);
}

// ---- reading: digits ----

// Adds the digits of [at, end) to *value.
static bool add_digits(const char *at, const char *end, uint64_t *value) {
    for (; at < end; at++)
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, (uint64_t)(*at - '0'), value))
            return false;
    return true;
}

// Whole digits and decimals (any number of them) to micros, rounded at the seventh decimal.
static bool micros_of(uint64_t units, struct text decimals, uint64_t *ret_micros) {
    const size_t kept = decimals.size < DECIMALS ? decimals.size : DECIMALS;
    uint64_t fraction = 0, micros;

    add_digits(decimals.data, decimals.data + kept, &fraction);
    fraction *= (uint64_t)powers_of_ten[DECIMALS - kept];
    if (decimals.size > DECIMALS && decimals.data[DECIMALS] >= '5')
        fraction++;
    if (__builtin_mul_overflow(units, (uint64_t)MICROS_PER_UNIT, &micros) ||
        __builtin_add_overflow(micros, fraction, &micros) || micros > INT64_MAX)
        return false;
    *ret_micros = micros;
    return true;
}

// ---- reading: separators ----

enum sign { SIGN_NONE, SIGN_POINT, SIGN_COMMA, SIGN_APOSTROPHE, SIGN_BLANK };

static bool follows(struct text text, unsigned char second, unsigned char third) {
    const unsigned char *bytes = (const unsigned char *)text.data;

    return text.size > 2 && bytes[1] == second && bytes[2] == third;
}

// The separator at the beginning of the text, which is not empty, and its length in bytes.
static enum sign sign_at(struct text text, size_t *ret_size) {
    *ret_size = 1;
    switch ((unsigned char)text.data[0]) {
    case '.':
        return SIGN_POINT;
    case ',':
        return SIGN_COMMA;
    case '\'':
        return SIGN_APOSTROPHE;
    case ' ':
        return SIGN_BLANK;
    case 0xC2: // U+00A0
        *ret_size = 2;
        return text.size > 1 && (unsigned char)text.data[1] == 0xA0 ? SIGN_BLANK : SIGN_NONE;
    case 0xE2: // U+202F, U+2009, U+2019
        *ret_size = 3;
        if (follows(text, 0x80, 0xAF) || follows(text, 0x80, 0x89))
            return SIGN_BLANK;
        return follows(text, 0x80, 0x99) ? SIGN_APOSTROPHE : SIGN_NONE;
    default:
        return SIGN_NONE;
    }
}

enum { MAX_GROUPS = 12 };

// A number cut at its separators: groups[0] sign[0] groups[1] sign[1] …
struct groups {
    struct text group[MAX_GROUPS];
    enum sign sign[MAX_GROUPS]; // what stands before group i; SIGN_NONE for the first
    size_t count;
};

static bool cut(struct text text, struct groups *groups) {
    groups->count = 0;
    groups->sign[0] = SIGN_NONE;
    for (;;) {
        struct text *group = &groups->group[groups->count];
        size_t size = 0;

        while (size < text.size && is_digit(text.data[size]))
            size++;
        *group = (struct text){.data = text.data, .size = size};
        groups->count++;
        text.data += size;
        text.size -= size;
        if (text.size == 0)
            return true;
        if (groups->count == MAX_GROUPS)
            return false;
        groups->sign[groups->count] = sign_at(text, &size);
        if (groups->sign[groups->count] == SIGN_NONE)
            return false;
        text.data += size;
        text.size -= size;
    }
}

// 1,234,567 and the Indian 12,34,567: one separator throughout, three digits in the last group.
static bool are_thousands(const struct groups *groups, size_t count) {
    const struct text first = groups->group[0];

    if (count == 1)
        return true;
    if (first.size < 1 || first.size > 3 || first.data[0] == '0' ||
        groups->group[count - 1].size != 3)
        return false;
    for (size_t i = 1; i < count; i++)
        if (groups->sign[i] != groups->sign[1] || groups->group[i].size < 2 ||
            groups->group[i].size > 3)
            return false;
    return true;
}

// True when what follows the last separator is decimals.
static bool ends_in_decimals(const struct groups *groups, enum decimal_style style) {
    const size_t last = groups->count - 1;
    const enum sign sign = groups->sign[last];

    if (sign != SIGN_POINT && sign != SIGN_COMMA)
        return false;
    if (style != DECIMAL_GUESS)
        return sign == (style == DECIMAL_POINT ? SIGN_POINT : SIGN_COMMA);
    if (last > 1)
        return sign != groups->sign[last - 1];
    return !are_thousands(groups, groups->count);
}

static bool number_parse(struct text text, enum decimal_style style, uint64_t *ret_micros) {
    struct groups groups;
    struct text decimals = {.data = ""};
    uint64_t units = 0;
    size_t whole;

    if (!cut(text, &groups))
        return false;
    whole = groups.count;
    if (ends_in_decimals(&groups, style)) {
        whole--;
        decimals = groups.group[whole];
        if (decimals.size == 0 || (whole > 1 && groups.sign[1] == groups.sign[whole]))
            return false;
    } else if (groups.group[0].size == 0) {
        return false;
    }
    if (!are_thousands(&groups, whole))
        return false;
    for (size_t i = 0; i < whole; i++)
        if (!add_digits(groups.group[i].data, groups.group[i].data + groups.group[i].size, &units))
            return false;
    return micros_of(units, decimals, ret_micros);
}

// ---- reading: what stands around the digits ----

static bool cut_front(struct text *text, struct text front) {
    if (!text_starts_with(*text, front))
        return false;
    text->data += front.size;
    text->size -= front.size;
    return true;
}

static bool cut_back(struct text *text, struct text back) {
    if (text->size < back.size ||
        memcmp(text->data + text->size - back.size, back.data, back.size) != 0)
        return false;
    text->size -= back.size;
    return true;
}

static struct text trim_blanks(struct text text) {
    static const struct text blanks[] = {{" ", 1}, {"\t", 1}, {"\xC2\xA0", 2}, {"\xE2\x80\xAF", 3}};
    bool again = text.size > 0 && !(is_digit(text.data[0]) && is_digit(text.data[text.size - 1]));

    while (again) {
        again = false;
        for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++)
            again = cut_front(&text, blanks[i]) || cut_back(&text, blanks[i]) || again;
    }
    return text;
}

// The bytes of the currency sign at data, or 0: $ £ ¥ and the block U+20A0..U+20CF (€ ₹ ₩ …).
static size_t currency_sign_size(const char *data, size_t size) {
    const unsigned char *bytes = (const unsigned char *)data;

    if (size >= 1 && bytes[0] == '$')
        return 1;
    if (size >= 2 && bytes[0] == 0xC2 && (bytes[1] == 0xA3 || bytes[1] == 0xA5))
        return 2;
    if (size >= 3 && bytes[0] == 0xE2 &&
        ((bytes[1] == 0x82 && bytes[2] >= 0xA0) || (bytes[1] == 0x83 && bytes[2] <= 0x8F)))
        return 3;
    return 0;
}

static bool is_currency_code(const char *letters) {
    return *letters >= 'A' && *letters <= 'Z' && currency_is_known((struct text){letters, 3});
}

// Takes one currency, sign or code, from either end.
static struct text without_currency(struct text text) {
    const char *const end = text.data + text.size;
    size_t size = currency_sign_size(text.data, text.size);

    if (size == 0 && text.size > 3 && is_currency_code(text.data))
        size = 3;
    if (size > 0)
        return trim_blanks((struct text){text.data + size, text.size - size});
    if (text.size > 3 && is_currency_code(end - 3))
        size = 3;
    for (size_t i = 1; size == 0 && i <= 3 && i < text.size; i++)
        if (currency_sign_size(end - i, i) == i)
            size = i;
    return size > 0 ? trim_blanks((struct text){text.data, text.size - size}) : text;
}

enum direction { UNSIGNED, POSITIVE, NEGATIVE };

// Takes one sign: before, behind or as brackets.
static struct text without_sign(struct text text, enum direction *ret_direction) {
    const struct text minus = TEXT("-"), typographic_minus = TEXT("\xE2\x88\x92");

    if (text.size > 2 && text.data[0] == '(' && text.data[text.size - 1] == ')') {
        *ret_direction = NEGATIVE;
        return trim_blanks((struct text){text.data + 1, text.size - 2});
    }
    *ret_direction = UNSIGNED;
    if (cut_front(&text, minus) || cut_front(&text, typographic_minus) || cut_back(&text, minus) ||
        cut_back(&text, typographic_minus))
        *ret_direction = NEGATIVE;
    else if (cut_front(&text, TEXT("+")))
        *ret_direction = POSITIVE;
    return *ret_direction == UNSIGNED ? text : trim_blanks(text);
}

static bool parse_dressed(struct text text, enum decimal_style style, int64_t *ret_micros) {
    enum direction direction;
    uint64_t micros;

    text = without_sign(trim_blanks(text), &direction);
    text = without_currency(text);
    // "£-2.55": the sign stands inside the currency.
    if (direction == UNSIGNED)
        text = without_sign(text, &direction);
    if (text.size == 0 || !number_parse(text, style, &micros))
        return false;
    *ret_micros = direction == NEGATIVE ? -(int64_t)micros : (int64_t)micros;
    return true;
}

// "-1234.56" with at most 12 digits before and 6 behind the sign; nothing in it can overflow.
static bool parse_plain(struct text text, char point, int64_t *ret_micros) {
    const char *at = text.data, *const end = text.data + text.size;
    const bool negative = at < end && *at == '-';
    const char *begin;
    int64_t value = 0;

    begin = at += negative;
    while (at < end && is_digit(*at))
        value = value * 10 + (*at++ - '0');
    if (at == begin)
        return false;
    if (at == end) {
        value *= MICROS_PER_UNIT;
    } else {
        const char *const decimals = at + 1;

        if (*at++ != point || at == end || end - at > DECIMALS)
            return false;
        while (at < end && is_digit(*at))
            value = value * 10 + (*at++ - '0');
        if (at < end)
            return false;
        value *= powers_of_ten[DECIMALS - (end - decimals)];
    }
    *ret_micros = negative ? -value : value;
    return true;
}

// "4.440892e-16": what statistical programs write for a sum that should be 0. They sign the
// exponent; "1e5" is more likely an article's number.
static bool parse_scientific(struct text text, enum decimal_style style, int64_t *ret_micros) {
    static const double largest = 9.2e18;
    size_t exponent = 1;
    double value;

    while (exponent < text.size && (text.data[exponent] | 0x20) != 'e')
        exponent++;
    if (style == DECIMAL_COMMA || exponent + 2 >= text.size ||
        (text.data[exponent + 1] != '-' && text.data[exponent + 1] != '+') ||
        text.data[exponent - 1] < '0' || text.data[exponent - 1] > '9' ||
        !text_to_double(text, &value))
        return false;
    value = round(value * (double)MICROS_PER_UNIT);
    if (!(value > -largest && value < largest))
        return false;
    *ret_micros = (int64_t)value;
    return true;
}

bool micros_parse(struct text text, enum decimal_style style, int64_t *ret_micros) {
    enum { PLAIN_SIZE = 12 }; // all digits, times 10⁶, still fit

    if (text.size == 0)
        return false;
    if (text.size <= PLAIN_SIZE) {
        const char point = style == DECIMAL_COMMA ? ',' : '.';
        const bool unclear =
            style == DECIMAL_GUESS && text.size >= 4 && text.data[text.size - 4] == '.';

        if (!unclear && parse_plain(text, point, ret_micros))
            return true;
    }
    return parse_dressed(text, style, ret_micros) || parse_scientific(text, style, ret_micros);
}

bool rate_bp_parse(struct text text, bool fraction, int32_t *ret_bp) {
    uint64_t micros;
    int64_t bp;

    text = trim_blanks(text);
    if (cut_back(&text, TEXT("%"))) {
        text = trim_blanks(text);
        fraction = false;
    }
    // No rate has thousands, so either separator is the decimal sign.
    if (text.size == 0 || ((!number_parse(text, DECIMAL_POINT, &micros) ||
                            micros > 100 * (uint64_t)MICROS_PER_UNIT) &&
                           !number_parse(text, DECIMAL_COMMA, &micros)))
        return false;
    bp =
        (int64_t)divide_rounded((__int128)micros, MICROS_PER_UNIT / (fraction ? BP_PER_UNIT : 100));
    if (bp > BP_PER_UNIT)
        return false;
    *ret_bp = (int32_t)bp;
    return true;
}

// ---- arithmetic ----

bool micros_multiply(int64_t a_micros, int64_t b_micros, int64_t *ret_micros) {
    int64_t small;
    __int128 product;

    if (!__builtin_mul_overflow(a_micros, b_micros, &small)) {
        const int64_t quotient = small / MICROS_PER_UNIT, rest = small % MICROS_PER_UNIT;

        *ret_micros = quotient + (rest >= MICROS_PER_UNIT / 2) - (rest <= -MICROS_PER_UNIT / 2);
        return true;
    }
    product = divide_rounded((__int128)a_micros * b_micros, MICROS_PER_UNIT);
    if (product > INT64_MAX || product < INT64_MIN)
        return false;
    *ret_micros = (int64_t)product;
    return true;
}

int64_t vat_in_gross_micros(int64_t gross_micros, int32_t rate_bp) {
    return (int64_t)divide_rounded((__int128)gross_micros * rate_bp, BP_PER_UNIT + rate_bp);
}

int64_t vat_on_net_micros(int64_t net_micros, int32_t rate_bp) {
    return (int64_t)divide_rounded((__int128)net_micros * rate_bp, BP_PER_UNIT);
}

// ---- writing ----

static uint64_t magnitude_of(int64_t micros) {
    return micros < 0 ? -(uint64_t)micros : (uint64_t)micros;
}

// Digits from the right: `decimals` of the fraction (of 10^decimals parts), the sign, the units.
static const char *format_parts(bool negative, uint64_t units, uint64_t fraction, int decimals,
                                char text[MICROS_TEXT_SIZE]) {
    char reversed[MICROS_TEXT_SIZE];
    int size = 0, out = 0;

    for (int i = 0; i < decimals; i++, fraction /= 10)
        reversed[size++] = (char)('0' + fraction % 10);
    if (decimals > 0)
        reversed[size++] = '.';
    do {
        reversed[size++] = (char)('0' + units % 10);
        units /= 10;
    } while (units > 0);
    if (negative)
        reversed[size++] = '-';
    while (size > 0)
        text[out++] = reversed[--size];
    text[out] = '\0';
    return text;
}

static int clamp_decimals(int decimals) {
    return decimals < 0 ? 0 : decimals > DECIMALS ? DECIMALS : decimals;
}

const char *micros_format(int64_t micros, int decimals, char text[MICROS_TEXT_SIZE]) {
    const uint64_t magnitude = magnitude_of(micros);
    uint64_t fraction = magnitude % (uint64_t)MICROS_PER_UNIT;
    int shown = DECIMALS;

    for (decimals = clamp_decimals(decimals); shown > decimals && fraction % 10 == 0; shown--)
        fraction /= 10;
    return format_parts(micros < 0, magnitude / (uint64_t)MICROS_PER_UNIT, fraction, shown, text);
}

const char *micros_format_rounded(int64_t micros, int decimals, char text[MICROS_TEXT_SIZE]) {
    const int shown = clamp_decimals(decimals);
    const uint64_t scale = (uint64_t)powers_of_ten[shown];
    const uint64_t step = (uint64_t)MICROS_PER_UNIT / scale;
    const uint64_t rounded = (magnitude_of(micros) + step / 2) / step;

    return format_parts(micros < 0 && rounded > 0, rounded / scale, rounded % scale, shown, text);
}
