// SPDX-License-Identifier: Apache-2.0
// Tiles fill rows of four quarters from the left; a row is as high as its highest tile, and goes to
// the next page whole. A PNG is the same in one page, twice as fine as a screen's points.
#include "push/sheet/canvas.h"

#include <cairo-pdf.h>
#include <math.h>

#define PAPER_WIDTH   595.276 // A4
#define PAPER_HEIGHT  841.89
#define MARGIN        34.0
#define GAP           10.0
#define FOOT          16.0
#define CONTENT_WIDTH (PAPER_WIDTH - 2 * MARGIN)

enum { QUARTERS = 4, PICTURE_PX_MOST = 30000 };
static const double picture_scale = 2;

const char *const sheet_format_names[] = {"pdf", "png", NULL};

struct row {
    size_t first, count; // tiles
    double height;
    bool starts_page;
};

struct plan {
    struct row *rows;
    size_t row_count;
    int page_count;
    double head_height;
    double height; // of the last page's content
};

// ---- planning ----

static double quarter_width(int quarters) {
    const double one = (CONTENT_WIDTH - GAP * (QUARTERS - 1)) / QUARTERS;

    return one * quarters + GAP * (quarters - 1);
}

static double draw_head(const struct canvas *canvas, const struct sheet *sheet) {
    const struct canvas_type name = {.size = 19, .is_bold = true, .lines_most = 2};
    const struct canvas_type words = {.size = 9.5, .lines_most = 4};
    const struct canvas_type days = {.size = 9, .colour = CANVAS_DIM, .lines_most = 2};
    double top = MARGIN;

    top += canvas_text(canvas, sheet->name, &name, MARGIN, top, CONTENT_WIDTH) + 3;
    if (sheet->description.size > 0)
        top += canvas_text(canvas, sheet->description, &words, MARGIN, top, CONTENT_WIDTH) + 3;
    top += canvas_text(canvas, sheet->days, &days, MARGIN, top, CONTENT_WIDTH) + 12;
    return top;
}

static void fill_rows(const struct canvas *canvas, const struct sheet *sheet, struct plan *plan) {
    int used = QUARTERS;

    plan->rows = arena_array(canvas->arena, sheet->tile_count + 1, sizeof(*plan->rows));
    for (size_t i = 0; i < sheet->tile_count; i++) {
        const struct sheet_tile *tile = &sheet->tiles[i];
        struct row *row;

        if (used + tile->width > QUARTERS) {
            plan->rows[plan->row_count++] = (struct row){.first = i};
            used = 0;
        }
        row = &plan->rows[plan->row_count - 1];
        row->count++;
        row->height =
            fmax(row->height, sheet_tile_height(canvas, tile, quarter_width(tile->width)));
        used += tile->width;
    }
}

// What is higher than a page is cut to it; a picture has one page as high as all.
static void break_pages(struct plan *plan, bool has_pages) {
    const double bottom = PAPER_HEIGHT - MARGIN - FOOT;
    double top = plan->head_height;

    plan->page_count = 1;
    for (size_t i = 0; i < plan->row_count; i++) {
        struct row *row = &plan->rows[i];

        if (has_pages)
            row->height = fmin(row->height, bottom - MARGIN);
        row->starts_page = has_pages && i > 0 && top + row->height > bottom;
        if (row->starts_page) {
            plan->page_count++;
            top = MARGIN;
        }
        top += row->height + GAP;
    }
    plan->height = top - GAP + FOOT + MARGIN;
}

// ---- drawing ----

static void draw_foot(const struct canvas *canvas, const struct sheet *sheet, double bottom,
                      int page, int page_count) {
    const struct canvas_type left = {.size = 7.5, .colour = CANVAS_DIM, .lines_most = 1};
    const struct canvas_type right = {
        .size = 7.5, .colour = CANVAS_DIM, .align = CANVAS_RIGHT, .lines_most = 1};
    const double top = bottom - MARGIN - 9;

    canvas_text(canvas, sheet->made, &left, MARGIN, top, CONTENT_WIDTH * 0.8);
    if (page_count > 1)
        canvas_text(canvas, text_printf(canvas->arena, "%d / %d", page, page_count), &right,
                    MARGIN + CONTENT_WIDTH * 0.8, top, CONTENT_WIDTH * 0.2);
}

