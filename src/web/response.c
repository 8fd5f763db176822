// SPDX-License-Identifier: Apache-2.0
#include "web/response.h"

#include "base/failure.h"
#include "base/time.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { MICROS_PER_BP = 10000 }; // a basis point is 0.01 percent

// Beyond these an instant is a mistake of its maker and stays a bare number.
enum { DAYS_FROM_YEAR_1 = -719162, DAYS_TO_YEAR_9999 = 2932896 };

static const char *const type_names[COLUMN_TYPE_COUNT] = {
    [COLUMN_TEXT] = "text",       [COLUMN_ID] = "id",       [COLUMN_INTEGER] = "integer",
    [COLUMN_NUMBER] = "number",   [COLUMN_MONEY] = "money", [COLUMN_QUANTITY] = "quantity",
    [COLUMN_RATE] = "rate",       [COLUMN_SHARE] = "share", [COLUMN_DAY] = "day",
    [COLUMN_INSTANT] = "instant", [COLUMN_BOOL] = "bool",
};

const char *column_type_name(enum column_type type) {
    return type_names[type];
}

bool column_type_parse(struct text name, enum column_type *ret_type) {
    for (int type = 0; type < COLUMN_TYPE_COUNT; type++)
        if (text_is(name, type_names[type])) {
            *ret_type = (enum column_type)type;
            return true;
        }
    return false;
}

void response_init(struct response *response) {
    *response = (struct response){.file = -1};
    json_writer_init(&response->writer, &response->body);
}

void response_clear(struct response *response) {
    buffer_clear(&response->body);
    if (response->file >= 0)
        close(response->file);
    response->file = -1;
}

code response_header(struct scope *scope, struct response *response, const char *name,
                     struct text value) {
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7f)
            return scope_fail(scope, INVALID, "a control character in the header %s", name);
    assert(response->header_count < RESPONSE_MOST_HEADERS);
    response->headers[response->header_count++] =
        (struct response_header){.name = name, .value = value};
    return OK;
}

void response_begin_table(struct response *response, const char *key, const struct column *columns,
                          size_t column_count) {
    struct json_writer *writer = &response->writer;

    response->row_count = 0;
    if (key)
        json_key(writer, key);
    json_begin_object(writer);
    json_key(writer, "columns");
    json_begin_array(writer);
    for (size_t i = 0; i < column_count; i++) {
        json_begin_object(writer);
        json_key(writer, "name");
        json_write_string(writer, columns[i].name);
        json_key(writer, "label");
        json_write_string(writer, columns[i].label ? columns[i].label : columns[i].name);
        json_key(writer, "type");
        json_write_string(writer, column_type_name(columns[i].type));
        if (columns[i].unit) {
            json_key(writer, "unit");
            json_write_string(writer, columns[i].unit);
        }
        json_end_object(writer);
    }
    json_end_array(writer);
    json_key(writer, "rows");
    json_begin_array(writer);
}

void response_begin_row(struct response *response) {
    json_begin_array(&response->writer);
}

void response_null(struct response *response) {
    json_write_null(&response->writer);
}

void response_text(struct response *response, struct text value) {
    json_write_text(&response->writer, value);
}

static void write_day(struct json_writer *writer, int64_t day) {
    char text[TIME_TEXT_SIZE];

    if (day < DAYS_FROM_YEAR_1 || day > DAYS_TO_YEAR_9999)
        json_write_int64(writer, day);
    else
        json_write_string(writer, day_format((int32_t)day, text));
}

static void write_instant(struct json_writer *writer, int64_t at_us) {
    char text[TIME_TEXT_SIZE];

    if (at_us / US_PER_DAY < DAYS_FROM_YEAR_1 || at_us / US_PER_DAY >= DAYS_TO_YEAR_9999)
        json_write_int64(writer, at_us);
    else
        json_write_string(writer, time_format_utc(at_us, text));
}

void response_int64(struct response *response, enum column_type type, int64_t value) {
    struct json_writer *writer = &response->writer;
    char id[24];

    switch (type) {
    case COLUMN_ID:
        snprintf(id, sizeof(id), "%" PRId64, value);
        json_write_string(writer, id);
        break;
    case COLUMN_MONEY:
    case COLUMN_QUANTITY:
        json_write_micros(writer, value);
        break;
    case COLUMN_RATE:
        json_write_micros(writer, value * MICROS_PER_BP);
        break;
    case COLUMN_DAY:
        write_day(writer, value);
        break;
    case COLUMN_INSTANT:
        write_instant(writer, value);
        break;
    case COLUMN_BOOL:
        json_write_bool(writer, value != 0);
        break;
    case COLUMN_TEXT:
    case COLUMN_INTEGER:
    case COLUMN_NUMBER:
    case COLUMN_SHARE:
    case COLUMN_TYPE_COUNT:
        json_write_int64(writer, value);
        break;
    }
}

void response_double(struct response *response, double value) {
    json_write_double(&response->writer, value);
}

void response_end_row(struct response *response) {
    json_end_array(&response->writer);
    response->row_count++;
}

void response_end_page(struct response *response, int64_t next) {
    struct json_writer *writer = &response->writer;

    json_end_array(writer);
    json_key(writer, "row_count");
    json_write_int64(writer, response->row_count);
    if (next != 0) {
        json_key(writer, "next");
        response_int64(response, COLUMN_ID, next);
    }
    json_end_object(writer);
}

void response_end_table(struct response *response) {
    response_end_page(response, 0);
}

static bool is_plain(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.';
}

void response_done(struct response *response, const char *what, struct text name) {
    json_begin_object(&response->writer);
    json_key(&response->writer, what);
    json_write_text(&response->writer, name);
    json_end_object(&response->writer);
}

// RFC 6266: a name in ASCII for old readers, and the name itself percent-encoded.
code response_attachment(struct scope *scope, struct response *response, struct text name) {
    CLEANUP(buffer_clear) struct buffer value = {0};

    buffer_add_string(&value, "attachment; filename=\"");
    for (size_t i = 0; i < name.size; i++)
        buffer_add_char(&value, is_plain(name.data[i]) ? name.data[i] : '_');
    buffer_add_string(&value, "\"; filename*=UTF-8''");
    for (size_t i = 0; i < name.size; i++)
        if (is_plain(name.data[i]))
            buffer_add_char(&value, name.data[i]);
        else
            buffer_printf(&value, "%%%02X", (unsigned char)name.data[i]);
    TRY(response_header(scope, response, "Content-Disposition",
                        text_copy(&scope->arena, buffer_text(&value))));
    return response_header(scope, response, "Content-Security-Policy", TEXT("sandbox"));
}

void response_failure(struct response *response, const struct failure *failure) {
    struct json_writer *writer = &response->writer;

    response->body.size = 0;
    json_writer_init(writer, &response->body);
    json_begin_object(writer);
    json_key(writer, "error");
    failure_write(writer, failure);
    json_end_object(writer);
}
