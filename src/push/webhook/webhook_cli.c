// SPDX-License-Identifier: Apache-2.0
#include "push/webhook/webhook_cli.h"

#include "cli/cli.h"

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/webhook"), TEXT(""));
}

// An address with a token in it is better read than seen by everybody on the machine.
static code run_set(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct text url = argument_operand(arguments, 0);
    struct json_writer writer;

    if (text_is(url, "-"))
        TRY(cli_read_file(scope, "/dev/stdin", &url));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "url");
    json_write_text(&writer, text_trim(url));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_PUT, TEXT("/api/v1/webhook"), buffer_text(&body));
}

static code run_rotate(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;
    int64_t keep_s;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    if (argument_given(arguments, "keep")) {
        if (!text_to_int64(argument_text(arguments, "keep"), &keep_s))
            return scope_fail_field(scope, INVALID, "keep", "\"%.*s\" is no number of seconds",
                                    TEXT_ARG(argument_text(arguments, "keep")));
        json_key(&writer, "keep_s");
        json_write_int64(&writer, keep_s);
    }
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/webhook/secret"), buffer_text(&body));
}

static code run_on(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_PUT, TEXT("/api/v1/webhook/switch"), TEXT("{\"on\": true}"));
}

static code run_off(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_PUT, TEXT("/api/v1/webhook/switch"),
                    TEXT("{\"on\": false}"));
}

static code run_try(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/webhook/tries"), TEXT(""));
}

static const struct option rotate_options[] = {
    {.name = "keep",
     .value = "SECONDS",
     .help = "how long the secret before it signs as well (86400)"},
    {0},
};

const struct command webhook_commands[] = {
    {.name = "webhook show",
     .operands = "",
     .summary = "Where webhooks go, and whether they are taken there",
     .run = run_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "webhook set",
     .operands = "URL",
     .summary = "Say where webhooks go",
     .help = "URL - is read from standard input. The secret of the first one is shown this once.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_set,
     .store = COMMAND_NEEDS_STORE},
    {.name = "webhook rotate",
     .operands = "",
     .summary = "Sign webhooks with a new secret",
     .help = "The secret is shown this once.\n",
     .options = rotate_options,
     .run = run_rotate,
     .store = COMMAND_NEEDS_STORE},
    {.name = "webhook on",
     .operands = "",
     .summary = "Send webhooks again",
     .run = run_on,
     .store = COMMAND_NEEDS_STORE},
    {.name = "webhook off",
     .operands = "",
     .summary = "Send no webhooks",
     .run = run_off,
     .store = COMMAND_NEEDS_STORE},
    {.name = "webhook try",
     .operands = "",
     .summary = "Post a test to the endpoint",
     .run = run_try,
     .store = COMMAND_NEEDS_STORE},
};
const size_t webhook_command_count = sizeof(webhook_commands) / sizeof(*webhook_commands);