static void draw_row(const struct canvas *canvas, const struct sheet *sheet, const struct row *row,
                     double top) {
    struct box box = {.left = MARGIN, .top = top, .height = row->height};

    for (size_t i = row->first; i < row->first + row->count; i++) {
        box.width = quarter_width(sheet->tiles[i].width);
        sheet_tile_draw(canvas, &sheet->tiles[i], &box);
        box.left += box.width + GAP;
    }
}

static void draw_all(const struct canvas *canvas, const struct sheet *sheet,
                     const struct plan *plan, double page_height) {
    double top = draw_head(canvas, sheet);
    int page = 1;

    for (size_t i = 0; i < plan->row_count; i++) {
        if (plan->rows[i].starts_page) {
            draw_foot(canvas, sheet, page_height, page++, plan->page_count);
            cairo_show_page(canvas->cairo);
            top = MARGIN;
        }
        draw_row(canvas, sheet, &plan->rows[i], top);
        top += plan->rows[i].height + GAP;
    }
    draw_foot(canvas, sheet, page_height, page, plan->page_count);
    cairo_show_page(canvas->cairo);
}

// ---- surfaces ----

static cairo_status_t write_out(void *closure, const unsigned char *data, unsigned int size) {
    buffer_add(closure, data, size);
    return CAIRO_STATUS_SUCCESS;
}

static code check(struct scope *scope, cairo_status_t status) {
    return status == CAIRO_STATUS_SUCCESS
               ? OK
               : scope_fail(scope, UNAVAILABLE, "the dashboard cannot be drawn: %s",
                            cairo_status_to_string(status));
}

// The instant is the sheet's words alone: the same sheet gives the same bytes.
static code draw_pdf(struct scope *scope, struct canvas *canvas, const struct sheet *sheet,
                     const struct plan *plan, struct buffer *out) {
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(write_out, out, PAPER_WIDTH, PAPER_HEIGHT);
    cairo_status_t status;

    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
                                   text_string(&scope->arena, sheet->name));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    canvas->cairo = cairo_create(surface);
    draw_all(canvas, sheet, plan, PAPER_HEIGHT);
    cairo_destroy(canvas->cairo);
    cairo_surface_finish(surface);
    status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return check(scope, status);
}

static code draw_png(struct scope *scope, struct canvas *canvas, const struct sheet *sheet,
                     const struct plan *plan, struct buffer *out) {
    const double scale = fmin(picture_scale, PICTURE_PX_MOST / plan->height);
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)ceil(PAPER_WIDTH * scale), (int)ceil(plan->height * scale));
    cairo_status_t status = cairo_surface_status(surface);

    canvas->cairo = cairo_create(surface);
    cairo_scale(canvas->cairo, scale, scale);
    canvas_rectangle(canvas, &(struct box){0, 0, PAPER_WIDTH + 1, plan->height + 1}, 0,
                     CANVAS_PANEL);
    draw_all(canvas, sheet, plan, plan->height);
    cairo_destroy(canvas->cairo);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(surface, write_out, out);
    cairo_surface_destroy(surface);
    return check(scope, status);
}

static PangoContext *new_context(PangoFontMap *fonts) {
    PangoContext *context = pango_font_map_create_context(fonts);
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("en"));
    return context;
}

static code check_fonts(struct scope *scope, PangoFontMap *fonts) {
    PangoFontFamily **families = NULL;
    int count = 0;

    pango_font_map_list_families(fonts, &families, &count);
    g_free(families);
    if (count > 0)
        return OK;
    scope_fail(scope, UNAVAILABLE, "no font is installed to draw a dashboard with");
    return scope_hint(scope, "Debian's fonts-dejavu-core brings DejaVu Sans");
}

code sheet_draw(struct scope *scope, const struct sheet *sheet, enum sheet_format format,
                struct buffer *out) {
    PangoFontMap *fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    struct canvas canvas = {.arena = &scope->arena, .context = new_context(fonts)};
    struct plan plan = {0};
    code result = check_fonts(scope, fonts);

    if (result == OK) {
        plan.head_height = draw_head(&canvas, sheet);
        fill_rows(&canvas, sheet, &plan);
        break_pages(&plan, format == SHEET_PDF);
        result = (format == SHEET_PDF ? draw_pdf : draw_png)(scope, &canvas, sheet, &plan, out);
    }
    g_object_unref(canvas.context);
    g_object_unref(fonts);
    return result;
}
