// SPDX-License-Identifier: Apache-2.0
// A buffer that slides over a stream of UTF-8 bytes, so that a record always lies in one piece.
// It counts offsets and physical lines. Private to the readers of text formats.
#pragma once

#include "base/scope.h"

// Where bytes come from: fills at most `size` bytes; 0 means the end.
struct window_input {
    code (*read)(struct scope *scope, void *from, char *into, size_t size, size_t *ret_size);
    void *from;
};

struct window {
    struct window_input input;
    char *data; // heap; readable, and zero, for 64 bytes behind end
    size_t capacity;
    size_t begin, end;       // what is not taken yet
    int64_t offset_bytes;    // of data[begin] in the stream
    int64_t line;            // physical line of data[begin], from 1
    size_t limit_bytes;      // of one record: LIMIT_RECORD_BYTES but in tests
    bool at_end;             // nothing comes after data[end]
    struct buffer long_line; // the head of the last line that was too long
};

// A byte order mark at the beginning is passed over.
code window_open(struct scope *scope, struct window *window, struct window_input input);
// Over bytes in memory, which are copied; every one of them counts.
void window_open_memory(struct window *window, struct text bytes);
void window_clear(struct window *window);

// Bring at least one more byte, or set at_end. Moves the untaken bytes; grows when they fill it.
code window_fill(struct scope *scope, struct window *window);
// Drop bytes at the beginning that hold so many line ends.
void window_take(struct window *window, size_t bytes, int64_t lines);

struct window_line {
    struct text text;     // without its end, valid until the window is used again
    int64_t number;       // from 1
    int64_t offset_bytes; // of its first byte
    bool is_too_long;     // text is then its first limit_bytes bytes; the rest was passed over
};

// The next line, ended by LF, CR LF or CR, and taken. *ret_end true and the line untouched at the
// end.
code window_next_line(struct scope *scope, struct window *window, struct window_line *ret_line,
                      bool *ret_end);
// The same, passing over lines without anything but white space (and a DOS end-of-file mark).
code window_next_full_line(struct scope *scope, struct window *window, struct window_line *ret_line,
                           bool *ret_end);

// True for text of white space and control-Z only.
bool window_is_blank(struct text text);
