// SPDX-License-Identifier: Apache-2.0
#include "push/letter/compose.h"

#include "push/letter/body.h"
#include "push/letter/capital.h"

enum { PIECES_MOST = LETTER_PAGES_MOST * 120 };

#define USUAL_SIZE_PT   10.5
#define ADDRESS_PT      10.0
#define ADDRESS_STEP_PT 0.5
#define ADDRESS_STEPS   4   // to 8 pt: smaller type is not read by sorting machines
#define PITCH           1.2 // from line to line, in type sizes
#define INDENT          POINTS(6)

// ---- text ----

static PangoFontDescription *font_of(const struct letter_style *style, double size_pt,
                                     bool is_bold) {
    PangoFontDescription *font = pango_font_description_new();
    char family[128];

    snprintf(family, sizeof(family), "%.*s",
             TEXT_ARG(style->font.size > 0 ? style->font : TEXT("DejaVu Sans")));
    pango_font_description_set_family(font, family);
    pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
    if (is_bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    return font;
}

static PangoLayout *new_layout(struct composer *composer, struct text text, double size_pt,
                               bool is_bold, double width) {
    PangoFontDescription *font = font_of(composer->style, size_pt, is_bold);
    PangoLayout *layout = pango_layout_new(composer->context);

    g_ptr_array_add(composer->owned, layout);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text.data ? text.data : "", (int)text.size);
    if (width > 0) {
        pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    }
    return layout;
}

static code check_glyphs(struct composer *composer, PangoLayout *layout) {
    const int count = pango_layout_get_unknown_glyphs_count(layout);

    if (count == 0)
        return OK;
    scope_fail(composer->scope, INVALID, "%d signs of the letter are in no installed font", count);
    return scope_hint(composer->scope, "install fonts for its script, such as fonts-noto");
}

code compose_text(struct composer *composer, struct text text, double size_pt, bool is_bold,
                  double width, PangoLayout **ret_layout) {
    PangoLayout *layout = new_layout(composer, text, size_pt, is_bold, width);

    TRY(check_glyphs(composer, layout));
    *ret_layout = layout;
    return OK;
}

code compose_number(struct composer *composer, size_t page, size_t count,
                    PangoLayout **ret_layout) {
    const struct text words = text_printf(&composer->scope->arena, "%.*s %zu / %zu",
                                          TEXT_ARG(composer->style->page_word), page, count);

    return compose_text(composer, words, 8, false, 0, ret_layout);
}

