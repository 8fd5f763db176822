// SPDX-License-Identifier: Apache-2.0
// From a letter's blocks to pages of lines: all of it is laid out, and refused where it cannot be,
// before anything is drawn. Lengths here are points (1/72 in), as Pango's and Cairo's.
#pragma once

#include "push/barcode/barcode.h"
#include "push/letter/letter.h"

#include <pango/pangocairo.h>

#define POINTS(millimetres) ((millimetres)*72 / 25.4)

struct composer {
    struct scope *scope;
    PangoContext *context;
    const struct letter_style *style;
    const struct letter_layout *layout;
    GPtrArray *owned; // every layout of the letter
};

// A layout in the style's font. `width` 0: as wide as it gets. INVALID when a letter of it is in no
// installed font.
code compose_text(struct composer *composer, struct text text, double size_pt, bool is_bold,
                  double width, PangoLayout **ret_layout);
// "Page 2 / 3", for the foot of a page.
code compose_number(struct composer *composer, size_t page, size_t count, PangoLayout **ret_layout);
double layout_width(PangoLayout *layout);
double layout_height(PangoLayout *layout);

struct coupon_box {
    PangoLayout *title, *detail, *shown, *terms; // NULL: none
    struct barcode bars, qr;
    double width, height, module; // module: of the bars
};

// One line, or one box, of a page.
struct piece {
    PangoLayoutLine *line; // NULL: the box
    PangoLayout *label;    // of a list's item, at its first line
    const struct coupon_box *box;
    double left, top, height, ascent;
};

struct page {
    struct piece *pieces;
    size_t count;
    PangoLayout *number; // NULL: none
};

struct composition {
    PangoLayout *address[LETTER_ADDRESS_LINES];
    size_t address_count;
    double address_top, address_pitch;
    PangoLayout *sender, *date, *subject; // NULL: none
    double subject_top;
    struct page *pages;
    size_t page_count;
};

code compose_letter(struct composer *composer, const struct letter *letter,
                    struct composition *ret_composition);
// The coupon's box for a column of this width (compose_coupon.c).
code compose_coupon(struct composer *composer, const struct letter_coupon *coupon, double width,
                    struct coupon_box **ret_box);
void draw_coupon(cairo_t *cairo, const struct coupon_box *box, double left, double top);
