// SPDX-License-Identifier: Apache-2.0
#include "push/letter/letter.h"

#include "base/test.h"
#include "push/letter/body.h"

#include <stdlib.h>

static const struct text two_lines[] = {{"A. Person", 9}, {"1 Street", 8}};

static struct letter_style plain_style(void) {
    return (struct letter_style){.format = LETTER_DIN_B,
                                 .created_at_us = INT64_C(1700000000000000)};
}

// The pages it takes; the file's bytes in *ret_pdf.
static code print(struct scope *scope, const struct letter_style *style,
                  const struct letter *letter, struct text *ret_pdf, int *ret_pages) {
    CLEANUP(letter_writer_close) struct letter_writer *writer = NULL;
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    code result = letter_writer_open(scope, style, out, &writer);

    if (result == OK)
        result = letter_writer_add(scope, writer, letter, ret_pages);
    if (result == OK)
        result = letter_writer_end(scope, writer);
    letter_writer_close(&writer);
    fclose(out);
    *ret_pdf = text_copy(&scope->arena, (struct text){bytes, size});
    free(bytes);
    return result;
}

static struct letter letter_of(struct text body) {
    return (struct letter){.address = two_lines, .address_count = 2, .body = body};
}

TEST(a_body_is_read_into_blocks) {
    struct block *blocks;
    size_t count;

    CHECK_OK(body_read(scope,
                       TEXT("Dear **friend**,\nhello\n\n# Head\n- one\n- *two*\n12. three\n"
                            "[[coupon]]\n[[page]]\nA \\*star\\* and 2 * 3\n"),
                       &blocks, &count));
    CHECK_INT((int64_t)count, 8);
    CHECK_TEXT(blocks[0].text, "Dear friend,\nhello");
    CHECK_INT((int64_t)blocks[0].run_count, 1);
    CHECK_INT(blocks[0].runs[0].begin, 5);
    CHECK_INT(blocks[0].runs[0].end, 11);
    CHECK_INT(blocks[1].kind, BLOCK_HEADING);
    CHECK_TEXT(blocks[3].text, "two");
    CHECK_INT((int64_t)blocks[3].runs[0].flags, STYLE_ITALIC);
    CHECK_TEXT(blocks[4].label, "12.");
    CHECK_INT(blocks[5].kind, BLOCK_COUPON);
    CHECK_INT(blocks[6].kind, BLOCK_PAGE);
    CHECK_TEXT(blocks[7].text, "A *star* and 2 * 3");
}

TEST(escaped_text_is_no_markup_in_a_letter) {
    static const struct text hostile[] = {
        {"**bold** *x* \\ # - 1. [[coupon]]", 33},
        {"# heading", 9},
        {"- item", 6},
        {"12. item", 8},
        {"[[page]]", 8},
        {"  12. item", 10},
        {". item", 6},
        {"\\[[page]]", 9},
    };
    struct block *blocks;
    size_t count;

    for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
        CLEANUP(buffer_clear) struct buffer escaped = {0};

        letter_escape(&escaped, hostile[i]);
        CHECK_OK(body_read(scope, buffer_text(&escaped), &blocks, &count));
        CHECK_INT((int64_t)count, 1);
        CHECK_INT(blocks[0].kind, BLOCK_PARAGRAPH);
        CHECK_TEXT(blocks[0].text, text_string(&scope->arena, text_trim(hostile[i])));
        CHECK_INT((int64_t)blocks[0].run_count, 0);
    }
}

TEST(the_same_letter_is_the_same_bytes) {
    const struct letter_style style = plain_style();
    const struct letter letter = letter_of(TEXT("Dear **friend**,\n\nhello"));
    struct text first, again;
    int pages;

    CHECK_OK(print(scope, &style, &letter, &first, &pages));
    CHECK_INT(pages, 1);
    scope->now_us += 5000000;
    CHECK_OK(print(scope, &style, &letter, &again, &pages));
    CHECK(first.size > 1000);
    CHECK(text_equal(first, again));
}

TEST(an_address_that_does_not_fit_the_window_is_refused) {
    const struct letter_style style = plain_style();
    const struct text wide[] = {
        TEXT("Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"),
        TEXT("1 Street")};
    const struct text lines[8] = {TEXT("1"), TEXT("2"), TEXT("3"), TEXT("4"),
                                  TEXT("5"), TEXT("6"), TEXT("7"), TEXT("8")};
    struct letter letter = letter_of(TEXT("hello"));
    struct letter_style us = plain_style();
    struct text pdf;
    int pages;

    letter.address = wide;
    CHECK_CODE(print(scope, &style, &letter, &pdf, &pages), INVALID);
    CHECK_STRING(scope->failure.field, "address");
    scope_forgive(scope);
    letter.address = lines;
    letter.address_count = 8;
    CHECK_OK(print(scope, &style, &letter, &pdf, &pages));
    us.format = LETTER_US;
    CHECK_CODE(print(scope, &us, &letter, &pdf, &pages), INVALID);
    CHECK_STRING(scope->failure.field, "address");
}

