// SPDX-License-Identifier: Apache-2.0
// Templates rendered again and again by one thread, as a sender does.
//
//   template SECONDS TEMPLATE VALUES [html|text]
//
// Writes "RENDERINGS<tab>MICROSECONDS<tab>BYTES OF ONE<tab>MICROSECONDS TO COMPILE"; with "show"
// for SECONDS the text itself.
#include "base/clock.h"
#include "push/template/liquid.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static struct text read_file(struct scope *scope, const char *path) {
    FILE *file = fopen(path, "rb");
    struct text text = {0};
    char *data = arena_alloc(&scope->arena, LIQUID_MOST_SOURCE_BYTES);

    if (!file)
        abort();
    text.size = fread(data, 1, LIQUID_MOST_SOURCE_BYTES, file);
    text.data = data;
    fclose(file);
    return text;
}

static void stop_at_failure(const struct scope *scope, code result) {
    if (result == OK)
        return;
    fprintf(stderr, "%s\n", scope->failure.message);
    exit(1);
}

static int64_t render_for(struct scope *scope, struct liquid_renderer *renderer,
                          const struct liquid_program *program, struct liquid_value values,
                          int64_t seconds, struct buffer *out) {
    const int64_t end_us = clock_us() + seconds * 1000000;
    int64_t count = 0;

    do
        for (int i = 0; i < 100; i++, count++) {
            out->size = 0;
            stop_at_failure(scope, liquid_render(scope, renderer, program, values, out));
        }
    while (clock_us() < end_us);
    return count;
}

int main(int argc, char **argv) {
    CLEANUP(liquid_renderer_close) struct liquid_renderer *renderer = liquid_renderer_new();
    CLEANUP(buffer_clear) struct buffer out = {0};
    const struct liquid_settings settings = {.language = TEXT("en"), .currency = TEXT("EUR")};
    const struct liquid_program *program;
    int64_t begin_us, compile_us, count;
    struct liquid_value values;
    struct scope scope;
    struct json *json;

    if (argc < 4)
        return 2;
    scope_init(&scope);
    stop_at_failure(&scope, json_parse(&scope, read_file(&scope, argv[3]), &json));
    values = liquid_from_json(&scope.arena, json);
    begin_us = clock_us();
    stop_at_failure(&scope,
                    liquid_compile(&scope, read_file(&scope, argv[2]),
                                   argc > 4 && text_is(text_of(argv[4]), "html") ? LIQUID_KIND_HTML
                                                                                 : LIQUID_KIND_TEXT,
                                   liquid_declare_json(&scope.arena, json), NULL, &program));
    compile_us = clock_us() - begin_us;
    stop_at_failure(&scope, liquid_renderer_set(&scope, renderer, &settings));
    begin_us = clock_us();
    if (text_is(text_of(argv[1]), "show")) {
        stop_at_failure(&scope, liquid_render(&scope, renderer, program, values, &out));
        fwrite(out.data, 1, out.size, stdout);
    } else {
        count = render_for(&scope, renderer, program, values, strtol(argv[1], NULL, 10), &out);
        printf("%" PRId64 "\t%" PRId64 "\t%zu\t%" PRId64 "\n", count, clock_us() - begin_us,
               out.size, compile_us);
    }
    scope_clear(&scope);
    return 0;
}
