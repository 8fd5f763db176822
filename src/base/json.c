// SPDX-License-Identifier: Apache-2.0
// Reading JSON: limits, errors and duplicate keys around the tree that json_reader.cc builds.
#include "base/json.h"

#include "base/json_locate.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdlib.h>

enum { FEW_MEMBERS = 24, SHOWN_KEY_BYTES = 60 };

// The way from the root to a value, kept on the stack while walking.
struct place {
    const struct place *parent;
    const struct json *json;
    size_t index; // among its siblings
};

// As a path: "/clauses/2/field"; "the document" for the root.
static void describe(const struct place *place, struct buffer *out) {
    if (!place->parent)
        return;
    describe(place->parent, out);
    if (place->parent->json->type == JSON_OBJECT) {
        buffer_add_char(out, '/');
        buffer_add_text(out, place->json->key);
    } else {
        buffer_printf(out, "/%zu", place->index);
    }
}

static code refuse_duplicate(struct scope *scope, const struct place *place, struct text key) {
    struct buffer path = {0};
    const int shown = key.size < SHOWN_KEY_BYTES ? (int)key.size : SHOWN_KEY_BYTES;

    describe(place, &path);
    scope_fail(scope, INVALID, "key \"%.*s\" occurs twice in %s", shown, key.data,
               place->parent ? buffer_string(&path) : "the document");
    buffer_clear(&path);
    return INVALID;
}

static int compare_keys(const void *a, const void *b) {
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

// Few members are compared pair by pair, many are sorted: no choice of keys makes it slow.
static bool find_duplicate(struct arena *arena, const struct json *object, struct text *ret_key) {
    struct text *sorted;
    size_t count = 0;

    if (object->count <= FEW_MEMBERS) {
        for (const struct json *member = object->first; member; member = member->next)
            for (const struct json *later = member->next; later; later = later->next)
                if (text_equal(member->key, later->key)) {
                    *ret_key = later->key;
                    return true;
                }
        return false;
    }
    sorted = arena_array(arena, object->count, sizeof(*sorted));
    for (const struct json *member = object->first; member; member = member->next)
        sorted[count++] = member->key;
    qsort(sorted, count, sizeof(*sorted), compare_keys);
    for (size_t i = 1; i < count; i++)
        if (text_equal(sorted[i - 1], sorted[i])) {
            *ret_key = sorted[i];
            return true;
        }
    return false;
}

static code check_keys(struct scope *scope, const struct place *place) {
    struct place child = {.parent = place, .json = place->json->first};
    struct text duplicate;

    if (place->json->type == JSON_OBJECT && find_duplicate(&scope->arena, place->json, &duplicate))
        return refuse_duplicate(scope, place, duplicate);
    for (; child.json; child.json = child.json->next, child.index++)
        if (child.json->first)
            TRY(check_keys(scope, &child));
    return OK;
}

static code refuse_text(struct scope *scope, struct text text, const char *wrong) {
    struct json_position position;

    if (!json_locate(text, &position))
        return scope_fail(scope, INVALID, "JSON cannot be read: %s", wrong);
    return scope_fail(scope, INVALID, "JSON cannot be read at line %zu, column %zu: %s",
                      position.line, position.column, wrong);
}

code json_reader_parse(struct json_reader *reader, struct scope *scope, struct text text,
                       struct json **ret_json) {
    struct json *json = NULL;
    const char *wrong;

    if (text.size > LIMIT_JSON_BYTES)
        return scope_fail(scope, TOO_LARGE, "JSON of %zu bytes is past the limit of %d", text.size,
                          LIMIT_JSON_BYTES);
    wrong = json_reader_tree(reader, &scope->arena, text, &json);
    if (wrong)
        return refuse_text(scope, text, wrong);
    TRY(check_keys(scope, &(struct place){.json = json}));
    *ret_json = json;
    return OK;
}

code json_parse(struct scope *scope, struct text text, struct json **ret_json) {
    struct json_reader *reader = json_reader_new();
    const code result = json_reader_parse(reader, scope, text, ret_json);

    json_reader_free(reader);
    return result;
}

code json_parse_own(struct scope *scope, struct text text, struct json **ret_json) {
    struct json_reader *reader = json_reader_new();
    struct json *json = NULL;
    const char *wrong = json_reader_tree(reader, &scope->arena, text, &json);

    json_reader_free(reader);
    if (wrong)
        return scope_fail(scope, INTERNAL, "JSON of the program itself cannot be read: %s", wrong);
    *ret_json = json;
    return OK;
}

const struct json *json_member(const struct json *object, const char *key) {
    if (!object || object->type != JSON_OBJECT)
        return NULL;
    for (const struct json *member = object->first; member; member = member->next)
        if (text_is(member->key, key))
            return member;
    return NULL;
}

struct text json_scalar_text(struct arena *arena, const struct json *json) {
    char digits[JSON_DOUBLE_SIZE];

    switch (json->type) {
    case JSON_STRING:
        return json->string;
    case JSON_INT64:
        return text_printf(arena, "%" PRId64, json->int64);
    case JSON_DOUBLE:
        return text_copy(arena, (struct text){digits, json_double_digits(json->number, digits)});
    case JSON_BOOL:
        return json->boolean ? TEXT("true") : TEXT("false");
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    return (struct text){0};
}
