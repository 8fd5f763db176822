// SPDX-License-Identifier: Apache-2.0
// The coupon's box: what it gives at the left, with the bars for the till below; the QR code for
// telephones at the right. Bars are drawn wide enough for hand scanners (GS1: 0.33 mm and above is
// the nominal size, 0.25 mm the least).
#include "push/letter/compose.h"

#define PADDING      POINTS(4)
#define QR_SIDE      POINTS(30)
#define BAR_HEIGHT   POINTS(13)
#define MODULE       POINTS(0.33)
#define LEAST_MODULE POINTS(0.25)
#define GAP          POINTS(2)

static code optional_text(struct composer *composer, struct text text, double size_pt, bool is_bold,
                          double width, PangoLayout **ret_layout, double *height) {
    if (text.size == 0)
        return OK;
    TRY(compose_text(composer, text, size_pt, is_bold, width, ret_layout));
    *height += layout_height(*ret_layout) + GAP;
    return OK;
}

static code fit_bars(struct composer *composer, double width, struct coupon_box *box) {
    const int modules = box->bars.width + 2 * box->bars.quiet;

    box->module = width / modules < MODULE ? width / modules : MODULE;
    if (box->module < LEAST_MODULE)
        return scope_fail_field(composer->scope, INVALID, "coupon",
                                "the coupon's code is too long for its box");
    return OK;
}

code compose_coupon(struct composer *composer, const struct letter_coupon *coupon, double width,
                    struct coupon_box **ret_box) {
    struct coupon_box *box = arena_alloc(&composer->scope->arena, sizeof(*box));
    const double column = width - QR_SIDE - 3 * PADDING;
    double height = 2 * PADDING + BAR_HEIGHT + GAP;

    TRY(barcode_make(composer->scope, barcode_linear_kind(coupon->value), coupon->value,
                     &box->bars));
    TRY(barcode_make(composer->scope, MATRIX_QR, coupon->value, &box->qr));
    TRY(fit_bars(composer, column, box));
    TRY(optional_text(composer, coupon->title, 16, true, column, &box->title, &height));
    TRY(optional_text(composer, coupon->detail, 10, false, column, &box->detail, &height));
    TRY(optional_text(composer, coupon->shown.size > 0 ? coupon->shown : coupon->value, 11, true,
                      column, &box->shown, &height));
    TRY(optional_text(composer, coupon->terms, 7.5, false, column, &box->terms, &height));
    box->width = width;
    box->height = height < QR_SIDE + 2 * PADDING ? QR_SIDE + 2 * PADDING : height;
    if (box->height > POINTS(composer->layout->height / 2))
        return scope_fail_field(composer->scope, INVALID, "coupon",
                                "the coupon's text fills more than half a page");
    *ret_box = box;
    return OK;
}

// Runs of dark modules as rectangles: what touches must be one, or printers show a seam.
static void draw_row(cairo_t *cairo, const struct barcode *barcode, int y, double left, double top,
                     double module, double height) {
    for (int x = 0, end; x < barcode->width; x = end) {
        end = x + 1;
        if (!barcode_is_dark(barcode, x, y))
            continue;
        while (end < barcode->width && barcode_is_dark(barcode, end, y))
            end++;
        cairo_rectangle(cairo, left + x * module, top, (end - x) * module, height);
    }
}

static double show(cairo_t *cairo, PangoLayout *layout, double left, double top) {
    if (!layout)
        return top;
    cairo_move_to(cairo, left, top);
    pango_cairo_show_layout(cairo, layout);
    return top + layout_height(layout) + GAP;
}

void draw_coupon(cairo_t *cairo, const struct coupon_box *box, double left, double top) {
    const double dashes[] = {4, 3};
    const double qr_module = QR_SIDE / (box->qr.width + 2 * box->qr.quiet);
    const double qr_left = left + box->width - PADDING - QR_SIDE + box->qr.quiet * qr_module;
    const double column = left + PADDING;
    double y = top + PADDING;

    cairo_save(cairo);
    cairo_set_line_width(cairo, 0.8);
    cairo_set_dash(cairo, dashes, 2, 0);
    cairo_rectangle(cairo, left, top, box->width, box->height);
    cairo_stroke(cairo);
    cairo_restore(cairo);
    y = show(cairo, box->title, column, y);
    y = show(cairo, box->detail, column, y);
    draw_row(cairo, &box->bars, 0, column + box->bars.quiet * box->module, y, box->module,
             BAR_HEIGHT);
    cairo_fill(cairo);
    y += BAR_HEIGHT + GAP;
    y = show(cairo, box->shown, column + box->bars.quiet * box->module, y);
    show(cairo, box->terms, column, y);
    for (int row = 0; row < box->qr.height; row++)
        draw_row(cairo, &box->qr, row, qr_left, top + PADDING + (box->qr.quiet + row) * qr_module,
                 qr_module, qr_module * 1.02);
    cairo_fill(cairo);
}
