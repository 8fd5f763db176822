// SPDX-License-Identifier: Apache-2.0
// The command line as a noun's *_cli.c sees it: one table of commands drives parsing, help, man
// page and shell completion. A command builds a request and runs its handler; what the handler
// answers is printed.
//
// noun_cli.h declares `extern const struct command noun_commands[]; extern const size_t
// noun_command_count;` and app/commands.c lists them.
#pragma once

#include "base/config.h"
#include "web/router.h"

struct option {
    const char *name;  // "from" for --from
    const char *value; // "DATE" in the help; NULL for a flag
    const char *help;
    const char *const *choices; // NULL-terminated values for checking and completion, or NULL
    bool repeats;
};

struct arguments; // what was given, checked against the command's table

struct cli; // the running program: store, routes, output format (cli/cli.h)

enum command_store {
    COMMAND_OPENS_STORE,  // the whole store: creates it when it is not there
    COMMAND_NEEDS_STORE,  // the whole store, which must be there: for commands that only look
    COMMAND_OPENS_LEDGER, // the ledger alone, beside whoever owns the store: never in anybody's way
    COMMAND_OPENS_FREE,   // the whole store when nobody owns it, otherwise the ledger alone
    COMMAND_WITHOUT_STORE, // works without any, or asks for it (cli_with_store)
    COMMAND_SERVES,        // as COMMAND_OPENS_STORE; each of its options sets that of the
                           // configuration (base/config.h) with the same name
};

typedef code command_run(struct scope *scope, struct cli *cli, const struct arguments *arguments);

struct command {
    const char *name;     // "segment count": one or two words
    const char *operands; // "NAME" in the help; "" when there are none
    const char *summary;  // one line
    const char *help;     // paragraphs and examples, may be NULL
    int minimum_operands, maximum_operands;
    const struct option *options; // ends with a NULL name; NULL when it has none
    command_run *run;
    enum command_store store;
};

struct text argument_operand(const struct arguments *arguments, int index); // empty when absent
int argument_operand_count(const struct arguments *arguments);
bool argument_given(const struct arguments *arguments, const char *option);
struct text argument_text(const struct arguments *arguments,
                          const char *option); // empty when absent
size_t argument_all(const struct arguments *arguments, const char *option, struct text *values,
                    size_t capacity);

// A request under construction. Its list outlasts what a command line may give
// (ARGUMENTS_MOST_OPTIONS).
struct request_builder {
    struct request request;
    struct request_parameter list[128];
};
// Names and ids within the path are made safe by request_path_element (web/request.h).
void request_builder_init(struct request_builder *builder, enum method method, struct text path);
void request_builder_add(struct request_builder *builder, const char *name, struct text value);
// Copy the named options (NULL-terminated list) as parameters of the same names, when given.
void request_builder_options(struct request_builder *builder, const struct arguments *arguments,
                             const char *const *options);
// A file named on the command line, up to a little over LIMIT_JSON_BYTES of it: what is longer, the
// reader of JSON refuses. NOT_FOUND when it cannot be read.
code cli_read_file(struct scope *scope, const char *path, struct text *ret_text);
// A JSON document as the body.
code request_builder_body(struct scope *scope, struct request_builder *builder, struct text json);

// Run with the store, for a command that needs it only with some of its options.
code cli_with_store(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                    enum command_store store, command_run *run);

// The path of a file, for a request: who answers it may work in another folder.
code cli_absolute_path(struct scope *scope, struct text path, struct text *ret_path);

// Run the handler through the router, or have the server that has the store open run it, and print
// its answer in the format asked for (--format). The answer's tables are printed one after the
// other; its other members as "label: value" lines before them.
code cli_call(struct scope *scope, struct cli *cli, const struct request *request);
// The same for a GET with those of the options `names` that were given as its parameters.
code cli_ask(struct scope *scope, struct cli *cli, const struct arguments *arguments,
             struct text path, const char *const *names);
// The same for a request that is no more than this; `json` is its body, empty for none.
code cli_send(struct scope *scope, struct cli *cli, enum method method, struct text path,
              struct text json);
// Run it and give the parsed answer instead, for commands that print in a way of their own.
code cli_fetch(struct scope *scope, struct cli *cli, const struct request *request,
               const struct json **ret_answer);
// Print an answer (or a part of it) as cli_call would.
code cli_print(struct scope *scope, struct cli *cli, const struct json *answer);

// The job that an answer names as "job_id".
code cli_job_of(struct scope *scope, const struct json *answer, int64_t *ret_job_id);
// Run a job that was queued with a progress bar, and print its result. SIGINT or SIGTERM asks it to
// stop at the next safe point; a second one leaves at once. A server that has the store open runs
// it itself; it is watched from here.
code cli_run_job(struct scope *scope, struct cli *cli, int64_t job_id);
// The same for one that was interrupted, cancelled or failed.
code cli_resume_job(struct scope *scope, struct cli *cli, int64_t job_id);
// The same, giving its result (NULL when it has none) instead of printing it.
code cli_watch_job(struct scope *scope, struct cli *cli, int64_t job_id,
                   const struct json **ret_result);

// What the command line, the environment and the configuration file say together.
const struct config *cli_config(const struct cli *cli);
bool cli_is_interactive(const struct cli *cli); // standard error is a terminal: bars may be drawn
