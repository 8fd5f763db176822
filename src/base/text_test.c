// SPDX-License-Identifier: Apache-2.0
#include "base/test.h"

TEST(integers_are_read_whole_or_not_at_all) {
    int64_t value = 7;

    CHECK(text_to_int64(TEXT("-9223372036854775808"), &value));
    CHECK_INT(value, INT64_MIN);
    CHECK(text_to_int64(TEXT("+9223372036854775807"), &value));
    CHECK_INT(value, INT64_MAX);
    CHECK(!text_to_int64(TEXT("9223372036854775808"), &value));
    CHECK(!text_to_int64(TEXT("12 "), &value));
    CHECK(!text_to_int64(TEXT("-"), &value));
    CHECK(!text_to_int64(TEXT(""), &value));
    CHECK_INT(value, INT64_MAX);
}

TEST(utf8_is_told_from_other_bytes) {
    CHECK(text_is_utf8(TEXT("")));
    CHECK(text_is_utf8(TEXT("plain ascii text of some length")));
    CHECK(text_is_utf8(TEXT("Zürich €5 \xF0\x9F\x98\x80")));
    CHECK(!text_is_utf8(TEXT("Z\xFCrich")));
    CHECK(!text_is_utf8(TEXT("overlong \xC0\xAF")));
    CHECK(!text_is_utf8(TEXT("surrogate \xED\xA0\x80")));
    CHECK(!text_is_utf8(TEXT("cut off \xE2\x82")));
}

TEST(split_and_trim_give_slices) {
    struct text rest = TEXT("a,b,");

    CHECK_TEXT(text_split(rest, ',', &rest), "a");
    CHECK_TEXT(text_split(rest, ',', &rest), "b");
    CHECK_TEXT(text_split(rest, ',', &rest), "");
    CHECK(rest.data == NULL);
    CHECK_TEXT(text_trim(TEXT(" \t x y\r\n")), "x y");
}

TEST(an_arena_gives_back_what_came_after_a_mark) {
    struct arena_mark mark;
    size_t before;

    arena_alloc(&scope->arena, 100);
    before = scope->arena.allocated;
    mark = arena_mark(&scope->arena);
    for (int i = 0; i < 1000; i++)
        arena_alloc(&scope->arena, 5000);
    arena_rewind(&scope->arena, mark);
    CHECK_INT((int64_t)scope->arena.allocated, (int64_t)before);
}