double layout_width(PangoLayout *layout) {
    PangoRectangle logical;

    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

double layout_height(PangoLayout *layout) {
    PangoRectangle logical;

    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

// ---- the address ----

static code lay_address(struct composer *composer, const struct letter *letter, double size_pt,
                        struct composition *composition, double *ret_widest) {
    *ret_widest = 0;
    for (size_t i = 0; i < letter->address_count; i++) {
        PangoLayout *line;

        TRY(compose_text(composer, letter->address[i], size_pt, false, 0, &line));
        pango_layout_set_single_paragraph_mode(line, TRUE);
        pango_layout_set_auto_dir(line, FALSE); // a name from right to left stands at the left
        if (layout_width(line) > *ret_widest)
            *ret_widest = layout_width(line);
        composition->address[i] = line;
    }
    composition->address_count = letter->address_count;
    return OK;
}

// In the largest type in which it fits the window both ways.
static code fit_address(struct composer *composer, const struct letter *letter,
                        struct composition *composition) {
    const struct letter_layout *layout = composer->layout;
    const bool is_raised = (int)letter->address_count > layout->usual_lines;
    const double top = is_raised ? layout->raised_top : layout->address.top;
    const double bottom = layout->address.top + layout->address.height;
    double widest = 0;

    if (letter->address_count == 0 || letter->address_count > LETTER_ADDRESS_LINES)
        return scope_fail_field(composer->scope, INVALID, "address",
                                "an address has from 1 to %d lines, not %zu", LETTER_ADDRESS_LINES,
                                letter->address_count);
    for (int smaller = 0; smaller <= ADDRESS_STEPS; smaller++) {
        const double size_pt = ADDRESS_PT - ADDRESS_STEP_PT * smaller;
        const double high = (double)letter->address_count * size_pt * PITCH;

        if (high > POINTS(bottom - top))
            continue;
        TRY(lay_address(composer, letter, size_pt, composition, &widest));
        composition->address_top = POINTS(top);
        composition->address_pitch = size_pt * PITCH;
        if (widest <= POINTS(layout->address.width))
            return OK;
    }
    if (widest > 0)
        return scope_fail_field(composer->scope, INVALID, "address",
                                "a line of the address is %.0f mm wide in the smallest type, the "
                                "window %.0f mm",
                                widest * 25.4 / 72, layout->address.width);
    return scope_fail_field(composer->scope, INVALID, "address",
                            "the address has %zu lines, more than the window shows",
                            letter->address_count);
}

// Of one line that need not be read by machines: in smaller type where it is long.
static code fit_line(struct composer *composer, struct text text, double size_pt, double width,
                     PangoLayout **ret_layout) {
    struct text printable;
    PangoLayout *layout;

    if (!text_printable(&composer->scope->arena, text, &printable))
        return scope_fail(composer->scope, INVALID, "a line of the letter is not in UTF-8");
    for (;; size_pt -= 0.5) {
        TRY(compose_text(composer, printable, size_pt, false, 0, &layout));
        if (layout_width(layout) <= width || size_pt <= 4)
            break;
    }
    *ret_layout = layout;
    return OK;
}

// ---- the body ----

struct flow {
    struct composer *composer;
    struct page *pages;
    size_t page_count;
    double left, width, top, y, bottom;
    const struct coupon_box *box;
};

static code new_page(struct flow *flow) {
    struct composer *composer = flow->composer;

    if (flow->page_count == LETTER_PAGES_MOST)
        return scope_fail_field(composer->scope, INVALID, "body",
                                "the letter has more than %d pages", LETTER_PAGES_MOST);
    flow->pages[flow->page_count++].pieces = arena_array(
        &composer->scope->arena, PIECES_MOST / LETTER_PAGES_MOST + 1, sizeof(struct piece));
    flow->top = flow->y = POINTS(composer->layout->follow_top);
    return OK;
}

static code place(struct flow *flow, struct piece piece, double needed) {
    struct page *page = &flow->pages[flow->page_count - 1];

    if (flow->y > flow->top &&
        (flow->y + needed > flow->bottom || page->count == PIECES_MOST / LETTER_PAGES_MOST)) {
        TRY(new_page(flow));
        page = &flow->pages[flow->page_count - 1];
    }
    piece.top = flow->y;
    page->pieces[page->count++] = piece;
    flow->y += piece.height;
    return OK;
}

static void set_runs(PangoLayout *layout, const struct block *block) {
    PangoAttrList *attributes = pango_attr_list_new();

    for (size_t i = 0; i < block->run_count; i++) {
        const struct style_run *run = &block->runs[i];
        PangoAttribute *made[2] = {
            run->flags & STYLE_BOLD ? pango_attr_weight_new(PANGO_WEIGHT_BOLD) : NULL,
            run->flags & STYLE_ITALIC ? pango_attr_style_new(PANGO_STYLE_ITALIC) : NULL};

        for (size_t j = 0; j < 2; j++) {
            if (!made[j])
                continue;
            made[j]->start_index = run->begin;
            made[j]->end_index = run->end;
            pango_attr_list_insert(attributes, made[j]);
        }
    }
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
}

// How many lines must stand on one page with this one, itself among them: no page begins with the
// last line of a paragraph or ends with its first, and none ends with a heading.
static int together(const struct block *block, int line, int count) {
    const int behind = block->kind == BLOCK_HEADING ? 2 : 0;

    if (block->kind == BLOCK_HEADING || count <= 3)
        return line == 0 || block->kind == BLOCK_HEADING ? count - line + behind : 1;
    return line == 0 || line == count - 2 ? 2 : 1;
}

static code place_lines(struct flow *flow, const struct block *block, PangoLayout *layout,
                        PangoLayout *label, double indent) {
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    const int count = pango_layout_get_line_count(layout);
    code result = OK;
    int line = 0;

    do {
        PangoRectangle logical;
        struct piece piece = {.line = pango_layout_iter_get_line_readonly(iter),
                              .label = line == 0 ? label : NULL};

        pango_layout_iter_get_line_extents(iter, NULL, &logical);
        piece.height = (double)logical.height / PANGO_SCALE * 1.12;
        piece.ascent = (double)(pango_layout_iter_get_baseline(iter) - logical.y) / PANGO_SCALE;
        piece.left = flow->left + indent + (double)logical.x / PANGO_SCALE;
        result = place(flow, piece, piece.height * together(block, line, count));
        line++;
    } while (result == OK && pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    return result;
}

static code flow_text(struct flow *flow, const struct block *block, double size_pt) {
    const double indent = block->kind == BLOCK_ITEM ? INDENT : 0;
    const bool is_heading = block->kind == BLOCK_HEADING;
    PangoLayout *layout, *label = NULL;

    TRY(compose_text(flow->composer, block->text, is_heading ? size_pt + 2 : size_pt, is_heading,
                     flow->width - indent, &layout));
    set_runs(layout, block);
    TRY(check_glyphs(flow->composer, layout));
    if (block->label.size > 0)
        TRY(compose_text(flow->composer, block->label, size_pt, false, 0, &label));
    if (flow->y > flow->top && is_heading)
        flow->y += size_pt * 0.6;
    TRY(place_lines(flow, block, layout, label, indent));
    flow->y += size_pt * (block->kind == BLOCK_ITEM ? 0.3 : 0.75);
    return OK;
}

static code flow_block(struct flow *flow, const struct block *block, double size_pt) {
    if (block->kind == BLOCK_PAGE)
        return flow->y > flow->top ? new_page(flow) : OK;
    if (block->kind != BLOCK_COUPON)
        return flow_text(flow, block, size_pt);
    if (!flow->box)
        return scope_fail_field(flow->composer->scope, INVALID, "body",
                                "the letter has a place for a coupon and no coupon");
    TRY(place(flow,
              (struct piece){.box = flow->box, .left = flow->left, .height = flow->box->height},
              flow->box->height));
    flow->y += size_pt;
    return OK;
}

static code flow_body(struct composer *composer, const struct letter *letter, double top,
                      struct composition *composition) {
    const struct letter_layout *layout = composer->layout;
    const double size_pt = composer->style->size_pt > 0 ? composer->style->size_pt : USUAL_SIZE_PT;
    struct flow flow = {.composer = composer,
                        .left = POINTS(layout->body_left),
                        .width = POINTS(layout->width - layout->body_left - layout->body_right),
                        .bottom = POINTS(layout->height - layout->body_bottom)};
    struct coupon_box *box = NULL;
    struct block *blocks;
    size_t count;

    flow.pages = arena_array(&composer->scope->arena, LETTER_PAGES_MOST, sizeof(*flow.pages));
    if (letter->coupon)
        TRY(compose_coupon(composer, letter->coupon, flow.width, &box));
    flow.box = box;
    TRY(body_read(composer->scope, letter->body, &blocks, &count));
    TRY(new_page(&flow));
    flow.top = flow.y = top;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && blocks[i - 1].kind == BLOCK_ITEM && blocks[i].kind != BLOCK_ITEM)
            flow.y += size_pt * 0.45;
        TRY(flow_block(&flow, &blocks[i], size_pt));
    }
    composition->pages = flow.pages;
    composition->page_count = flow.page_count;
    return OK;
}

// A letter of one page, or without a word for it, has no numbers.
static code number_pages(struct composer *composer, struct composition *composition) {
    const size_t count = composition->page_count;

    if (count < 2 || composer->style->page_word.size == 0)
        return OK;
    for (size_t i = 0; i < count; i++)
        TRY(compose_number(composer, i + 1, count, &composition->pages[i].number));
    return OK;
}

code compose_letter(struct composer *composer, const struct letter *letter,
                    struct composition *ret_composition) {
    const struct letter_layout *layout = composer->layout;
    struct composition composition = {.subject_top = POINTS(layout->body_top)};
    double top = POINTS(layout->body_top);

    TRY(fit_address(composer, letter, &composition));
    if (composer->style->sender.size > 0)
        TRY(fit_line(composer, composer->style->sender, 7, POINTS(layout->sender.width),
                     &composition.sender));
    if (letter->date.size > 0)
        TRY(fit_line(composer, letter->date, 10, POINTS(layout->date.width), &composition.date));
    if (letter->subject.size > 0) {
        TRY(compose_text(composer, letter->subject, 11.5, true,
                         POINTS(layout->width - layout->body_left - layout->body_right),
                         &composition.subject));
        top += layout_height(composition.subject) + POINTS(8);
    }
    TRY(flow_body(composer, letter, top, &composition));
    TRY(number_pages(composer, &composition));
    *ret_composition = composition;
    return OK;
}
