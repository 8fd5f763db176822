// SPDX-License-Identifier: Apache-2.0
// Filters that write a text in the letters of something else, and read it back.
#include "push/template/liquid_filter.h"

#include "base/json.h"

#include <ctype.h>

static struct text input(struct liquid_renderer *renderer, struct liquid_value value) {
    const struct text text = liquid_to_text(renderer, value);

    liquid_work(renderer, text.size / 8 + 1);
    return text;
}

static struct liquid_value kept(struct liquid_renderer *renderer, struct text text) {
    char *data = liquid_scratch(renderer, text.size);

    if (data && text.size > 0)
        memcpy(data, text.data, text.size);
    return liquid_made(data, text.size);
}

static struct liquid_value escaped(struct liquid_renderer *renderer, struct liquid_value value,
                                   bool keep_entities) {
    const struct text text = input(renderer, value);
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct liquid_value made;

    if (value.type == LIQUID_TEXT && value.is_html)
        return value;
    if (!liquid_has_room(renderer, text.size * 6))
        return LIQUID_NOTHING;
    liquid_write_escaped(&out, text, keep_entities);
    made = kept(renderer, buffer_text(&out));
    made.is_html = made.type == LIQUID_TEXT;
    return made;
}

LIQUID_FILTER(filter_escape) {
    (void)count;
    return escaped(renderer, values[0], false);
}

LIQUID_FILTER(filter_escape_once) {
    (void)count;
    return escaped(renderer, values[0], true);
}

// What is left of HTML without its tags, comments, scripts and styles.
LIQUID_FILTER(filter_strip_html) {
    const struct text text = input(renderer, values[0]);
    char *data = liquid_scratch(renderer, text.size);
    struct html_place place = {0};
    struct html_event events[1];
    size_t size = 0, pending = 0;

    (void)count;
    for (size_t i = 0; data && i < text.size; i++) {
        const uint8_t before = place.state;
        size_t event_count, offset;

        html_read(&place, (struct text){text.data + i, 1}, events, &event_count, &offset);
        if (before == HTML_TEXT && place.state == HTML_OPEN)
            pending = i;
        else if (before == HTML_TEXT)
            data[size++] = text.data[i];
        else if (before == HTML_OPEN && place.state == HTML_TEXT) { // a < that opens nothing
            memcpy(data + size, text.data + pending, i + 1 - pending);
            size += i + 1 - pending;
        }
    }
    liquid_work(renderer, text.size * 2);
    return data ? liquid_text(liquid_unescape(renderer, (struct text){data, size}))
                : LIQUID_NOTHING;
}

// ---- addresses ----

LIQUID_FILTER(filter_url_encode) {
    static const char hex[] = "0123456789ABCDEF";
    const struct text text = input(renderer, values[0]);
    char *data = liquid_scratch(renderer, text.size * 3);
    size_t size = 0;

    (void)count;
    for (size_t i = 0; data && i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];

        if (isalnum(byte) || memchr("-_.~", byte, 4)) {
            data[size++] = (char)byte;
        } else if (byte == ' ') {
            data[size++] = '+';
        } else {
            data[size++] = '%';
            data[size++] = hex[byte >> 4];
            data[size++] = hex[byte & 15];
        }
    }
    return liquid_made(data, size);
}

