// SPDX-License-Identifier: Apache-2.0
// Every command of the program. Nouns declare their commands in noun_cli.h.
//
// To add one to a noun that is listed: give it a row in the noun's noun_cli.c, nothing here.
// To add a noun:
//   1. declare `extern const struct command noun_commands[]; extern const size_t
//   noun_command_count;`
//      in noun_cli.h, define them in noun_cli.c;
//   2. include that header and give the noun a row here: the wing it is shown under (plug, host,
//   analyze,
//      govern, operate), its commands. The order here is the order of the help.
#include "app/tables.h"

// clang-format off
const struct command_group command_groups[] = {
    {"operate", cli_commands, &cli_command_count},
};
// clang-format on
const size_t command_group_count = sizeof(command_groups) / sizeof(*command_groups);
