// SPDX-License-Identifier: Apache-2.0
#include "push/sms/sms_cli.h"

#include "cli/cli.h"
#include "push/sms/gateway.h"

static void write_if_given(struct json_writer *writer, const struct arguments *arguments,
                           const char *option) {
    if (!argument_given(arguments, option))
        return;
    json_key(writer, option);
    json_write_text(writer, argument_text(arguments, option));
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/sms/gateway"), TEXT(""));
}

// A password on the command line is seen by everybody on the machine: it comes from a file.
static code write_password(struct scope *scope, struct json_writer *writer,
                           const struct arguments *arguments) {
    struct text password;

    if (!argument_given(arguments, "password-file"))
        return OK;
    TRY(cli_read_file(scope, text_string(&scope->arena, argument_text(arguments, "password-file")),
                      &password));
    json_key(writer, "password");
    json_write_text(writer, text_trim(password));
    return OK;
}

static code run_set(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "kind");
    json_write_text(&writer, argument_given(arguments, "kind") ? argument_text(arguments, "kind")
                                                               : TEXT("kannel"));
    json_key(&writer, "url");
    json_write_text(&writer, argument_operand(arguments, 0));
    write_if_given(&writer, arguments, "sender");
    write_if_given(&writer, arguments, "user");
    TRY(write_password(scope, &writer, arguments));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_PUT, TEXT("/api/v1/sms/gateway"), buffer_text(&body));
}

static code run_size(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/sms/size"));
    request_builder_add(&builder, "text", argument_operand(arguments, 0));
    return cli_call(scope, cli, &builder.request);
}

static code run_try(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "to");
    json_write_text(&writer, argument_operand(arguments, 0));
    json_key(&writer, "text");
    json_write_text(&writer, argument_operand(arguments, 1));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/sms/tries"), buffer_text(&body));
}

static const struct option set_options[] = {
    {.name = "kind",
     .value = "KIND",
     .help = "kannel (usual), or http for a gateway that takes JSON",
     .choices = sms_gateway_kind_names},
    {.name = "sender", .value = "SENDER", .help = "whom people see: a number or a word"},
    {.name = "user", .value = "NAME", .help = "by which the gateway knows this store"},
    {.name = "password-file", .value = "FILE", .help = "holds its password; absent: the one kept"},
    {0},
};

const struct command sms_commands[] = {
    {.name = "sms gateway",
     .operands = "",
     .summary = "Where text messages go",
     .run = run_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "sms set-gateway",
     .operands = "URL",
     .summary = "Say where text messages go",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = set_options,
     .run = run_set,
     .store = COMMAND_NEEDS_STORE},
    {.name = "sms size",
     .operands = "TEXT",
     .summary = "How many parts a text message takes, and which character makes it more",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_size,
     .store = COMMAND_NEEDS_STORE},
    {.name = "sms try",
     .operands = "NUMBER TEXT",
     .summary = "Send a text message to a number of your own",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .run = run_try,
     .store = COMMAND_NEEDS_STORE},
};
const size_t sms_command_count = sizeof(sms_commands) / sizeof(*sms_commands);
