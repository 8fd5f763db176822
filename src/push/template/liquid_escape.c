// SPDX-License-Identifier: Apache-2.0
// How a value is written so that it cannot leave its place.
#include "push/template/liquid_program.h"

#include "push/letter/body.h"

#include <ctype.h>

static const char *entity(char byte) {
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

// Length of an entity that begins here: &name; &#1; &#x1; 0: none.
static size_t entity_length(struct text text) {
    size_t at = 1;

    if (at < text.size && text.data[at] == '#')
        at++;
    while (at < text.size && at < 12 && isalnum((unsigned char)text.data[at]))
        at++;
    return at > 1 && at < text.size && text.data[at] == ';' &&
                   isalnum((unsigned char)text.data[at - 1])
               ? at + 1
               : 0;
}

void liquid_write_escaped(struct buffer *out, struct text text, bool keep_entities) {
    size_t begin = 0;

    for (size_t i = 0; i < text.size; i++) {
        const char *escaped = entity(text.data[i]);
        const bool is_nul = text.data[i] == '\0';

        if (!escaped && !is_nul)
            continue;
        if (keep_entities && text.data[i] == '&' &&
            entity_length((struct text){text.data + i, text.size - i}) > 0)
            continue;
        buffer_add(out, text.data + begin, i - begin);
        buffer_add_string(out, is_nul ? "\xEF\xBF\xBD" : escaped);
        begin = i + 1;
    }
    if (begin < text.size)
        buffer_add(out, text.data + begin, text.size - begin);
}

struct text liquid_unescape(struct liquid_renderer *renderer, struct text html) {
    static const struct {
        const char *entity;
        char byte;
    } known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    char *data;
    size_t size = 0;

    if (!text_contains(html, '&'))
        return html;
    data = liquid_scratch(renderer, html.size);
    if (!data)
        return TEXT("");
    for (size_t i = 0; i < html.size;) {
        const struct text rest = {html.data + i, html.size - i};
        size_t length = 1;
        char byte = html.data[i];

        for (size_t k = 0; byte == '&' && length == 1 && k < sizeof(known) / sizeof(*known); k++)
            if (text_starts_with(rest, text_of(known[k].entity))) {
                length = strlen(known[k].entity);
                byte = known[k].byte;
            }
        data[size++] = byte;
        i += length;
    }
    return (struct text){.data = data, .size = size};
}

// ---- one line ----

static void write_header(struct buffer *out, struct text text) {
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];

        buffer_add_char(out, byte < 0x20 || byte == 0x7F ? ' ' : (char)byte);
    }
}

// ---- plain text: NUL and what terminals obey have no business in it ----

static void write_plain(struct buffer *out, struct text text) {
    size_t begin = 0;

    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];

        if (byte >= 0x20 && byte != 0x7F)
            continue;
        if (byte == '\n' || byte == '\r' || byte == '\t')
            continue;
        buffer_add(out, text.data + begin, i - begin);
        begin = i + 1;
    }
    if (begin < text.size)
        buffer_add(out, text.data + begin, text.size - begin);
}

// ---- addresses ----

static const char hex[] = "0123456789ABCDEF";

static void write_percent(struct buffer *out, char byte) {
    const unsigned char value = (unsigned char)byte;
    const char escape[] = {'%', hex[value >> 4], hex[value & 15]};

    buffer_add(out, escape, sizeof(escape));
}

