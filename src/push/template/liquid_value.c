// SPDX-License-Identifier: Apache-2.0
// What values are: true, empty, equal, before one another; as text and as numbers.
#include "push/template/liquid_locale.h"
#include "push/template/liquid_program.h"

#include "base/money.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct liquid_value liquid_money(int64_t micros, struct text currency) {
    struct liquid_value value = {.type = LIQUID_MONEY, .integer = micros};

    if (currency.size == 3)
        memcpy(value.currency, currency.data, 3);
    return value;
}

// ---- from JSON ----

struct liquid_value liquid_from_json(struct arena *arena, const struct json *json) {
    struct liquid_value value = {.type = LIQUID_NIL};
    struct liquid_value *items;
    struct liquid_member *members;
    size_t index = 0;

    switch (json->type) {
    case JSON_NULL:
        break;
    case JSON_BOOL:
        return liquid_bool(json->boolean);
    case JSON_INT64:
        return liquid_integer(json->int64);
    case JSON_DOUBLE:
        return liquid_number(json->number);
    case JSON_STRING:
        return liquid_text(json->string);
    case JSON_ARRAY:
        items = arena_array(arena, json->count + 1, sizeof(*items));
        for (const struct json *child = json->first; child; child = child->next)
            items[index++] = liquid_from_json(arena, child);
        return liquid_list(items, index);
    case JSON_OBJECT:
        members = arena_array(arena, json->count + 1, sizeof(*members));
        for (const struct json *child = json->first; child; child = child->next)
            members[index++] =
                (struct liquid_member){.name = child->key, .value = liquid_from_json(arena, child)};
        return liquid_object(members, index);
    }
    return value;
}

static enum liquid_type declared_type(const struct json *json) {
    static const enum liquid_type types[] = {
        [JSON_NULL] = LIQUID_NIL,      [JSON_BOOL] = LIQUID_BOOL,   [JSON_INT64] = LIQUID_INTEGER,
        [JSON_DOUBLE] = LIQUID_NUMBER, [JSON_STRING] = LIQUID_TEXT, [JSON_ARRAY] = LIQUID_LIST,
        [JSON_OBJECT] = LIQUID_OBJECT,
    };

    return types[json->type];
}

static struct liquid_declaration *declared(struct liquid_declaration *members, size_t count,
                                           struct text name) {
    for (size_t i = 0; i < count; i++)
        if (text_is(name, members[i].name))
            return &members[i];
    return NULL;
}

// The members of all objects together: items of a list may each have others.
static const struct liquid_declaration *
declare_all(struct arena *arena, const struct json *const *objects, size_t object_count) {
    struct liquid_declaration *members;
    size_t most = 1, count = 0;

    for (size_t i = 0; i < object_count; i++)
        most += objects[i]->count;
    members = arena_array(arena, most, sizeof(*members));
    for (size_t i = 0; i < object_count; i++)
        for (const struct json *child = objects[i]->first; child; child = child->next) {
            struct liquid_declaration *member = declared(members, count, child->key);
            const struct json **inner = arena_array(arena, child->count + 1, sizeof(*inner));
            size_t inner_count = 0;

            if (!member) {
                member = &members[count++];
                member->name = text_string(arena, child->key);
                member->type = declared_type(child);
            }
            if (child->type == JSON_OBJECT)
                inner[inner_count++] = child;
            else if (child->type == JSON_ARRAY)
                for (const struct json *item = child->first; item; item = item->next)
                    if (item->type == JSON_OBJECT)
                        inner[inner_count++] = item;
            if (inner_count > 0)
                member->members = declare_all(arena, inner, inner_count);
            member->is_open = child->type == JSON_OBJECT && child->count == 0;
        }
    return members;
}

const struct liquid_declaration *liquid_declare_json(struct arena *arena, const struct json *json) {
    return declare_all(arena, &json, json->type == JSON_OBJECT ? 1 : 0);
}

// ---- truth ----

bool liquid_is_true(struct liquid_value value) {
    return value.type != LIQUID_NIL && !(value.type == LIQUID_BOOL && !value.boolean);
}

bool liquid_is_empty(struct liquid_value value) {
    return value.count == 0 &&
           (value.type == LIQUID_TEXT || value.type == LIQUID_LIST || value.type == LIQUID_OBJECT);
}

bool liquid_is_blank(struct liquid_value value) {
    return !liquid_is_true(value) || liquid_is_empty(value) ||
           (value.type == LIQUID_TEXT && text_trim(liquid_text_of(value)).size == 0);
}

// ---- numbers ----

static bool is_number(struct liquid_value value) {
    return value.type == LIQUID_INTEGER || value.type == LIQUID_NUMBER ||
           value.type == LIQUID_MONEY;
}

