// SPDX-License-Identifier: Apache-2.0
// Zint makes the grid; the pictures are drawn here, so that they are the same to the last byte
// wherever they are made.
#include "push/barcode/barcode.h"

#include <cairo.h>
#include <string.h>
#include <zint.h>

enum {
    QUIET_LINEAR = 11, // EAN-13 wants 11 and 7 modules, Code 128 10 (ISO/IEC 15420, 15417)
    QUIET_MATRIX = 4,  // ISO/IEC 18004
    MOST_LINEAR_BYTES = 60,
    QR_LEVEL_M = 2, // repairs 15 %: a fold may run through it
};

bool barcode_is_ean_13(struct text content) {
    int sum = 0;

    if (content.size != 13)
        return false;
    for (size_t i = 0; i < 13; i++) {
        if (content.data[i] < '0' || content.data[i] > '9')
            return false;
        sum += (content.data[i] - '0') * (i % 2 == 0 ? 1 : 3);
    }
    return sum % 10 == 0;
}

enum barcode_kind barcode_linear_kind(struct text content) {
    return barcode_is_ean_13(content) ? LINEAR_EAN_13 : LINEAR_CODE_128;
}

static code check(struct scope *scope, enum barcode_kind kind, struct text content) {
    const size_t most = kind == MATRIX_QR ? BARCODE_MOST_BYTES : MOST_LINEAR_BYTES;

    if (content.size == 0 || content.size > most)
        return scope_fail(scope, INVALID, "a code of %zu bytes cannot be drawn, from 1 to %zu can",
                          content.size, most);
    if (kind == LINEAR_EAN_13 && !barcode_is_ean_13(content))
        return scope_fail(scope, INVALID, "an EAN-13 has 13 digits, the last to check the others");
    for (size_t i = 0; kind == LINEAR_CODE_128 && i < content.size; i++)
        if (content.data[i] < ' ' || content.data[i] > '~')
            return scope_fail(scope, INVALID, "a Code 128 holds printable ASCII only");
    return OK;
}

static void delete_symbol(struct zint_symbol **symbol) {
    if (*symbol)
        ZBarcode_Delete(*symbol);
}

static void take_modules(struct scope *scope, const struct zint_symbol *symbol,
                         struct barcode *barcode) {
    const size_t width = (size_t)symbol->width;
    const size_t height = (size_t)symbol->rows;
    unsigned char *modules = arena_array(&scope->arena, width * height, 1);

    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            modules[y * width + x] = (symbol->encoded_data[y][x >> 3] >> (x & 7)) & 1;
    barcode->width = symbol->width;
    barcode->height = symbol->rows;
    barcode->modules = modules;
}

code barcode_make(struct scope *scope, enum barcode_kind kind, struct text content,
                  struct barcode *ret_barcode) {
    static const int symbologies[] = {[LINEAR_CODE_128] = BARCODE_CODE128,
                                      [LINEAR_EAN_13] = BARCODE_EANX,
                                      [MATRIX_QR] = BARCODE_QRCODE};
    CLEANUP(delete_symbol) struct zint_symbol *symbol = NULL;
    struct barcode barcode = {.kind = kind,
                              .quiet = kind == MATRIX_QR ? QUIET_MATRIX : QUIET_LINEAR};

    TRY(check(scope, kind, content));
    symbol = ZBarcode_Create();
    if (!symbol)
        return scope_fail(scope, UNAVAILABLE, "no memory for a code");
    symbol->symbology = symbologies[kind];
    symbol->input_mode = UNICODE_MODE;
    if (kind == MATRIX_QR)
        symbol->option_1 = QR_LEVEL_M;
    if (ZBarcode_Encode(symbol, (const unsigned char *)text_string(&scope->arena, content),
                        (int)content.size) >= ZINT_ERROR)
        return scope_fail(scope, INVALID, "the code cannot be drawn: %s", symbol->errtxt);
    take_modules(scope, symbol, &barcode);
    *ret_barcode = barcode;
    return OK;
}

// ---- pictures ----

struct area {
    int width, height; // of the picture
    int left, top;     // of the first module
    int row_px;
};

static struct area area_of(const struct barcode *barcode, struct barcode_size size) {
    const bool is_linear = barcode->height == 1;
    const int quiet = barcode->quiet * size.module_px;
    struct area area = {.left = quiet, .row_px = is_linear ? size.bar_px : size.module_px};

    area.top = is_linear ? size.module_px * 2 : quiet;
    area.width = barcode->width * size.module_px + 2 * quiet;
    area.height = barcode->height * area.row_px + 2 * area.top;
    return area;
}

static cairo_status_t add_bytes(void *out, const unsigned char *data, unsigned int size) {
    buffer_add(out, data, size);
    return CAIRO_STATUS_SUCCESS;
}

static void draw(cairo_t *cairo, const struct barcode *barcode, const struct area *area,
                 int module_px) {
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
    for (int y = 0; y < barcode->height; y++)
        for (int x = 0; x < barcode->width; x++)
            if (barcode_is_dark(barcode, x, y))
                cairo_rectangle(cairo, area->left + x * module_px, area->top + y * area->row_px,
                                module_px, area->row_px);
    cairo_fill(cairo);
}

code barcode_png(struct scope *scope, const struct barcode *barcode, struct barcode_size size,
                 struct buffer *out) {
    const struct area area = area_of(barcode, size);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, area.width, area.height);
    cairo_t *cairo = cairo_create(surface);
    cairo_status_t status;

    draw(cairo, barcode, &area, size.module_px);
    cairo_destroy(cairo);
    status = cairo_surface_write_to_png_stream(surface, add_bytes, out);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return scope_fail(scope, INTERNAL, "a picture cannot be written: %s",
                          cairo_status_to_string(status));
    return OK;
}

// Where the run of dark modules ends that begins at x.
static int run_end(const struct barcode *barcode, int x, int y) {
    while (x < barcode->width && barcode_is_dark(barcode, x, y))
        x++;
    return x;
}

void barcode_svg(const struct barcode *barcode, struct barcode_size size, struct buffer *out) {
    const struct area area = area_of(barcode, size);

    buffer_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                  "viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
                  "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
                  area.width, area.height, area.width, area.height, area.width, area.height);
    for (int y = 0; y < barcode->height; y++)
        for (int x = 0, end; x < barcode->width; x = end) {
            end = run_end(barcode, x, y);
            if (end == x) {
                end++;
                continue;
            }
            buffer_printf(out, "M%d %dh%dv%dh-%dz", area.left + x * size.module_px,
                          area.top + y * area.row_px, (end - x) * size.module_px, area.row_px,
                          (end - x) * size.module_px);
        }
    buffer_add_string(out, "\"/></svg>\n");
}