static bool is_plain_in_url(char byte) {
    return isalnum((unsigned char)byte) || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

static bool is_escape(struct text text, size_t at) {
    return at + 2 < text.size && isxdigit((unsigned char)text.data[at + 1]) &&
           isxdigit((unsigned char)text.data[at + 2]);
}

// An address as it is, with what has no place in one percent-encoded.
static void write_url(struct buffer *out, struct text text, bool with_colon) {
    for (size_t i = 0; i < text.size; i++) {
        const char byte = text.data[i];

        if (byte == '&')
            buffer_add_string(out, "&amp;");
        else if (is_plain_in_url(byte) || (byte == ':' && with_colon) ||
                 (byte != '\0' && strchr("/?#[]@!$*+,;=", byte)) ||
                 (byte == '%' && is_escape(text, i)))
            buffer_add_char(out, byte);
        else
            write_percent(out, byte);
    }
}

static void write_query(struct buffer *out, struct text text) {
    for (size_t i = 0; i < text.size; i++)
        if (is_plain_in_url(text.data[i]))
            buffer_add_char(out, text.data[i]);
        else
            write_percent(out, text.data[i]);
}

// Is what stands before the first colon, if there is one, a scheme that does no harm? Browsers pass
// over control characters in it, so an address that has one is none.
static bool has_good_scheme(struct text text) {
    static const char *const schemes[] = {"http", "https", "mailto", "tel", "sms", "cid"};
    size_t end = 0;

    while (end < text.size && !memchr(":/?#", text.data[end], 4)) {
        if ((unsigned char)text.data[end] <= 0x20)
            return false;
        end++;
    }
    if (end == text.size || text.data[end] != ':')
        return true;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
        if (text_equal_ascii_case((struct text){text.data, end}, text_of(schemes[i])))
            return true;
    return false;
}

static void write_whole_url(struct buffer *out, struct text text) {
    text = text_trim(text);
    if (has_good_scheme(text))
        write_url(out, text, true);
    else
        buffer_add_string(out, "about:invalid");
}

// ---- style: words, numbers and colours; whatever could end a declaration is left out ----

static void write_css(struct buffer *out, struct text text) {
    for (size_t i = 0; i < text.size; i++) {
        const char byte = text.data[i];

        if (isalnum((unsigned char)byte) || (byte != '\0' && strchr(" #%.,-_", byte)))
            buffer_add_char(out, byte);
    }
}

// ---- JSON ----

// Within quotes: what the value is as a text, without the quotes that it would have on its own.
static bool write_as_json(struct liquid_renderer *renderer, struct liquid_value value,
                          enum liquid_place place) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct text text;

    if (value.type == LIQUID_TEXT && value.is_html)
        value = liquid_text(liquid_unescape(renderer, liquid_text_of(value)));
    if (place == PLACE_JSON_TEXT)
        value = liquid_text(liquid_to_text(renderer, value));
    if (!liquid_write_json(renderer, value, &out))
        return false;
    text = buffer_text(&out);
    if (place == PLACE_JSON_TEXT)
        text = (struct text){text.data + 1, text.size - 2};
    if (!liquid_has_room(renderer, text.size))
        return false;
    buffer_add_text(renderer->out, text);
    return liquid_work(renderer, text.size / 8);
}

// The most bytes that the text can become, counted for long ones only: room is not spent first.
static size_t most_written(struct text text, enum liquid_place place) {
    size_t size = text.size;

    if (text.size <= 4096 || place == PLACE_TEXT || place == PLACE_HEADER || place == PLACE_CSS)
        return size;
    if (place != PLACE_HTML && place != PLACE_ATTRIBUTE)
        return size * 3;
    for (size_t i = 0; i < text.size; i++)
        if (entity(text.data[i]) || text.data[i] == '\0')
            size += 5;
    return size;
}

bool liquid_write(struct liquid_renderer *renderer, struct liquid_value value,
                  enum liquid_place place) {
    struct buffer *out = renderer->out;
    struct text text;

    if (place == PLACE_JSON || place == PLACE_JSON_TEXT)
        return write_as_json(renderer, value, place);
    text = liquid_to_text(renderer, value);
    if (value.type == LIQUID_TEXT && value.is_html) {
        if (place == PLACE_HTML) {
            if (!liquid_has_room(renderer, text.size))
                return false;
            buffer_add_text(out, text);
            return liquid_work(renderer, text.size / 8);
        }
        text = liquid_unescape(renderer, text);
    }
    if (!liquid_has_room(renderer, most_written(text, place)))
        return false;
    switch (place) {
    case PLACE_TEXT:
        write_plain(out, text);
        break;
    case PLACE_HEADER:
        write_header(out, text);
        break;
    case PLACE_LETTER:
        letter_escape(out, text);
        break;
    case PLACE_HTML:
    case PLACE_ATTRIBUTE:
        liquid_write_escaped(out, text, false);
        break;
    case PLACE_URL_START:
        write_whole_url(out, text);
        break;
    case PLACE_URL_PREFIX:
    case PLACE_URL_PATH:
        write_url(out, text, place == PLACE_URL_PATH);
        break;
    case PLACE_URL_QUERY:
        write_query(out, text);
        break;
    case PLACE_CSS:
        write_css(out, text);
        break;
    case PLACE_JSON:
    case PLACE_JSON_TEXT:
        break;
    }
    return liquid_work(renderer, text.size / 8);
}
