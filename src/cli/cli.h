// SPDX-License-Identifier: Apache-2.0
// The running program: the tables it works from, what was asked of it and where it writes. Nouns
// see it as an opaque struct through cli/command.h; the mains fill in the tables.
#pragma once

#include "base/config.h"
#include "cli/bar.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/remote.h"
#include "store/job.h"

#include <stdio.h>

// The commands of one noun, and the wing under which the overview shows them.
struct command_group {
    const char *wing; // plug, host, analyze, govern, operate
    const struct command *commands;
    const size_t *count;
};

// A table of groups.
struct command_table {
    const struct command_group *groups;
    size_t count;
};

enum cli_format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON };
extern const char *const cli_formats[]; // their names, NULL-terminated

struct cli {
    const struct route *routes;
    size_t route_count;
    struct command_table commands;
    const struct job_kind *jobs;
    size_t job_count;

    struct config config; // in force; the defaults until the words are sorted
    enum cli_format format;
    bool quiet;
    FILE *out;
    FILE *err;
    bool out_is_terminal;
    bool err_is_terminal;
    bool colour;   // of what goes to `out`
    int out_width; // columns of the terminal, 0 when `out` is none

    struct remote *remote; // the server that has the store open; NULL: handlers run in this process
    struct bar bar;
    struct interrupt *interrupt; // NULL: signals have their usual effect
};

// Options that every command takes; ends with a NULL name.
extern const struct option cli_global_options[];

// help, completion, version.
extern const struct command cli_commands[];
extern const size_t cli_command_count;

// The whole program: read the arguments, open the store, run the command, tell what failed. `cli`
// holds the tables and is otherwise zero. Returns the exit code.
int cli_run(struct cli *cli, int argc, char **argv);
