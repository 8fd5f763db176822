// SPDX-License-Identifier: Apache-2.0
// The words of a command line, sorted into command, operands and options and checked against the
// table.
#pragma once

#include "cli/cli.h"

enum { ARGUMENTS_MOST_OPTIONS = 100, ARGUMENTS_MOST_OPERANDS = 20 };

struct given_option {
    const struct option *option;
    struct text value;
};

struct arguments {
    const struct command *command; // NULL: none was named
    struct text group; // the first word when only that of several commands was given ("segment")
    struct text operands[ARGUMENTS_MOST_OPERANDS];
    int operand_count;
    struct given_option options[ARGUMENTS_MOST_OPTIONS];
    size_t option_count;
};

// `words` are argv without the program's name. Options stand anywhere after their command, the
// global ones anywhere; `--name value` and `--name=value` are the same; `--` ends them. INVALID for
// what the table does not know, naming what is nearest. Fills *ret_arguments as far as it comes.
code arguments_parse(struct scope *scope, struct command_table table, int count, char *const *words,
                     struct arguments *ret_arguments);
// Does the number of operands fit the command? Asked after --help was answered.
code arguments_check(struct scope *scope, const struct arguments *arguments);

// Command number `index` over all groups of the table; NULL behind the last.
const struct command *command_at(struct command_table table, size_t index, const char **ret_wing);
const struct command *command_find(struct command_table table, struct text name);
// The first word of a command's name, and whether there are two.
struct text command_first_word(const struct command *command, struct text *ret_second);
bool command_is_group(struct command_table table, struct text word);
const struct option *option_find(const struct option *options, struct text name);