struct liquid_value liquid_to_number(struct liquid_value value) {
    int64_t integer;
    double number;
    struct text text;

    if (is_number(value))
        return value;
    if (value.type != LIQUID_TEXT)
        return liquid_integer(0);
    text = text_trim(liquid_text_of(value));
    if (text.size > 40)
        return liquid_integer(0);
    if (text_to_int64(text, &integer))
        return liquid_integer(integer);
    if (text_to_double(text, &number) && isfinite(number))
        return liquid_number(number);
    return liquid_integer(0);
}

double liquid_to_double(struct liquid_value value) {
    const struct liquid_value number = liquid_to_number(value);

    if (number.type == LIQUID_NUMBER)
        return number.number;
    return number.type == LIQUID_MONEY ? (double)number.integer / (double)MICROS_PER_UNIT
                                       : (double)number.integer;
}

int64_t liquid_to_integer(struct liquid_value value) {
    const struct liquid_value number = liquid_to_number(value);

    if (number.type == LIQUID_INTEGER)
        return number.integer;
    if (number.type == LIQUID_MONEY)
        return number.integer / MICROS_PER_UNIT;
    if (!(fabs(number.number) < 9e18))
        return 0;
    return (int64_t)number.number;
}

// ---- order ----

bool liquid_equal(struct liquid_value a, struct liquid_value b) {
    int order;

    if (a.type == LIQUID_EMPTY || b.type == LIQUID_EMPTY)
        return liquid_is_empty(a.type == LIQUID_EMPTY ? b : a);
    if (a.type == LIQUID_BLANK || b.type == LIQUID_BLANK)
        return liquid_is_blank(a.type == LIQUID_BLANK ? b : a);
    if (a.type == LIQUID_NIL || b.type == LIQUID_NIL)
        return a.type == b.type;
    if (a.type == LIQUID_BOOL && b.type == LIQUID_BOOL)
        return a.boolean == b.boolean;
    if (a.type == LIQUID_LIST && b.type == LIQUID_LIST)
        return a.count == b.count && (a.items == b.items || a.count == 0);
    if (a.type == LIQUID_OBJECT && b.type == LIQUID_OBJECT)
        return a.members == b.members;
    return liquid_compare(a, b, &order) && order == 0;
}

bool liquid_compare(struct liquid_value a, struct liquid_value b, int *ret_order) {
    if (a.type == LIQUID_TEXT && b.type == LIQUID_TEXT) {
        *ret_order = text_compare(liquid_text_of(a), liquid_text_of(b));
        return true;
    }
    if (is_number(a) && is_number(b)) {
        if (a.type == b.type && a.type != LIQUID_NUMBER) {
            *ret_order = (a.integer > b.integer) - (a.integer < b.integer);
        } else {
            const double x = liquid_to_double(a), y = liquid_to_double(b);

            *ret_order = (x > y) - (x < y);
        }
        return true;
    }
    if (a.type == b.type && (a.type == LIQUID_INSTANT || a.type == LIQUID_DAY)) {
        *ret_order = (a.integer > b.integer) - (a.integer < b.integer);
        return true;
    }
    return false;
}

bool liquid_contains(struct liquid_value whole, struct liquid_value part) {
    if (whole.type == LIQUID_TEXT && part.type == LIQUID_TEXT)
        return part.count == 0 ||
               (whole.count > 0 && memmem(whole.data, whole.count, part.data, part.count) != NULL);
    if (whole.type == LIQUID_LIST) {
        for (uint32_t i = 0; i < whole.count; i++)
            if (liquid_equal(whole.items[i], part))
                return true;
    }
    return false;
}

// ---- parts ----

struct liquid_value liquid_item(struct liquid_value list, int64_t index) {
    const struct liquid_value nothing = {.type = LIQUID_NIL};

    if (list.type == LIQUID_RANGE) {
        const int64_t count =
            list.range[1] >= list.range[0] ? (int64_t)list.range[1] - list.range[0] + 1 : 0;

        index = index < 0 ? index + count : index;
        return index >= 0 && index < count ? liquid_integer(list.range[0] + index) : nothing;
    }
    if (list.type != LIQUID_LIST)
        return nothing;
    index = index < 0 ? index + list.count : index;
    return index >= 0 && index < list.count ? list.items[index] : nothing;
}

