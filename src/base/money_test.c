// SPDX-License-Identifier: Apache-2.0
#include "base/money.h"

#include "base/test.h"

struct reading {
    struct text text;
    int64_t micros; // UNREADABLE when it must be refused
};

#define UNREADABLE INT64_MIN

static void check_readings(enum decimal_style style, const struct reading *readings, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int64_t micros = 77;
        const bool read = micros_parse(readings[i].text, style, &micros);

        if (read != (readings[i].micros != UNREADABLE) ||
            micros != (read ? readings[i].micros : 77))
            test_fail(__FILE__, __LINE__, "\"%.*s\" reads as %s%lld", TEXT_ARG(readings[i].text),
                      read ? "" : "refused, ", (long long)micros);
    }
}

#define CHECK_READINGS(style, readings)                                                            \
    check_readings(style, readings, sizeof(readings) / sizeof(*(readings)))

TEST(amounts_with_a_decimal_point_are_read) {
    static const struct reading readings[] = {
        {{"1234.5", 6}, 1234500000},
        {{"0.001", 5}, 1000},
        {{".5", 2}, 500000},
        {{"0", 1}, 0},
        {{"-12", 3}, -12000000},
        {{"12-", 3}, -12000000},
        {{"+12", 3}, 12000000},
        {{"(12.00)", 7}, -12000000},
        {{"1,234.50", 8}, 1234500000},
        {{"1,234,567", 9}, 1234567000000},
        {{"12,34,567.89", 12}, 1234567890000},
        {{"1 234.50", 8}, 1234500000},
        {{"1\xC2\xA0"
          "234.50",
          9},
         1234500000},
        {{"1\xE2\x80\xAF"
          "234.50",
          10},
         1234500000},
        {{"1'234'567.89", 12}, 1234567890000},
        {{"\xC2\xA3"
          "2.55",
          6},
         2550000},
        {{"-\xC2\xA3"
          "2.55",
          7},
         -2550000},
        {{"\xC2\xA3-2.55", 7}, -2550000},
        {{"(\xC2\xA3"
          "1,002.55)",
          12},
         -1002550000},
        {{"2.55 EUR", 8}, 2550000},
        {{"EUR 2.55", 8}, 2550000},
        {{"2.55\xC2\xA0\xE2\x82\xAC", 9}, 2550000},
        {{"\xE2\x88\x92"
          "7",
          4},
         -7000000},
        {{"  9.99\t", 7}, 9990000},
    };

    CHECK_READINGS(DECIMAL_POINT, readings);
}

TEST(what_is_no_amount_is_refused) {
    static const struct reading readings[] = {
        {{"", 0}, UNREADABLE},
        {{" ", 1}, UNREADABLE},
        {{"-", 1}, UNREADABLE},
        {{"()", 2}, UNREADABLE},
        {{"(-3)", 4}, UNREADABLE},
        {{"--3", 3}, UNREADABLE},
        {{"-3-", 3}, UNREADABLE},
        {{"+-3", 3}, UNREADABLE},
        {{"+3-", 3}, UNREADABLE},
        {{"-\xC2\xA3-3", 5}, UNREADABLE},
        {{"12.", 3}, UNREADABLE},
        {{".", 1}, UNREADABLE},
        {{"1.2.3", 5}, UNREADABLE},
        {{"1,23", 4}, UNREADABLE},
        {{",123", 4}, UNREADABLE},
        {{"1,234,56", 8}, UNREADABLE},
        {{"1 234,567.00", 12}, UNREADABLE},
        {{"1e5", 3}, UNREADABLE},
        {{"12abc", 5}, UNREADABLE},
        {{"2.55 ZZZ", 8}, UNREADABLE},
        {{"$2.55 EUR", 9}, UNREADABLE},
        {{"EUR", 3}, UNREADABLE},
        {{"\xC2\xA3", 2}, UNREADABLE},
        {{"nan", 3}, UNREADABLE},
        {{"1\0", 2}, UNREADABLE},
        {{"0,123", 5}, UNREADABLE},
        {{"1,2,3,4,5,6,7,8,9,1,2,3,4", 25}, UNREADABLE},
    };

    CHECK_READINGS(DECIMAL_POINT, readings);
}

TEST(amounts_with_a_decimal_comma_are_read) {
    static const struct reading readings[] = {
        {{"1.234,50", 8}, 1234500000},
        {{"1234,5", 6}, 1234500000},
        {{"1.234", 5}, 1234000000},
        {{"0,001", 5}, 1000},
        {{"-1.234.567,8", 12}, -1234567800000},
        {{"12,50 \xE2\x82\xAC", 9}, 12500000},
        {{"1.23", 4}, UNREADABLE},
        {{"1,234.50", 8}, UNREADABLE},
    };

    CHECK_READINGS(DECIMAL_COMMA, readings);
}

