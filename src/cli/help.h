// SPDX-License-Identifier: Apache-2.0
// What the program says about itself, all of it made from the table of commands.
#pragma once

#include "cli/cli.h"

code help_version(struct cli *cli);
// Of a command, of a group ("segment"), or the overview when neither is given.
code help_show(struct scope *scope, struct cli *cli, const struct command *command,
               struct text group);
// INVALID: the group needs one more word.
code help_incomplete(struct scope *scope, struct cli *cli, struct text group);

void help_overview(struct buffer *out, struct command_table table, bool colour);
void help_command(struct buffer *out, const struct command *command, bool colour);
void help_group(struct buffer *out, struct command_table table, struct text group, bool colour);

// A manual page in troff's man macros.
void help_man_page(struct buffer *out, struct command_table table);

enum shell { SHELL_BASH, SHELL_ZSH, SHELL_FISH, SHELL_COUNT };
void help_completion(struct buffer *out, struct command_table table, enum shell shell);
