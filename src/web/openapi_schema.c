// SPDX-License-Identifier: Apache-2.0
#include "web/openapi_schema.h"

#include <stdio.h>

void openapi_member(struct json_writer *writer, const char *key, const char *value) {
    if (!value)
        return;
    json_key(writer, key);
    json_write_string(writer, value);
}

void openapi_reference(struct json_writer *writer, const char *kind, const char *name) {
    char reference[80];

    snprintf(reference, sizeof(reference), "#/components/%s/%s", kind, name);
    openapi_member(writer, "$ref", reference);
}

static void begin_member(struct json_writer *writer, const char *key) {
    json_key(writer, key);
    json_begin_object(writer);
}

static void write_strings(struct json_writer *writer, const char *key, const char *const *strings) {
    json_key(writer, key);
    json_begin_array(writer);
    for (; *strings; strings++)
        json_write_string(writer, *strings);
    json_end_array(writer);
}

// ---- answers ----

static const char *answer_type_name(enum answer_type type) {
    switch (type) {
    case ANSWER_INTEGER:
        return "integer";
    case ANSWER_NUMBER:
        return "number";
    case ANSWER_BOOL:
        return "boolean";
    case ANSWER_OBJECT:
        return "object";
    case ANSWER_TEXT:
    case ANSWER_DAY:
    case ANSWER_INSTANT:
        return "string";
    case ANSWER_ID:
    case ANSWER_TABLE:
    case ANSWER_PAGE:
    case ANSWER_ANY:
    case ANSWER_FILE:
    case ANSWER_EVENTS:
        break;
    }
    return NULL;
}

// The schema of all answers that are no type of JSON Schema itself.
static const char *answer_schema(enum answer_type type) {
    switch (type) {
    case ANSWER_ID:
        return "Id";
    case ANSWER_TABLE:
        return "Table";
    case ANSWER_PAGE:
        return "Page";
    case ANSWER_TEXT:
    case ANSWER_INTEGER:
    case ANSWER_NUMBER:
    case ANSWER_BOOL:
    case ANSWER_DAY:
    case ANSWER_INSTANT:
    case ANSWER_OBJECT:
    case ANSWER_ANY:
    case ANSWER_FILE:
    case ANSWER_EVENTS:
        break;
    }
    return NULL;
}

static void write_members(struct json_writer *writer, const struct route_answer *members) {
    begin_member(writer, "properties");
    for (const struct route_answer *member = members; member->name; member++) {
        json_key(writer, member->name);
        openapi_write_answer(writer, member);
    }
    json_end_object(writer);
    json_key(writer, "required");
    json_begin_array(writer);
    for (const struct route_answer *member = members; member->name; member++)
        if (!member->is_optional)
            json_write_string(writer, member->name);
    json_end_array(writer);
}

static void write_type(struct json_writer *writer, const char *type, bool is_nullable) {
    if (is_nullable)
        write_strings(writer, "type", (const char *const[]){type, "null", NULL});
    else
        openapi_member(writer, "type", type);
}

// One of them, without an object around it and without its description.
static void write_one(struct json_writer *writer, const struct route_answer *answer,
                      bool is_nullable) {
    const char *type = answer_type_name(answer->type);
    const char *schema = answer_schema(answer->type);

    if (schema && is_nullable) {
        json_key(writer, "anyOf");
        json_begin_array(writer);
        json_begin_object(writer);
        openapi_reference(writer, "schemas", schema);
        json_end_object(writer);
        json_begin_object(writer);
        openapi_member(writer, "type", "null");
        json_end_object(writer);
        json_end_array(writer);
    } else if (schema) {
        openapi_reference(writer, "schemas", schema);
    } else if (type) {
        write_type(writer, type, is_nullable);
    }
    if (answer->type == ANSWER_DAY || answer->type == ANSWER_INSTANT)
        openapi_member(writer, "format", answer->type == ANSWER_DAY ? "date" : "date-time");
    if (answer->type != ANSWER_OBJECT)
        return;
    if (answer->members) {
        write_members(writer, answer->members);
    } else {
        json_key(writer, "additionalProperties");
        json_write_bool(writer, true);
    }
}

void openapi_write_answer(struct json_writer *writer, const struct route_answer *answer) {
    json_begin_object(writer);
    if (answer->is_list) {
        write_type(writer, "array", answer->is_nullable);
        begin_member(writer, "items");
        write_one(writer, answer, false);
        json_end_object(writer);
    } else {
        write_one(writer, answer, answer->is_nullable);
    }
    openapi_member(writer, "description", answer->help);
    json_end_object(writer);
}

// ---- bodies ----

