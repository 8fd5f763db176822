// SPDX-License-Identifier: Apache-2.0
#include "base/failure.h"

static void write_if_said(struct json_writer *writer, const char *key, const char *value) {
    if (value[0] == '\0')
        return;
    json_key(writer, key);
    json_write_string(writer, value);
}

void failure_write(struct json_writer *writer, const struct failure *failure) {
    json_begin_object(writer);
    json_key(writer, "code");
    json_write_string(writer, code_info(failure->code)->name);
    json_key(writer, "message");
    json_write_string(writer, failure->message);
    write_if_said(writer, "detail", failure->detail);
    write_if_said(writer, "hint", failure->hint);
    write_if_said(writer, "field", failure->field);
    json_end_object(writer);
}

static struct text member(const struct json *object, const char *name) {
    const struct json *value = json_member(object, name);

    return value && value->type == JSON_STRING ? value->string : (struct text){0};
}

static code code_of(struct text name) {
    for (code reason = INVALID; reason < CODE_COUNT; reason++)
        if (text_is(name, code_info(reason)->name))
            return reason;
    return INTERNAL;
}

code failure_read(struct scope *scope, const struct json *object) {
    const struct text field = text_copy(&scope->arena, member(object, "field"));
    const struct text message = member(object, "message");
    const struct text detail = member(object, "detail");
    const struct text hint = member(object, "hint");

    scope_fail_field(scope, code_of(member(object, "code")), text_string(&scope->arena, field),
                     "%.*s", TEXT_ARG(message));
    if (detail.size > 0)
        scope_detail(scope, "%.*s", TEXT_ARG(detail));
    if (hint.size > 0)
        scope_hint(scope, "%.*s", TEXT_ARG(hint));
    return scope->failure.code;
}
