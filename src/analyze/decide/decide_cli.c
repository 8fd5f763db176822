// SPDX-License-Identifier: Apache-2.0
#include "analyze/decide/decide_cli.h"

static code run_decide(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/decide"));
    request_builder_add(&builder, "id", argument_operand(arguments, 0));
    return cli_call(scope, cli, &builder.request);
}

const struct command decide_commands[] = {
    {.name = "decide",
     .operands = "KIND:VALUE",
     .summary = "Show what pages, tills and ad servers are told of a customer",
     .help = "The segments that they are in now. Traits are told to API keys only, each its own:\n"
             "see `tessera help key add`.\n"
             "\n"
             "Kinds: email, phone, loyalty_card, cookie, device, social, pickup_code, message;\n"
             "a customer number is of a source, whose name stands before it.\n"
             "\n"
             "Examples:\n"
             "  tessera decide email:ada@example.org\n"
             "  tessera decide customer_number:shop:1042\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_decide,
     .store = COMMAND_OPENS_LEDGER},
};
const size_t decide_command_count = sizeof(decide_commands) / sizeof(*decide_commands);