static void write_field_type(struct json_writer *writer, const struct json_field *field) {
    switch (field->type) {
    case JSON_FIELD_BOOL:
        openapi_member(writer, "type", "boolean");
        return;
    case JSON_FIELD_INT32:
    case JSON_FIELD_INT64:
        openapi_member(writer, "type", "integer");
        openapi_member(writer, "format", field->type == JSON_FIELD_INT32 ? "int32" : "int64");
        return;
    case JSON_FIELD_ID:
        openapi_reference(writer, "schemas", "Id");
        return;
    case JSON_FIELD_DOUBLE:
        openapi_member(writer, "type", "number");
        return;
    case JSON_FIELD_TEXT:
        openapi_member(writer, "type", "string");
        return;
    case JSON_FIELD_ENUM:
        openapi_member(writer, "type", "string");
        write_strings(writer, "enum", field->choices);
        return;
    case JSON_FIELD_JSON:
        return; // of any type
    }
}

static void write_fields(struct json_writer *writer, const struct json_field *fields,
                         size_t field_count) {
    begin_member(writer, "properties");
    for (size_t i = 0; i < field_count; i++) {
        begin_member(writer, fields[i].name);
        write_field_type(writer, &fields[i]);
        openapi_member(writer, "description", fields[i].description);
        json_end_object(writer);
    }
    json_end_object(writer);
    json_key(writer, "required");
    json_begin_array(writer);
    for (size_t i = 0; i < field_count; i++)
        if (fields[i].required)
            json_write_string(writer, fields[i].name);
    json_end_array(writer);
}

void openapi_write_body(struct json_writer *writer, const struct route_body *body) {
    json_begin_object(writer);
    openapi_member(writer, "type", "object");
    openapi_member(writer, "description", body->words);
    if (body->field_count > 0)
        write_fields(writer, body->fields, body->field_count);
    json_key(writer, "additionalProperties");
    json_write_bool(writer, body->field_count == 0);
    json_end_object(writer);
}

// ---- parameters ----

static void write_usual(struct json_writer *writer, const struct route_parameter *parameter) {
    int64_t number;

    if (!parameter->usual)
        return;
    json_key(writer, "default");
    if (parameter->type == PARAMETER_INTEGER && text_to_int64(text_of(parameter->usual), &number))
        json_write_int64(writer, number);
    else if (parameter->type == PARAMETER_BOOL)
        json_write_bool(writer, strcmp(parameter->usual, "true") == 0);
    else
        json_write_string(writer, parameter->usual);
}

static void write_value(struct json_writer *writer, const struct route_parameter *parameter) {
    switch (parameter->type) {
    case PARAMETER_TEXT:
        openapi_member(writer, "type", "string");
        break;
    case PARAMETER_INTEGER:
        openapi_member(writer, "type", "integer");
        openapi_member(writer, "format", "int64");
        json_key(writer, "minimum");
        json_write_int64(writer, parameter->minimum);
        json_key(writer, "maximum");
        json_write_int64(writer, parameter->maximum);
        break;
    case PARAMETER_DAY:
        openapi_member(writer, "type", "string");
        openapi_member(writer, "format", "date");
        break;
    case PARAMETER_BOOL:
        openapi_member(writer, "type", "boolean");
        break;
    case PARAMETER_CHOICE:
        openapi_member(writer, "type", "string");
        write_strings(writer, "enum", parameter->choices);
        break;
    }
    write_usual(writer, parameter);
}

void openapi_write_parameter(struct json_writer *writer, const struct route_parameter *parameter) {
    json_begin_object(writer);
    openapi_member(writer, "name", parameter->name);
    openapi_member(writer, "in", "query");
    openapi_member(writer, "description", parameter->help);
    json_key(writer, "required");
    json_write_bool(writer, parameter->is_required);
    begin_member(writer, "schema");
    if (parameter->repeats) {
        openapi_member(writer, "type", "array");
        begin_member(writer, "items");
        write_value(writer, parameter);
        json_end_object(writer);
    } else {
        write_value(writer, parameter);
    }
    json_end_object(writer);
    json_end_object(writer);
}

// ---- what all refer to ----

static void write_column_types(struct json_writer *writer) {
    begin_member(writer, "ColumnType");
    openapi_member(writer, "type", "string");
    openapi_member(writer, "description",
                   "How cells are written: an id as a string; money, quantity, rate (percent) and "
                   "share (0 to 1) as a number; a day as YYYY-MM-DD; an instant as ISO 8601 in "
                   "UTC");
    json_key(writer, "enum");
    json_begin_array(writer);
    for (int i = 0; i < COLUMN_TYPE_COUNT; i++)
        json_write_string(writer, column_type_name((enum column_type)i));
    json_end_array(writer);
    json_end_object(writer);
}

