// SPDX-License-Identifier: Apache-2.0
// Charts. Axes begin at 0, or below it where values are; a line's axis need not.
#include "push/sheet/canvas.h"

#include <math.h>

#define AXIS    34.0 // for the numbers at the left
#define LABELS  12.0 // for the words below
#define BAR_ROW 14.0
#define STROKE  1.5

static const struct canvas_type tick = {
    .size = 7, .colour = CANVAS_DIM, .align = CANVAS_RIGHT, .lines_most = 1};
static const struct canvas_type below = {
    .size = 7, .colour = CANVAS_DIM, .align = CANVAS_CENTRE, .lines_most = 1};
static const struct canvas_type name = {.size = 8.5, .lines_most = 1};
static const struct canvas_type amount = {.size = 8.5, .align = CANVAS_RIGHT, .lines_most = 1};

struct scale {
    double low, high, step; // of values
    struct box plot;
};

static double y_of(const struct scale *scale, double value) {
    return scale->plot.top +
           scale->plot.height * (scale->high - value) / (scale->high - scale->low);
}

// 1, 2 or 5 times a power of ten, so that there are at most five steps.
static double nice_step(double span) {
    static const double nice[] = {1, 2, 5, 10};
    const double power = pow(10, floor(log10(span / 5)));

    for (size_t i = 0; i < 4; i++)
        if (nice[i] * power * 5 >= span * (1 - 1e-9))
            return nice[i] * power;
    return 10 * power;
}

static void stretch(struct scale *scale, double value) {
    if (!isfinite(value))
        return;
    scale->low = fmin(scale->low, value);
    scale->high = fmax(scale->high, value);
}

static struct scale scale_of(const struct sheet_tile *tile, const struct box *box) {
    struct scale scale = {
        .plot = {box->left + AXIS, box->top + 4, box->width - AXIS, box->height - LABELS - 6}};
    const bool is_open = tile->shape == SHEET_LINE;

    if (is_open)
        scale.low = INFINITY, scale.high = -INFINITY;
    for (size_t i = 0; i < tile->point_count; i++) {
        stretch(&scale, tile->points[i].value);
        stretch(&scale, tile->points[i].low);
        stretch(&scale, tile->points[i].high);
    }
    if (is_open && scale.low > 0 && scale.low < 0.6 * scale.high)
        scale.low = 0;
    if (!(scale.high > scale.low)) {
        scale.low = isfinite(scale.low) ? fmin(scale.low, 0) : 0;
        scale.high = isfinite(scale.high) ? fmax(scale.high, scale.low + 1) : 1;
    }
    scale.step = nice_step(scale.high - scale.low);
    scale.low = floor(scale.low / scale.step) * scale.step;
    scale.high = ceil(scale.high / scale.step) * scale.step;
    return scale;
}

static void draw_axis(const struct canvas *canvas, const struct scale *scale) {
    for (double value = scale->low; value <= scale->high + scale->step / 2; value += scale->step) {
        const double y = y_of(scale, value);
        const double shown = fabs(value) < scale->step / 1e6 ? 0 : value;

        canvas_rectangle(canvas, &(struct box){scale->plot.left, y - 0.25, scale->plot.width, 0.5},
                         0, CANVAS_RULE);
        canvas_text(canvas, sheet_short_number(canvas->arena, shown), &tick,
                    scale->plot.left - AXIS, y - 4.5, AXIS - 5);
    }
}

// As many labels as fit, evenly.
static void draw_labels(const struct canvas *canvas, const struct sheet_tile *tile,
                        const struct scale *scale) {
    const double each = scale->plot.width / (double)tile->point_count;
    double widest = 1, right = -INFINITY;
    size_t every;

    for (size_t i = 0; i < tile->point_count; i++)
        widest = fmax(widest, canvas_text_width(canvas, tile->points[i].label, &below));
    every = (size_t)ceil((widest + 6) / each);
    every = every > 0 ? every : 1;
    for (size_t i = 0; i < tile->point_count; i += every) {
        const double centre = scale->plot.left + each * ((double)i + 0.5);
        const double width = fmin(widest + 2, scale->plot.width);
        const double left = fmin(fmax(centre - width / 2, scale->plot.left - AXIS),
                                 scale->plot.left + scale->plot.width - width);

        if (left < right)
            continue;
        right = left + width;
        canvas_text(canvas, tile->points[i].label, &below, left,
                    scale->plot.top + scale->plot.height + 3, width);
    }
}

static void draw_columns(const struct canvas *canvas, const struct sheet_tile *tile,
                         const struct scale *scale) {
    const double each = scale->plot.width / (double)tile->point_count;
    const double gap = fmin(4, each * 0.25);

    for (size_t i = 0; i < tile->point_count; i++) {
        const double value = tile->points[i].value;
        const double zero = y_of(scale, fmin(scale->high, fmax(scale->low, 0)));

        if (!isfinite(value))
            continue;
        canvas_rectangle(canvas,
                         &(struct box){scale->plot.left + each * (double)i + gap / 2,
                                       fmin(zero, y_of(scale, value)), each - gap,
                                       fabs(zero - y_of(scale, value))},
                         0, tile->points[i].is_ahead ? CANVAS_PALE : CANVAS_ACCENT);
    }
}

