// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/form.h"

static int hex_digit(char letter) {
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    letter = (char)(letter | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static bool decode(struct arena *arena, struct text coded, struct text *ret_text) {
    char *out = arena_alloc(arena, coded.size + 1);
    size_t size = 0;

    for (size_t i = 0; i < coded.size; i++) {
        const char byte = coded.data[i];

        if (byte != '%') {
            out[size++] = byte == '+' ? ' ' : byte;
            continue;
        }
        if (coded.size - i < 3 || hex_digit(coded.data[i + 1]) < 0 ||
            hex_digit(coded.data[i + 2]) < 0)
            return false;
        out[size++] = (char)(hex_digit(coded.data[i + 1]) << 4 | hex_digit(coded.data[i + 2]));
        i += 2;
    }
    *ret_text = (struct text){out, size};
    return true;
}

static code add(struct scope *scope, struct form *form, struct text name, struct text value) {
    if (form->count == FORM_MOST_FIELDS)
        return scope_fail(scope, TOO_LARGE, "a form has at most %d fields", (int)FORM_MOST_FIELDS);
    if (!text_is_utf8(name) || !text_is_utf8(value) || text_contains(name, '\0') ||
        text_contains(value, '\0'))
        return scope_fail(scope, INVALID, "a field of the form is no text");
    form->fields[form->count++] = (struct form_field){name, value};
    return OK;
}

static code parse_urlencoded(struct scope *scope, struct text body, struct form *form) {
    while (body.data && body.size > 0) {
        struct text value, name;
        struct text pair = text_split(body, '&', &body);

        if (pair.size == 0)
            continue;
        name = text_split(pair, '=', &value);
        if (!decode(&scope->arena, name, &name) || !decode(&scope->arena, value, &value))
            return scope_fail(scope, INVALID, "the form has a broken escape");
        TRY(add(scope, form, name, value));
    }
    return OK;
}

// ---- multipart ----

static struct text find(struct text in, struct text what) {
    const char *at = in.size > 0 ? memmem(in.data, in.size, what.data, what.size) : NULL;

    return at ? (struct text){at, in.size - (size_t)(at - in.data)} : (struct text){0};
}

// The name of a part, from the line Content-Disposition of its head.
static bool part_name(struct text head, struct text *ret_name) {
    static const char wanted[] = "content-disposition:";

    while (head.data && head.size > 0) {
        const struct text line = text_trim(text_split(head, '\n', &head));
        struct text at, rest;

        if (line.size < sizeof(wanted) - 1 ||
            !text_equal_ascii_case((struct text){line.data, sizeof(wanted) - 1}, text_of(wanted)))
            continue;
        at = find(line, TEXT(" name=\""));
        if (!at.data)
            return false;
        at.data += sizeof(" name=\"") - 1;
        at.size -= sizeof(" name=\"") - 1;
        if (!text_contains(at, '"'))
            return false;
        *ret_name = text_split(at, '"', &rest);
        return true;
    }
    return false;
}

static code parse_part(struct scope *scope, struct text part, struct form *form) {
    const struct text blank = find(part, TEXT("\r\n\r\n"));
    struct text name;

    if (!blank.data ||
        !part_name((struct text){part.data, (size_t)(blank.data - part.data)}, &name))
        return scope_fail(scope, INVALID, "a part of the form has no name");
    return add(scope, form, name, (struct text){blank.data + 4, blank.size - 4});
}

static code parse_multipart(struct scope *scope, struct text body, struct form *form) {
    const struct text first_end = find(body, TEXT("\r\n"));
    struct text delimiter, at;

    if (!first_end.data)
        return scope_fail(scope, INVALID, "the form has no boundary");
    delimiter =
        text_printf(&scope->arena, "\r\n%.*s", (int)(first_end.data - body.data), body.data);
    at = first_end;
    for (;;) {
        const struct text begin = {at.data + 2, at.size - 2};
        const struct text end = find(begin, delimiter);

        if (!end.data)
            return scope_fail(scope, INVALID, "the form ends within a part");
        TRY(parse_part(scope, (struct text){begin.data, (size_t)(end.data - begin.data)}, form));
        at = (struct text){end.data + delimiter.size, end.size - delimiter.size};
        if (at.size >= 2 && memcmp(at.data, "--", 2) == 0)
            return OK;
        if (at.size < 2 || memcmp(at.data, "\r\n", 2) != 0)
            return scope_fail(scope, INVALID, "the form ends within a part");
    }
}

code form_parse(struct scope *scope, struct text body, struct form *ret_form) {
    struct form form = {.fields =
                            arena_array(&scope->arena, FORM_MOST_FIELDS, sizeof(*form.fields))};

    if (body.size > FORM_MOST_BYTES)
        return scope_fail(scope, TOO_LARGE, "a form has at most %d bytes", (int)FORM_MOST_BYTES);
    if (text_starts_with(body, TEXT("--")))
        TRY(parse_multipart(scope, body, &form));
    else
        TRY(parse_urlencoded(scope, body, &form));
    *ret_form = form;
    return OK;
}

struct text form_value(const struct form *form, const char *name) {
    for (size_t i = 0; i < form->count; i++)
        if (text_is(form->fields[i].name, name))
            return form->fields[i].value;
    return (struct text){0};
}
