// SPDX-License-Identifier: Apache-2.0
// Quoted-printable is written straight into reserved room: a campaign is mostly this loop and the
// signature.
#include "push/mail/mime_encode.h"

#include "base/base64.h"

#include <stdio.h>

enum {
    LINE_BYTES = 76,          // that lines aim at, without CR LF
    WORD_BYTES = 75,          // of an encoded word
    LONGEST_WORD_BYTES = 900, // that stays unfolded: a line may have 998
    LONGEST_NAME_BYTES = 12,  // of a field that addresses stand in, with the colon and the blank
};

const char *const mime_encoding_names[] = {"7bit", "quoted-printable", "base64"};

// ---- bodies ----

static bool is_line_end(char byte) {
    return byte == '\n' || byte == '\r';
}

// Past the line end at `at`.
static size_t skip_line_end(struct text text, size_t at) {
    return at + (text.data[at] == '\r' && at + 1 < text.size && text.data[at + 1] == '\n' ? 2 : 1);
}

static bool is_plain(char byte) {
    return (byte >= ' ' && byte <= '~' && byte != '=') || byte == '\t';
}

// What a relay could change on the way: blanks at the end, "From " and "." at the beginning.
static bool is_fragile_line(struct text line) {
    return line.size > LINE_BYTES || text_starts_with(line, TEXT("From ")) ||
           text_starts_with(line, TEXT(".")) ||
           (line.size > 0 && strchr(" \t", line.data[line.size - 1]));
}

static bool is_fragile(struct text body) {
    size_t start = 0;

    for (size_t at = 0; at < body.size; at++) {
        if (!is_line_end(body.data[at]))
            continue;
        if (is_fragile_line((struct text){body.data + start, at - start}))
            return true;
        at = skip_line_end(body, at) - 1;
        start = at + 1;
    }
    return is_fragile_line((struct text){body.data + start, body.size - start});
}

enum mime_encoding mime_choose(struct text body) {
    size_t quoted_count = 0;
    bool has_foreign = false;

    for (size_t at = 0; at < body.size; at++) {
        if (is_plain(body.data[at]) || is_line_end(body.data[at]))
            continue;
        quoted_count++;
        has_foreign |= body.data[at] != '=';
    }
    if (!has_foreign && !is_fragile(body) &&
        (quoted_count == 0 || !memmem(body.data, body.size, "=_", 2)))
        return MIME_7BIT;
    return quoted_count * 6 > body.size ? MIME_BASE64 : MIME_QUOTED_PRINTABLE;
}

static char *put_quoted(char *to, unsigned char byte) {
    static const char digits[] = "0123456789ABCDEF";

    *to++ = '=';
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 15];
    return to;
}

// Whether the byte at `at` cannot stand as it is, `column` being where it would.
static bool is_quoted(struct text body, size_t at, size_t column) {
    const char byte = body.data[at];

    if (!is_plain(byte))
        return true;
    if (byte == ' ' || byte == '\t')
        return at + 1 == body.size || is_line_end(body.data[at + 1]);
    return column == 0 && (byte == '.' || (byte == 'F' && body.size - at >= 5 &&
                                           memcmp(body.data + at, "From ", 5) == 0));
}

static void write_quoted_printable(struct buffer *out, struct text body) {
    // At worst three bytes for each, and a soft line break for each 73 of them.
    char *const start = buffer_reserve(out, body.size * 3 + body.size * 3 / 73 * 3 + 8);
    char *to = start;
    size_t column = 0;

    for (size_t at = 0; at < body.size; at++) {
        if (is_line_end(body.data[at])) {
            at = skip_line_end(body, at) - 1;
            to = mempcpy(to, "\r\n", 2);
            column = 0;
            continue;
        }
        if (column >= LINE_BYTES - 3) {
            to = mempcpy(to, "=\r\n", 3);
            column = 0;
        }
        if (is_quoted(body, at, column)) {
            to = put_quoted(to, (unsigned char)body.data[at]);
            column += 3;
        } else {
            *to++ = body.data[at];
            column++;
        }
    }
    if (column > 0)
        to = mempcpy(to, "\r\n", 2);
    out->size += (size_t)(to - start);
}

static void write_lines(struct buffer *out, struct text body) {
    size_t start = 0;

    for (size_t at = 0; at < body.size; at++) {
        if (!is_line_end(body.data[at]))
            continue;
        buffer_add(out, body.data + start, at - start);
        buffer_add(out, "\r\n", 2);
        at = skip_line_end(body, at) - 1;
        start = at + 1;
    }
    if (start < body.size) {
        buffer_add(out, body.data + start, body.size - start);
        buffer_add(out, "\r\n", 2);
    }
}

