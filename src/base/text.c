// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char lower_ascii(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool text_equal_ascii_case(struct text a, struct text b) {
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower_ascii(a.data[i]) != lower_ascii(b.data[i]))
            return false;
    return true;
}

bool text_starts_with(struct text text, struct text prefix) {
    return text.size >= prefix.size &&
           (prefix.size == 0 || memcmp(text.data, prefix.data, prefix.size) == 0);
}

bool text_ends_with(struct text text, struct text suffix) {
    return text.size >= suffix.size &&
           (suffix.size == 0 ||
            memcmp(text.data + text.size - suffix.size, suffix.data, suffix.size) == 0);
}

bool text_contains(struct text text, char byte) {
    return text.size > 0 && memchr(text.data, byte, text.size) != NULL;
}

int text_compare(struct text a, struct text b) {
    const size_t shorter = a.size < b.size ? a.size : b.size;
    const int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;

    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct text text_trim(struct text text) {
    while (text.size > 0 && is_space(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    return text;
}

struct text text_split(struct text text, char separator, struct text *ret_rest) {
    const char *found = text.size > 0 ? memchr(text.data, separator, text.size) : NULL;
    struct text head = text;

    if (!found) {
        *ret_rest = (struct text){0};
        return head;
    }
    head.size = (size_t)(found - text.data);
    *ret_rest = (struct text){.data = found + 1, .size = text.size - head.size - 1};
    return head;
}

char *text_string(struct arena *arena, struct text text) {
    char *copy = arena_alloc(arena, text.size + 1);

    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    return copy;
}

struct text text_copy(struct arena *arena, struct text text) {
    return (struct text){.data = text_string(arena, text), .size = text.size};
}

struct text text_lower_ascii(struct arena *arena, struct text text) {
    char *copy = text_string(arena, text);

    for (size_t i = 0; i < text.size; i++)
        copy[i] = lower_ascii(copy[i]);
    return (struct text){.data = copy, .size = text.size};
}

struct text text_printf(struct arena *arena, const char *format, ...) {
    va_list arguments;
    int length;
    char *copy;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return (struct text){0};
    copy = arena_alloc(arena, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(copy, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return (struct text){.data = copy, .size = (size_t)length};
}

bool text_to_int64(struct text text, int64_t *ret_value) {
    bool negative = false;
    int64_t value = 0;
    size_t i = 0;

    if (text.size > 0 && (text.data[0] == '-' || text.data[0] == '+')) {
        negative = text.data[0] == '-';
        i = 1;
    }
    if (i == text.size)
        return false;
    for (; i < text.size; i++) {
        const int digit = text.data[i] - '0';

        if (digit < 0 || digit > 9)
            return false;
        // Collected below zero, where INT64_MIN has room.
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return false;
    *ret_value = value;
    return true;
}

bool text_to_double(struct text text, double *ret_value) {
    char copy[64];
    char *end;
    double value;

    if (text.size == 0 || text.size >= sizeof(copy) || is_space(text.data[0]))
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    errno = 0;
    value = strtod(copy, &end);
    if (*end != '\0' || errno == ERANGE || value != value)
        return false;
    *ret_value = value;
    return true;
}

// The length of the well-formed sequence at data (1..4), or 0. Ranges: Unicode 15, table 3-7.
static size_t utf8_sequence(const unsigned char *data, size_t size) {
    static const struct {
        unsigned char first, last, low, high;
        unsigned char length;
    } forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };

    if (data[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        if (data[0] < forms[i].first || data[0] > forms[i].last)
            continue;
        if (size < forms[i].length || data[1] < forms[i].low || data[1] > forms[i].high)
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if (data[k] < 0x80 || data[k] > 0xBF)
                return 0;
        return forms[i].length;
    }
    return 0;
}

bool text_is_utf8(struct text text) {
    const unsigned char *data = (const unsigned char *)text.data;
    size_t i = 0;

    while (i < text.size) {
        uint64_t word;
        size_t length;

        if (text.size - i >= sizeof(word)) {
            memcpy(&word, data + i, sizeof(word));
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof(word);
                continue;
            }
        }
        length = utf8_sequence(data + i, text.size - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

uint64_t text_hash(struct text text) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < text.size; i++) {
        hash ^= (unsigned char)text.data[i];
        hash *= UINT64_C(0x100000001b3);
    }
    hash ^= hash >> 32;
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

void buffer_clear(struct buffer *buffer) {
    free(buffer->data);
    *buffer = (struct buffer){0};
}

char *buffer_reserve(struct buffer *buffer, size_t extra) {
    size_t needed;

    if (__builtin_add_overflow(buffer->size, extra, &needed)) {
        fputs("tessera: out of memory\n", stderr);
        abort();
    }
    if (needed > buffer->capacity) {
        size_t capacity = buffer->capacity > 0 ? buffer->capacity : 128;
        char *grown;

        while (capacity < needed)
            capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
        grown = realloc(buffer->data, capacity);
        if (!grown) {
            fputs("tessera: out of memory\n", stderr);
            abort();
        }
        buffer->data = grown;
        buffer->capacity = capacity;
    }
    return buffer->data ? buffer->data + buffer->size : NULL;
}

void buffer_add(struct buffer *buffer, const void *data, size_t size) {
    if (size == 0)
        return;
    memcpy(buffer_reserve(buffer, size), data, size);
    buffer->size += size;
}

void buffer_add_text(struct buffer *buffer, struct text text) {
    buffer_add(buffer, text.data, text.size);
}

void buffer_add_string(struct buffer *buffer, const char *terminated) {
    buffer_add(buffer, terminated, strlen(terminated));
}

void buffer_add_char(struct buffer *buffer, char byte) {
    *buffer_reserve(buffer, 1) = byte;
    buffer->size++;
}

void buffer_printf(struct buffer *buffer, const char *format, ...) {
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length <= 0)
        return;
    buffer_reserve(buffer, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->size += (size_t)length;
}

const char *buffer_string(struct buffer *buffer) {
    *buffer_reserve(buffer, 1) = '\0';
    return buffer->data;
}
