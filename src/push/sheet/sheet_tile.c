// SPDX-License-Identifier: Apache-2.0
// A tile: its frame and heading, and what is no chart in it.
#include "push/sheet/canvas.h"

#include <math.h>

#define PADDING    9.0
#define HEAD       17.0 // of the heading's line
#define ROW        13.5 // of a table
#define CHART      132.0
#define WORDS_MOST 520.0
#define FIGURE     48.0
#define PROGRESS   9.0

static const struct canvas_type heading = {.size = 9, .is_bold = true, .lines_most = 1};
static const struct canvas_type small = {.size = 8.5, .lines_most = 1};
static const struct canvas_type dim = {.size = 8, .colour = CANVAS_DIM, .lines_most = 1};
static const struct canvas_type prose = {.size = 9};

// ---- heights ----

static double table_height(const struct sheet_tile *tile) {
    return ROW * (double)(tile->row_count + 1) + (tile->left_out > 0 ? ROW : 0);
}

double sheet_tile_height(const struct canvas *canvas, const struct sheet_tile *tile, double width) {
    const double inner = width - 2 * PADDING;
    const struct canvas measured = {.arena = canvas->arena, .context = canvas->context};
    double height = 0;

    switch (tile->shape) {
    case SHEET_FIGURE:
        height = FIGURE + (isnan(tile->progress) ? 0 : PROGRESS);
        break;
    case SHEET_COLUMNS:
    case SHEET_LINE:
        height = CHART;
        break;
    case SHEET_BARS:
        height = sheet_bars_height(tile) + (tile->left_out > 0 ? ROW : 0);
        break;
    case SHEET_TABLE:
        height = table_height(tile);
        break;
    case SHEET_WORDS:
        height = fmin(WORDS_MOST, canvas_text(&measured, tile->words, &prose, 0, 0, inner));
        break;
    case SHEET_SHAPES:
        break;
    }
    return height + 2 * PADDING + (tile->title.size > 0 ? HEAD : 0);
}

// ---- a figure ----

static void draw_progress(const struct canvas *canvas, double progress, const struct box *box) {
    const double share = fmin(1, fmax(0, progress));
    struct box bar = {box->left, box->top + box->height - 4, box->width, 4};

    canvas_rectangle(canvas, &bar, 2, CANVAS_PALE);
    bar.width = fmax(4, bar.width * share);
    if (share > 0)
        canvas_rectangle(canvas, &bar, 2, progress >= 1 ? CANVAS_GOOD : CANVAS_ACCENT);
}

static void draw_figure(const struct canvas *canvas, const struct sheet_tile *tile,
                        const struct box *box) {
    struct canvas_type large = {.size = 17, .is_bold = true, .lines_most = 1};
    struct canvas_type note = dim;

    note.lines_most = 2;
    // In smaller type where it would not fit.
    while (large.size > 8 && canvas_text_width(canvas, tile->value, &large) > box->width)
        large.size -= 0.5;
    canvas_text(canvas, tile->value, &large, box->left, box->top, box->width);
    note.colour = tile->trend > 0 ? CANVAS_GOOD : tile->trend < 0 ? CANVAS_BAD : CANVAS_DIM;
    canvas_text(canvas, tile->note, &note, box->left, box->top + 25, box->width);
    if (!isnan(tile->progress))
        draw_progress(canvas, tile->progress, box);
}

// ---- a table ----

// Numbers take what they need, at most their even share; names share the rest.
static void column_widths(const struct canvas *canvas, const struct sheet_tile *tile, double width,
                          double *ret_widths) {
    const double even = width / (double)tile->column_count;
    double left = width;
    size_t names = 0;

    for (size_t c = 0; c < tile->column_count; c++) {
        ret_widths[c] = 0;
        names += !tile->is_number[c];
        if (!tile->is_number[c])
            continue;
        ret_widths[c] = canvas_text_width(canvas, tile->heads[c], &small);
        for (size_t r = 0; r < tile->row_count; r++)
            ret_widths[c] =
                fmax(ret_widths[c],
                     canvas_text_width(canvas, tile->cells[r * tile->column_count + c], &small));
        ret_widths[c] = fmin(ret_widths[c] + 8, even);
        left -= ret_widths[c];
    }
    for (size_t c = 0; c < tile->column_count && names > 0; c++)
        if (!tile->is_number[c])
            ret_widths[c] = left / (double)names;
}

static void draw_cells(const struct canvas *canvas, const struct sheet_tile *tile,
                       const struct text *cells, const double *widths, double left, double top,
                       enum canvas_colour colour) {
    for (size_t c = 0; c < tile->column_count; c++) {
        struct canvas_type type = small;

        type.colour = colour;
        type.align = tile->is_number[c] ? CANVAS_RIGHT : CANVAS_LEFT;
        canvas_text(canvas, cells[c], &type, left, top, fmax(1, widths[c] - 4));
        left += widths[c];
    }
}

static void draw_table(const struct canvas *canvas, const struct sheet_tile *tile,
                       const struct box *box) {
    double widths[SHEET_COLUMNS_MOST];
    double top = box->top;

    column_widths(canvas, tile, box->width, widths);
    draw_cells(canvas, tile, tile->heads, widths, box->left, top, CANVAS_DIM);
    for (size_t r = 0; r < tile->row_count; r++) {
        top += ROW;
        canvas_rectangle(canvas, &(struct box){box->left, top - 1.5, box->width, 0.5}, 0,
                         CANVAS_RULE);
        draw_cells(canvas, tile, tile->cells + r * tile->column_count, widths, box->left, top,
                   CANVAS_INK);
    }
    if (tile->left_out > 0)
        canvas_text(canvas, text_printf(canvas->arena, "and %zu more", tile->left_out), &dim,
                    box->left, top + ROW, box->width);
}

// ---- the tile ----

static void draw_frame(const struct canvas *canvas, const struct box *box) {
    const struct box inner = {box->left + 0.7, box->top + 0.7, box->width - 1.4, box->height - 1.4};

    canvas_rectangle(canvas, box, 5, CANVAS_RULE);
    canvas_rectangle(canvas, &inner, 4.3, CANVAS_PANEL);
}

static void draw_content(const struct canvas *canvas, const struct sheet_tile *tile,
                         const struct box *box) {
    switch (tile->shape) {
    case SHEET_FIGURE:
        draw_figure(canvas, tile, box);
        break;
    case SHEET_COLUMNS:
    case SHEET_LINE:
    case SHEET_BARS:
        sheet_chart_draw(canvas, tile, box);
        break;
    case SHEET_TABLE:
        draw_table(canvas, tile, box);
        break;
    case SHEET_WORDS:
        canvas_text(canvas, tile->words, &prose, box->left, box->top, box->width);
        break;
    case SHEET_SHAPES:
        break;
    }
}

void sheet_tile_draw(const struct canvas *canvas, const struct sheet_tile *tile,
                     const struct box *box) {
    struct box inner = {box->left + PADDING, box->top + PADDING, box->width - 2 * PADDING,
                        box->height - 2 * PADDING};

    cairo_save(canvas->cairo);
    draw_frame(canvas, box);
    cairo_rectangle(canvas->cairo, box->left, box->top, box->width, box->height);
    cairo_clip(canvas->cairo);
    if (tile->title.size > 0) {
        canvas_text(canvas, tile->title, &heading, inner.left, inner.top, inner.width);
        inner.top += HEAD;
        inner.height -= HEAD;
    }
    draw_content(canvas, tile, &inner);
    cairo_restore(canvas->cairo);
}