// ---- a line ----

static double x_of(const struct sheet_tile *tile, const struct scale *scale, size_t i) {
    return scale->plot.left + scale->plot.width * ((double)i + 0.5) / (double)tile->point_count;
}

static bool has_range(const struct sheet_point *point) {
    return isfinite(point->low) && isfinite(point->high);
}

static void draw_range(const struct canvas *canvas, const struct sheet_tile *tile,
                       const struct scale *scale) {
    size_t first = 0, last;

    cairo_new_path(canvas->cairo);
    while (first < tile->point_count && !has_range(&tile->points[first]))
        first++;
    for (last = first; last < tile->point_count && has_range(&tile->points[last]); last++)
        cairo_line_to(canvas->cairo, x_of(tile, scale, last), y_of(scale, tile->points[last].high));
    for (size_t i = last; i > first; i--)
        cairo_line_to(canvas->cairo, x_of(tile, scale, i - 1),
                      y_of(scale, tile->points[i - 1].low));
    canvas_colour(canvas, CANVAS_PALE);
    cairo_fill(canvas->cairo);
}

// Seen whole, expected in dashes; the two meet.
static void draw_stroke(const struct canvas *canvas, const struct sheet_tile *tile,
                        const struct scale *scale, bool is_ahead) {
    static const double dashes[] = {3, 2};
    bool is_open = false;

    cairo_new_path(canvas->cairo);
    for (size_t i = 0; i < tile->point_count; i++) {
        const struct sheet_point *point = &tile->points[i];
        const bool joins = is_ahead && i + 1 < tile->point_count && !point->is_ahead &&
                           tile->points[i + 1].is_ahead;

        if (!isfinite(point->value) || (point->is_ahead != is_ahead && !joins)) {
            is_open = false;
            continue;
        }
        if (is_open)
            cairo_line_to(canvas->cairo, x_of(tile, scale, i), y_of(scale, point->value));
        else
            cairo_move_to(canvas->cairo, x_of(tile, scale, i), y_of(scale, point->value));
        is_open = true;
    }
    canvas_colour(canvas, CANVAS_ACCENT);
    cairo_set_line_width(canvas->cairo, STROKE);
    cairo_set_line_join(canvas->cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(canvas->cairo, dashes, is_ahead ? 2 : 0, 0);
    cairo_stroke(canvas->cairo);
}

// ---- bars that lie ----

double sheet_bars_height(const struct sheet_tile *tile) {
    return BAR_ROW * (double)tile->point_count;
}

static void draw_bar(const struct canvas *canvas, const struct sheet_point *point,
                     const struct box *field, double low, double high) {
    const double zero = field->left + field->width * -low / (high - low);
    const double length = field->width * point->value / (high - low);

    if (isfinite(length))
        canvas_rectangle(
            canvas,
            &(struct box){fmin(zero, zero + length), field->top, fabs(length), field->height}, 0,
            point->value < 0 ? CANVAS_BAD : CANVAS_ACCENT);
}

static void draw_bars(const struct canvas *canvas, const struct sheet_tile *tile,
                      const struct box *box) {
    const double names = box->width * 0.34, numbers = fmin(84, box->width * 0.24);
    struct box field = {box->left + names + 4, box->top, box->width - names - numbers - 8,
                        BAR_ROW - 5};
    double low = 0, high = 0;

    for (size_t i = 0; i < tile->point_count; i++) {
        low = fmin(low, tile->points[i].value);
        high = fmax(high, tile->points[i].value);
    }
    if (!(high > low))
        high = low + 1;
    for (size_t i = 0; i < tile->point_count; i++) {
        const struct sheet_point *point = &tile->points[i];
        const double top = box->top + BAR_ROW * (double)i;

        field.top = top + 1.5;
        canvas_text(canvas, point->label, &name, box->left, top, names);
        draw_bar(canvas, point, &field, low, high);
        canvas_text(canvas, sheet_number(canvas->arena, point->value), &amount,
                    box->left + box->width - numbers, top, numbers);
    }
    if (tile->left_out > 0)
        canvas_text(canvas, text_printf(canvas->arena, "and %zu more", tile->left_out), &name,
                    box->left, box->top + sheet_bars_height(tile), box->width);
}

// ---- the chart ----

void sheet_chart_draw(const struct canvas *canvas, const struct sheet_tile *tile,
                      const struct box *box) {
    struct scale scale;

    if (tile->point_count == 0)
        return;
    if (tile->shape == SHEET_BARS) {
        draw_bars(canvas, tile, box);
        return;
    }
    scale = scale_of(tile, box);
    draw_axis(canvas, &scale);
    draw_labels(canvas, tile, &scale);
    if (tile->shape == SHEET_COLUMNS) {
        draw_columns(canvas, tile, &scale);
        return;
    }
    draw_range(canvas, tile, &scale);
    draw_stroke(canvas, tile, &scale, false);
    draw_stroke(canvas, tile, &scale, true);
}