static int64_t characters(struct text text) {
    int64_t count = 0;

    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

static int64_t size_of(struct liquid_value value) {
    if (value.type == LIQUID_TEXT)
        return characters(liquid_text_of(value));
    if (value.type == LIQUID_RANGE)
        return value.range[1] >= value.range[0] ? (int64_t)value.range[1] - value.range[0] + 1 : 0;
    return value.count;
}

struct liquid_value liquid_member(struct liquid_value object, struct text name, size_t hint) {
    if (object.type == LIQUID_OBJECT) {
        if (hint < object.count && text_equal(object.members[hint].name, name))
            return object.members[hint].value;
        for (uint32_t i = 0; i < object.count; i++)
            if (text_equal(object.members[i].name, name))
                return object.members[i].value;
    }
    if (text_is(name, "size") && (object.type == LIQUID_TEXT || object.type == LIQUID_LIST ||
                                  object.type == LIQUID_RANGE || object.type == LIQUID_OBJECT))
        return liquid_integer(size_of(object));
    if (text_is(name, "first"))
        return liquid_item(object, 0);
    if (text_is(name, "last"))
        return liquid_item(object, -1);
    return (struct liquid_value){.type = LIQUID_NIL};
}

// ---- text ----

static struct text kept(struct liquid_renderer *renderer, const char *data, size_t size) {
    char *copy = liquid_scratch(renderer, size);

    if (!copy)
        return TEXT("");
    memcpy(copy, data, size);
    return (struct text){.data = copy, .size = size};
}

static struct text joined(struct liquid_renderer *renderer, struct liquid_value list) {
    size_t size = 0;
    char *data;

    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i].type != LIQUID_LIST) // no list within a list: nesting has no end
            size += liquid_to_text(renderer, list.items[i]).size;
    if (!liquid_work(renderer, (size_t)4 * list.count + size / 16) ||
        !(data = liquid_scratch(renderer, size)))
        return TEXT("");
    size = 0;
    for (uint32_t i = 0; i < list.count; i++) {
        const struct text item =
            list.items[i].type != LIQUID_LIST ? liquid_to_text(renderer, list.items[i]) : TEXT("");

        if (renderer->failure)
            return TEXT("");
        if (item.size > 0)
            memcpy(data + size, item.data, item.size);
        size += item.size;
    }
    return (struct text){.data = data, .size = size};
}

// Whole numbers of other types show that they are: 3.0.
static struct text number_text(struct liquid_renderer *renderer, double number) {
    char digits[400];
    size_t size;

    if (!isfinite(number))
        return TEXT("");
    if (number == trunc(number) && fabs(number) < 1e15) {
        size = (size_t)snprintf(digits, sizeof(digits), "%.1f", number);
    } else {
        size = json_double_digits(number, digits);
    }
    return kept(renderer, digits, size);
}

static struct text integer_text(struct liquid_renderer *renderer, int64_t integer) {
    char digits[24];
    char *end = digits + sizeof(digits), *at = end;
    uint64_t rest = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;

    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (integer < 0)
        *--at = '-';
    return kept(renderer, at, (size_t)(end - at));
}

static struct text money_text(struct liquid_renderer *renderer, struct liquid_value value) {
    char text[MICROS_TEXT_SIZE];
    const char *currency = value.currency[0] ? value.currency : renderer->currency;

    micros_format_rounded(value.integer, currency_digits(text_of(currency)), text);
    return kept(renderer, text, strlen(text));
}

static struct text time_text(struct liquid_renderer *renderer, struct liquid_value value) {
    char text[TIME_TEXT_SIZE];

    if (value.type == LIQUID_DAY)
        day_format((int32_t)value.integer, text);
    else if (renderer->zone)
        time_format_local(renderer->zone, value.integer, text);
    else
        time_format_utc(value.integer, text);
    return kept(renderer, text, strlen(text));
}

struct text liquid_to_text(struct liquid_renderer *renderer, struct liquid_value value) {
    switch ((enum liquid_type)value.type) {
    case LIQUID_BOOL:
        return value.boolean ? TEXT("true") : TEXT("false");
    case LIQUID_INTEGER:
        return integer_text(renderer, value.integer);
    case LIQUID_NUMBER:
        return number_text(renderer, value.number);
    case LIQUID_MONEY:
        return money_text(renderer, value);
    case LIQUID_TEXT:
        return liquid_text_of(value);
    case LIQUID_INSTANT:
    case LIQUID_DAY:
        return time_text(renderer, value);
    case LIQUID_LIST:
        return joined(renderer, value);
    case LIQUID_RANGE: {
        char text[32];
        const int size = snprintf(text, sizeof(text), "%d..%d", value.range[0], value.range[1]);

        return kept(renderer, text, (size_t)size);
    }
    case LIQUID_NIL:
    case LIQUID_OBJECT:
    case LIQUID_EMPTY:
    case LIQUID_BLANK:
        break;
    }
    return TEXT("");
}
