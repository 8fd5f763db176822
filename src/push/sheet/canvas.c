// SPDX-License-Identifier: Apache-2.0
#include "push/sheet/canvas.h"

#include <math.h>

void canvas_colour(const struct canvas *canvas, enum canvas_colour colour) {
    static const uint32_t colours[CANVAS_COLOURS] = {
        [CANVAS_INK] = 0x1b2430,   [CANVAS_DIM] = 0x5b6675,    [CANVAS_RULE] = 0xdfe3e8,
        [CANVAS_PANEL] = 0xffffff, [CANVAS_ACCENT] = 0x2b6cb0, [CANVAS_PALE] = 0xd5e4f3,
        [CANVAS_GOOD] = 0x2f7d4f,  [CANVAS_BAD] = 0xb3423a,
    };
    const uint32_t rgb = colours[colour];

    cairo_set_source_rgb(canvas->cairo, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                         (rgb & 255) / 255.0);
}

// ---- text ----

static PangoLayout *lay_out(const struct canvas *canvas, struct text text,
                            const struct canvas_type *type, double width) {
    static const PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                                PANGO_ALIGN_RIGHT};
    PangoLayout *layout = pango_layout_new(canvas->context);
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family(font, "DejaVu Sans");
    pango_font_description_set_absolute_size(font, type->size * PANGO_SCALE);
    if (type->is_bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text.data ? text.data : "", (int)text.size);
    pango_layout_set_alignment(layout, alignments[type->align]);
    if (width > 0) {
        pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    }
    if (type->lines_most > 0) {
        pango_layout_set_height(layout, -type->lines_most);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    return layout;
}

double canvas_text(const struct canvas *canvas, struct text text, const struct canvas_type *type,
                   double left, double top, double width) {
    PangoLayout *layout = lay_out(canvas, text, type, width);
    PangoRectangle logical;

    pango_layout_get_extents(layout, NULL, &logical);
    if (canvas->cairo) {
        canvas_colour(canvas, type->colour);
        cairo_move_to(canvas->cairo, left, top);
        pango_cairo_show_layout(canvas->cairo, layout);
    }
    g_object_unref(layout);
    return text.size > 0 ? (double)logical.height / PANGO_SCALE : 0;
}

double canvas_text_width(const struct canvas *canvas, struct text text,
                         const struct canvas_type *type) {
    PangoLayout *layout = lay_out(canvas, text, type, 0);
    PangoRectangle logical;

    pango_layout_get_extents(layout, NULL, &logical);
    g_object_unref(layout);
    return (double)logical.width / PANGO_SCALE;
}

// ---- shapes ----

void canvas_rectangle(const struct canvas *canvas, const struct box *box, double radius,
                      enum canvas_colour colour) {
    const double left = box->left, top = box->top;
    const double right = left + box->width, bottom = top + box->height;

    canvas_colour(canvas, colour);
    cairo_new_sub_path(canvas->cairo);
    if (radius > 0) {
        cairo_arc(canvas->cairo, right - radius, top + radius, radius, -G_PI / 2, 0);
        cairo_arc(canvas->cairo, right - radius, bottom - radius, radius, 0, G_PI / 2);
        cairo_arc(canvas->cairo, left + radius, bottom - radius, radius, G_PI / 2, G_PI);
        cairo_arc(canvas->cairo, left + radius, top + radius, radius, G_PI, 3 * G_PI / 2);
        cairo_close_path(canvas->cairo);
    } else
        cairo_rectangle(canvas->cairo, left, top, box->width, box->height);
    cairo_fill(canvas->cairo);
}

// ---- numbers ----

// The digits before the point, in threes.
static struct text in_threes(struct arena *arena, struct text digits) {
    char *out = arena_array(arena, digits.size * 2 + 1, 1);
    const char *point = memchr(digits.data, '.', digits.size);
    const size_t whole = point ? (size_t)(point - digits.data) : digits.size;
    size_t size = 0;

    for (size_t i = 0; i < digits.size; i++) {
        const bool is_between = i > 0 && i < whole && (whole - i) % 3 == 0;

        if (is_between && digits.data[i - 1] != '-')
            out[size++] = ',';
        out[size++] = digits.data[i];
    }
    return (struct text){out, size};
}

struct text sheet_number(struct arena *arena, double value) {
    if (!isfinite(value))
        return TEXT("–");
    if (fabs(value) >= 1e15)
        return text_printf(arena, "%.4g", value);
    if (fabs(value) >= 1000 || value == round(value))
        return in_threes(arena, text_printf(arena, "%.0f", value));
    return in_threes(arena, text_printf(arena, "%.2f", value));
}

struct text sheet_short_number(struct arena *arena, double value) {
    static const struct {
        double from;
        const char *sign;
    } sizes[] = {{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "k"}};

    if (!isfinite(value))
        return TEXT("–");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
        if (fabs(value) >= sizes[i].from)
            return text_printf(arena, "%.4g%s", value / sizes[i].from, sizes[i].sign);
    return text_printf(arena, "%.4g", value);
}
