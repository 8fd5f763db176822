// SPDX-License-Identifier: Apache-2.0
// The first vectors are those of RFC 4648, section 10.
#include "base/base64.h"

#include "base/test.h"

TEST(bytes_go_to_base64_and_back) {
    static const char *const pairs[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    struct text bytes = {0};

    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        CHECK_TEXT(base64_encode(&scope->arena, text_of(pairs[i][0]), BASE64_STANDARD),
                   pairs[i][1]);
        CHECK(base64_decode(&scope->arena, text_of(pairs[i][1]), BASE64_STANDARD, &bytes));
        CHECK_TEXT(bytes, pairs[i][0]);
    }
    CHECK_TEXT(base64_encode(&scope->arena, TEXT("\xFB\xFF\xFE\x00"), BASE64_STANDARD), "+//+AA==");
    CHECK_TEXT(base64_encode(&scope->arena, TEXT("\xFB\xFF\xFE\x00"), BASE64_URL), "-__-AA");
    CHECK(base64_decode(&scope->arena, TEXT("-__-AA"), BASE64_URL, &bytes));
    CHECK(text_equal(bytes, TEXT("\xFB\xFF\xFE\x00")));
}

TEST(what_encoding_does_not_write_is_refused) {
    static const char *const wrong[] = {
        "Z",     "Zg",     "Zg=",  "Zg===", "Zh==",           "Zg==Zg==",
        "Zm 9v", "Zm9v\n", "-__-", "Zm9v=", "M\xC3\xBCZrien", "===="};
    struct text bytes = TEXT("kept");

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        if (base64_decode(&scope->arena, text_of(wrong[i]), BASE64_STANDARD, &bytes))
            test_fail(__FILE__, __LINE__, "%s is decoded", wrong[i]);
    CHECK(!base64_decode(&scope->arena, TEXT("Zg=="), BASE64_URL, &bytes));
    CHECK_TEXT(bytes, "kept");
}
