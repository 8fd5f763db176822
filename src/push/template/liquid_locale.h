// SPDX-License-Identifier: Apache-2.0
// How a language writes numbers, amounts and dates. Private to liquid_*.c.
#pragma once

#include "push/template/liquid.h"

struct liquid_locale {
    const char *language; // "de"; with a country "de-CH", which stands before the language alone
    const char *thousands, *decimal;
    bool amount_first;           // 12,50 €
    const char *const *months;   // 12, full; 12, short
    const char *const *weekdays; // 7 from Sunday, full; 7, short
    const char *date;            // strftime of a plain date
};

// By "de-AT", "de_AT", "de"; English for others.
const struct liquid_locale *liquid_locale_find(struct text language);

// A decimal number (of digits, at most one point, a sign) with this locale's separators. `out` has
// room for LIQUID_NUMBER_SIZE bytes; returns the size.
enum { LIQUID_NUMBER_SIZE = 128 };
size_t liquid_locale_number(const struct liquid_locale *locale, const char *digits,
                            char out[LIQUID_NUMBER_SIZE]);
// "€" for EUR, "CHF " where there is no sign: the code.
const char *liquid_currency_sign(const char *currency);

// strftime of a wall clock: day, µs of it, and the offset of its zone. Appends at most `size`
// bytes; SIZE_MAX when that is too little.
size_t liquid_strftime(const struct liquid_locale *locale, struct text format, int32_t day,
                       int64_t us_of_day, int64_t offset_us, char *out, size_t size);
