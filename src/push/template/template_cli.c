// SPDX-License-Identifier: Apache-2.0
#include "push/template/template_cli.h"

#include "cli/cli.h"
#include "push/template/html_text.h"
#include "push/template/mjml.h"
#include "push/template/template.h"

#include <stdio.h>

static struct text path_of(struct scope *scope, const struct arguments *arguments) {
    return text_printf(
        &scope->arena, "/api/v1/templates/%.*s",
        TEXT_ARG(request_path_element(&scope->arena, argument_operand(arguments, 0))));
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/templates"));
    request_builder_add(&builder, "limit", TEXT("1000"));
    return cli_call(scope, cli, &builder.request);
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, path_of(scope, arguments));
    if (argument_given(arguments, "number"))
        request_builder_add(&builder, "version", argument_text(arguments, "number"));
    return cli_call(scope, cli, &builder.request);
}

static code run_language(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/templates/language"), TEXT(""));
}

// ---- saving and trying ----

static code read_source(struct scope *scope, struct text path, struct text *ret_source) {
    const char *const name = text_string(&scope->arena, path);

    return is_mjml(name) ? mjml_to_html(scope, name, ret_source)
                         : cli_read_file(scope, name, ret_source);
}

static code add_file(struct scope *scope, const struct arguments *arguments, const char *option,
                     struct json_writer *writer) {
    struct text content;

    if (!argument_given(arguments, option))
        return OK;
    TRY(read_source(scope, argument_text(arguments, option), &content));
    json_key(writer, option);
    json_write_text(writer, content);
    return OK;
}

static code content_body(struct scope *scope, const struct arguments *arguments,
                         struct json_writer *writer) {
    struct text variants;
    struct json *json;

    json_key(writer, "kind");
    json_write_text(writer, argument_given(arguments, "kind") ? argument_text(arguments, "kind")
                                                              : TEXT("email"));
    json_key(writer, "subject");
    json_write_text(writer, argument_given(arguments, "subject")
                                ? argument_text(arguments, "subject")
                                : TEXT(""));
    TRY(add_file(scope, arguments, "html", writer));
    TRY(add_file(scope, arguments, "text", writer));
    if (!argument_given(arguments, "variants"))
        return OK;
    TRY(cli_read_file(scope, text_string(&scope->arena, argument_text(arguments, "variants")),
                      &variants));
    TRY(json_parse(scope, variants, &json));
    json_key(writer, "variants");
    json_write(writer, json);
    return OK;
}

static code run_save(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    TRY(content_body(scope, arguments, &writer));
    if (argument_given(arguments, "description")) {
        json_key(&writer, "description");
        json_write_text(&writer, argument_text(arguments, "description"));
    }
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_PUT, path_of(scope, arguments), buffer_text(&body));
}

static void copy_member(struct json_writer *writer, const struct json *object, const char *name) {
    json_key(writer, name);
    json_write(writer, json_member(object, name));
}

static code run_preview(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    const struct json *version;
    struct json_writer writer;

    request_builder_init(&builder, METHOD_GET, path_of(scope, arguments));
    TRY(cli_fetch(scope, cli, &builder.request, &version));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    copy_member(&writer, version, "kind");
    copy_member(&writer, version, "subject");
    copy_member(&writer, version, "html");
    copy_member(&writer, version, "text");
    copy_member(&writer, version, "variants");
    json_key(&writer, "customer");
    json_write_text(&writer, argument_operand(arguments, 1));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/templates/preview"), buffer_text(&body));
}

// ---- a file with values from a file: no store ----

static const char *const context_names[] = {"text", "html", "header", "json", "letter", NULL};

static enum liquid_kind context_of(const struct arguments *arguments) {
    const struct text context = argument_text(arguments, "as");
    const struct text file = argument_operand(arguments, 0);

    if (text_is(context, "header"))
        return LIQUID_KIND_HEADER;
    if (text_is(context, "json") ||
        (context.size == 0 &&
         (text_ends_with(file, TEXT(".json")) || text_ends_with(file, TEXT(".json.liquid")))))
        return LIQUID_KIND_JSON;
    if (text_is(context, "letter"))
        return LIQUID_KIND_LETTER;
    if (text_is(context, "html") ||
        (context.size == 0 &&
         (text_ends_with(file, TEXT(".html")) || text_ends_with(file, TEXT(".html.liquid")) ||
          text_ends_with(file, TEXT(".mjml")))))
        return LIQUID_KIND_HTML;
    return LIQUID_KIND_TEXT;
}