TEST(the_decimal_sign_is_guessed_from_its_place) {
    static const struct reading readings[] = {
        {{"1.234", 5}, 1234000000},
        {{"1,234", 5}, 1234000000},
        {{"0.001", 5}, 1000},
        {{"1234.567", 8}, 1234567000},
        {{"12.5", 4}, 12500000},
        {{"12,5", 4}, 12500000},
        {{"1,234.50", 8}, 1234500000},
        {{"1.234,50", 8}, 1234500000},
        {{"1.234.567", 9}, 1234567000000},
        {{"1,234.567", 9}, 1234567000},
        {{"1 234,5", 7}, 1234500000},
        {{"1.2.3", 5}, UNREADABLE},
        {{"1,234.567,8", 11}, UNREADABLE},
        {{"-.123", 5}, -123000},
    };

    CHECK_READINGS(DECIMAL_GUESS, readings);
}

TEST(amounts_are_rounded_half_away_from_zero_at_the_sixth_decimal) {
    static const struct reading readings[] = {
        {{"0.0000005", 9}, 1},
        {{"-0.0000005", 10}, -1},
        {{"0.00000049999", 13}, 0},
        {{"1.9999995", 9}, 2000000},
        {{"2.54999949999999999", 19}, 2549999},
    };

    CHECK_READINGS(DECIMAL_POINT, readings);
}

TEST(amounts_that_do_not_fit_are_refused) {
    static const struct reading readings[] = {
        {{"9223372036854.775807", 20}, INT64_MAX},
        {{"-9223372036854.775807", 21}, -INT64_MAX},
        {{"9223372036854.775808", 20}, UNREADABLE},
        {{"9223372036854.7758075", 21}, UNREADABLE},
        {{"99999999999999999999999999", 26}, UNREADABLE},
        {{"999999999999", 12}, INT64_C(999999999999000000)},
        {{"000000000000000000000000001", 27}, 1000000},
    };

    CHECK_READINGS(DECIMAL_POINT, readings);
}

TEST(rates_are_read_as_percent_or_fraction) {
    int32_t bp = 77;

    CHECK(rate_bp_parse(TEXT("20"), false, &bp));
    CHECK_INT(bp, 2000);
    CHECK(rate_bp_parse(TEXT(" 7,5 % "), false, &bp));
    CHECK_INT(bp, 750);
    CHECK(rate_bp_parse(TEXT("0.2"), true, &bp));
    CHECK_INT(bp, 2000);
    CHECK(rate_bp_parse(TEXT("20%"), true, &bp));
    CHECK_INT(bp, 2000);
    CHECK(rate_bp_parse(TEXT("8.875"), false, &bp)); // New York City, rounded up
    CHECK_INT(bp, 888);
    CHECK(rate_bp_parse(TEXT("8,875"), false, &bp));
    CHECK_INT(bp, 888);
    CHECK(rate_bp_parse(TEXT("0"), false, &bp));
    CHECK_INT(bp, 0);
    CHECK(rate_bp_parse(TEXT("100"), false, &bp));
    CHECK_INT(bp, 10000);
    CHECK(!rate_bp_parse(TEXT("100.01"), false, &bp));
    CHECK(!rate_bp_parse(TEXT("-5"), false, &bp));
    CHECK(!rate_bp_parse(TEXT("1.01"), true, &bp));
    CHECK(!rate_bp_parse(TEXT("%"), false, &bp));
    CHECK(!rate_bp_parse(TEXT("20%%"), false, &bp));
    CHECK_INT(bp, 10000);
}

TEST(products_are_rounded_half_away_from_zero_and_checked) {
    int64_t micros = 77;

    CHECK(micros_multiply(6 * MICROS_PER_UNIT, 2550000, &micros));
    CHECK_INT(micros, 15300000);
    CHECK(micros_multiply(1, 500000, &micros)); // 0.000001 × 0.5
    CHECK_INT(micros, 1);
    CHECK(micros_multiply(-1, 500000, &micros));
    CHECK_INT(micros, -1);
    CHECK(micros_multiply(-1, 499999, &micros));
    CHECK_INT(micros, 0);
    // 80,995 pieces at 2.08, the largest line of Online Retail.
    CHECK(micros_multiply(80995 * MICROS_PER_UNIT, 2080000, &micros));
    CHECK_INT(micros, INT64_C(168469600000));
    // 3,000,000.000001 squared is 9,000,000,000,006.000000000001; the product leaves 64 bits.
    CHECK(micros_multiply(INT64_C(3000000000001), INT64_C(3000000000001), &micros));
    CHECK_INT(micros, INT64_C(9000000000006000000));
    CHECK(micros_multiply(INT64_MIN, MICROS_PER_UNIT, &micros));
    CHECK_INT(micros, INT64_MIN);
    CHECK(!micros_multiply(INT64_MIN, -MICROS_PER_UNIT, &micros));
    CHECK(!micros_multiply(INT64_MAX, INT64_MAX, &micros));
    CHECK_INT(micros, INT64_MIN);
}

