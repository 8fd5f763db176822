// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

extern const struct command metric_commands[];
extern const size_t metric_command_count;

// The options that every report takes, for tables of options and for request_builder_options.
#define SELECTION_OPTIONS                                                                          \
    {.name = "from", .value = "DATE", .help = "first day that counts (YYYY-MM-DD)"},               \
        {.name = "to", .value = "DATE", .help = "last day that counts"}, {                         \
        .name = "filter", .value = "CONDITION",                                                    \
        .help =                                                                                    \
            "FIELD OPERATOR VALUE, as customer=known or 'quantity>0'; see `tessera metric list`",  \
        .repeats = true                                                                            \
    }
#define SELECTION_OPTION_NAMES "from", "to", "filter"

// cli_call for reports: on the terminal without the selection, which whoever typed it knows.
code selection_cli_call(struct scope *scope, struct cli *cli, const struct request *request);
