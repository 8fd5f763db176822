// SPDX-License-Identifier: Apache-2.0
#include "push/template/liquid_testing.h"

const char *liquid_shown(struct scope *scope, enum liquid_kind kind, const char *source,
                         const char *values) {
    const struct liquid_settings settings = {
        .language = TEXT("en"), .currency = TEXT("EUR"), .zone = TEXT("Europe/Berlin")};
    CLEANUP(liquid_renderer_close) struct liquid_renderer *renderer = liquid_renderer_new();
    CLEANUP(buffer_clear) struct buffer out = {0};
    const struct liquid_program *program;
    const char *shown;
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(values), &json));
    CHECK_OK(liquid_renderer_set(scope, renderer, &settings));
    if (liquid_compile(scope, text_of(source), kind, liquid_declare_json(&scope->arena, json), NULL,
                       &program) == OK &&
        liquid_render(scope, renderer, program, liquid_from_json(&scope->arena, json), &out) == OK)
        return text_string(&scope->arena, buffer_text(&out));
    shown = text_string(&scope->arena, text_of(scope->failure.message));
    scope_forgive(scope);
    return shown;
}
