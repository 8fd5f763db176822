// SPDX-License-Identifier: Apache-2.0
// From a command to a handler and back.
#include "base/limits.h"
#include "cli/arguments.h"
#include "cli/output.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    REQUEST_BUILDER_CAPACITY =
        sizeof((struct request_builder){0}.list) / sizeof(*(struct request_builder){0}.list)
};
static_assert(REQUEST_BUILDER_CAPACITY >= ARGUMENTS_MOST_OPTIONS + ARGUMENTS_MOST_OPERANDS,
              "a request holds whatever a command line gives");

void request_builder_init(struct request_builder *builder, enum method method, struct text path) {
    builder->request = (struct request){.method = method, .path = path};
}

void request_builder_add(struct request_builder *builder, const char *name, struct text value) {
    struct request *request = &builder->request;

    assert(request->parameter_count < REQUEST_BUILDER_CAPACITY);
    builder->list[request->parameter_count++] =
        (struct request_parameter){.name = text_of(name), .value = value};
    request->parameters = builder->list;
}

void request_builder_options(struct request_builder *builder, const struct arguments *arguments,
                             const char *const *options) {
    for (; *options; options++) {
        struct text values[ARGUMENTS_MOST_OPTIONS];
        const size_t count = argument_all(arguments, *options, values, ARGUMENTS_MOST_OPTIONS);

        for (size_t i = 0; i < count; i++)
            request_builder_add(builder, *options, values[i]);
    }
}

code request_builder_body(struct scope *scope, struct request_builder *builder, struct text json) {
    struct json *body;

    TRY(json_parse(scope, json, &body));
    builder->request.body = body;
    return OK;
}

static code answer_here(struct scope *scope, const struct cli *cli, const struct request *request,
                        struct buffer *out) {
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    TRY(router_handle(scope, cli->routes, cli->route_count, request, &response));
    buffer_add_text(out, buffer_text(&response.body));
    return OK;
}

// In this process, or by the server that has the store open.
static code answer_of(struct scope *scope, const struct cli *cli, const struct request *request,
                      struct buffer *out) {
    return cli->remote ? remote_send(scope, cli->remote, request, out)
                       : answer_here(scope, cli, request, out);
}

static code parse_answer(struct scope *scope, struct text document,
                         const struct json **ret_answer) {
    struct json *answer = NULL;

    if (document.size > 0)
        TRY(json_parse_own(scope, document, &answer));
    *ret_answer = answer;
    return OK;
}

code cli_fetch(struct scope *scope, struct cli *cli, const struct request *request,
               const struct json **ret_answer) {
    CLEANUP(buffer_clear) struct buffer document = {0};

    TRY(answer_of(scope, cli, request, &document));
    return parse_answer(scope, buffer_text(&document), ret_answer);
}

code cli_call(struct scope *scope, struct cli *cli, const struct request *request) {
    CLEANUP(buffer_clear) struct buffer document = {0};
    const struct json *answer;

    TRY(answer_of(scope, cli, request, &document));
    if (cli->format == FORMAT_JSON)
        return output_raw(scope, cli, buffer_text(&document));
    TRY(parse_answer(scope, buffer_text(&document), &answer));
    return cli_print(scope, cli, answer);
}

code cli_ask(struct scope *scope, struct cli *cli, const struct arguments *arguments,
             struct text path, const char *const *names) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, path);
    request_builder_options(&builder, arguments, names);
    return cli_call(scope, cli, &builder.request);
}

code cli_send(struct scope *scope, struct cli *cli, enum method method, struct text path,
              struct text json) {
    struct request_builder builder;

    request_builder_init(&builder, method, path);
    if (json.size > 0)
        TRY(request_builder_body(scope, &builder, json));
    return cli_call(scope, cli, &builder.request);
}

code cli_absolute_path(struct scope *scope, struct text path, struct text *ret_path) {
    char *folder = NULL;

    *ret_path = path;
    if (path.size == 0 || path.data[0] == '/')
        return OK;
    folder = getcwd(NULL, 0);
    if (!folder)
        return scope_fail(scope, UNAVAILABLE, "the folder that this is has no name");
    *ret_path = text_printf(&scope->arena, "%s/%.*s", folder, TEXT_ARG(path));
    free(folder);
    return OK;
}

code cli_read_file(struct scope *scope, const char *path, struct text *ret_text) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    FILE *file = fopen(path, "rb");
    size_t size;

    if (!file)
        return scope_fail(scope, NOT_FOUND, "file \"%s\" cannot be read", path);
    do {
        size = fread(buffer_reserve(&content, BUFSIZ), 1, BUFSIZ, file);
        content.size += size;
    } while (size > 0 && content.size <= LIMIT_JSON_BYTES);
    fclose(file);
    *ret_text = text_copy(&scope->arena, buffer_text(&content));
    return OK;
}
