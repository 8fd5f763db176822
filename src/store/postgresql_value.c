// SPDX-License-Identifier: Apache-2.0
#include "store/postgresql_value.h"

#include "base/time.h"
#include "store/rows_engine.h"

#include <endian.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Numbers of types, as pg_type has them since it is there.
enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_FLOAT4 = 700,
    TYPE_FLOAT8 = 701,
    TYPE_UNKNOWN = 705,
    TYPE_BPCHAR = 1042,
    TYPE_VARCHAR = 1043,
    TYPE_DATE = 1082,
    TYPE_TIMESTAMP = 1114,
    TYPE_TIMESTAMPTZ = 1184,
    TYPE_NUMERIC = 1700,
};

// PostgreSQL counts days and µs from 2000-01-01.
enum { EPOCH_DAY = 10957 };
#define EPOCH_US (INT64_C(86400000000) * EPOCH_DAY)

static uint16_t read16(const char *bytes) {
    uint16_t value;

    memcpy(&value, bytes, sizeof(value));
    return be16toh(value);
}

static uint32_t read32(const char *bytes) {
    uint32_t value;

    memcpy(&value, bytes, sizeof(value));
    return be32toh(value);
}

static uint64_t read64(const char *bytes) {
    uint64_t value;

    memcpy(&value, bytes, sizeof(value));
    return be64toh(value);
}

static double read_float8(const char *bytes) {
    const uint64_t bits = read64(bytes);
    double number;

    memcpy(&number, &bits, sizeof(number));
    return number;
}

static float read_float4(const char *bytes) {
    const uint32_t bits = read32(bytes);
    float number;

    memcpy(&number, &bits, sizeof(number));
    return number;
}

// ---- numeric ----

// Digits to the base of 10,000; `weight` is the power of the first one; `scale` decimals are shown.
struct numeric {
    int count, weight, sign, scale;
    const char *digits;
};
enum { NUMERIC_BASE = 10000, NUMERIC_NEGATIVE = 0x4000, NUMERIC_NAN = 0xC000 };

static struct numeric read_numeric(const char *bytes) {
    return (struct numeric){.count = read16(bytes),
                            .weight = (int16_t)read16(bytes + 2),
                            .sign = read16(bytes + 4),
                            .scale = read16(bytes + 6),
                            .digits = bytes + 8};
}

static int numeric_digit(const struct numeric *numeric, int power) {
    const int index = numeric->weight - power;

    return index >= 0 && index < numeric->count ? read16(numeric->digits + (ptrdiff_t)2 * index)
                                                : 0;
}

static struct text numeric_text(struct arena *arena, const struct numeric *numeric) {
    const int whole = numeric->weight > 0 ? numeric->weight : 0;
    CLEANUP(buffer_clear) struct buffer text = {0};
    size_t point;

    if (numeric->sign >= NUMERIC_NAN)
        return TEXT("NaN"); // infinities as well: no sum of ours is one
    if (numeric->sign == NUMERIC_NEGATIVE)
        buffer_add_char(&text, '-');
    buffer_printf(&text, "%d", numeric_digit(numeric, whole));
    for (int power = whole - 1; power >= 0; power--)
        buffer_printf(&text, "%04d", numeric_digit(numeric, power));
    point = text.size;
    if (numeric->scale > 0)
        buffer_add_char(&text, '.');
    for (int power = -1; numeric->scale > 4 * (-1 - power); power--)
        buffer_printf(&text, "%04d", numeric_digit(numeric, power));
    if (numeric->scale > 0)
        text.size = point + 1 + (size_t)numeric->scale;
    return text_copy(arena, buffer_text(&text));
}

static double numeric_double(const struct numeric *numeric) {
    struct arena arena;
    double number;

    arena_init(&arena);
    number = strtod(text_string(&arena, numeric_text(&arena, numeric)), NULL);
    arena_clear(&arena);
    return number;
}

