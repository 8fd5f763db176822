// SPDX-License-Identifier: Apache-2.0
#include "base/fold.h"

#include "base/test.h"

TEST(what_a_person_calls_the_same_folds_to_the_same) {
    static const char *const pairs[][2] = {
        {"", ""},
        {"Mary O'Neil 3", "mary o'neil 3"},
        {"Müller", "muller"},
        {"MU\xCC\x88LLER", "muller"}, // u and a combining diaeresis
        {"ÅNGSTRÖM", "angstrom"},
        {"\xE2\x84\xAB", "a"}, // the sign for Ångström
        {"ﬁ", "fi"},
        {"Straße STRASSE", "strasse strasse"},
        {"ẞ", "ss"},
        {"Ὀδυσσεύς", "οδυσσευσ"},
        {"ΟΔΥΣΣΕΥΣ", "οδυσσευσ"},
        {"Чайковский", "чаиковскии"},
        {"İSTANBUL ısı", "istanbul isi"},
        {"Søren Łódź Đặng", "soren lodz dang"},
        {"Æsir Œuvre Þór", "aesir oeuvre thor"},
        {"Tran Thị Hồng", "tran thi hong"},
        {"ＡＢＣ１２３", "abc123"},
        {"x² ½ №", "x2 1⁄2 no"},
        {"日本", "日本"},
        {"ﷺ", "صلى الله عليه وسلم"},
        {"Z\xFCrich", "z\xEF\xBF\xBDrich"},
    };

    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        const struct text folded = text_fold(&scope->arena, text_of(pairs[i][0]));

        CHECK_TEXT(folded, pairs[i][1]);
        CHECK_TEXT(text_fold(&scope->arena, folded), pairs[i][1]);
    }
}

TEST(marks_that_are_letters_stay) {
    // が and か are different letters; so are की and क.
    CHECK(!text_equal(text_fold(&scope->arena, TEXT("が")), text_fold(&scope->arena, TEXT("か"))));
    CHECK(!text_equal(text_fold(&scope->arena, TEXT("कु")), text_fold(&scope->arena, TEXT("क"))));
}

TEST(long_text_that_grows_is_folded_whole) {
    struct buffer buffer = {0};
    struct text folded;

    for (int i = 0; i < 1000; i++)
        buffer_add_string(&buffer, "ﷺ"); // 1 letter becomes 18
    folded = text_fold(&scope->arena, buffer_text(&buffer));
    CHECK_INT((int64_t)folded.size,
              INT64_C(1000) * (15 * 2 + 3)); // 15 letters of two bytes, 3 blanks
    buffer_clear(&buffer);
}

TEST(words_are_runs_of_letters_and_digits) {
    struct text words[4];

    CHECK_INT((int64_t)fold_words(&scope->arena, TEXT("  Zoë O'Brien-Smith, 2nd  "), words, 4), 4);
    CHECK_TEXT(words[0], "zoe");
    CHECK_TEXT(words[1], "o");
    CHECK_TEXT(words[2], "brien");
    CHECK_TEXT(words[3], "smith");
    CHECK_INT((int64_t)fold_words(&scope->arena, TEXT("हिन्दी"), words, 4), 1);
    CHECK_INT((int64_t)fold_words(&scope->arena, TEXT("日本 東京"), words, 4), 2);
    CHECK_TEXT(words[1], "東京");
    CHECK_INT((int64_t)fold_words(&scope->arena, TEXT(" -,. "), words, 4), 0);
    CHECK_INT((int64_t)fold_words(&scope->arena, TEXT(""), words, 4), 0);
    CHECK_INT((int64_t)fold_words(&scope->arena, TEXT("a b"), words, 0), 0);
}
