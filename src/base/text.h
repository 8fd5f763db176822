// SPDX-License-Identifier: Apache-2.0
// Text as a slice (pointer and size, UTF-8, not terminated) and as a growing buffer.
// A slice never owns; whoever made it says how long it lives.
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct text {
    const char *data; // may be NULL when size is 0
    size_t size;      // bytes
};

// A slice of a string literal.
#define TEXT(literal) ((struct text){.data = (literal), .size = sizeof(literal) - 1})
// For printf: "%.*s", TEXT_ARG(slice)
#define TEXT_ARG(slice) (int)(slice).size, (slice).data ? (slice).data : ""

static inline struct text text_of(const char *terminated) {
    return (struct text){.data = terminated, .size = terminated ? strlen(terminated) : 0};
}

static inline bool text_equal(struct text a, struct text b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool text_is(struct text a, const char *terminated) {
    return text_equal(a, text_of(terminated));
}

bool text_equal_ascii_case(struct text a, struct text b);
bool text_starts_with(struct text text, struct text prefix);
bool text_ends_with(struct text text, struct text suffix);
bool text_contains(struct text text, char byte);
int text_compare(struct text a, struct text b); // bytewise: <0, 0, >0

// Without the ASCII white space (blank, tab, CR, LF, VT, FF) at both ends.
struct text text_trim(struct text text);

// The part before the first separator; *rest is what follows it (empty, data NULL, at the end).
struct text text_split(struct text text, char separator, struct text *ret_rest);

// Terminated copy, in the arena.
char *text_string(struct arena *arena, struct text text);
struct text text_copy(struct arena *arena, struct text text);
struct text text_lower_ascii(struct arena *arena, struct text text);
struct text text_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Whole-slice decimal integer with optional sign; false when it is anything else or does not fit.
bool text_to_int64(struct text text, int64_t *ret_value);
bool text_to_double(struct text text, double *ret_value);

// True when the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool text_is_utf8(struct text text);

// 64-bit hash (FNV-1a with a final mix); stable across runs and machines, not for hostile keys.
uint64_t text_hash(struct text text);

// ---- a growing buffer ----

// Heap memory; buffer_clear gives it back. Zero-initialised is a valid empty buffer.
struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

void buffer_clear(struct buffer *buffer);
// Room for `extra` more bytes behind data + size.
char *buffer_reserve(struct buffer *buffer, size_t extra);
void buffer_add(struct buffer *buffer, const void *data, size_t size);
void buffer_add_text(struct buffer *buffer, struct text text);
void buffer_add_string(struct buffer *buffer, const char *terminated);
void buffer_add_char(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// The content, terminated by a NUL behind it; valid until the buffer changes.
const char *buffer_string(struct buffer *buffer);
static inline struct text buffer_text(const struct buffer *buffer) {
    return (struct text){.data = buffer->data, .size = buffer->size};
}
