// SPDX-License-Identifier: Apache-2.0
// Writing JSON: whatever the caller hands over, the output is one valid document in UTF-8.
#include "base/json.h"
#include "base/money.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEPTH_MAX = 64 };

static void must(bool condition, const char *rule) {
    if (condition)
        return;
    fprintf(stderr, "tessera: wrong use of the JSON writer: %s\n", rule);
    abort();
}

void json_writer_init(struct json_writer *writer, struct buffer *out) {
    *writer = (struct json_writer){.out = out};
}

// What stands between the value written last and the next one.
static void begin_value(struct json_writer *writer) {
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    must(!writer->is_object[writer->depth], "a value in an object needs a key");
    must(writer->depth > 0 || !writer->has_member[0], "a document is one value");
    if (writer->has_member[writer->depth])
        buffer_add_char(writer->out, ',');
    writer->has_member[writer->depth] = true;
}

static void begin_children(struct json_writer *writer, bool is_object) {
    begin_value(writer);
    must(writer->depth + 1 < DEPTH_MAX, "nested too deep");
    writer->depth++;
    writer->has_member[writer->depth] = false;
    writer->is_object[writer->depth] = is_object;
    buffer_add_char(writer->out, is_object ? '{' : '[');
}

static void end_children(struct json_writer *writer, bool is_object) {
    must(writer->depth > 0 && writer->is_object[writer->depth] == is_object && !writer->after_key,
         "an end without its beginning, or a key without its value");
    writer->depth--;
    buffer_add_char(writer->out, is_object ? '}' : ']');
}

void json_begin_object(struct json_writer *writer) {
    begin_children(writer, true);
}

void json_end_object(struct json_writer *writer) {
    end_children(writer, true);
}

void json_begin_array(struct json_writer *writer) {
    begin_children(writer, false);
}

void json_end_array(struct json_writer *writer) {
    end_children(writer, false);
}

// ---- strings ----

static void add_escape(struct buffer *out, unsigned char byte) {
    switch (byte) {
    case '"':
        buffer_add_string(out, "\\\"");
        break;
    case '\\':
        buffer_add_string(out, "\\\\");
        break;
    case '\n':
        buffer_add_string(out, "\\n");
        break;
    case '\r':
        buffer_add_string(out, "\\r");
        break;
    case '\t':
        buffer_add_string(out, "\\t");
        break;
    default:
        buffer_printf(out, "\\u%04x", byte);
    }
}

// Bytes that begin a character to escape: quotes, backslash and the control characters; those of C1
// hide behind the byte C2, which begins others too.
static const unsigned char special[256] = {
    [0 ... 0x1F] = 1, ['"'] = 1, ['\\'] = 1, [0x7F] = 1, [0xC2] = 2,
};

// How many bytes at `at` are a character to escape.
static size_t escaped_size(struct text text, size_t at) {
    const size_t size = special[(unsigned char)text.data[at]];

    return size == 2 && (unsigned char)text.data[at + 1] >= 0xA0 ? 0 : size;
}

// Well-formed UTF-8 goes out in runs between the characters to escape.
static void add_escaped(struct buffer *out, struct text text) {
    size_t begin = 0, at = 0;

    while (at < text.size) {
        const size_t size = escaped_size(text, at);

        if (size == 0) {
            at++;
            continue;
        }
        buffer_add(out, text.data + begin, at - begin);
        add_escape(out, (unsigned char)text.data[at + size - 1]);
        at += size;
        begin = at;
    }
    if (begin < text.size)
        buffer_add(out, text.data + begin, text.size - begin);
}

// The size of the well-formed sequence at the beginning of the text, 0 when there is none.
static size_t sequence_size(struct text text) {
    const unsigned char lead = (unsigned char)text.data[0];
    const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    return size <= text.size && text_is_utf8((struct text){text.data, size}) ? size : 0;
}

static void add_repaired(struct buffer *out, struct text text) {
    while (text.size > 0) {
        const size_t size = sequence_size(text);
        const size_t taken = size > 0 ? size : 1;

        if (size > 0)
            add_escaped(out, (struct text){text.data, size});
        else
            buffer_add_string(out, "\xEF\xBF\xBD");
        text.data += taken;
        text.size -= taken;
    }
}

static void add_string(struct buffer *out, struct text text) {
    buffer_add_char(out, '"');
    if (text_is_utf8(text))
        add_escaped(out, text);
    else
        add_repaired(out, text);
    buffer_add_char(out, '"');
}

void json_key_text(struct json_writer *writer, struct text key) {
    must(writer->is_object[writer->depth] && !writer->after_key, "a key belongs into an object");
    if (writer->has_member[writer->depth])
        buffer_add_char(writer->out, ',');
    writer->has_member[writer->depth] = true;
    writer->after_key = true;
    add_string(writer->out, key);
    buffer_add_char(writer->out, ':');
}

void json_key(struct json_writer *writer, const char *key) {
    json_key_text(writer, text_of(key));
}

// ---- values ----

void json_write_text(struct json_writer *writer, struct text value) {
    begin_value(writer);
    add_string(writer->out, value);
}

void json_write_string(struct json_writer *writer, const char *value) {
    if (value)
        json_write_text(writer, text_of(value));
    else
        json_write_null(writer);
}

void json_write_null(struct json_writer *writer) {
    begin_value(writer);
    buffer_add_string(writer->out, "null");
}

void json_write_bool(struct json_writer *writer, bool value) {
    begin_value(writer);
    buffer_add_string(writer->out, value ? "true" : "false");
}

void json_write_int64(struct json_writer *writer, int64_t value) {
    char digits[24]; // 19 digits and a sign, from the right
    char *at = digits + sizeof(digits);
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

    begin_value(writer);
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--at = '-';
    buffer_add(writer->out, at, (size_t)(digits + sizeof(digits) - at));
}

void json_write_double(struct json_writer *writer, double value) {
    char digits[JSON_DOUBLE_SIZE];

    if (!isfinite(value)) {
        json_write_null(writer);
        return;
    }
    begin_value(writer);
    buffer_add(writer->out, digits, json_double_digits(value, digits));
}

void json_write_micros(struct json_writer *writer, int64_t micros) {
    char text[MICROS_TEXT_SIZE];

    begin_value(writer);
    buffer_add_string(writer->out, micros_format(micros, 0, text));
}

void json_write(struct json_writer *writer, const struct json *json) {
    switch (json->type) {
    case JSON_NULL:
        json_write_null(writer);
        return;
    case JSON_BOOL:
        json_write_bool(writer, json->boolean);
        return;
    case JSON_INT64:
        json_write_int64(writer, json->int64);
        return;
    case JSON_DOUBLE:
        json_write_double(writer, json->number);
        return;
    case JSON_STRING:
        json_write_text(writer, json->string);
        return;
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    begin_children(writer, json->type == JSON_OBJECT);
    for (const struct json *child = json->first; child; child = child->next) {
        if (json->type == JSON_OBJECT)
            json_key_text(writer, child->key);
        json_write(writer, child);
    }
    end_children(writer, json->type == JSON_OBJECT);
}
