// SPDX-License-Identifier: Apache-2.0
#include "plug/sender/schema.h"

#include <math.h>

enum { MOST_DEPTH = 8 };

// ---- types ----

static const char *const types[] = {"null",   "boolean", "integer", "number",
                                    "string", "array",   "object",  NULL};

static bool is_number(const struct json *value) {
    return value->type == JSON_INT64 || value->type == JSON_DOUBLE;
}

static double number_of(const struct json *value) {
    return value->type == JSON_INT64 ? (double)value->int64 : value->number;
}

static bool is_of_type(const struct json *value, struct text type) {
    switch (value->type) {
    case JSON_NULL:
        return text_is(type, "null");
    case JSON_BOOL:
        return text_is(type, "boolean");
    case JSON_INT64:
        return text_is(type, "integer") || text_is(type, "number");
    case JSON_DOUBLE:
        return text_is(type, "number") ||
               (text_is(type, "integer") && value->number == trunc(value->number));
    case JSON_STRING:
        return text_is(type, "string");
    case JSON_ARRAY:
        return text_is(type, "array");
    case JSON_OBJECT:
        return text_is(type, "object");
    }
    return false;
}

// "type" is one word or a list of them.
static bool fits_type(const struct json *value, const struct json *type) {
    if (type->type == JSON_STRING)
        return is_of_type(value, type->string);
    for (const struct json *one = type->first; one; one = one->next)
        if (one->type == JSON_STRING && is_of_type(value, one->string))
            return true;
    return false;
}

static bool is_equal(const struct json *a, const struct json *b) {
    if (is_number(a) && is_number(b))
        return number_of(a) == number_of(b);
    if (a->type != b->type)
        return false;
    if (a->type == JSON_STRING)
        return text_equal(a->string, b->string);
    return a->type == JSON_NULL || (a->type == JSON_BOOL && a->boolean == b->boolean);
}

// ---- one value ----

static const struct json *find(const struct json *object, struct text name) {
    for (const struct json *member = object->first; member; member = member->next)
        if (text_equal(member->key, name))
            return member;
    return NULL;
}

static bool fits_enum(const struct json *value, const struct json *list) {
    for (const struct json *one = list->first; one; one = one->next)
        if (is_equal(value, one))
            return true;
    return false;
}

// Letters, not bytes.
static double size_of(const struct json *value) {
    size_t count = 0;

    if (value->type != JSON_STRING)
        return (double)value->count;
    for (size_t i = 0; i < value->string.size; i++)
        count += ((unsigned char)value->string.data[i] & 0xC0) != 0x80;
    return (double)count;
}

static bool is_beyond(const struct json *schema, const char *least, const char *most, double size) {
    const struct json *low = json_member(schema, least), *high = json_member(schema, most);

    return (low && size < number_of(low)) || (high && size > number_of(high));
}

static const char *check(struct arena *arena, const struct json *schema, const struct json *value,
                         const char *where, int depth);

static const char *check_object(struct arena *arena, const struct json *schema,
                                const struct json *value, const char *where, int depth) {
    const struct json *required = json_member(schema, "required");
    const struct json *properties = json_member(schema, "properties");
    const struct json *additional = json_member(schema, "additionalProperties");
    const bool is_closed = additional && additional->type == JSON_BOOL && !additional->boolean;

    for (const struct json *name = required ? required->first : NULL; name; name = name->next)
        if (!find(value, name->string))
            return arena_printf(arena, "%s.%.*s is missing", where, TEXT_ARG(name->string));
    for (const struct json *member = value->first; member; member = member->next) {
        const struct json *of = properties ? find(properties, member->key) : NULL;
        const char *problem;

        if (!of && is_closed)
            return arena_printf(arena, "%s has a member that the schema does not know", where);
        if (!of)
            continue;
        problem = check(arena, of, member,
                        arena_printf(arena, "%s.%.*s", where, TEXT_ARG(member->key)), depth + 1);
        if (problem)
            return problem;
    }
    return NULL;
}

static const char *check_array(struct arena *arena, const struct json *schema,
                               const struct json *value, const char *where, int depth) {
    const struct json *items = json_member(schema, "items");
    size_t index = 0;

    if (is_beyond(schema, "minItems", "maxItems", size_of(value)))
        return arena_printf(arena, "%s has too few or too many items", where);
    for (const struct json *one = items ? value->first : NULL; one; one = one->next) {
        const char *problem =
            check(arena, items, one, arena_printf(arena, "%s[%zu]", where, index++), depth + 1);

        if (problem)
            return problem;
    }
    return NULL;
}

static const char *check(struct arena *arena, const struct json *schema, const struct json *value,
                         const char *where, int depth) {
    const struct json *type = json_member(schema, "type");
    const struct json *list = json_member(schema, "enum");
    const struct json *only = json_member(schema, "const");

    if (depth > MOST_DEPTH)
        return NULL;
    if (type && !fits_type(value, type))
        return arena_printf(arena, "%s is of another type", where);
    if ((list && !fits_enum(value, list)) || (only && !is_equal(value, only)))
        return arena_printf(arena, "%s is none of the values of the schema", where);
    if (is_number(value) && is_beyond(schema, "minimum", "maximum", number_of(value)))
        return arena_printf(arena, "%s is out of its bounds", where);
    if (value->type == JSON_STRING && is_beyond(schema, "minLength", "maxLength", size_of(value)))
        return arena_printf(arena, "%s is too short or too long", where);
    if (value->type == JSON_OBJECT)
        return check_object(arena, schema, value, where, depth);
    return value->type == JSON_ARRAY ? check_array(arena, schema, value, where, depth) : NULL;
}

