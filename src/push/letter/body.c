// SPDX-License-Identifier: Apache-2.0
#include "push/letter/body.h"

#include "push/letter/letter.h"

#include <ctype.h>

struct reader {
    struct scope *scope;
    struct block *blocks;
    size_t count;
    struct buffer lines; // of the paragraph being read, markup and all
    enum block_kind kind;
    struct text label;
};

// ---- within a block ----

struct inline_text {
    char *bytes;
    uint32_t size;
    struct style_run *runs;
    size_t run_count; // every one but the last is at least a byte and a mark long
    unsigned flags;
    uint32_t since; // where the present style began
};

static void change_style(struct inline_text *out, unsigned flags) {
    if (out->flags != 0 && out->size > out->since)
        out->runs[out->run_count++] =
            (struct style_run){.begin = out->since, .end = out->size, .flags = out->flags};
    out->since = out->size;
    out->flags = flags;
}

static size_t star_count(struct text text, size_t at) {
    return text.data[at] != '*' ? 0 : at + 1 < text.size && text.data[at + 1] == '*' ? 2 : 1;
}

static bool is_open(const struct inline_text *out, size_t stars) {
    return (out->flags & (stars == 2 ? STYLE_BOLD : STYLE_ITALIC)) != 0;
}

// Does a mark that begins here have an end behind it?
static bool is_ended(struct text text, size_t at, size_t stars) {
    for (size_t i = at + stars; i < text.size; i++) {
        const size_t found = star_count(text, i);
        const bool is_escape = text.data[i] == '\\';

        if (!is_escape && found == stars)
            return i > at + stars;
        if (is_escape || found == 2)
            i++;
    }
    return false;
}

static bool is_control(char byte) {
    return ((unsigned char)byte < ' ' && byte != '\n') || byte == 0x7f;
}

static void read_inline(struct scope *scope, struct text text, struct block *block) {
    struct inline_text out = {.bytes = arena_array(&scope->arena, text.size + 1, 1),
                              .runs =
                                  arena_array(&scope->arena, text.size / 2 + 1, sizeof(*out.runs))};

    for (size_t i = 0; i < text.size; i++) {
        const size_t stars = star_count(text, i);

        if (text.data[i] == '\\' && i + 1 < text.size) {
            out.bytes[out.size++] = text.data[++i];
        } else if (stars > 0 && (is_open(&out, stars) || is_ended(text, i, stars))) {
            change_style(&out, out.flags ^ (stars == 2 ? STYLE_BOLD : STYLE_ITALIC));
            i += stars - 1;
        } else {
            out.bytes[out.size++] = is_control(text.data[i]) ? ' ' : text.data[i];
        }
    }
    change_style(&out, 0);
    block->text = (struct text){out.bytes, out.size};
    block->runs = out.runs;
    block->run_count = out.run_count;
}

// ---- blocks ----

static void end_block(struct reader *reader) {
    const struct text text = text_trim(buffer_text(&reader->lines));
    struct block *block = &reader->blocks[reader->count]; // there is one for each line

    if (text.size == 0 && reader->kind != BLOCK_COUPON && reader->kind != BLOCK_PAGE)
        return;
    *block = (struct block){.kind = reader->kind, .label = reader->label};
    read_inline(reader->scope, text, block);
    reader->count++;
    reader->lines.size = 0;
    reader->kind = BLOCK_PARAGRAPH;
    reader->label = (struct text){0};
}

static void begin_block(struct reader *reader, enum block_kind kind, struct text label,
                        struct text line) {
    end_block(reader);
    reader->kind = kind;
    reader->label = label;
    buffer_add_text(&reader->lines, line);
}

// "12. " and what follows it.
static bool is_numbered(struct text line, struct text *ret_label, struct text *ret_rest) {
    size_t digits = 0;

    while (digits < line.size && digits < 3 && isdigit((unsigned char)line.data[digits]))
        digits++;
    if (digits == 0 || line.size < digits + 2 || line.data[digits] != '.' ||
        line.data[digits + 1] != ' ')
        return false;
    *ret_label = (struct text){line.data, digits + 1};
    *ret_rest = (struct text){line.data + digits + 2, line.size - digits - 2};
    return true;
}

static struct text behind(struct text line, size_t size) {
    return (struct text){line.data + size, line.size - size};
}

static void read_line(struct reader *reader, struct text raw) {
    const struct text line = text_trim(raw);
    struct text label, rest;

    if (line.size == 0) {
        end_block(reader);
    } else if (text_is(line, "[[coupon]]") || text_is(line, "[[page]]")) {
        begin_block(reader, line.data[2] == 'c' ? BLOCK_COUPON : BLOCK_PAGE, (struct text){0},
                    (struct text){0});
        end_block(reader);
    } else if (text_starts_with(line, TEXT("# "))) {
        begin_block(reader, BLOCK_HEADING, (struct text){0}, behind(line, 2));
        end_block(reader);
    } else if (text_starts_with(line, TEXT("- "))) {
        begin_block(reader, BLOCK_ITEM, TEXT("\xe2\x80\xa2"), behind(line, 2));
    } else if (is_numbered(line, &label, &rest)) {
        begin_block(reader, BLOCK_ITEM, label, rest);
    } else {
        if (reader->lines.size > 0)
            buffer_add_char(&reader->lines, '\n');
        buffer_add_text(&reader->lines, line);
    }
}

code body_read(struct scope *scope, struct text body, struct block **ret_blocks,
               size_t *ret_count) {
    struct reader reader = {.scope = scope};
    size_t lines = 2;

    if (body.size > LETTER_BODY_BYTES)
        return scope_fail_field(scope, INVALID, "body", "the letter is longer than %d bytes",
                                LETTER_BODY_BYTES);
    if (!text_is_utf8(body))
        return scope_fail_field(scope, INVALID, "body", "the letter is not written in UTF-8");
    for (size_t i = 0; i < body.size; i++)
        lines += body.data[i] == '\n';
    reader.blocks = arena_array(&scope->arena, lines, sizeof(*reader.blocks));
    while (body.size > 0)
        read_line(&reader, text_split(body, '\n', &body));
    end_block(&reader);
    buffer_clear(&reader.lines);
    *ret_blocks = reader.blocks;
    *ret_count = reader.count;
    return OK;
}

// A heading, an item or a number is one at the beginning of a line alone: behind nothing but blanks
// and digits, also of this text.
void letter_escape(struct buffer *out, struct text text) {
    bool begins = true;

    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];
        const bool is_blank = byte <= ' ' || byte == 0x7f;

        if (!is_blank && (strchr("\\*[", byte) || (begins && strchr("#-.", byte))))
            buffer_add_char(out, '\\');
        buffer_add_char(out, is_blank ? ' ' : (char)byte);
        begins = begins && (is_blank || isdigit(byte));
    }
}
