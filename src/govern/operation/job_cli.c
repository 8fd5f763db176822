// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/job_cli.h"

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"limit", "after", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/jobs"), options);
}

// The job named by the operand, whatever is asked of it.
static struct text job_path(struct scope *scope, const struct arguments *arguments,
                            const char *what) {
    const struct text id = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/jobs/%.*s%s", TEXT_ARG(id), what);
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, job_path(scope, arguments, ""));
    return cli_call(scope, cli, &builder.request);
}

static code run_log(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, job_path(scope, arguments, "/log"));
    return cli_call(scope, cli, &builder.request);
}

static code run_cancel(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_POST, job_path(scope, arguments, "/cancel"));
    return cli_call(scope, cli, &builder.request);
}

// Who resumes a job sees its progress, and lends it this process when no server has the store.
static code run_resume(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct text given = argument_operand(arguments, 0);
    int64_t id;

    if (!text_to_int64(given, &id) || id < 1) {
        scope_fail(scope, INVALID, "\"%.*s\" is not the id of a job", TEXT_ARG(given));
        return scope_hint(scope, "`tessera job list` shows them");
    }
    return cli_resume_job(scope, cli, id);
}

static const struct option list_options[] = {
    {.name = "limit", .value = "COUNT", .help = "how many jobs (20)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

const struct command job_commands[] = {
    {.name = "job list",
     .operands = "",
     .summary = "Show long work and how far it is, newest first",
     .help = "Works beside the process that runs them.\n",
     .options = list_options,
     .run = run_list,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "job show",
     .operands = "ID",
     .summary = "Show one job, its result or its error",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_show,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "job log",
     .operands = "ID",
     .summary = "Show what a job noted on its way",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_log,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "job cancel",
     .operands = "ID",
     .summary = "Ask a job to stop at its next safe point",
     .help = "What it has done is kept; `tessera job resume ID` goes on from there.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_cancel,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "job resume",
     .operands = "ID",
     .summary = "Take up a job that was interrupted, cancelled or failed",
     .help = "It goes on where it stopped, nothing is done twice. After a crash the job is marked\n"
             "interrupted; `tessera job list` shows its id.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_resume,
     .store = COMMAND_NEEDS_STORE},
};
const size_t job_command_count = sizeof(job_commands) / sizeof(*job_commands);