TEST(a_letter_of_too_many_pages_is_refused_and_the_next_is_printed) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    CLEANUP(letter_writer_close) struct letter_writer *writer = NULL;
    const struct letter_style style = plain_style();
    struct letter letter;
    FILE *out = fopen("/dev/null", "w");
    int pages;

    for (int i = 0; i < 5000; i++)
        buffer_add_string(&body, "A line.\n\n");
    letter = letter_of(buffer_text(&body));
    CHECK_OK(letter_writer_open(scope, &style, out, &writer));
    CHECK_CODE(letter_writer_add(scope, writer, &letter, &pages), INVALID);
    CHECK_STRING(scope->failure.field, "body");
    scope_forgive(scope);
    letter = letter_of(TEXT("short"));
    CHECK_OK(letter_writer_add(scope, writer, &letter, &pages));
    CHECK_INT(pages, 1);
    CHECK_OK(letter_writer_end(scope, writer));
    letter_writer_close(&writer);
    fclose(out);
}

TEST(stationery_that_cannot_be_printed_is_refused) {
    static const char huge[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff";
    const struct letter letter = letter_of(TEXT("hello"));
    struct letter_style style = plain_style();
    struct text pdf;
    int pages;

    style.font = TEXT("No Such Font");
    CHECK_CODE(print(scope, &style, &letter, &pdf, &pages), INVALID);
    CHECK_STRING(scope->failure.field, "font");
    scope_forgive(scope);
    style = plain_style();
    style.logo = TEXT("GIF89a, which is no PNG at all");
    CHECK_CODE(print(scope, &style, &letter, &pdf, &pages), INVALID);
    scope_forgive(scope);
    style.logo = (struct text){huge, sizeof(huge) - 1};
    CHECK_CODE(print(scope, &style, &letter, &pdf, &pages), INVALID);
    CHECK_STRING(scope->failure.field, "logo");
    scope_forgive(scope);
    style = plain_style();
    style.size_pt = 3;
    CHECK_CODE(print(scope, &style, &letter, &pdf, &pages), INVALID);
    scope_forgive(scope);
    style = plain_style();
    style.page_word = TEXT("\xf3\xb0\x80\x80"); // of private use: no font has it
    CHECK_CODE(print(scope, &style, &letter, &pdf, &pages), INVALID);
}

// As large as it is with the refused one between two others, or without it.
static size_t pages_without(struct scope *scope, bool is_refused_between) {
    CLEANUP(letter_writer_close) struct letter_writer *writer = NULL;
    const struct letter_style style = plain_style();
    const struct letter good = letter_of(TEXT("one\n\n[[page]]\n\ntwo"));
    struct letter refused = good;
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    int pages;

    refused.body = TEXT("one\n\n[[page]]\n\n\xf3\xb0\x80\x80");
    CHECK_OK(letter_writer_open(scope, &style, out, &writer));
    CHECK_OK(letter_writer_add(scope, writer, &good, &pages));
    if (is_refused_between)
        CHECK_CODE(letter_writer_add(scope, writer, &refused, &pages), INVALID);
    scope_forgive(scope);
    CHECK_OK(letter_writer_add(scope, writer, &good, &pages));
    CHECK_OK(letter_writer_end(scope, writer));
    letter_writer_close(&writer);
    fclose(out);
    free(bytes);
    return size;
}

TEST(nothing_of_a_refused_letter_is_in_the_file) {
    CHECK_INT((int64_t)pages_without(scope, true), (int64_t)pages_without(scope, false));
}

static code fail_to_settle(struct scope *scope, void *context) {
    ++*(int *)context;
    return scope_fail(scope, CONFLICT, "no");
}

TEST(a_letter_settles_once_it_can_be_printed) {
    const struct letter_style style = plain_style();
    struct letter letter = letter_of(TEXT("\xf3\xb0\x80\x80"));
    struct text pdf;
    int settled = 0, pages;

    letter.settle = fail_to_settle;
    letter.settle_context = &settled;
    CHECK_CODE(print(scope, &style, &letter, &pdf, &pages), INVALID);
    CHECK_INT(settled, 0);
    scope_forgive(scope);
    letter.body = TEXT("hello");
    CHECK_CODE(print(scope, &style, &letter, &pdf, &pages), CONFLICT);
    CHECK_INT(settled, 1);
}

TEST(a_full_disk_is_told_by_who_writes_letters) {
    CLEANUP(letter_writer_close) struct letter_writer *writer = NULL;
    const struct letter_style style = plain_style();
    const struct letter letter = letter_of(TEXT("hello"));
    FILE *out = fopen("/dev/full", "w");
    int pages;
    code result = letter_writer_open(scope, &style, out, &writer);

    for (int i = 0; i < 50 && result == OK; i++)
        result = letter_writer_add(scope, writer, &letter, &pages);
    if (result == OK)
        result = letter_writer_end(scope, writer);
    CHECK_INT(result, STORAGE_FULL);
    letter_writer_close(&writer);
    fclose(out);
}
