// SPDX-License-Identifier: Apache-2.0
#include "web/server_query.h"

#include "base/limits.h"

static size_t count_parts(struct text query) {
    size_t count = query.size > 0;

    for (size_t i = 0; i < query.size; i++)
        count += query.data[i] == '&';
    return count;
}

// Forms write a blank as "+".
static code decode(struct scope *scope, struct text encoded, struct text *ret_text) {
    char *copy = arena_copy(&scope->arena, encoded.data ? encoded.data : "", encoded.size);

    for (size_t i = 0; i < encoded.size; i++)
        if (copy[i] == '+')
            copy[i] = ' ';
    return request_path_decode(scope, (struct text){.data = copy, .size = encoded.size}, ret_text);
}

code query_parse(struct scope *scope, struct text query, struct request_parameter **ret_parameters,
                 size_t *ret_count) {
    const size_t most = count_parts(query);
    struct request_parameter *parameters;
    size_t count = 0;

    if (most > LIMIT_PARAMETERS)
        return scope_fail(scope, INVALID, "more than %d parameters in the address",
                          LIMIT_PARAMETERS);
    parameters = arena_array(&scope->arena, most, sizeof(*parameters));
    for (size_t i = 0; i < most; i++) {
        const struct text part = text_split(query, '&', &query);
        struct text value;
        const struct text name = text_split(part, '=', &value);

        if (part.size == 0)
            continue;
        TRY(decode(scope, name, &parameters[count].name));
        TRY(decode(scope, value, &parameters[count].value));
        count++;
    }
    *ret_parameters = parameters;
    *ret_count = count;
    return OK;
}

struct text cookie_find(struct text field, const char *name) {
    struct text found = {0};

    while (field.data) {
        struct text value;
        const struct text pair = text_trim(text_split(field, ';', &field));

        if (!text_is(text_split(pair, '=', &value), name) || !value.data)
            continue;
        if (found.data)
            return (struct text){0};
        found = value;
    }
    return found;
}
