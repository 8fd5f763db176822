// SPDX-License-Identifier: Apache-2.0
// That a scanner reads them back: tests/letter_pages_test.c.
#include "push/barcode/barcode.h"

#include "base/test.h"

TEST(an_ean_13_is_known_by_its_check_digit) {
    CHECK(barcode_is_ean_13(TEXT("4006381333931"))); // the standard's own example
    CHECK(!barcode_is_ean_13(TEXT("4006381333932")));
    CHECK(!barcode_is_ean_13(TEXT("400638133393")));
    CHECK_INT(barcode_linear_kind(TEXT("4006381333931")), LINEAR_EAN_13);
    CHECK_INT(barcode_linear_kind(TEXT("SUMMER")), LINEAR_CODE_128);
}

TEST(a_code_holds_what_its_kind_can) {
    struct barcode barcode;

    CHECK_OK(barcode_make(scope, LINEAR_EAN_13, TEXT("4006381333931"), &barcode));
    CHECK_INT(barcode.width, 95);
    CHECK_INT(barcode.height, 1);
    CHECK_CODE(barcode_make(scope, LINEAR_EAN_13, TEXT("4006381333932"), &barcode), INVALID);
    scope_forgive(scope);
    CHECK_CODE(barcode_make(scope, LINEAR_CODE_128, TEXT("\xc3\xa4"), &barcode), INVALID);
    scope_forgive(scope);
    CHECK_CODE(barcode_make(scope, MATRIX_QR, TEXT(""), &barcode), INVALID);
    scope_forgive(scope);
    CHECK_OK(barcode_make(scope, MATRIX_QR, TEXT("K7HQ3MXW9TRC"), &barcode));
    CHECK_INT(barcode.width, 21);
    CHECK_INT(barcode.height, 21);
}

TEST(pictures_of_codes_are_the_same_each_time) {
    CLEANUP(buffer_clear) struct buffer first = {0};
    CLEANUP(buffer_clear) struct buffer again = {0};
    CLEANUP(buffer_clear) struct buffer svg = {0};
    const struct barcode_size size = {.module_px = 4, .bar_px = 80};
    struct barcode barcode;

    CHECK_OK(barcode_make(scope, MATRIX_QR, TEXT("K7HQ3MXW9TRC"), &barcode));
    CHECK_OK(barcode_png(scope, &barcode, size, &first));
    CHECK_OK(barcode_png(scope, &barcode, size, &again));
    CHECK(first.size > 100 && memcmp(first.data, "\x89PNG", 4) == 0);
    CHECK(text_equal(buffer_text(&first), buffer_text(&again)));
    barcode_svg(&barcode, size, &svg);
    CHECK(text_starts_with(buffer_text(&svg), TEXT("<svg ")));
}
