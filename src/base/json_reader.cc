// SPDX-License-Identifier: Apache-2.0
// The seam to simdjson, and the only C++ here: parses into simdjson's own document, then copies it
// into the tree of json_tree.h. No exception crosses the seam; out of memory stops the process as
// everywhere.
extern "C" {
#include "base/json_tree.h"
#include "base/limits.h"
}

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>
#include <simdjson.h>

struct json_reader {
    simdjson::dom::parser parser;
    char *padded = nullptr; // the document with the bytes behind it that simdjson may read
    size_t padded_size = 0;
};

struct json_reader *json_reader_new(void) {
    auto *reader = new (std::nothrow) json_reader;

    if (!reader || reader->parser.allocate(1024, LIMIT_JSON_DEPTH) != simdjson::SUCCESS)
        std::abort();
    return reader;
}

void json_reader_free(struct json_reader *reader) {
    if (reader)
        std::free(reader->padded);
    delete reader;
}

// Strings are copied one behind the other: unescaping never makes a document longer.
struct builder {
    struct arena *arena;
    char *strings;
};

static struct text keep_string(struct builder *builder, std::string_view view) {
    char *copy = builder->strings;

    std::memcpy(copy, view.data(), view.size());
    builder->strings += view.size();
    return {copy, view.size()};
}

static struct json *build(struct builder *builder, simdjson::dom::element from);

// Links the children of an array or object behind one another.
static void add_child(struct json *parent, struct json ***end, struct json *child) {
    **end = child;
    *end = &child->next;
    parent->count++;
}

static void build_children(struct builder *builder, simdjson::dom::element from,
                           struct json *parent) {
    struct json **end = &parent->first;

    if (parent->type == JSON_ARRAY) {
        for (simdjson::dom::element child : simdjson::dom::array(from.get_array().value_unsafe()))
            add_child(parent, &end, build(builder, child));
        return;
    }
    for (auto member : simdjson::dom::object(from.get_object().value_unsafe())) {
        struct json *child = build(builder, member.value);

        child->key = keep_string(builder, member.key);
        add_child(parent, &end, child);
    }
}

static struct json *build(struct builder *builder, simdjson::dom::element from) {
    auto *json = static_cast<struct json *>(arena_alloc(builder->arena, sizeof(struct json)));

    switch (from.type()) {
    case simdjson::dom::element_type::NULL_VALUE:
        json->type = JSON_NULL;
        break;
    case simdjson::dom::element_type::BOOL:
        json->type = JSON_BOOL;
        json->boolean = from.get_bool().value_unsafe();
        break;
    case simdjson::dom::element_type::INT64:
        json->type = JSON_INT64;
        json->int64 = from.get_int64().value_unsafe();
        break;
    case simdjson::dom::element_type::UINT64: // only what does not fit int64
        json->type = JSON_DOUBLE;
        json->number = static_cast<double>(from.get_uint64().value_unsafe());
        break;
    case simdjson::dom::element_type::DOUBLE:
        json->type = JSON_DOUBLE;
        json->number = from.get_double().value_unsafe();
        break;
    case simdjson::dom::element_type::STRING:
        json->type = JSON_STRING;
        json->string = keep_string(builder, from.get_string().value_unsafe());
        break;
    case simdjson::dom::element_type::ARRAY:
    case simdjson::dom::element_type::OBJECT:
        json->type = from.type() == simdjson::dom::element_type::ARRAY ? JSON_ARRAY : JSON_OBJECT;
        build_children(builder, from, json);
        break;
    }
    return json;
}

static const char *pad(struct json_reader *reader, struct text text) {
    const size_t size = text.size + simdjson::SIMDJSON_PADDING;

    if (reader->padded_size < size) {
        std::free(reader->padded);
        reader->padded = static_cast<char *>(std::malloc(size));
        reader->padded_size = size;
        if (!reader->padded)
            std::abort();
    }
    if (text.size > 0)
        std::memcpy(reader->padded, text.data, text.size);
    std::memset(reader->padded + text.size, 0, simdjson::SIMDJSON_PADDING);
    return reader->padded;
}

static const char *words(simdjson::error_code error) {
    switch (error) {
    case simdjson::EMPTY:
        return "it is empty";
    case simdjson::DEPTH_ERROR:
        return "it is nested too deep";
    case simdjson::UTF8_ERROR:
        return "it is not well-formed UTF-8";
    case simdjson::STRING_ERROR:
        return "a string holds a wrong escape or half of a surrogate pair";
    case simdjson::UNESCAPED_CHARS:
        return "a string holds a control character that is not escaped";
    case simdjson::UNCLOSED_STRING:
        return "a string is not closed";
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE:
        return "a number is malformed or out of range";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR:
        return "a word is none of true, false and null";
    default:
        return "brackets, commas and colons do not fit together";
    }
}

const char *json_reader_tree(struct json_reader *reader, struct arena *arena, struct text text,
                             struct json **ret_json) {
    simdjson::dom::element root;
    const auto error = reader->parser.parse(pad(reader, text), text.size, false).get(root);

    if (error == simdjson::MEMALLOC)
        std::abort();
    if (error != simdjson::SUCCESS)
        return words(error);

    struct builder builder = {arena, static_cast<char *>(arena_alloc(arena, text.size + 1))};
    *ret_json = build(&builder, root);
    return nullptr;
}

size_t json_double_digits(double value, char digits[JSON_DOUBLE_SIZE]) {
    char *const end = digits + JSON_DOUBLE_SIZE;

    // "-0" would read as the integer 0.
    if (value == 0 && std::signbit(value))
        return static_cast<size_t>(std::copy_n("-0.0", 4, digits) - digits);
    // Whole numbers without an exponent, as far as a double counts singly.
    if (std::fabs(value) < 9007199254740992.0 && value == std::trunc(value))
        return static_cast<size_t>(std::to_chars(digits, end, static_cast<int64_t>(value)).ptr -
                                   digits);
    // Digits alone would read as an integer, and past 2⁶⁴ or -2⁶³ as one too large to be read.
    if (value >= 18446744073709551616.0 || value < -9223372036854775808.0)
        return static_cast<size_t>(
            std::to_chars(digits, end, value, std::chars_format::scientific).ptr - digits);
    return static_cast<size_t>(std::to_chars(digits, end, value).ptr - digits);
}
