// SPDX-License-Identifier: Apache-2.0
#include "plug/tag/tag_cli.h"

#include <stdio.h>

static struct text path_of(struct scope *scope, const struct arguments *arguments,
                           const char *what) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/sources/%.*s/tag%s", TEXT_ARG(name), what);
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/tags"));
    return cli_call(scope, cli, &builder.request);
}

// The draft and the snippet are documents for people to copy: as they are, alone.
static code print_member(struct scope *scope, struct cli *cli, const struct json *answer,
                         const char *name) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    const struct json *member = json_member(answer, name);
    struct json_writer writer;

    if (!member)
        return cli_print(scope, cli, answer);
    if (member->type == JSON_STRING) {
        buffer_add_text(&text, member->string);
    } else {
        json_writer_init(&writer, &text);
        json_write(&writer, member);
    }
    buffer_add_char(&text, '\n');
    fwrite(text.data, 1, text.size, stdout);
    return OK;
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;
    const struct json *answer;

    request_builder_init(&builder, METHOD_GET, path_of(scope, arguments, ""));
    if (!argument_given(arguments, "draft") && !argument_given(arguments, "snippet"))
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return print_member(scope, cli, answer,
                        argument_given(arguments, "draft") ? "draft" : "snippet");
}

static code run_draft(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct text text;

    TRY(cli_read_file(scope, text_string(&scope->arena, argument_operand(arguments, 1)), &text));
    buffer_add_string(&body, "{\"configuration\":");
    buffer_add_text(&body, text);
    buffer_add_char(&body, '}');
    return cli_send(scope, cli, METHOD_PUT, path_of(scope, arguments, ""), buffer_text(&body));
}

static code run_publish(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    if (argument_given(arguments, "note")) {
        json_key(&writer, "note");
        json_write_text(&writer, argument_text(arguments, "note"));
    }
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, path_of(scope, arguments, "/publish"),
                    buffer_text(&body));
}

static code given_version(struct scope *scope, const struct arguments *arguments,
                          int64_t *ret_version) {
    const struct text given = argument_operand(arguments, 1);

    return text_to_int64(given, ret_version)
               ? OK
               : scope_fail(scope, INVALID, "\"%.*s\" is no version", TEXT_ARG(given));
}

static code run_restore(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    int64_t version;

    TRY(given_version(scope, arguments, &version));
    buffer_printf(&body, "{\"version\":%lld}", (long long)version);
    return cli_send(scope, cli, METHOD_POST, path_of(scope, arguments, "/restore"),
                    buffer_text(&body));
}

static code run_version(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;
    const struct json *answer;
    int64_t version;

    TRY(given_version(scope, arguments, &version));
    request_builder_init(
        &builder, METHOD_GET,
        path_of(scope, arguments,
                arena_printf(&scope->arena, "/versions/%lld", (long long)version)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return print_member(scope, cli, answer, "configuration");
}

static const struct option show_options[] = {
    {.name = "draft", .help = "only the draft's configuration, as JSON"},
    {.name = "snippet", .help = "only what goes into the head of every page"},
    {0},
};
static const struct option publish_options[] = {
    {.name = "note", .value = "TEXT", .help = "what is new, for who looks at the versions"},
    {0},
};

const struct command tag_commands[] = {
    {.name = "tag list",
     .operands = "",
     .summary = "Show the tags of web sites and what is published",
     .run = run_list,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "tag show",
     .operands = "SOURCE",
     .summary = "Show the tag of a web site: its draft, its versions, its snippet",
     .help = "Examples:\n"
             "  tessera tag show shop --snippet\n"
             "  tessera tag show shop --draft > tag.json\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = show_options,
     .run = run_show,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "tag draft",
     .operands = "SOURCE FILE",
     .summary = "Take a configuration as the draft of a web site's tag",
     .help = "Visitors see nothing of it before it is published.\n",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .run = run_draft,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "tag publish",
     .operands = "SOURCE",
     .summary = "Put the draft in force, as a version of its own",
     .help =
         "Whoever chose before is asked again when purposes or words are others than those that\n"
         "were read.\n"
         "\n"
         "Example:\n"
         "  tessera tag publish shop --note \"orders from the data layer\"\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = publish_options,
     .run = run_publish,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "tag restore",
     .operands = "SOURCE VERSION",
     .summary = "Put an old version in force again, under a new number",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .run = run_restore,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "tag version",
     .operands = "SOURCE VERSION",
     .summary = "Show what was published: the words that consents refer to",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .run = run_version,
     .store = COMMAND_OPENS_LEDGER},
};
const size_t tag_command_count = sizeof(tag_commands) / sizeof(*tag_commands);