const char *schema_violation(struct arena *arena, const struct json *schemas, struct text event,
                             const struct json *properties) {
    static const struct json none = {.type = JSON_OBJECT};
    const struct json *schema = find(schemas, event);

    return schema ? check(arena, schema, properties ? properties : &none, "properties", 0) : NULL;
}

// ---- is it one? ----

enum keyword_kind {
    KEYWORD_TYPE,
    KEYWORD_LIST,
    KEYWORD_NAMES,
    KEYWORD_SCHEMAS,
    KEYWORD_SCHEMA,
    KEYWORD_NUMBER,
    KEYWORD_BOOL,
    KEYWORD_ANY
};
static const struct {
    const char *name;
    enum keyword_kind kind;
} keywords[] = {
    {"type", KEYWORD_TYPE},          {"enum", KEYWORD_LIST},
    {"const", KEYWORD_ANY},          {"required", KEYWORD_NAMES},
    {"properties", KEYWORD_SCHEMAS}, {"additionalProperties", KEYWORD_BOOL},
    {"items", KEYWORD_SCHEMA},       {"minimum", KEYWORD_NUMBER},
    {"maximum", KEYWORD_NUMBER},     {"minLength", KEYWORD_NUMBER},
    {"maxLength", KEYWORD_NUMBER},   {"minItems", KEYWORD_NUMBER},
    {"maxItems", KEYWORD_NUMBER},    {"title", KEYWORD_ANY},
    {"description", KEYWORD_ANY},    {"$schema", KEYWORD_ANY},
};

static code check_schema(struct scope *scope, const struct json *schema, int depth);

static code check_schemas(struct scope *scope, const struct json *object, int depth) {
    if (object->type != JSON_OBJECT)
        return scope_fail_field(scope, INVALID, "schema", "\"%.*s\" is no object",
                                TEXT_ARG(object->key));
    for (const struct json *one = object->first; one; one = one->next)
        TRY(check_schema(scope, one, depth + 1));
    return OK;
}

static bool is_type(const struct json *value) {
    for (size_t i = 0; value->type == JSON_STRING && types[i]; i++)
        if (text_is(value->string, types[i]))
            return true;
    return false;
}

static bool all_are(const struct json *list, bool (*is_one)(const struct json *value)) {
    for (const struct json *one = list->first; one; one = one->next)
        if (!is_one(one))
            return false;
    return list->type == JSON_ARRAY;
}

static bool is_name(const struct json *value) {
    return value->type == JSON_STRING;
}

static bool is_sound(const struct json *value, enum keyword_kind kind) {
    switch (kind) {
    case KEYWORD_TYPE:
        return is_type(value) || all_are(value, is_type);
    case KEYWORD_LIST:
        return value->type == JSON_ARRAY;
    case KEYWORD_NAMES:
        return all_are(value, is_name);
    case KEYWORD_NUMBER:
        return is_number(value);
    case KEYWORD_BOOL:
        return value->type == JSON_BOOL;
    case KEYWORD_SCHEMAS:
    case KEYWORD_SCHEMA:
        return value->type == JSON_OBJECT;
    case KEYWORD_ANY:
        break;
    }
    return true;
}

static code check_keyword(struct scope *scope, const struct json *member, int depth) {
    size_t i = 0;

    while (i < sizeof(keywords) / sizeof(*keywords) && !text_is(member->key, keywords[i].name))
        i++;
    if (i == sizeof(keywords) / sizeof(*keywords))
        return scope_fail_field(scope, INVALID, "schema", "\"%.*s\" is not understood in a schema",
                                TEXT_ARG(member->key));
    if (!is_sound(member, keywords[i].kind))
        return scope_fail_field(scope, INVALID, "schema", "\"%.*s\" has a value of another kind",
                                TEXT_ARG(member->key));
    if (keywords[i].kind == KEYWORD_SCHEMAS)
        return check_schemas(scope, member, depth);
    return keywords[i].kind == KEYWORD_SCHEMA ? check_schema(scope, member, depth + 1) : OK;
}

static code check_schema(struct scope *scope, const struct json *schema, int depth) {
    if (depth > MOST_DEPTH)
        return scope_fail_field(scope, INVALID, "schema", "a schema is nested %d deep at the most",
                                MOST_DEPTH);
    if (schema->type != JSON_OBJECT)
        return scope_fail_field(scope, INVALID, "schema", "the schema of \"%.*s\" is no object",
                                TEXT_ARG(schema->key));
    for (const struct json *member = schema->first; member; member = member->next)
        TRY(check_keyword(scope, member, depth));
    return OK;
}

code schema_check(struct scope *scope, const struct json *schemas) {
    return check_schemas(scope, schemas, 0);
}
