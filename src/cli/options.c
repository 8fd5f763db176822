// SPDX-License-Identifier: Apache-2.0
// To add an option of every command: a row here, its use in run.c.
#include "cli/cli.h"

const char *const cli_formats[] = {"table", "csv", "json", NULL};

const struct option cli_global_options[] = {
    {.name = "data",
     .value = "DIR",
     .help = "the folder of the store; otherwise $TESSERA_DATA, otherwise $XDG_DATA_HOME/tessera "
             "(~/.local/share/tessera)"},
    {.name = "config",
     .value = "FILE",
     .help = "the configuration; otherwise $TESSERA_CONFIG, otherwise tessera.conf in the store's "
             "folder, otherwise /etc/tessera/tessera.conf"},
    {.name = "format",
     .value = "FORMAT",
     .help = "how results are written: table for people, csv or json for programs",
     .choices = cli_formats},
    {.name = "quiet", .help = "no progress and no remarks on standard error"},
    {.name = "help", .help = "show how the command is used"},
    {.name = "version", .help = "show the version"},
    {0},
};
