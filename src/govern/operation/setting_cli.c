// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/setting_cli.h"

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/settings"));
    return cli_call(scope, cli, &builder.request);
}

static code run_set(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "value");
    json_write_text(&writer, argument_operand(arguments, 1));
    json_end_object(&writer);
    request_builder_init(&builder, METHOD_PUT,
                         text_printf(&scope->arena, "/api/v1/settings/%.*s", TEXT_ARG(name)));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    return cli_call(scope, cli, &builder.request);
}

const struct command setting_commands[] = {
    {.name = "setting list",
     .operands = "",
     .summary = "Show the settings of the store",
     .run = run_list,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "setting set",
     .operands = "NAME VALUE",
     .summary = "Change a setting",
     .help = "A new zone moves sales to other days, so the lake is built again.\n"
             "\n"
             "Examples:\n"
             "  tessera setting set zone Europe/London\n"
             "  tessera setting set currency GBP\n"
             "  tessera setting set country GB\n",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .run = run_set},
};
const size_t setting_command_count = sizeof(setting_commands) / sizeof(*setting_commands);
