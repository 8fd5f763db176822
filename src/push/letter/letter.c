// SPDX-License-Identifier: Apache-2.0
// Cairo writes each page to the file as it is shown, so memory does not grow with the letters; the
// fonts' subsets come at the end. A letter is composed whole before its first page is drawn, so one
// that is refused leaves nothing behind.
#include "push/letter/letter.h"

#include "base/time.h"
#include "push/letter/compose.h"

#include <cairo-pdf.h>

struct letter_writer {
    struct letter_style style; // its texts are the opener's
    const struct letter_layout *layout;
    FILE *out;
    bool is_broken; // the file takes no more
    PangoFontMap *fonts;
    PangoContext *context;
    cairo_surface_t *surface, *logo;
    cairo_t *cairo;
    PangoLayout *company, *contact, *footer; // NULL: none
    GPtrArray *owned;                        // the three
};

// ---- opening ----

static cairo_status_t write_out(void *closure, const unsigned char *data, unsigned int size) {
    struct letter_writer *writer = closure;

    if (fwrite(data, 1, size, writer->out) == size)
        return CAIRO_STATUS_SUCCESS;
    writer->is_broken = true;
    return CAIRO_STATUS_WRITE_ERROR;
}

static void open_context(struct letter_writer *writer) {
    cairo_font_options_t *options = cairo_font_options_create();

    writer->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    writer->context = pango_font_map_create_context(writer->fonts);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(writer->context, options);
    pango_cairo_context_set_resolution(writer->context, 72);
    pango_context_set_round_glyph_positions(writer->context, FALSE);
    cairo_font_options_destroy(options);
}

// A machine's own language changes which of several glyphs is drawn: it is always said.
static void set_language(struct scope *scope, struct letter_writer *writer) {
    const struct text language =
        writer->style.language.size > 0 ? writer->style.language : TEXT("en");

    pango_context_set_language(writer->context,
                               pango_language_from_string(text_string(&scope->arena, language)));
}

static code check_font(struct scope *scope, struct letter_writer *writer) {
    const struct text wanted =
        writer->style.font.size > 0 ? writer->style.font : TEXT("DejaVu Sans");
    PangoFontFamily **families = NULL;
    bool is_found = false;
    int count = 0;

    pango_font_map_list_families(writer->fonts, &families, &count);
    for (int i = 0; i < count && !is_found; i++)
        is_found = text_equal_ascii_case(text_of(pango_font_family_get_name(families[i])), wanted);
    g_free(families);
    if (is_found)
        return OK;
    scope_fail_field(scope, INVALID, "font", "font \"%.*s\" is not installed", TEXT_ARG(wanted));
    return scope_hint(scope, "`fc-list : family` shows those that are; Debian's fonts-dejavu-core "
                             "brings DejaVu Sans");
}

// ---- the logo ----

static uint32_t big_endian(const char *bytes) {
    const unsigned char *byte = (const unsigned char *)bytes;

    return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

static cairo_status_t read_logo(void *closure, unsigned char *data, unsigned int size) {
    struct text *rest = closure;

    if (rest->size < size)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, rest->data, size);
    *rest = (struct text){rest->data + size, rest->size - size};
    return CAIRO_STATUS_SUCCESS;
}

// Its size is read before the picture is: a few bytes can claim gigabytes of pixels.
static code open_logo(struct scope *scope, struct letter_writer *writer) {
    struct text rest = writer->style.logo;

    if (rest.size == 0)
        return OK;
    if (rest.size > LETTER_LOGO_BYTES)
        return scope_fail_field(scope, INVALID, "logo", "the logo is larger than %d bytes",
                                LETTER_LOGO_BYTES);
    if (rest.size < 24 || memcmp(rest.data, "\x89PNG\r\n\x1a\n", 8) != 0)
        return scope_fail_field(scope, INVALID, "logo", "the logo is no PNG");
    if (big_endian(rest.data + 16) > LETTER_LOGO_PX || big_endian(rest.data + 20) > LETTER_LOGO_PX)
        return scope_fail_field(scope, INVALID, "logo", "the logo has more than %d pixels a side",
                                LETTER_LOGO_PX);
    writer->logo = cairo_image_surface_create_from_png_stream(read_logo, &rest);
    if (cairo_surface_status(writer->logo) != CAIRO_STATUS_SUCCESS)
        return scope_fail_field(scope, INVALID, "logo", "the logo cannot be read: %s",
                                cairo_status_to_string(cairo_surface_status(writer->logo)));
    return OK;
}

