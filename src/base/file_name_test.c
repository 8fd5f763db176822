// SPDX-License-Identifier: Apache-2.0
#include "base/file_name.h"

#include "base/test.h"

static struct text name_of(struct scope *scope, const char *given) {
    return file_name_of(&scope->arena, text_of(given));
}

TEST(a_file_is_called_as_its_sender_calls_it_without_the_folders) {
    CHECK_TEXT(name_of(scope, "Umsätze März.csv"), "Umsätze März.csv");
    CHECK_TEXT(name_of(scope, "../../etc/passwd"), "passwd");
    CHECK_TEXT(name_of(scope, "C:\\Users\\ada\\sales.csv"), "sales.csv");
    CHECK_TEXT(name_of(scope, "/absolute.csv"), "absolute.csv");
    CHECK_TEXT(file_name_of(&scope->arena, TEXT("a\0b.csv")), "ab.csv");
}

TEST(nothing_in_a_file_name_can_break_a_line_or_turn_the_writing_around) {
    CHECK_TEXT(name_of(scope, "a\r\nb\x7f.csv"), "ab.csv");
    CHECK_TEXT(name_of(scope, "invoice\u202evsc.exe"), "invoicevsc.exe");
    CHECK_TEXT(name_of(scope, "\u2066x\u2069\xc2\x85y"), "xy");
}

TEST(a_name_of_which_nothing_is_left_is_file) {
    CHECK_TEXT(name_of(scope, ""), "file");
    CHECK_TEXT(name_of(scope, "a/.."), "file");
    CHECK_TEXT(name_of(scope, " . "), "file");
    CHECK_TEXT(name_of(scope, "folder/"), "file");
}

TEST(a_long_file_name_is_cut_between_characters) {
    char given[300 * 2 + 1] = "x";

    for (size_t i = 1; i + 1 < sizeof(given); i += 2)
        memcpy(given + i, "ä", 2);
    given[sizeof(given) - 2] = '\0';
    CHECK_INT((int64_t)name_of(scope, given).size, FILE_NAME_BYTES - 1);
    CHECK(text_is_utf8(name_of(scope, given)));
}
