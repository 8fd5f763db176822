// SPDX-License-Identifier: Apache-2.0
// Field tables: the same table reads a struct, writes it and words its errors.
// To add a field type: a member of enum json_field_type, a case in read_field and in write_field,
// and its words in expected().
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const type_words[] = {
    [JSON_NULL] = "null",         [JSON_BOOL] = "a boolean", [JSON_INT64] = "an integer",
    [JSON_DOUBLE] = "a fraction", [JSON_STRING] = "a text",  [JSON_ARRAY] = "an array",
    [JSON_OBJECT] = "an object",
};

static const char *expected(enum json_field_type type) {
    switch (type) {
    case JSON_FIELD_BOOL:
        return "true or false";
    case JSON_FIELD_INT32:
        return "an integer of 32 bits";
    case JSON_FIELD_INT64:
        return "an integer";
    case JSON_FIELD_ID:
        return "an id: a text of digits";
    case JSON_FIELD_DOUBLE:
        return "a number";
    case JSON_FIELD_TEXT:
    case JSON_FIELD_ENUM:
        return "a text";
    case JSON_FIELD_JSON:
        break;
    }
    return "a value";
}

static code refuse_type(struct scope *scope, const struct json_field *field,
                        const struct json *value) {
    return scope_fail_field(scope, INVALID, field->name, "field \"%s\" must be %s, not %s",
                            field->name, expected(field->type), type_words[value->type]);
}

// "a, b, c" of the names in a table.
static const char *list(struct arena *arena, const char *names, const char *name) {
    return names[0] ? arena_printf(arena, "%s, %s", names, name) : name;
}

static code read_enum(struct scope *scope, const struct json_field *field, const struct json *value,
                      int *ret_choice) {
    const char *choices = "";

    if (value->type != JSON_STRING)
        return refuse_type(scope, field, value);
    for (int i = 0; field->choices[i]; i++) {
        if (text_is(value->string, field->choices[i])) {
            *ret_choice = i;
            return OK;
        }
        choices = list(&scope->arena, choices, field->choices[i]);
    }
    scope_fail_field(scope, INVALID, field->name, "field \"%s\" cannot be \"%.*s\"", field->name,
                     TEXT_ARG(value->string));
    return scope_hint(scope, "choose one of: %s", choices);
}

static bool read_integer(const struct json *value, bool may_be_text, int64_t *ret_integer) {
    if (value->type == JSON_STRING && may_be_text)
        return text_to_int64(value->string, ret_integer);
    if (value->type != JSON_INT64)
        return false;
    *ret_integer = value->int64;
    return true;
}

static code read_field(struct scope *scope, const struct json_field *field,
                       const struct json *value, void *place) {
    int64_t integer;

    switch (field->type) {
    case JSON_FIELD_BOOL:
        if (value->type != JSON_BOOL)
            return refuse_type(scope, field, value);
        *(bool *)place = value->boolean;
        return OK;
    case JSON_FIELD_INT32:
        if (!read_integer(value, false, &integer) || integer < INT32_MIN || integer > INT32_MAX)
            return refuse_type(scope, field, value);
        *(int32_t *)place = (int32_t)integer;
        return OK;
    case JSON_FIELD_INT64:
    case JSON_FIELD_ID:
        if (!read_integer(value, field->type == JSON_FIELD_ID, &integer))
            return refuse_type(scope, field, value);
        *(int64_t *)place = integer;
        return OK;
    case JSON_FIELD_DOUBLE:
        if (value->type != JSON_DOUBLE && value->type != JSON_INT64)
            return refuse_type(scope, field, value);
        *(double *)place = value->type == JSON_DOUBLE ? value->number : (double)value->int64;
        return OK;
    case JSON_FIELD_TEXT:
        if (value->type != JSON_STRING)
            return refuse_type(scope, field, value);
        *(struct text *)place = value->string;
        return OK;
    case JSON_FIELD_ENUM:
        return read_enum(scope, field, value, place);
    case JSON_FIELD_JSON:
        *(const struct json **)place = value;
        return OK;
    }
    return OK;
}