static void write_error_codes(struct json_writer *writer) {
    begin_member(writer, "ErrorCode");
    openapi_member(writer, "type", "string");
    json_key(writer, "enum");
    json_begin_array(writer);
    for (int i = OK + 1; i < CODE_COUNT; i++)
        json_write_string(writer, code_info((code)i)->name);
    json_end_array(writer);
    json_end_object(writer);
}

// A member that refers to another schema; lists are of it.
static void write_referring(struct json_writer *writer, const char *name, const char *schema,
                            const char *help, bool is_list) {
    begin_member(writer, name);
    if (is_list) {
        openapi_member(writer, "type", "array");
        begin_member(writer, "items");
    }
    openapi_reference(writer, "schemas", schema);
    if (is_list)
        json_end_object(writer);
    openapi_member(writer, "description", help);
    json_end_object(writer);
}

static void write_texts(struct json_writer *writer, const char *const members[][2], size_t count) {
    for (size_t i = 0; i < count; i++) {
        begin_member(writer, members[i][0]);
        openapi_member(writer, "type", "string");
        openapi_member(writer, "description", members[i][1]);
        json_end_object(writer);
    }
}

static void write_column(struct json_writer *writer) {
    static const char *const texts[][2] = {
        {"name", "what programs call it"},
        {"label", "what people call it"},
        {"unit", "a currency code, days, …; absent when it has none"}};

    begin_member(writer, "Column");
    openapi_member(writer, "type", "object");
    begin_member(writer, "properties");
    write_texts(writer, texts, sizeof(texts) / sizeof(*texts));
    write_referring(writer, "type", "ColumnType", NULL, false);
    json_end_object(writer);
    write_strings(writer, "required", (const char *const[]){"name", "label", "type", NULL});
    json_end_object(writer);
}

static void write_row(struct json_writer *writer) {
    begin_member(writer, "Cell");
    openapi_member(writer, "description", "by the type of its column; null: not known");
    write_strings(writer, "type",
                  (const char *const[]){"string", "number", "boolean", "null", NULL});
    json_end_object(writer);
    begin_member(writer, "Row");
    openapi_member(writer, "type", "array");
    begin_member(writer, "items");
    openapi_reference(writer, "schemas", "Cell");
    json_end_object(writer);
    json_end_object(writer);
}

static void write_table(struct json_writer *writer, const char *name, bool is_page) {
    begin_member(writer, name);
    openapi_member(writer, "type", "object");
    begin_member(writer, "properties");
    write_referring(writer, "columns", "Column", "what stands in each row, in order", true);
    write_referring(writer, "rows", "Row", "one array a row: a cell for each column", true);
    begin_member(writer, "row_count");
    openapi_member(writer, "type", "integer");
    openapi_member(writer, "description", "rows of this answer");
    json_end_object(writer);
    if (is_page) {
        begin_member(writer, "next");
        openapi_member(writer, "type", "string");
        openapi_member(writer, "description",
                       "\"after\" of the page behind this one; absent on the last");
        json_end_object(writer);
    }
    json_end_object(writer);
    write_strings(writer, "required", (const char *const[]){"columns", "rows", "row_count", NULL});
    json_end_object(writer);
}

static void write_error(struct json_writer *writer) {
    static const char *const texts[][2] = {{"message", "what is wrong, with the value"},
                                           {"detail", "facts"},
                                           {"hint", "what to do"},
                                           {"field", "the parameter or field it is about"}};

    begin_member(writer, "Error");
    openapi_member(writer, "type", "object");
    begin_member(writer, "properties");
    begin_member(writer, "error");
    openapi_member(writer, "type", "object");
    begin_member(writer, "properties");
    write_referring(writer, "code", "ErrorCode", NULL, false);
    write_texts(writer, texts, sizeof(texts) / sizeof(*texts));
    json_end_object(writer);
    write_strings(writer, "required", (const char *const[]){"code", "message", NULL});
    json_end_object(writer);
    json_end_object(writer);
    write_strings(writer, "required", (const char *const[]){"error", NULL});
    json_end_object(writer);
}

void openapi_write_schemas(struct json_writer *writer) {
    begin_member(writer, "Id");
    openapi_member(writer, "type", "string");
    openapi_member(writer, "pattern", "^-?[0-9]+$");
    openapi_member(writer, "description", "64 bits: more than a number of JavaScript holds");
    json_end_object(writer);
    write_column_types(writer);
    write_column(writer);
    write_row(writer);
    write_table(writer, "Table", false);
    write_table(writer, "Page", true);
    write_error_codes(writer);
    write_error(writer);
}
