// SPDX-License-Identifier: Apache-2.0
#include "host/sale/sale_cli.h"

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"source", NULL};
    const struct text key = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return cli_ask(scope, cli, arguments,
                   text_printf(&scope->arena, "/api/v1/sales/%.*s", TEXT_ARG(key)), options);
}

static const struct option show_options[] = {
    {.name = "source",
     .value = "NAME",
     .help = "whose receipt, when several sources have the number"},
    {0},
};

const struct command sale_commands[] = {
    {.name = "sale show",
     .operands = "NUMBER",
     .summary = "Show one receipt: its head, its lines and what was refunded of it",
     .help = "NUMBER is the receipt's number or its id.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = show_options,
     .run = run_show,
     .store = COMMAND_NEEDS_STORE},
};
const size_t sale_command_count = sizeof(sale_commands) / sizeof(*sale_commands);
