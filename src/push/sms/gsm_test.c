// SPDX-License-Identifier: Apache-2.0
#include "base/test.h"
#include "push/sms/gsm.h"

// `count` times this.
static struct text many(struct scope *scope, const char *what, int count) {
    struct buffer buffer = {0};
    struct text text;

    for (int i = 0; i < count; i++)
        buffer_add_string(&buffer, what);
    text = text_copy(&scope->arena, buffer_text(&buffer));
    buffer_clear(&buffer);
    return text;
}

static void check_size(struct text text, enum sms_alphabet alphabet, int64_t units, int64_t parts,
                       int64_t left) {
    const struct sms_size size = sms_measure(text);

    CHECK_INT(size.alphabet, alphabet);
    CHECK_INT(size.unit_count, units);
    CHECK_INT(size.part_count, parts);
    CHECK_INT(size.left_count, left);
}

TEST(a_text_takes_as_many_parts_as_the_standard_says) {
    check_size(TEXT(""), SMS_GSM_7, 0, 0, 160);
    check_size(many(scope, "a", 160), SMS_GSM_7, 160, 1, 0);
    check_size(many(scope, "a", 161), SMS_GSM_7, 161, 2, 145);
    check_size(many(scope, "a", 306), SMS_GSM_7, 306, 2, 0);
    check_size(many(scope, "a", 307), SMS_GSM_7, 307, 3, 152);
    check_size(many(scope, "ж", 70), SMS_UCS_2, 70, 1, 0);
    check_size(many(scope, "ж", 71), SMS_UCS_2, 71, 2, 63);
    check_size(many(scope, "ж", 134), SMS_UCS_2, 134, 2, 0);
    check_size(many(scope, "ж", 135), SMS_UCS_2, 135, 3, 66);
}

TEST(characters_of_the_extension_count_twice_and_are_not_cut) {
    check_size(many(scope, "€", 80), SMS_GSM_7, 160, 1, 0);
    // 153 is odd: of 81 euros 76 stand in the first part, which leaves one septet empty.
    check_size(many(scope, "€", 81), SMS_GSM_7, 162, 2, 143);
    check_size(many(scope, "€", 152), SMS_GSM_7, 304, 2, 1);
    check_size(many(scope, "€", 153), SMS_GSM_7, 306, 3, 151);
    check_size(TEXT("Größe: 5 £, Ωmega, «"), SMS_UCS_2, 20, 1, 50);
    check_size(TEXT("Größe: 5 £, Ωmega, ¡Ñ!"), SMS_GSM_7, 22, 1, 138);
}

TEST(a_character_beyond_the_first_plane_is_two_units_that_stay_together) {
    check_size(many(scope, "😀", 35), SMS_UCS_2, 70, 1, 0);
    // 67 is odd: 33 of them in each part.
    check_size(many(scope, "😀", 36), SMS_UCS_2, 72, 2, 61);
    check_size(many(scope, "😀", 66), SMS_UCS_2, 132, 2, 1);
    check_size(many(scope, "😀", 67), SMS_UCS_2, 134, 3, 65);
}

TEST(the_character_that_makes_a_text_longer_is_named) {
    CHECK_TEXT(sms_measure(TEXT("It’s 20 % off")).culprit, "’");
    CHECK_TEXT(sms_measure(TEXT("It's 20 % off")).culprit, "");
    CHECK_TEXT(sms_measure(TEXT("`")).culprit, "`");
    CHECK_TEXT(sms_measure(TEXT("ç")).culprit, "ç"); // only the capital is in the alphabet
}
