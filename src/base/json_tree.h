// SPDX-License-Identifier: Apache-2.0
// What json.h shows of a parsed document, and the few calls that cross from C to the one C++ file.
// Include base/json.h; this header stands alone only because that file cannot read the others.
#pragma once

#include "base/text.h"

enum json_type {
    JSON_NULL,
    JSON_BOOL,
    JSON_INT64,
    JSON_DOUBLE,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

// A parsed document is a tree of open structs in the scope's arena.
struct json {
    enum json_type type;
    union {
        bool boolean;
        int64_t int64;
        double number;
        struct text string;
    };
    struct text key;    // within an object, otherwise empty
    struct json *first; // first child of an array or object
    struct json *next;  // next sibling
    size_t count;       // children
};

// A reader that keeps its memory from document to document, for JSON Lines.
struct json_reader;
struct json_reader *json_reader_new(void);
void json_reader_free(struct json_reader *reader);

// Builds the tree in the arena. Returns NULL, or what is wrong in words; *ret_json is then
// untouched. Keys may repeat: json_reader_parse looks for that.
const char *json_reader_tree(struct json_reader *reader, struct arena *arena, struct text text,
                             struct json **ret_json);

enum { JSON_DOUBLE_SIZE = 32 };
// The shortest digits that read back as the same finite double; returns their count, without
// terminating them.
size_t json_double_digits(double value, char digits[JSON_DOUBLE_SIZE]);
