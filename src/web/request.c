// SPDX-License-Identifier: Apache-2.0
#include "web/request.h"

#include "base/time.h"

#include <inttypes.h>

const char *method_name(enum method method) {
    static const char *const names[METHOD_COUNT] = {
        [METHOD_GET] = "GET",     [METHOD_POST] = "POST",     [METHOD_PUT] = "PUT",
        [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
    };

    return method < METHOD_COUNT ? names[method] : "?";
}

const char *request_session_cookie(bool is_secure) {
    return is_secure ? "__Host-tessera" : "tessera";
}

const char *request_device_cookie(bool is_secure) {
    return is_secure ? "__Host-tessera-device" : "tessera-device";
}

// RFC 3986: the characters that never need an escape.
static bool is_unreserved(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

struct text request_path_element(struct arena *arena, struct text element) {
    static const char digits[] = "0123456789ABCDEF";
    char *encoded = arena_array(arena, element.size, 3);
    size_t size = 0;

    for (size_t i = 0; i < element.size; i++) {
        const unsigned char byte = (unsigned char)element.data[i];

        if (is_unreserved(element.data[i])) {
            encoded[size++] = element.data[i];
            continue;
        }
        encoded[size++] = '%';
        encoded[size++] = digits[byte >> 4];
        encoded[size++] = digits[byte & 15];
    }
    return (struct text){.data = encoded, .size = size};
}

static int hex_digit(char byte) {
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

code request_path_decode(struct scope *scope, struct text element, struct text *ret_text) {
    char *decoded = arena_alloc(&scope->arena, element.size + 1);
    struct text result = {.data = decoded};

    for (size_t i = 0; i < element.size; i++) {
        int byte = (unsigned char)element.data[i];

        if (byte == '%') {
            const int high = i + 2 < element.size ? hex_digit(element.data[i + 1]) : -1;
            const int low = i + 2 < element.size ? hex_digit(element.data[i + 2]) : -1;

            if (high < 0 || low < 0)
                return scope_fail(scope, INVALID, "broken percent escape in \"%.*s\"",
                                  TEXT_ARG(element));
            byte = high * 16 + low;
            i += 2;
        }
        if (byte == 0)
            return scope_fail(scope, INVALID, "a NUL in the address");
        decoded[result.size++] = (char)byte;
    }
    if (!text_is_utf8(result))
        return scope_fail(scope, INVALID, "a part of the address is not UTF-8");
    *ret_text = result;
    return OK;
}

static const struct request_parameter *find(const struct request *request, const char *name) {
    for (size_t i = 0; i < request->parameter_count; i++)
        if (text_is(request->parameters[i].name, name))
            return &request->parameters[i];
    return NULL;
}

struct text request_text(const struct request *request, const char *name) {
    const struct request_parameter *parameter = find(request, name);

    return parameter ? parameter->value : (struct text){0};
}

bool request_has(const struct request *request, const char *name) {
    return find(request, name) != NULL;
}

size_t request_all(const struct request *request, const char *name, struct text *values,
                   size_t capacity) {
    size_t count = 0;

    for (size_t i = 0; i < request->parameter_count; i++) {
        if (!text_is(request->parameters[i].name, name))
            continue;
        if (count < capacity)
            values[count] = request->parameters[i].value;
        count++;
    }
    return count;
}

code request_int64(struct scope *scope, const struct request *request, const char *name,
                   int64_t minimum, int64_t maximum, int64_t otherwise, int64_t *ret_value) {
    const struct request_parameter *parameter = find(request, name);
    int64_t value = otherwise;

    if (parameter &&
        (!text_to_int64(parameter->value, &value) || value < minimum || value > maximum))
        return scope_fail_field(scope, INVALID, name,
                                "\"%.*s\" is not an integer from %" PRId64 " to %" PRId64 " for %s",
                                TEXT_ARG(parameter->value), minimum, maximum, name);
    *ret_value = value;
    return OK;
}

code request_day(struct scope *scope, const struct request *request, const char *name,
                 int32_t otherwise, int32_t *ret_day) {
    const struct request_parameter *parameter = find(request, name);
    int32_t day = otherwise;

    if (parameter && (parameter->value.size != strlen("YYYY-MM-DD") ||
                      !day_parse(parameter->value, DATE_ORDER_YMD, &day))) {
        scope_fail_field(scope, INVALID, name, "\"%.*s\" is not a day for %s",
                         TEXT_ARG(parameter->value), name);
        return scope_hint(scope, "write it as YYYY-MM-DD, for example 2011-12-09");
    }
    *ret_day = day;
    return OK;
}

code request_bool(struct scope *scope, const struct request *request, const char *name,
                  bool *ret_value) {
    const struct request_parameter *parameter = find(request, name);

    if (parameter && parameter->value.size > 0 && !text_is(parameter->value, "true") &&
        !text_is(parameter->value, "false"))
        return scope_fail_field(scope, INVALID, name, "\"%.*s\" is neither true nor false for %s",
                                TEXT_ARG(parameter->value), name);
    *ret_value = parameter && !text_is(parameter->value, "false");
    return OK;
}