static struct composer composer_of(struct scope *scope, const struct letter_writer *writer,
                                   GPtrArray *owned) {
    return (struct composer){.scope = scope,
                             .context = writer->context,
                             .style = &writer->style,
                             .layout = writer->layout,
                             .owned = owned};
}

static code open_stationery(struct scope *scope, struct letter_writer *writer) {
    const struct letter_style *style = &writer->style;
    const struct area *head = &writer->layout->head;
    struct composer composer;
    PangoLayout *number;

    writer->owned = g_ptr_array_new_with_free_func(g_object_unref);
    composer = composer_of(scope, writer, writer->owned);
    if (style->company.size > 0)
        TRY(compose_text(&composer, style->company, 16, true, POINTS(head->width * 0.6),
                         &writer->company));
    if (style->contact.size > 0) {
        TRY(compose_text(&composer, style->contact, 8, false, POINTS(head->width * 0.35),
                         &writer->contact));
        pango_layout_set_alignment(writer->contact, PANGO_ALIGN_RIGHT);
    }
    if (style->footer.size > 0) {
        TRY(compose_text(&composer, style->footer, 7.5, false, POINTS(head->width),
                         &writer->footer));
        pango_layout_set_alignment(writer->footer, PANGO_ALIGN_CENTER);
    }
    if (style->page_word.size > 0)
        TRY(compose_number(&composer, 0, 0, &number));
    if ((writer->company && layout_height(writer->company) > POINTS(head->height)) ||
        (writer->contact && layout_height(writer->contact) > POINTS(head->height)))
        return scope_fail_field(scope, INVALID, "contact",
                                "the letterhead is higher than its %.0f mm", head->height);
    return writer->footer && layout_height(writer->footer) > POINTS(14)
               ? scope_fail_field(scope, INVALID, "footer", "the footer has too many lines")
               : OK;
}

static void open_file(struct scope *scope, struct letter_writer *writer) {
    char created[TIME_TEXT_SIZE];

    writer->surface = cairo_pdf_surface_create_for_stream(
        write_out, writer, POINTS(writer->layout->width), POINTS(writer->layout->height));
    cairo_pdf_surface_set_metadata(writer->surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   time_format_utc(writer->style.created_at_us, created));
    if (writer->style.title.size > 0)
        cairo_pdf_surface_set_metadata(writer->surface, CAIRO_PDF_METADATA_TITLE,
                                       text_string(&scope->arena, writer->style.title));
    writer->cairo = cairo_create(writer->surface);
}

static code open_writer(struct scope *scope, struct letter_writer *writer) {
    if (writer->style.size_pt != 0 && (writer->style.size_pt < 8 || writer->style.size_pt > 14))
        return scope_fail_field(scope, INVALID, "size", "a type of %.1f pt is not from 8 to 14",
                                writer->style.size_pt);
    open_context(writer);
    set_language(scope, writer);
    TRY(check_font(scope, writer));
    TRY(open_logo(scope, writer));
    TRY(open_stationery(scope, writer));
    open_file(scope, writer);
    return OK;
}

code letter_writer_open(struct scope *scope, const struct letter_style *style, FILE *out,
                        struct letter_writer **ret_writer) {
    CLEANUP(letter_writer_close) struct letter_writer *writer = calloc(1, sizeof(*writer));

    if (!writer)
        return scope_fail(scope, UNAVAILABLE, "no memory for letters");
    writer->style = *style;
    writer->layout = letter_layout(style->format);
    writer->out = out;
    TRY(open_writer(scope, writer));
    *ret_writer = TAKE(writer);
    return OK;
}

void letter_writer_close(struct letter_writer **pointer) {
    struct letter_writer *writer = TAKE(*pointer);

    if (!writer)
        return;
    if (writer->cairo)
        cairo_destroy(writer->cairo);
    if (writer->surface)
        cairo_surface_destroy(writer->surface);
    if (writer->logo)
        cairo_surface_destroy(writer->logo);
    if (writer->owned)
        g_ptr_array_unref(writer->owned);
    if (writer->context)
        g_object_unref(writer->context);
    if (writer->fonts)
        g_object_unref(writer->fonts);
    free(writer);
}

// ---- drawing ----

static void show(cairo_t *cairo, PangoLayout *layout, double left, double top) {
    if (!layout)
        return;
    cairo_move_to(cairo, left, top);
    pango_cairo_show_layout(cairo, layout);
}

