// SPDX-License-Identifier: Apache-2.0
// Letters as other programs see them: where poppler finds the address on the page, and what a
// scanner reads in the coupon.
#include "base/test.h"
#include "push/barcode/barcode.h"
#include "push/letter/address.h"
#include "push/letter/letter.h"
#include "tests/program.h"

#include <stdlib.h>

static const struct letter_coupon coupon = {.title = {"15 % off", 8},
                                            .detail = {"everything", 10},
                                            .terms = {"once", 4},
                                            .value = {"K7HQ3MXW9TRC", 12},
                                            .shown = {"K7HQ-3MXW-9TRC", 14}};

static void print_to(struct scope *scope, const char *path, const struct letter_style *style,
                     const struct letter *letters, size_t count) {
    CLEANUP(letter_writer_close) struct letter_writer *writer = NULL;
    FILE *out = fopen(path, "w");
    int pages;

    CHECK(out != NULL);
    CHECK_OK(letter_writer_open(scope, style, out, &writer));
    for (size_t i = 0; i < count; i++)
        CHECK_OK(letter_writer_add(scope, writer, &letters[i], &pages));
    CHECK_OK(letter_writer_end(scope, writer));
    letter_writer_close(&writer);
    fclose(out);
}

static void need(struct scope *scope, const char *program) {
    const char *const words[] = {program, "-v", NULL};

    if (run_other(scope, words) == 127)
        test_skip(arena_printf(&scope->arena, "%s is not installed", program));
}

// The box of a word on the first page, points from the upper left.
static struct area box_of(struct scope *scope, struct text page, const char *word) {
    const char *found =
        strstr(text_string(&scope->arena, page), arena_printf(&scope->arena, "\">%s</word>", word));
    double edges[4];
    const char *at;

    CHECK(found != NULL);
    for (at = found; strncmp(at, "<word", 5) != 0; at--)
        ;
    CHECK_INT(sscanf(at, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &edges[0],
                     &edges[1], &edges[2], &edges[3]),
              4);
    return (struct area){.left = edges[0] * 25.4 / 72,
                         .top = edges[1] * 25.4 / 72,
                         .width = (edges[2] - edges[0]) * 25.4 / 72,
                         .height = (edges[3] - edges[1]) * 25.4 / 72};
}

static bool is_within(const struct area *inner, const struct area *outer) {
    return inner->left >= outer->left && inner->top >= outer->top &&
           inner->left + inner->width <= outer->left + outer->width &&
           inner->top + inner->height <= outer->top + outer->height;
}

TEST(the_address_shows_in_the_window_of_each_envelope) {
    // What may show when the sheet slips in the envelope; with a No. 10 that is more than the
    // window of the layout, which always shows.
    static const struct area slipping = {-3.2, 57.15, 139.7, 34.93};
    static const char *const words[] = {"Longest", "Company", "Street", "Backyard", "PLACE"};
    const struct text lines[] = {TEXT("Longest name of a person we write to Withname"),
                                 TEXT("Company"), TEXT("Street 12"), TEXT("Backyard"),
                                 TEXT("PLACE")};
    const char *path = arena_printf(&scope->arena, "%s/letter.pdf", test_folder(scope));
    const char *const read[] = {"pdftotext", "-bbox", path, "-", NULL};

    need(scope, "pdftotext");
    for (int format = 0; format < LETTER_FORMAT_COUNT; format++) {
        const struct letter_layout *layout = letter_layout((enum letter_format)format);
        const struct letter_style style = {.format = (enum letter_format)format,
                                           .company = TEXT("Sender"),
                                           .sender = TEXT("From us"),
                                           .contact = TEXT("Phone\nMail")};
        const struct letter letter = {.address = lines,
                                      .address_count = 5,
                                      .date = TEXT("Today"),
                                      .subject = TEXT("Subject"),
                                      .body = TEXT("Body")};
        static const char *const others[] = {"Sender", "Today", "Subject", "Body", "Phone", "From"};
        struct text page;

        print_to(scope, path, &style, &letter, 1);
        page = run_other_for_output(scope, read);
        for (size_t i = 0; i < 5; i++) {
            const struct area box = box_of(scope, page, words[i]);

            CHECK(is_within(&box, &layout->window));
        }
        for (size_t i = 0; i < 6; i++) {
            const struct area box = box_of(scope, page, others[i]);
            const struct area *shown = format == LETTER_US ? &slipping : &layout->window;
            const bool is_beside = box.left >= shown->left + shown->width ||
                                   box.top >= shown->top + shown->height ||
                                   box.top + box.height <= shown->top;

            CHECK(is_beside || (format != LETTER_US && i == 5));
        }
    }
}