void mime_write_base64(struct buffer *out, struct text bytes) {
    enum { STEP = LINE_BYTES / 4 * 3 };
    struct arena arena;
    const struct arena_mark mark = (arena_init(&arena), arena_mark(&arena));

    for (size_t at = 0; at < bytes.size; at += STEP) {
        const size_t size = bytes.size - at < STEP ? bytes.size - at : STEP;

        buffer_add_text(
            out, base64_encode(&arena, (struct text){bytes.data + at, size}, BASE64_STANDARD));
        buffer_add(out, "\r\n", 2);
        arena_rewind(&arena, mark);
    }
    arena_clear(&arena);
}

void mime_write_body(struct buffer *out, enum mime_encoding encoding, struct text body) {
    CLEANUP(buffer_clear) struct buffer lines = {0};

    switch (encoding) {
    case MIME_7BIT:
        write_lines(out, body);
        break;
    case MIME_QUOTED_PRINTABLE:
        write_quoted_printable(out, body);
        break;
    case MIME_BASE64:
        write_lines(&lines, body);
        mime_write_base64(out, buffer_text(&lines));
        break;
    }
}

// ---- words of header fields ----

static code check_value(struct scope *scope, const char *name, struct text value) {
    for (size_t at = 0; at < value.size; at++) {
        const unsigned char byte = (unsigned char)value.data[at];

        if (byte < ' ' || byte == 0x7f)
            return scope_fail(scope, INVALID, "%s of a mail holds the control character 0x%02x",
                              name, byte);
    }
    return text_is_utf8(value) ? OK : scope_fail(scope, INVALID, "%s of a mail is no UTF-8", name);
}

static bool is_ascii(struct text text) {
    for (size_t at = 0; at < text.size; at++)
        if ((unsigned char)text.data[at] >= 0x80)
            return false;
    return true;
}

static size_t longest_word(struct text text) {
    size_t longest = 0;

    for (size_t at = 0, start = 0; at <= text.size; at++) {
        if (at < text.size && text.data[at] != ' ')
            continue;
        longest = at - start > longest ? at - start : longest;
        start = at + 1;
    }
    return longest;
}

// Of letters that stand for themselves in Q within a phrase too (RFC 2047, section 5).
static bool is_q_letter(unsigned char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || strchr("!*+-/", byte);
}

static size_t q_size(unsigned char byte) {
    return (byte != '\0' && is_q_letter(byte)) || byte == ' ' ? 1 : 3;
}

static size_t character_size(struct text text, size_t at) {
    size_t size = 1;

    while (at + size < text.size && ((unsigned char)text.data[at + size] & 0xc0) == 0x80)
        size++;
    return size;
}

// The size of what fits into one encoded word from `at` on, characters whole.
static size_t word_take(struct text text, size_t at, bool is_base64, size_t word_bytes) {
    const size_t room = word_bytes - (sizeof("=?UTF-8?Q?"
                                             "?=") -
                                      1);
    size_t taken = 0, q_total = 0;

    while (at + taken < text.size) {
        const size_t size = character_size(text, at + taken);

        for (size_t i = 0; i < size; i++)
            q_total += q_size((unsigned char)text.data[at + taken + i]);
        if ((is_base64 ? (taken + size + 2) / 3 * 4 : q_total) > room)
            break;
        taken += size;
    }
    return taken;
}

static void write_word(struct buffer *out, struct text part, bool is_base64) {
    struct arena arena;

    buffer_add_string(out, is_base64 ? "=?UTF-8?B?" : "=?UTF-8?Q?");
    if (is_base64) {
        arena_init(&arena);
        buffer_add_text(out, base64_encode(&arena, part, BASE64_STANDARD));
        arena_clear(&arena);
    }
    for (size_t at = 0; !is_base64 && at < part.size; at++) {
        const unsigned char byte = (unsigned char)part.data[at];
        char quoted[3];

        if (byte == ' ')
            buffer_add_char(out, '_');
        else if (q_size(byte) == 1)
            buffer_add_char(out, (char)byte);
        else
            buffer_add(out, quoted, (size_t)(put_quoted(quoted, byte) - quoted));
    }
    buffer_add_string(out, "?=");
}

// Encoded words, a fold between two: the blanks there are no part of the text. The first one stands
// behind `column` letters.
static void write_words(struct buffer *out, struct text text, size_t column) {
    size_t q_total = 0;
    bool is_base64;

    for (size_t at = 0; at < text.size; at++)
        q_total += q_size((unsigned char)text.data[at]);
    is_base64 = q_total > (text.size + 2) / 3 * 4;
    for (size_t at = 0, size; at < text.size; at += size) {
        size = word_take(text, at, is_base64, at > 0 ? WORD_BYTES : LINE_BYTES - column);
        if (at > 0)
            buffer_add_string(out, "\r\n ");
        write_word(out, (struct text){text.data + at, size}, is_base64);
    }
}

