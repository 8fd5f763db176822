// SPDX-License-Identifier: Apache-2.0
// Letters as a PDF to be printed, folded and put into window envelopes: one after the other into
// one file, however many. Fonts are embedded; the same letters at the same instant are the same
// bytes. It knows no customers: who writes to them brings the lines.
//
// A body is plain text of paragraphs with an empty line between them. In it **bold** and *italic*;
// a line "# Heading"; lines that begin with "- " or "1. " are a list; "[[coupon]]" on a line of its
// own is the coupon's box, "[[page]]" a new page; a backslash takes the meaning from the sign
// behind it. letter_escape (push/letter/body.h) makes foreign text safe to stand in it.
#pragma once

#include "push/letter/layout.h"

#include "base/scope.h"

#include <stdio.h>

enum {
    LETTER_PAGES_MOST = 20,
    LETTER_ADDRESS_LINES = 8,
    LETTER_BODY_BYTES = 256 << 10,
    LETTER_LOGO_BYTES = 2 << 20,
    LETTER_LOGO_PX = 4000, // of each side
};

struct letter_style {
    enum letter_format format;
    struct text font;      // a family that is installed; empty: DejaVu Sans
    double size_pt;        // of the body, 8 to 14; 0: 10.5
    struct text language;  // "de": hyphens, quotes and shapes of letters; may be empty
    struct text company;   // the letterhead; empty: none
    struct text contact;   // lines at its right
    struct text logo;      // a PNG; empty: none
    struct text sender;    // the small line above the address
    struct text footer;    // lines at the foot of the first page
    struct text page_word; // "Page": with the number at the foot of letters of several pages
    int64_t created_at_us; // the file's date
    struct text title;     // of the file
};

struct letter_coupon {
    struct text title, detail, terms; // "10 % off", what it holds for, what restricts it
    struct text value;                // what the codes hold
    struct text shown;                // the same for people; empty: as it is
};

struct letter {
    const struct text *address; // lines (push/letter/address.h)
    size_t address_count;
    struct text date, subject, body;
    const struct letter_coupon *coupon; // of [[coupon]]; NULL: none
    // Called once it is certain that the letter can be printed, before any of it is: what it alone
    // takes with it. Its failure is the letter's. NULL: nothing.
    code (*settle)(struct scope *scope, void *context);
    void *settle_context;
};

struct letter_writer;
// INVALID for a style that cannot be: a font that is not installed, a logo that is no PNG.
code letter_writer_open(struct scope *scope, const struct letter_style *style, FILE *out,
                        struct letter_writer **ret_writer);
// INVALID, and nothing of it is in the file, when it cannot be printed: an address that does not
// fit the window in the smallest type, a letter that no installed font has, too many pages.
code letter_writer_add(struct scope *scope, struct letter_writer *writer,
                       const struct letter *letter, int *ret_pages);
// The end of the file, which is flushed. Call it once all are in.
code letter_writer_end(struct scope *scope, struct letter_writer *writer);
void letter_writer_close(struct letter_writer **pointer); // takes a pointer to NULL