static int digit(char byte) {
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

// What is no text when read back stays as it was.
static struct liquid_value text_or(struct liquid_value read, struct text otherwise) {
    return read.type == LIQUID_TEXT && !text_is_utf8(liquid_text_of(read)) ? liquid_text(otherwise)
                                                                           : read;
}

LIQUID_FILTER(filter_url_decode) {
    const struct text text = input(renderer, values[0]);
    char *data = liquid_scratch(renderer, text.size);
    size_t size = 0;

    (void)count;
    for (size_t i = 0; data && i < text.size; i++) {
        const bool is_escape = text.data[i] == '%' && i + 2 < text.size &&
                               digit(text.data[i + 1]) >= 0 && digit(text.data[i + 2]) >= 0;

        if (is_escape) {
            data[size++] = (char)(digit(text.data[i + 1]) * 16 + digit(text.data[i + 2]));
            i += 2;
        } else {
            data[size++] = text.data[i] == '+' ? ' ' : text.data[i];
        }
    }
    return text_or(liquid_made(data, size), text);
}

LIQUID_FILTER(filter_base64_encode) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const struct text text = input(renderer, values[0]);
    char *data = liquid_scratch(renderer, (text.size + 2) / 3 * 4);
    size_t size = 0;

    (void)count;
    for (size_t i = 0; data && i < text.size; i += 3) {
        const size_t left = text.size - i;
        const uint32_t bits = (uint32_t)(unsigned char)text.data[i] << 16 |
                              (left > 1 ? (uint32_t)(unsigned char)text.data[i + 1] << 8 : 0) |
                              (left > 2 ? (uint32_t)(unsigned char)text.data[i + 2] : 0);

        data[size++] = letters[bits >> 18 & 63];
        data[size++] = letters[bits >> 12 & 63];
        data[size++] = left > 1 ? letters[bits >> 6 & 63] : '=';
        data[size++] = left > 2 ? letters[bits & 63] : '=';
    }
    return liquid_made(data, size);
}

static int sextet(char byte) {
    return byte >= 'A' && byte <= 'Z'   ? byte - 'A'
           : byte >= 'a' && byte <= 'z' ? byte - 'a' + 26
           : byte >= '0' && byte <= '9' ? byte - '0' + 52
           : byte == '+' || byte == '-' ? 62
           : byte == '/' || byte == '_' ? 63
                                        : -1;
}

LIQUID_FILTER(filter_base64_decode) {
    const struct text text = input(renderer, values[0]);
    char *data = liquid_scratch(renderer, text.size);
    uint32_t bits = 0;
    size_t size = 0;
    int have = 0;

    (void)count;
    for (size_t i = 0; data && i < text.size; i++) {
        if (sextet(text.data[i]) < 0)
            continue;
        bits = (bits << 6 | (uint32_t)sextet(text.data[i])) & 0xFFFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            data[size++] = (char)(bits >> have & 0xFF);
        }
    }
    return text_or(liquid_made(data, size), text);
}

// ---- JSON, for a webhook's body ----

static bool write_json(struct liquid_renderer *renderer, struct json_writer *writer,
                       struct liquid_value value, int depth) {
    if (depth > 8 || !liquid_has_room(renderer, writer->out->size) ||
        !liquid_work(renderer, 4 + value.count / 32)) {
        json_write_null(writer);
        return false;
    }
    switch ((enum liquid_type)value.type) {
    case LIQUID_BOOL:
        json_write_bool(writer, value.boolean);
        break;
    case LIQUID_INTEGER:
        json_write_int64(writer, value.integer);
        break;
    case LIQUID_NUMBER:
        json_write_double(writer, value.number);
        break;
    case LIQUID_MONEY:
        json_write_micros(writer, value.integer);
        break;
    case LIQUID_LIST:
        json_begin_array(writer);
        for (uint32_t i = 0; i < value.count && !renderer->failure; i++)
            write_json(renderer, writer, value.items[i], depth + 1);
        json_end_array(writer);
        break;
    case LIQUID_OBJECT:
        json_begin_object(writer);
        for (uint32_t i = 0; i < value.count && !renderer->failure; i++) {
            json_key_text(writer, value.members[i].name);
            write_json(renderer, writer, value.members[i].value, depth + 1);
        }
        json_end_object(writer);
        break;
    case LIQUID_TEXT:
    case LIQUID_INSTANT:
    case LIQUID_DAY:
    case LIQUID_RANGE:
        json_write_text(writer, liquid_to_text(renderer, value));
        break;
    case LIQUID_NIL:
    case LIQUID_EMPTY:
    case LIQUID_BLANK:
        json_write_null(writer);
        break;
    }
    return !renderer->failure;
}

bool liquid_write_json(struct liquid_renderer *renderer, struct liquid_value value,
                       struct buffer *out) {
    struct json_writer writer;

    json_writer_init(&writer, out);
    return write_json(renderer, &writer, value, 0);
}

LIQUID_FILTER(filter_json) {
    CLEANUP(buffer_clear) struct buffer out = {0};

    (void)count;
    if (!liquid_write_json(renderer, values[0], &out))
        return LIQUID_NOTHING;
    return kept(renderer, buffer_text(&out));
}
