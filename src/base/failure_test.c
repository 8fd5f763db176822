// SPDX-License-Identifier: Apache-2.0
#include "base/failure.h"

#include "base/test.h"

static struct text written(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    failure_write(&writer, &scope->failure);
    return text_copy(&scope->arena, buffer_text(&out));
}

TEST(a_failure_comes_back_as_it_was_written) {
    struct text document;
    struct json *json;

    scope_fail_field(scope, CONFLICT, "name", "\"%s\" is taken", "ä\"b");
    scope_detail(scope, "by import 7");
    scope_hint(scope, "take another");
    document = written(scope);
    scope_forgive(scope);
    CHECK_OK(json_parse(scope, document, &json));
    CHECK_INT(failure_read(scope, json), CONFLICT);
    CHECK_STRING(scope->failure.message, "\"ä\"b\" is taken");
    CHECK_STRING(scope->failure.detail, "by import 7");
    CHECK_STRING(scope->failure.hint, "take another");
    CHECK_STRING(scope->failure.field, "name");
    CHECK_TEXT(written(scope), text_string(&scope->arena, document));
    scope_forgive(scope);
}

TEST(what_is_no_failure_is_one_of_the_inside) {
    struct json *json;

    CHECK_OK(json_parse(scope, TEXT("{\"code\": \"teapot\", \"message\": 3}"), &json));
    CHECK_INT(failure_read(scope, json), INTERNAL);
    CHECK_STRING(scope->failure.message, "");
    scope_forgive(scope);
}