static const struct json_field *find_field(const struct json_field *fields, size_t field_count,
                                           struct text name) {
    for (size_t i = 0; i < field_count; i++)
        if (text_is(name, fields[i].name))
            return &fields[i];
    return NULL;
}

static code refuse_unknown(struct scope *scope, const struct json_field *fields, size_t field_count,
                           struct text name) {
    const char *names = "";

    for (size_t i = 0; i < field_count; i++)
        names = list(&scope->arena, names, fields[i].name);
    scope_fail_field(scope, INVALID, text_string(&scope->arena, name),
                     "field \"%.*s\" is not known", TEXT_ARG(name));
    return scope_hint(scope, "the fields are: %s", names);
}

code json_check_members(struct scope *scope, const struct json *object,
                        const struct json_field *fields, size_t field_count) {
    if (object->type != JSON_OBJECT)
        return OK;
    for (const struct json *member = object->first; member; member = member->next)
        if (!find_field(fields, field_count, member->key))
            return refuse_unknown(scope, fields, field_count, member->key);
    return OK;
}

code json_read_record(struct scope *scope, const struct json *object,
                      const struct json_field *fields, size_t field_count, void *record) {
    if (!object)
        return scope_fail(scope, INVALID, "an object is needed, and there is none");
    if (object->type != JSON_OBJECT)
        return scope_fail(scope, INVALID, "an object is needed, not %s", type_words[object->type]);
    for (const struct json *member = object->first; member; member = member->next) {
        const struct json_field *field = find_field(fields, field_count, member->key);

        if (!field)
            return refuse_unknown(scope, fields, field_count, member->key);
        if (member->type == JSON_NULL && !field->required && field->type != JSON_FIELD_JSON)
            continue;
        TRY(read_field(scope, field, member, (char *)record + field->offset));
    }
    for (size_t i = 0; i < field_count; i++)
        if (fields[i].required && !json_member(object, fields[i].name))
            return scope_fail_field(scope, INVALID, fields[i].name, "field \"%s\" is missing",
                                    fields[i].name);
    return OK;
}

static void write_id(struct json_writer *writer, int64_t id) {
    char text[24];

    snprintf(text, sizeof(text), "%" PRId64, id);
    json_write_string(writer, text);
}

static void write_field(struct json_writer *writer, const struct json_field *field,
                        const void *place) {
    switch (field->type) {
    case JSON_FIELD_BOOL:
        json_write_bool(writer, *(const bool *)place);
        return;
    case JSON_FIELD_INT32:
        json_write_int64(writer, *(const int32_t *)place);
        return;
    case JSON_FIELD_INT64:
        json_write_int64(writer, *(const int64_t *)place);
        return;
    case JSON_FIELD_ID:
        write_id(writer, *(const int64_t *)place);
        return;
    case JSON_FIELD_DOUBLE:
        json_write_double(writer, *(const double *)place);
        return;
    case JSON_FIELD_TEXT: {
        const struct text text = *(const struct text *)place;

        if (text.data || field->required)
            json_write_text(writer, text);
        else
            json_write_null(writer);
        return;
    }
    case JSON_FIELD_ENUM:
        json_write_string(writer, field->choices[*(const int *)place]);
        return;
    case JSON_FIELD_JSON: {
        const struct json *json = *(const struct json *const *)place;

        if (json)
            json_write(writer, json);
        else
            json_write_null(writer);
        return;
    }
    }
}

void json_write_members(struct json_writer *writer, const struct json_field *fields,
                        size_t field_count, const void *record) {
    for (size_t i = 0; i < field_count; i++) {
        json_key(writer, fields[i].name);
        write_field(writer, &fields[i], (const char *)record + fields[i].offset);
    }
}

void json_write_record(struct json_writer *writer, const struct json_field *fields,
                       size_t field_count, const void *record) {
    json_begin_object(writer);
    json_write_members(writer, fields, field_count, record);
    json_end_object(writer);
}