// What a scanner reads in a picture, line by line.
static const char *scan(struct scope *scope, const char *path) {
    const char *const words[] = {"zbarimg", "-q", "--nodbus", path, NULL};

    return text_string(&scope->arena, run_other_for_output(scope, words));
}

TEST(a_scanner_reads_the_coupon_of_a_printed_letter) {
    const struct text lines[] = {TEXT("A. Person"), TEXT("1 Street")};
    const char *folder = test_folder(scope);
    const char *path = arena_printf(&scope->arena, "%s/letter.pdf", folder);
    const char *picture = arena_printf(&scope->arena, "%s/page", folder);
    const char *const draw[] = {"pdftoppm",    "-r", "200",   "-png",
                                "-singlefile", path, picture, NULL};
    const struct letter_style style = {.format = LETTER_DIN_A};
    const struct letter letter = {.address = lines,
                                  .address_count = 2,
                                  .body = TEXT("Yours:\n\n[[coupon]]\n"),
                                  .coupon = &coupon};
    const char *read;

    need(scope, "pdftoppm");
    need(scope, "zbarimg");
    print_to(scope, path, &style, &letter, 1);
    CHECK_INT(run_other(scope, draw), 0);
    read = scan(scope, arena_printf(&scope->arena, "%s.png", picture));
    CHECK(strstr(read, "QR-Code:K7HQ3MXW9TRC") != NULL);
    CHECK(strstr(read, "CODE-128:K7HQ3MXW9TRC") != NULL);
}

TEST(a_scanner_reads_the_pictures_for_emails) {
    static const struct {
        enum barcode_kind kind;
        const char *content, *read;
    } cases[] = {
        {LINEAR_CODE_128, "K7HQ3MXW9TRC", "CODE-128:K7HQ3MXW9TRC\n"},
        {LINEAR_EAN_13, "4006381333931", "EAN-13:4006381333931\n"},
        {MATRIX_QR, "https://example.org/?c=K7HQ3MXW9TRC",
         "QR-Code:https://example.org/?c=K7HQ3MXW9TRC\n"},
    };
    const struct barcode_size size = {.module_px = 3, .bar_px = 90};

    need(scope, "zbarimg");
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(buffer_clear) struct buffer png = {0};
        struct barcode barcode;

        CHECK_OK(barcode_make(scope, cases[i].kind, text_of(cases[i].content), &barcode));
        CHECK_OK(barcode_png(scope, &barcode, size, &png));
        CHECK_STRING(scan(scope, test_file(scope, "code.png", buffer_text(&png))), cases[i].read);
    }
}

TEST(fonts_are_in_the_file_of_letters) {
    const struct text lines[] = {TEXT("Ärztin \xd7\x99\xd7\x94\xd7\x95\xd7\x93\xd7\x94 Кузнецова"),
                                 TEXT("1 Street")};
    const char *path = arena_printf(&scope->arena, "%s/letter.pdf", test_folder(scope));
    const char *const words[] = {"pdffonts", path, NULL};
    const struct letter_style style = {.format = LETTER_DIN_A};
    const struct letter letter = {
        .address = lines, .address_count = 2, .body = TEXT("**Bold** and *italic*")};
    struct text fonts, line;

    need(scope, "pdffonts");
    print_to(scope, path, &style, &letter, 1);
    fonts = run_other_for_output(scope, words);
    text_split(fonts, '\n', &fonts); // two lines of heading
    text_split(fonts, '\n', &fonts);
    CHECK(fonts.size > 0);
    while (fonts.size > 0) {
        line = text_split(fonts, '\n', &fonts);
        CHECK(line.size == 0 || strstr(text_string(&scope->arena, line), " yes yes ") != NULL);
    }
}