static void draw_logo(const struct letter_writer *writer) {
    const struct area *head = &writer->layout->head;
    const double width = cairo_image_surface_get_width(writer->logo);
    const double height = cairo_image_surface_get_height(writer->logo);
    const double room_high = POINTS(head->height), room_wide = POINTS(head->width * 0.6);
    double scale = room_high / height;

    if (width * scale > room_wide)
        scale = room_wide / width;
    cairo_save(writer->cairo);
    cairo_translate(writer->cairo, POINTS(head->left), POINTS(head->top));
    cairo_scale(writer->cairo, scale, scale);
    cairo_set_source_surface(writer->cairo, writer->logo, 0, 0);
    cairo_paint(writer->cairo);
    cairo_restore(writer->cairo);
}

static void draw_mark(cairo_t *cairo, double top, double length) {
    cairo_move_to(cairo, POINTS(4), POINTS(top));
    cairo_rel_line_to(cairo, POINTS(length), 0);
    cairo_stroke(cairo);
}

// The letterhead, the marks for folding and punching, and the line above the address.
static void draw_stationery(const struct letter_writer *writer) {
    const struct letter_layout *layout = writer->layout;
    const struct area *head = &layout->head;
    cairo_t *cairo = writer->cairo;

    if (writer->logo)
        draw_logo(writer);
    else
        show(cairo, writer->company, POINTS(head->left), POINTS(head->top));
    show(cairo, writer->contact, POINTS(head->left + head->width * 0.65), POINTS(head->top));
    show(cairo, writer->footer, POINTS(head->left), POINTS(layout->height - 18));
    cairo_set_line_width(cairo, 0.4);
    for (size_t i = 0; i < 2; i++)
        draw_mark(cairo, layout->fold[i], 4);
    if (layout->hole > 0)
        draw_mark(cairo, layout->hole, 6);
}

static void draw_first(const struct letter_writer *writer, const struct composition *composition) {
    const struct letter_layout *layout = writer->layout;
    cairo_t *cairo = writer->cairo;

    draw_stationery(writer);
    show(cairo, composition->sender, POINTS(layout->sender.left), POINTS(layout->sender.top));
    for (size_t i = 0; i < composition->address_count; i++)
        show(cairo, composition->address[i], POINTS(layout->address.left),
             composition->address_top + (double)i * composition->address_pitch);
    show(cairo, composition->date, POINTS(layout->date.left), POINTS(layout->date.top));
    show(cairo, composition->subject, POINTS(layout->body_left), composition->subject_top);
}

static void draw_piece(cairo_t *cairo, const struct piece *piece) {
    if (piece->box) {
        draw_coupon(cairo, piece->box, piece->left, piece->top);
        return;
    }
    cairo_move_to(cairo, piece->left, piece->top + piece->ascent);
    pango_cairo_show_layout_line(cairo, piece->line);
    if (piece->label)
        show(cairo, piece->label, piece->left - POINTS(5), piece->top);
}

static void draw_letter(const struct letter_writer *writer, const struct composition *composition) {
    const struct letter_layout *layout = writer->layout;

    for (size_t i = 0; i < composition->page_count; i++) {
        const struct page *page = &composition->pages[i];

        if (i == 0)
            draw_first(writer, composition);
        for (size_t j = 0; j < page->count; j++)
            draw_piece(writer->cairo, &page->pieces[j]);
        if (page->number)
            show(writer->cairo, page->number,
                 POINTS(layout->width - layout->body_right) - layout_width(page->number),
                 POINTS(layout->height - 22));
        cairo_show_page(writer->cairo);
    }
}

static code check_written(struct scope *scope, const struct letter_writer *writer) {
    const cairo_status_t status = cairo_status(writer->cairo);

    if (writer->is_broken)
        return scope_fail(scope, STORAGE_FULL, "the letters cannot be written to their file");
    if (status != CAIRO_STATUS_SUCCESS)
        return scope_fail(scope, INTERNAL, "the letters cannot be drawn: %s",
                          cairo_status_to_string(status));
    return OK;
}

code letter_writer_add(struct scope *scope, struct letter_writer *writer,
                       const struct letter *letter, int *ret_pages) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    GPtrArray *owned = g_ptr_array_new_with_free_func(g_object_unref);
    struct composer composer = composer_of(scope, writer, owned);
    struct composition composition;
    code result;

    result = compose_letter(&composer, letter, &composition);
    if (result == OK && letter->settle)
        result = letter->settle(scope, letter->settle_context);
    if (result == OK) {
        draw_letter(writer, &composition);
        result = check_written(scope, writer);
    }
    if (result == OK)
        *ret_pages = (int)composition.page_count;
    g_ptr_array_unref(owned);
    arena_rewind(&scope->arena, mark);
    return result;
}

code letter_writer_end(struct scope *scope, struct letter_writer *writer) {
    cairo_surface_finish(writer->surface);
    if (fflush(writer->out) != 0)
        writer->is_broken = true;
    return check_written(scope, writer);
}
