// SPDX-License-Identifier: Apache-2.0
// Values of RFC 6238, appendix B (the last six of its eight digits) and RFC 4648, section 10.
#include "base/test.h"
#include "base/time.h"
#include "govern/access/totp.h"

static const struct text secret = {"12345678901234567890", 20};

TEST(codes_are_those_of_the_standard) {
    static const struct {
        int64_t seconds;
        uint32_t code;
    } published[] = {
        {59, 287082},       {1111111109, 81804},  {1111111111, 50471},
        {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130},
    };

    for (size_t i = 0; i < sizeof(published) / sizeof(*published); i++)
        CHECK_INT(totp_code(secret, totp_step(published[i].seconds * US_PER_SECOND)),
                  published[i].code);
}

TEST(a_code_is_found_among_the_steps_that_are_asked_for) {
    const int64_t step = totp_step(1111111109 * US_PER_SECOND);

    CHECK_INT(totp_find(secret, TEXT("081804"), step - 1, step + 1), step);
    CHECK_INT(totp_find(secret, TEXT("081804"), step, step), step);
    CHECK_INT(totp_find(secret, TEXT("081804"), step + 1, step + 2), -1);
    CHECK_INT(totp_find(secret, TEXT("081804"), step - 2, step - 1), -1);
}

TEST(what_is_no_code_of_six_digits_is_never_found) {
    static const char *const wrong[] = {"",       "81804",  "0081804", "+81804",
                                        "-81804", " 81804", "08180a",  "０８１８０４"};
    const int64_t step = totp_step(1111111109 * US_PER_SECOND);

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        CHECK_INT(totp_find(secret, text_of(wrong[i]), step, step), -1);
}

TEST(base32_is_that_of_the_standard) {
    static const char *const written[][2] = {
        {"", ""},
        {"f", "MY"},
        {"fo", "MZXQ"},
        {"foo", "MZXW6"},
        {"foob", "MZXW6YQ"},
        {"fooba", "MZXW6YTB"},
        {"foobar", "MZXW6YTBOI"},
    };

    for (size_t i = 0; i < sizeof(written) / sizeof(*written); i++)
        CHECK_TEXT(totp_base32(&scope->arena, text_of(written[i][0])), written[i][1]);
}

TEST(a_phone_reads_whose_secret_it_is) {
    CHECK_TEXT(totp_uri(&scope->arena, TEXT("ann"), secret),
               "otpauth://totp/Tessera:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tessera");
}
