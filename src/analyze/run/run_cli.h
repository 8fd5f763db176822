// SPDX-License-Identifier: Apache-2.0
// What the commands of all analyses that run as jobs do: options become the body of the request,
// the job is watched, and its result shown; --last shows the one before instead.
#pragma once

#include "cli/command.h"

enum analysis_option_type {
    ANALYSIS_TEXT,
    ANALYSIS_NUMBER, // as it was written, whole or not: what takes it says what is wrong with it
    ANALYSIS_YES,    // a flag: true
    ANALYSIS_NO,     // a flag: false
};

struct analysis_option {
    const char *option, *field; // of the command, of the body
    enum analysis_option_type type;
};

struct analysis_command {
    const char *path;  // "/api/v1/churn", whose "/runs" start one
    const char *never; // "who will leave was never estimated"
    const char *again; // "tessera analyze churn"
    const struct analysis_option *options;
    size_t option_count;
    // What the options above cannot say, as further members of the body; NULL: nothing.
    code (*write_more)(struct scope *scope, const struct arguments *arguments,
                       struct json_writer *writer);
    // A result for people; NULL: all of it.
    code (*print)(struct scope *scope, struct cli *cli, const struct json *result);
};

code analysis_cli_run(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                      const struct analysis_command *command);
// The body alone.
code analysis_cli_body(struct scope *scope, const struct arguments *arguments,
                       const struct analysis_command *command, struct buffer *body);
// A number that was written for an option, as the next value.
code analysis_cli_number(struct scope *scope, const char *option, struct text given,
                         struct json_writer *writer);