// False when it has decimals or is too large.
static bool numeric_whole(const struct numeric *numeric, int64_t *ret_value) {
    int64_t value = 0;

    if (numeric->sign >= NUMERIC_NAN || numeric->count > numeric->weight + 1)
        return false;
    for (int power = numeric->weight; power >= 0; power--) {
        const int digit = numeric_digit(numeric, power);

        // Downwards, since the smallest integer has no positive one beside it.
        if (__builtin_mul_overflow(value, NUMERIC_BASE, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (numeric->sign != NUMERIC_NEGATIVE && __builtin_mul_overflow(value, -1, &value))
        return false;
    *ret_value = value;
    return true;
}

// ---- reading ----

static enum row_type numeric_type(const struct postgresql_value *value) {
    const struct numeric numeric = read_numeric(value->bytes);
    int64_t whole;

    return numeric.scale == 0 && numeric_whole(&numeric, &whole) ? ROW_INT64 : ROW_DECIMAL;
}

enum row_type postgresql_row_type(const struct postgresql_value *value) {
    if (!value->bytes)
        return ROW_NULL;
    switch (value->type) {
    case TYPE_BOOL:
        return ROW_BOOL;
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
        return ROW_INT64;
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
        return ROW_DOUBLE;
    case TYPE_DATE:
        return ROW_DATE;
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
        return ROW_TIMESTAMP;
    case TYPE_NUMERIC:
        return numeric_type(value);
    default:
        return ROW_TEXT;
    }
}

static int64_t text_as_int64(const struct postgresql_value *value) {
    const struct text text = {.data = value->bytes, .size = (size_t)value->size};
    int64_t number;

    return text_to_int64(text, &number) ? number : 0;
}

static int64_t numeric_int64(const struct numeric *numeric) {
    int64_t value;

    return numeric_whole(numeric, &value) ? value : number_to_int64(numeric_double(numeric));
}

int64_t postgresql_int64(const struct postgresql_value *value) {
    struct numeric numeric;

    if (!value->bytes)
        return 0;
    switch (value->type) {
    case TYPE_BOOL:
        return value->bytes[0] != 0;
    case TYPE_INT2:
        return (int16_t)read16(value->bytes);
    case TYPE_INT4:
        return (int32_t)read32(value->bytes);
    case TYPE_INT8:
        return (int64_t)read64(value->bytes);
    case TYPE_FLOAT4:
        return number_to_int64(read_float4(value->bytes));
    case TYPE_FLOAT8:
        return number_to_int64(read_float8(value->bytes));
    case TYPE_DATE:
        return (int32_t)read32(value->bytes) + INT64_C(1) * EPOCH_DAY;
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
        return (int64_t)read64(value->bytes) + EPOCH_US;
    case TYPE_NUMERIC:
        numeric = read_numeric(value->bytes);
        return numeric_int64(&numeric);
    default:
        return text_as_int64(value);
    }
}

static double text_as_double(const struct postgresql_value *value) {
    char text[NUMBER_TEXT_SIZE];

    snprintf(text, sizeof(text), "%.*s", value->size, value->bytes);
    return strtod(text, NULL);
}

double postgresql_double(const struct postgresql_value *value) {
    struct numeric numeric;

    if (!value->bytes)
        return 0;
    switch (value->type) {
    case TYPE_FLOAT4:
        return (double)read_float4(value->bytes);
    case TYPE_FLOAT8:
        return read_float8(value->bytes);
    case TYPE_NUMERIC:
        numeric = read_numeric(value->bytes);
        return numeric_double(&numeric);
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_UNKNOWN:
        return text_as_double(value);
    default:
        return (double)postgresql_int64(value);
    }
}

bool postgresql_bool(const struct postgresql_value *value) {
    return postgresql_row_type(value) == ROW_DOUBLE ? postgresql_double(value) != 0
                                                    : postgresql_int64(value) != 0;
}

static struct text render(struct arena *arena, const struct postgresql_value *value) {
    char *text = arena_alloc(arena, 64); // for the longest of what is not a numeric
    struct numeric numeric;

    switch (postgresql_row_type(value)) {
    case ROW_BOOL:
        return postgresql_int64(value) ? TEXT("true") : TEXT("false");
    case ROW_DOUBLE:
        return text_of(number_format(postgresql_double(value), text));
    case ROW_DATE:
        return text_of(day_format((int32_t)postgresql_int64(value), text));
    case ROW_TIMESTAMP:
        return text_of(time_format_utc(postgresql_int64(value), text));
    case ROW_DECIMAL:
        numeric = read_numeric(value->bytes);
        return numeric_text(arena, &numeric);
    case ROW_INT64:
    case ROW_NULL:
    case ROW_TEXT:
        break;
    }
    return text_printf(arena, "%" PRId64, postgresql_int64(value));
}

struct text postgresql_text(struct arena *arena, const struct postgresql_value *value) {
    if (!value->bytes)
        return (struct text){0};
    if (postgresql_row_type(value) != ROW_TEXT)
        return render(arena, value);
    return (struct text){.data = value->bytes, .size = (size_t)value->size};
}

// ---- binding ----

Oid postgresql_type_of(const struct bind *bind) {
    return bind->type == BIND_TYPE_INT64    ? TYPE_INT8
           : bind->type == BIND_TYPE_DOUBLE ? TYPE_FLOAT8
                                            : 0;
}

static void bind_bytes(struct postgresql_parameters *parameters, size_t index, const char *bytes,
                       size_t size, int format) {
    parameters->values[index] = bytes;
    parameters->sizes[index] = (int)size;
    parameters->formats[index] = format;
}

static int64_t whole_of(const struct bind *bind) {
    switch (bind->type) {
    case BIND_TYPE_DOUBLE:
        return number_to_int64(bind->number);
    case BIND_TYPE_BOOL:
        return bind->boolean;
    case BIND_TYPE_INT64:
    case BIND_TYPE_NULL:
    case BIND_TYPE_TEXT:
        break;
    }
    return bind->int64;
}

static code bind_whole(struct scope *scope, struct postgresql_parameters *parameters, size_t index,
                       size_t size, int64_t value) {
    const int64_t largest = (int64_t)((UINT64_C(1) << (8 * size - 1)) - 1);
    const uint64_t big_endian = htobe64((uint64_t)value);
    char *space = parameters->space[index];

    if (size < sizeof(value) && (value > largest || value < -largest - 1))
        return scope_fail(scope, INVALID, "%" PRId64 " is too large for its field", value);
    memcpy(space, (const char *)&big_endian + sizeof(value) - size, size);
    bind_bytes(parameters, index, space, size, POSTGRESQL_BINARY);
    return OK;
}

static void bind_float8(struct postgresql_parameters *parameters, size_t index, double number) {
    char *space = parameters->space[index];
    uint64_t bits;

    memcpy(&bits, &number, sizeof(bits));
    bits = htobe64(bits);
    memcpy(space, &bits, sizeof(bits));
    bind_bytes(parameters, index, space, sizeof(bits), POSTGRESQL_BINARY);
}

// For every type that has no binary form here: the server reads it as it reads literals.
static void bind_rendered(struct postgresql_parameters *parameters, size_t index,
                          const struct bind *bind) {
    char *space = parameters->space[index];

    if (bind->type == BIND_TYPE_DOUBLE)
        number_format(bind->number, space);
    else
        snprintf(space, sizeof(parameters->space[index]), "%" PRId64, whole_of(bind));
    bind_bytes(parameters, index, space, strlen(space), POSTGRESQL_TEXT);
}

// A text for a parameter of another type is read by the server; for that it ends with a NUL.
static code bind_text(struct scope *scope, struct postgresql_parameters *parameters, size_t index,
                      Oid type, struct text text) {
    const bool is_text = type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_BPCHAR ||
                         type == TYPE_NAME || type == TYPE_UNKNOWN || type == TYPE_BYTEA;

    if (text.size > INT32_MAX / 2)
        return scope_fail(scope, TOO_LARGE, "a text of %zu bytes is too large for the ledger",
                          text.size);
    if (is_text)
        bind_bytes(parameters, index, text.data ? text.data : "", text.size, POSTGRESQL_BINARY);
    else
        bind_bytes(parameters, index, text_string(&scope->arena, text), text.size, POSTGRESQL_TEXT);
    return OK;
}

code postgresql_bind(struct scope *scope, struct postgresql_parameters *parameters, size_t index,
                     Oid type, const struct bind *bind) {
    if (bind->type == BIND_TYPE_NULL) {
        bind_bytes(parameters, index, NULL, 0, POSTGRESQL_BINARY);
        return OK;
    }
    if (bind->type == BIND_TYPE_TEXT)
        return bind_text(scope, parameters, index, type, bind->text);
    switch (type) {
    case TYPE_INT2:
        return bind_whole(scope, parameters, index, sizeof(int16_t), whole_of(bind));
    case TYPE_INT4:
        return bind_whole(scope, parameters, index, sizeof(int32_t), whole_of(bind));
    case TYPE_INT8:
        return bind_whole(scope, parameters, index, sizeof(int64_t), whole_of(bind));
    case TYPE_BOOL:
        return bind_whole(scope, parameters, index, 1, whole_of(bind) != 0);
    case TYPE_FLOAT8:
        bind_float8(parameters, index,
                    bind->type == BIND_TYPE_DOUBLE ? bind->number : (double)whole_of(bind));
        return OK;
    default:
        bind_rendered(parameters, index, bind);
        return OK;
    }
}