static bool needs_words(struct text text) {
    return !is_ascii(text) || longest_word(text) > LONGEST_WORD_BYTES ||
           (text.size > 1 && memmem(text.data, text.size, "=?", 2)) ||
           (text.size > 0 && (text.data[0] == ' ' || text.data[text.size - 1] == ' '));
}

// Folded before a blank that begins a word, so that no line is of blanks alone.
static void write_folded(struct buffer *out, struct text text, size_t column) {
    size_t start = 0;

    while (start < text.size) {
        size_t end = start;

        while (end < text.size && text.data[end] == ' ')
            end++;
        while (end < text.size && text.data[end] != ' ')
            end++;
        if (start > 0 && column + (end - start) > LINE_BYTES) {
            buffer_add_string(out, "\r\n");
            column = 0;
        }
        buffer_add(out, text.data + start, end - start);
        column += end - start;
        start = end;
    }
}

code mime_write_field(struct scope *scope, struct buffer *out, const char *name,
                      struct text value) {
    TRY(check_value(scope, name, value));
    buffer_add_string(out, name);
    buffer_add_string(out, ": ");
    if (needs_words(value))
        write_words(out, value, strlen(name) + 2);
    else
        write_folded(out, value, strlen(name) + 2);
    buffer_add_string(out, "\r\n");
    return OK;
}

void mime_write_structured(struct buffer *out, const char *name, struct text value) {
    buffer_add_string(out, name);
    buffer_add_char(out, ':');
    if (strlen(name) + 2 + longest_word(value) > LINE_BYTES)
        buffer_add_string(out, "\r\n");
    buffer_add_char(out, ' ');
    write_folded(out, value, strlen(name) + 2);
    buffer_add_string(out, "\r\n");
}

static bool is_atom_text(struct text text) {
    for (size_t at = 0; at < text.size; at++)
        if (text.data[at] != ' ' && !is_q_letter((unsigned char)text.data[at]) &&
            !strchr("#$%&'=?^_`{|}~", text.data[at]))
            return false;
    return true;
}

code mime_phrase(struct scope *scope, struct text name, struct text *ret_phrase) {
    CLEANUP(buffer_clear) struct buffer out = {0};

    TRY(check_value(scope, "the name", name));
    if (needs_words(name) || name.size > LINE_BYTES - LONGEST_NAME_BYTES) {
        write_words(&out, name, LONGEST_NAME_BYTES);
    } else if (is_atom_text(name)) {
        buffer_add_text(&out, name);
    } else {
        buffer_add_char(&out, '"');
        for (size_t at = 0; at < name.size; at++) {
            if (name.data[at] == '"' || name.data[at] == '\\')
                buffer_add_char(&out, '\\');
            buffer_add_char(&out, name.data[at]);
        }
        buffer_add_char(&out, '"');
    }
    *ret_phrase = text_copy(&scope->arena, buffer_text(&out));
    return OK;
}

// ---- parameters ----

static bool is_token(struct text text) {
    for (size_t at = 0; at < text.size; at++)
        if (!is_q_letter((unsigned char)text.data[at]) && !strchr("._ ", text.data[at]))
            return false;
    return true;
}

// name*0*=UTF-8''…; name*1*=…, of at most 60 letters each.
static void write_extended(struct buffer *out, const char *name, struct text value) {
    enum { PIECE_BYTES = 60 };
    size_t at = 0;

    for (int piece = 0; at < value.size; piece++) {
        size_t column = 0;

        buffer_printf(out, ";\r\n %s*%d*=%s", name, piece, piece == 0 ? "UTF-8''" : "");
        while (at < value.size && column < PIECE_BYTES) {
            const unsigned char byte = (unsigned char)value.data[at++];
            const bool plain = (is_q_letter(byte) && !strchr("*", byte)) || strchr("._", byte);

            if (plain)
                buffer_add_char(out, (char)byte);
            else
                buffer_printf(out, "%%%02X", byte);
            column += plain ? 1 : 3;
        }
    }
}

code mime_write_parameter(struct scope *scope, struct buffer *out, const char *name,
                          struct text value) {
    TRY(check_value(scope, name, value));
    if (is_token(value) && value.size <= LINE_BYTES - 16)
        buffer_printf(out, ";\r\n %s=\"%.*s\"", name, TEXT_ARG(value));
    else
        write_extended(out, name, value);
    return OK;
}