static code run_render(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct liquid_settings settings = {.language = argument_text(arguments, "language"),
                                             .currency = argument_text(arguments, "currency"),
                                             .zone = argument_text(arguments, "zone")};
    CLEANUP(liquid_renderer_close) struct liquid_renderer *renderer = liquid_renderer_new();
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct text source, values = TEXT("{}");
    const struct liquid_program *program;
    struct json *json;

    TRY(read_source(scope, argument_operand(arguments, 0), &source));
    if (argument_given(arguments, "with"))
        TRY(cli_read_file(scope, text_string(&scope->arena, argument_text(arguments, "with")),
                          &values));
    TRY(json_parse(scope, values, &json));
    TRY(liquid_compile(scope, source, context_of(arguments),
                       liquid_declare_json(&scope->arena, json), NULL, &program));
    TRY(liquid_renderer_set(scope, renderer, &settings));
    TRY(liquid_render(scope, renderer, program, liquid_from_json(&scope->arena, json), &out));
    if (argument_given(arguments, "to-text")) {
        CLEANUP(buffer_clear) struct buffer text = {0};

        html_to_text(buffer_text(&out), &text);
        fwrite(text.data, 1, text.size, cli->out);
        return OK;
    }
    fwrite(out.data, 1, out.size, cli->out);
    return OK;
}

static const struct option show_options[] = {
    {"number", "NUMBER", "an earlier version", NULL, false},
    {0},
};
static const struct option save_options[] = {
    {"kind", "KIND", "what it is written for (email)", template_kind_names, false},
    {"subject", "LIQUID", "subject line", NULL, false},
    {"html", "FILE", "HTML, in Liquid; a FILE.mjml is compiled by the program mjml", NULL, false},
    {"text", "FILE", "plain text, in Liquid; made from the HTML where there is none", NULL, false},
    {"variants", "FILE", "JSON: variants for languages and segments", NULL, false},
    {"description", "TEXT", "what it is for", NULL, false},
    {0},
};
static const struct option render_options[] = {
    {"with", "FILE", "JSON object of the values; only what it holds can be named", NULL, false},
    {"as", "CONTEXT", "what it is written into: decides how values are escaped", context_names,
     false},
    {"to-text", NULL, "turn the HTML into plain text", NULL, false},
    {"language", "CODE", "of numbers and dates (en)", NULL, false},
    {"currency", "CODE", "of amounts without one", NULL, false},
    {"zone", "NAME", "time zone of dates (UTC)", NULL, false},
    {0},
};

// clang-format off
const struct command template_commands[] = {
    {"template list", "", "Templates of messages", NULL,
     0, 0, NULL, run_list, COMMAND_NEEDS_STORE},
    {"template show", "NAME", "A template's content", NULL,
     1, 1, show_options, run_show, COMMAND_NEEDS_STORE},
    {"template language", "", "What templates may name, their filters and tags", NULL,
     0, 0, NULL, run_language, COMMAND_NEEDS_STORE},
    {"template save", "NAME", "Keep a template; an earlier version of it stays",
     "The parts are checked first: what is wrong is told with its line and column.\n"
     "\n"
     "Example:\n"
     "  tessera template save spring --subject \"Hello {{ customer.name }}\" --html spring.html\n",
     1, 1, save_options, run_save, COMMAND_NEEDS_STORE},
    {"template preview", "NAME CUSTOMER", "What a customer would get", NULL,
     2, 2, NULL, run_preview, COMMAND_NEEDS_STORE},
    {"template render", "FILE", "Write out a template with values from a file",
     "Needs no store. Values are escaped for HTML when the file's name ends with .html or .mjml\n"
     "(which the program mjml compiles), or as --as says.\n"
     "\n"
     "Example:\n"
     "  tessera template render spring.html --with ada.json --language de\n",
     1, 1, render_options, run_render, COMMAND_WITHOUT_STORE},
};
// clang-format on
const size_t template_command_count = sizeof(template_commands) / sizeof(*template_commands);