TEST(tax_is_taken_out_of_gross_and_put_on_net) {
    CHECK_INT(vat_in_gross_micros(120000000, 2000), 20000000);
    CHECK_INT(vat_on_net_micros(100000000, 2000), 20000000);
    CHECK_INT(vat_in_gross_micros(-120000000, 2000), -20000000);
    CHECK_INT(vat_in_gross_micros(1000000, 2000), 166667); // 1/6
    CHECK_INT(vat_in_gross_micros(-1000000, 2000), -166667);
    CHECK_INT(vat_in_gross_micros(10700000, 700), 700000);
    CHECK_INT(vat_on_net_micros(5, 1000), 1); // 0.5 of a micro
    CHECK_INT(vat_on_net_micros(-5, 1000), -1);
    CHECK_INT(vat_in_gross_micros(99990000, 0), 0);
    // 9223372036854775807 / 2 is 4611686018427387903.5.
    CHECK_INT(vat_in_gross_micros(INT64_MAX, 10000), INT64_C(4611686018427387904));
}

TEST(currencies_are_known_with_their_digits) {
    CHECK(currency_is_known(TEXT("AED")));
    CHECK(currency_is_known(TEXT("EUR")));
    CHECK(currency_is_known(TEXT("ZWL")));
    CHECK(!currency_is_known(TEXT("eur")));
    CHECK(!currency_is_known(TEXT("XXX")));
    CHECK(!currency_is_known(TEXT("EURO")));
    CHECK(!currency_is_known(TEXT("")));
    CHECK_INT(currency_digits(TEXT("JPY")), 0);
    CHECK_INT(currency_digits(TEXT("EUR")), 2);
    CHECK_INT(currency_digits(TEXT("KWD")), 3);
}

TEST(amounts_are_written_with_at_least_so_many_decimals) {
    char text[MICROS_TEXT_SIZE];

    CHECK_STRING(micros_format(2550000, 2, text), "2.55");
    CHECK_STRING(micros_format(2500000, 2, text), "2.50");
    CHECK_STRING(micros_format(2000000, 0, text), "2");
    CHECK_STRING(micros_format(1000, 2, text), "0.001");
    CHECK_STRING(micros_format(-1, 2, text), "-0.000001");
    CHECK_STRING(micros_format(0, 6, text), "0.000000");
    CHECK_STRING(micros_format(INT64_MIN, 2, text), "-9223372036854.775808");
}

TEST(amounts_are_written_rounded) {
    char text[MICROS_TEXT_SIZE];

    CHECK_STRING(micros_format_rounded(2555000, 2, text), "2.56");
    CHECK_STRING(micros_format_rounded(-2555000, 2, text), "-2.56");
    CHECK_STRING(micros_format_rounded(2554999, 2, text), "2.55");
    CHECK_STRING(micros_format_rounded(-4999, 2, text), "0.00");
    CHECK_STRING(micros_format_rounded(999999, 0, text), "1");
    CHECK_STRING(micros_format_rounded(INT64_C(9747747934000), 2, text), "9747747.93");
    CHECK_STRING(micros_format_rounded(INT64_MIN, 6, text), "-9223372036854.775808");
}

TEST(numbers_in_scientific_notation_are_amounts_too) {
    int64_t micros;

    CHECK(micros_parse(TEXT("4.440892e-16"), DECIMAL_POINT, &micros));
    CHECK_INT(micros, 0);
    CHECK(micros_parse(TEXT("-1.5E+3"), DECIMAL_POINT, &micros));
    CHECK_INT(micros, -1500000000);
    CHECK(!micros_parse(TEXT("1e+99"), DECIMAL_POINT, &micros));
    CHECK(!micros_parse(TEXT("e-5"), DECIMAL_POINT, &micros));
    CHECK(!micros_parse(TEXT("1e"), DECIMAL_POINT, &micros));
    CHECK(!micros_parse(TEXT("0x1p4"), DECIMAL_POINT, &micros));
}
