// SPDX-License-Identifier: Apache-2.0
// The window starts small enough to stay in the second-level cache and grows only for a record that
// does not fit. Since it doubles, scanning a growing record from its beginning again stays linear.
#include "plug/source/window.h"

#include "base/limits.h"
#include "plug/source/scan.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256 << 10 };

static const struct scan_set line_ends = {{'\n', '\r', '\n', '\r'}};

static void resize(struct window *window, size_t capacity) {
    char *data = realloc(window->data, capacity + SCAN_BLOCK_BYTES);

    if (!data) {
        fputs("tessera: out of memory\n", stderr);
        abort();
    }
    window->data = data;
    window->capacity = capacity;
}

static void pad(struct window *window) {
    memset(window->data + window->end, 0, SCAN_BLOCK_BYTES);
}

code window_open(struct scope *scope, struct window *window, struct window_input input) {
    *window = (struct window){.input = input, .line = 1, .limit_bytes = LIMIT_RECORD_BYTES};
    resize(window, FIRST_CAPACITY);
    pad(window);
    while (window->end < 3 && !window->at_end)
        TRY(window_fill(scope, window));
    if (window->end >= 3 && memcmp(window->data, "\xEF\xBB\xBF", 3) == 0)
        window->begin = 3;
    return OK;
}

void window_open_memory(struct window *window, struct text bytes) {
    *window = (struct window){.line = 1, .limit_bytes = LIMIT_RECORD_BYTES, .at_end = true};
    resize(window, bytes.size);
    if (bytes.size > 0)
        memcpy(window->data, bytes.data, bytes.size);
    window->end = bytes.size;
    pad(window);
}

void window_clear(struct window *window) {
    free(window->data);
    buffer_clear(&window->long_line);
    *window = (struct window){0};
}

code window_fill(struct scope *scope, struct window *window) {
    const size_t kept = window->end - window->begin;
    size_t size = 0;

    if (window->at_end)
        return OK;
    memmove(window->data, window->data + window->begin, kept);
    window->begin = 0;
    window->end = kept;
    if (kept > window->capacity / 2)
        resize(window, window->capacity * 2);
    pad(window);
    TRY(window->input.read(scope, window->input.from, window->data + kept, window->capacity - kept,
                           &size));
    window->end += size;
    window->at_end = size == 0;
    pad(window);
    return OK;
}

void window_take(struct window *window, size_t bytes, int64_t lines) {
    window->begin += bytes;
    window->offset_bytes += (int64_t)bytes;
    window->line += lines;
}

// The place of the first line end at or after `from`, or the window's end.
static size_t find_line_end(const struct window *window, size_t from) {
    struct scan scan = {.data = window->data, .size = window->end, .set = line_ends};

    scan_seek(&scan, from);
    return scan_next(&scan);
}

// Drop everything to the end of the line that the window is in, however long it is.
static code pass_rest_of_line(struct scope *scope, struct window *window) {
    size_t place;

    while ((place = find_line_end(window, window->begin)) == window->end && !window->at_end) {
        window_take(window, place - window->begin, 0);
        TRY(window_fill(scope, window));
    }
    window_take(window, place - window->begin, 0);
    return OK;
}

// Drop one line end at the beginning, which may still have to come in.
static code take_line_end(struct scope *scope, struct window *window) {
    size_t size = 1;

    if (window->begin == window->end)
        return OK;
    if (window->data[window->begin] == '\r') {
        while (window->end - window->begin < 2 && !window->at_end)
            TRY(window_fill(scope, window));
        size += window->end - window->begin > 1 && window->data[window->begin + 1] == '\n';
    }
    window_take(window, size, 1);
    return OK;
}

static code next_long_line(struct scope *scope, struct window *window,
                           struct window_line *ret_line) {
    window->long_line.size = 0;
    buffer_add(&window->long_line, window->data + window->begin, window->limit_bytes);
    TRY(pass_rest_of_line(scope, window));
    TRY(take_line_end(scope, window));
    ret_line->is_too_long = true;
    ret_line->text = buffer_text(&window->long_line);
    return OK;
}

code window_next_line(struct scope *scope, struct window *window, struct window_line *ret_line,
                      bool *ret_end) {
    size_t searched = 0; // bytes from begin on known to hold no line end
    size_t size;

    for (;;) {
        const size_t place = find_line_end(window, window->begin + searched);

        size = place - window->begin;
        // A CR at the very end may be half of a CR LF; both must be in before the slice is cut.
        if (size > window->limit_bytes || window->at_end || window->end - place > 1 ||
            (place < window->end && window->data[place] == '\n'))
            break;
        searched = size;
        TRY(window_fill(scope, window));
    }
    if (size == 0 && window->begin == window->end) {
        *ret_end = true;
        return OK;
    }
    *ret_end = false;
    *ret_line = (struct window_line){.number = window->line, .offset_bytes = window->offset_bytes};
    if (size > window->limit_bytes)
        return next_long_line(scope, window, ret_line);
    ret_line->text = (struct text){.data = window->data + window->begin, .size = size};
    window_take(window, size, 0);
    return take_line_end(scope, window);
}

bool window_is_blank(struct text text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != ' ' && text.data[i] != '\t' && text.data[i] != '\x1A')
            return false;
    return true;
}

code window_next_full_line(struct scope *scope, struct window *window, struct window_line *ret_line,
                           bool *ret_end) {
    struct window_line line;
    bool is_end;

    do {
        TRY(window_next_line(scope, window, &line, &is_end));
    } while (!is_end && !line.is_too_long && window_is_blank(line.text));
    if (!is_end)
        *ret_line = line;
    *ret_end = is_end;
    return OK;
}
