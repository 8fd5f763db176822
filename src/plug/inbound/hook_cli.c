// SPDX-License-Identifier: Apache-2.0
#include "plug/inbound/hook_cli.h"

#include "plug/inbound/signature.h"

static struct text path_of(struct scope *scope, const struct arguments *arguments,
                           const char *behind) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/hooks/%.*s%s", TEXT_ARG(name), behind);
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/hooks"), TEXT(""));
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_GET, path_of(scope, arguments, ""), TEXT(""));
}

static void write_if_given(struct json_writer *writer, const struct arguments *arguments,
                           const char *option) {
    if (!argument_given(arguments, option))
        return;
    json_key(writer, option);
    json_write_text(writer, argument_text(arguments, option));
}

// A file with JSON, or the name of a kept mapping.
static code write_mapping(struct scope *scope, struct json_writer *writer,
                          const struct arguments *arguments) {
    const struct text given = argument_text(arguments, "mapping");
    struct text content;
    struct json *json;

    json_key(writer, "mapping");
    if (!text_ends_with(given, TEXT(".json"))) {
        json_write_text(writer, given);
        return OK;
    }
    TRY(cli_read_file(scope, text_string(&scope->arena, given), &content));
    TRY(json_parse(scope, content, &json));
    json_write(writer, json);
    return OK;
}

static code run_add(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "name");
    json_write_text(&writer, argument_operand(arguments, 0));
    write_if_given(&writer, arguments, "scheme");
    write_if_given(&writer, arguments, "secret");
    TRY(write_mapping(scope, &writer, arguments));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/hooks"), buffer_text(&body));
}

static code run_map(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    TRY(write_mapping(scope, &writer, arguments));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_PUT, path_of(scope, arguments, "/mapping"),
                    buffer_text(&body));
}

static code run_rotate(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;
    int64_t keep_s;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    write_if_given(&writer, arguments, "secret");
    if (argument_given(arguments, "keep")) {
        if (!text_to_int64(argument_text(arguments, "keep"), &keep_s))
            return scope_fail_field(scope, INVALID, "keep", "\"%.*s\" is no number of seconds",
                                    TEXT_ARG(argument_text(arguments, "keep")));
        json_key(&writer, "keep_s");
        json_write_int64(&writer, keep_s);
    }
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, path_of(scope, arguments, "/secret"),
                    buffer_text(&body));
}

static const struct option add_options[] = {
    {.name = "mapping",
     .value = "MAPPING",
     .help = "a file whose name ends with .json, or the name of a kept mapping"},
    {.name = "scheme",
     .value = "SCHEME",
     .help = "how the sender signs (standard)",
     .choices = signature_scheme_names},
    {.name = "secret", .value = "SECRET", .help = "what the sender gave; otherwise one is made"},
    {0},
};
static const struct option map_options[] = {
    {.name = "mapping",
     .value = "MAPPING",
     .help = "a file whose name ends with .json, or the name of a kept mapping"},
    {0},
};
static const struct option rotate_options[] = {
    {.name = "secret", .value = "SECRET", .help = "what the sender gave; otherwise one is made"},
    {.name = "keep",
     .value = "SECONDS",
     .help = "how long the secret before it counts as well (86400)"},
    {0},
};

const struct command hook_commands[] = {
    {.name = "hook list",
     .operands = "",
     .summary = "Webhooks in, with what came of them",
     .run = run_list,
     .store = COMMAND_NEEDS_STORE},
    {.name = "hook show",
     .operands = "NAME",
     .summary = "One webhook: its address and its mapping",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "hook add",
     .operands = "NAME",
     .summary = "Make an address at which another system tells what happened",
     .help = "The secret is shown this once. A mapping says what the members of a message mean:\n\n"
             "  {\"kind\": \"events\",\n"
             "   \"fields\": {\"event\": \"type\", \"at\": \"data.created_at\",\n"
             "              \"email\": \"data.customer.email\", \"id\": \"id\"}}\n\n"
             "  tessera hook add payments --mapping payments.json --scheme stripe --secret "
             "whsec_...\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = add_options,
     .run = run_add,
     .store = COMMAND_OPENS_STORE},
    {.name = "hook map",
     .operands = "NAME",
     .summary = "Give a webhook another mapping",
     .help = "Messages in quarantine are tried again with `tessera quarantine replay ID`.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = map_options,
     .run = run_map,
     .store = COMMAND_NEEDS_STORE},
    {.name = "hook rotate",
     .operands = "NAME",
     .summary = "Give a webhook a new secret",
     .help = "It is shown this once. The one before it counts for a while as well, so that no\n"
             "message is lost while the sender changes.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = rotate_options,
     .run = run_rotate,
     .store = COMMAND_NEEDS_STORE},
};
const size_t hook_command_count = sizeof(hook_commands) / sizeof(*hook_commands);
