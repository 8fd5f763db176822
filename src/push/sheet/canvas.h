// SPDX-License-Identifier: Apache-2.0
// What sheets are drawn with: colours, type and the surface at hand. Lengths are points.
#pragma once

#include "push/sheet/sheet.h"

#include <pango/pangocairo.h>

struct canvas {
    struct arena *arena;
    PangoContext *context;
    cairo_t *cairo; // NULL: nothing is drawn, only measured
};

struct box {
    double left, top, width, height;
};

enum canvas_colour {
    CANVAS_INK,
    CANVAS_DIM,
    CANVAS_RULE,  // lines between things
    CANVAS_PANEL, // behind a tile
    CANVAS_ACCENT,
    CANVAS_PALE, // the accent behind something
    CANVAS_GOOD,
    CANVAS_BAD,
    CANVAS_COLOURS
};
void canvas_colour(const struct canvas *canvas, enum canvas_colour colour);

enum canvas_align { CANVAS_LEFT, CANVAS_CENTRE, CANVAS_RIGHT };
struct canvas_type {
    double size; // of type
    bool is_bold;
    enum canvas_align align;
    enum canvas_colour colour;
    int lines_most; // 0: as many as it takes; what is behind the last ends in dots
};
// Text within the width at left, top. Returns its height.
double canvas_text(const struct canvas *canvas, struct text text, const struct canvas_type *type,
                   double left, double top, double width);
double canvas_text_width(const struct canvas *canvas, struct text text,
                         const struct canvas_type *type);
void canvas_rectangle(const struct canvas *canvas, const struct box *box, double radius,
                      enum canvas_colour colour);

// How high the tile wants to be at this width, and the tile itself (sheet_tile.c, sheet_chart.c).
double sheet_tile_height(const struct canvas *canvas, const struct sheet_tile *tile, double width);
void sheet_tile_draw(const struct canvas *canvas, const struct sheet_tile *tile,
                     const struct box *box);
void sheet_chart_draw(const struct canvas *canvas, const struct sheet_tile *tile,
                      const struct box *box);
double sheet_bars_height(const struct sheet_tile *tile);
