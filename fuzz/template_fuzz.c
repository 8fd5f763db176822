// SPDX-License-Identifier: Apache-2.0
// A template of any bytes, in each context, is refused with a place or compiled; what is compiled
// ends within its limits, with the same result each time, in any zone's bytes: a header is one
// line, and a value opens no tag. HTML of any bytes becomes text.
#include "fuzz/fuzz.h"
#include "push/template/html_text.h"
#include "push/template/liquid.h"

#include <assert.h>

static const char document[] =
    "{\"name\": \"<b>\\\"'`&\\u00e4\", \"n\": 5, \"list\": [3, \"a\", null, 1.5, \"\"],"
    " \"items\": [{\"name\": \"x\", \"price\": 2}, {\"name\": \"y\", \"price\": 1}],"
    " \"url\": \"javascript:alert(1)\", \"line\": \"a\\r\\nb\", \"open\": {}, \"nothing\": null}";

static void check_fault(const struct liquid_fault *fault, size_t size) {
    assert(fault->line >= 1 && (size_t)fault->line <= size + 1);
    assert(fault->column >= 1 && (size_t)fault->column <= size + 1);
    assert(fault->message[0] != '\0');
}

static void check_rendering(struct scope *scope, const struct liquid_program *program,
                            enum liquid_kind kind, struct liquid_value values) {
    CLEANUP(liquid_renderer_close) struct liquid_renderer *renderer = liquid_renderer_new();
    CLEANUP(buffer_clear) struct buffer first = {0};
    CLEANUP(buffer_clear) struct buffer second = {0};
    const code result = liquid_render(scope, renderer, program, values, &first);

    scope_forgive(scope);
    assert(result == OK || (result == TOO_LARGE && first.size == 0));
    assert(first.size <= LIQUID_MOST_OUTPUT_BYTES);
    assert(liquid_render(scope, renderer, program, values, &second) == result);
    scope_forgive(scope);
    assert(text_equal(buffer_text(&first), buffer_text(&second)));
    for (size_t i = 0; kind == LIQUID_KIND_HEADER && i < first.size; i++)
        assert((unsigned char)first.data[i] >= 0x20 && first.data[i] != 0x7F);
    if (kind == LIQUID_KIND_HTML) {
        second.size = 0;
        html_to_text(buffer_text(&first), &second);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct text source = {(const char *)data, size};
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct scope scope;
    struct json *json;

    scope_init(&scope);
    assert(json_parse(&scope, text_of(document), &json) == OK);
    html_to_text(source, &text);
    for (int kind = LIQUID_KIND_TEXT; kind <= LIQUID_KIND_JSON; kind++) {
        const struct liquid_program *program;
        struct liquid_fault fault;

        if (liquid_compile(&scope, source, (enum liquid_kind)kind,
                           liquid_declare_json(&scope.arena, json), &fault, &program) != OK) {
            check_fault(&fault, size);
            scope_forgive(&scope);
            continue;
        }
        check_rendering(&scope, program, (enum liquid_kind)kind,
                        liquid_from_json(&scope.arena, json));
    }
    scope_clear(&scope);
    return 0;
}
