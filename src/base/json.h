// SPDX-License-Identifier: Apache-2.0
// JSON at the edges: a reader (simdjson behind it, seen by json_reader.cc only), a writer, and
// field tables that drive reading, writing and error texts of a struct.
#pragma once

#include "base/json_tree.h" // struct json, struct json_reader
#include "base/scope.h"

// ---- reading ----

// Depth at most LIMIT_JSON_DEPTH, well-formed UTF-8, no duplicate keys (INVALID names the place).
// Integers that do not fit int64 become doubles; integers of 2⁶⁴ and more and doubles past 1.8 ×
// 10³⁰⁸ are refused. TOO_LARGE past LIMIT_JSON_BYTES.
code json_parse(struct scope *scope, struct text text, struct json **ret_json);

// As json_parse; the tree lives in the scope's arena.
code json_reader_parse(struct json_reader *reader, struct scope *scope, struct text text,
                       struct json **ret_json);

// A document that this program wrote itself: of any size, repeated keys not looked for.
code json_parse_own(struct scope *scope, struct text text, struct json **ret_json);

// The member of an object, NULL when absent (or when json is no object).
const struct json *json_member(const struct json *object, const char *key);
// The scalar as text: a string's content, a number in its shortest form, true or false; empty for
// null, arrays and objects.
struct text json_scalar_text(struct arena *arena, const struct json *json);

// ---- writing ----

// Writes one document into a buffer, commas and escaping done. Misuse (a key outside an object, two
// documents, nesting past 64) stops the process.
struct json_writer {
    struct buffer *out;
    int depth;
    bool has_member[64]; // per depth: a comma is due
    bool is_object[64];
    bool after_key;
};

void json_writer_init(struct json_writer *writer, struct buffer *out);
void json_begin_object(struct json_writer *writer);
void json_end_object(struct json_writer *writer);
void json_begin_array(struct json_writer *writer);
void json_end_array(struct json_writer *writer);
void json_key(struct json_writer *writer, const char *key);
void json_key_text(struct json_writer *writer, struct text key);
void json_write_null(struct json_writer *writer);
void json_write_bool(struct json_writer *writer, bool value);
void json_write_int64(struct json_writer *writer, int64_t value);
// Shortest exact; NaN and ±inf as null.
void json_write_double(struct json_writer *writer, double value);
void json_write_text(struct json_writer *writer, struct text value); // bad UTF-8 becomes U+FFFD
void json_write_string(struct json_writer *writer, const char *value);
// A decimal number from micros, exact: 2550000 → 2.55
void json_write_micros(struct json_writer *writer, int64_t micros);
// A tree as it was read.
void json_write(struct json_writer *writer, const struct json *json);

// ---- field tables ----

enum json_field_type {
    JSON_FIELD_BOOL,   // bool
    JSON_FIELD_INT32,  // int32_t
    JSON_FIELD_INT64,  // int64_t
    JSON_FIELD_ID,     // int64_t, written as a string (JavaScript ends at 2⁵³), read from either
    JSON_FIELD_DOUBLE, // double
    JSON_FIELD_TEXT,   // struct text
    JSON_FIELD_ENUM,   // int, written as one of `choices`
    JSON_FIELD_JSON,   // const struct json *, taken as it is
};

struct json_field {
    const char *name;
    enum json_field_type type;
    size_t offset; // offsetof in the struct
    bool required;
    const char *const *choices; // NULL-terminated, JSON_FIELD_ENUM only
    const char *description;    // for the API reference
};

// Fill `record` from an object. Unknown members, missing required ones and wrong types are refused
// by name (INVALID with the field), a NULL object (a request without a body) as well. Absent
// optional members, and null for one, leave the record as it is.
code json_read_record(struct scope *scope, const struct json *object,
                      const struct json_field *fields, size_t field_count, void *record);
// Refuses members of an object that are not in the table, and nothing else.
code json_check_members(struct scope *scope, const struct json *object,
                        const struct json_field *fields, size_t field_count);
// Optional text without data and an optional NULL tree are written as null.
void json_write_record(struct json_writer *writer, const struct json_field *fields,
                       size_t field_count, const void *record);
// The same as members of an object that is being written.
void json_write_members(struct json_writer *writer, const struct json_field *fields,
                        size_t field_count, const void *record);
