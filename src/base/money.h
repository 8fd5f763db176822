// SPDX-License-Identifier: Apache-2.0
// Amounts, unit prices and quantities are int64 micros (10⁻⁶ of the unit; suffix _micros). Rates
// are basis points (1/100 of a percent; suffix _bp). Rounding is half away from zero, as tills do.
#pragma once

#include "base/text.h"

#define MICROS_PER_UNIT INT64_C(1000000)

// How a column writes its numbers. GUESS takes two different separators as thousands then decimal,
// and a single one as the decimal sign unless thousands are possible: "1.234" is 1234, "1.23",
// "0.001" and "1234.567" are not whole.
enum decimal_style { DECIMAL_POINT, DECIMAL_COMMA, DECIMAL_GUESS };

// Reads "1234.5", "1,234.50", "1.234,50", "(12.00)", "-12", "12-", "£2.55", "2.55 EUR", blanks
// (also U+00A0, U+202F) and ' as thousands separators. More than 6 decimals are rounded.
// False for anything else and for what does not fit (|amount| < 9.2 × 10¹² units).
bool micros_parse(struct text text, enum decimal_style style, int64_t *ret_micros);

// "20", "20%", "0.2" with fraction = true meaning 0.2 is 20 %. Range 0..100 %.
bool rate_bp_parse(struct text text, bool fraction, int32_t *ret_bp);

// a × b for two micros values; false on overflow.
bool micros_multiply(int64_t a_micros, int64_t b_micros, int64_t *ret_micros);

// The tax contained in a gross amount, and the tax on a net amount.
int64_t vat_in_gross_micros(int64_t gross_micros, int32_t rate_bp);
int64_t vat_on_net_micros(int64_t net_micros, int32_t rate_bp);

// ISO 4217: three letters of a currency paid in now or since 2020 (no metals, funds or test codes);
// the digits of the minor unit (JPY 0, EUR 2, KWD 3; 2 for one that is not known).
bool currency_is_known(struct text currency);
int currency_digits(struct text currency);

enum { MICROS_TEXT_SIZE = 32 };
// Decimal point, at least `decimals` decimals (0..6), more only while they are not zero.
const char *micros_format(int64_t micros, int decimals, char text[MICROS_TEXT_SIZE]);
// Rounded to exactly `decimals` decimals.
const char *micros_format_rounded(int64_t micros, int decimals, char text[MICROS_TEXT_SIZE]);
