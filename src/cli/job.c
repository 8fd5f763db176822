// SPDX-License-Identifier: Apache-2.0
// A job in this process, watched by whoever started the command.
#include "cli/output.h"

#include <inttypes.h>

static code read_result(struct scope *scope, int64_t job_id, const struct json **ret_result) {
    struct json *result = NULL;
    struct job job;

    TRY(job_find(scope, job_id, &job));
    if (job.result.size > 0)
        TRY(json_parse_own(scope, job.result, &result));
    *ret_result = result;
    return OK;
}

// Only a job that is not running and has not come to its end can be run.
static code check_runnable(struct scope *scope, const struct cli *cli, int64_t job_id) {
    struct job job;

    // The signal that came when the job before this one was all but done.
    if (cli->interrupt && atomic_load(&cli->interrupt->asked)) {
        scope_fail(scope, CANCELLED, "cancelled on request");
        return scope_hint(scope, "`tessera job resume %" PRId64 "` goes on", job_id);
    }
    TRY(job_find(scope, job_id, &job));
    if (text_is(job.state, "done")) {
        scope_fail(scope, CONFLICT, "job %" PRId64 " is done", job_id);
        return scope_hint(scope, "`tessera job show %" PRId64 "` shows its result", job_id);
    }
    return OK;
}

code cli_watch_job(struct scope *scope, struct cli *cli, int64_t job_id,
                   const struct json **ret_result) {
    code result;

    TRY(check_runnable(scope, cli, job_id));
    if (cli->interrupt) {
        interrupt_begin_graceful(cli->interrupt);
        scope->cancelled = &cli->interrupt->asked;
    }
    result = job_run(scope, cli->jobs, cli->job_count, job_id);
    if (cli->interrupt)
        interrupt_end_graceful(cli->interrupt);
    scope->cancelled = NULL;
    bar_clear(&cli->bar);
    if (result == OK)
        return read_result(scope, job_id, ret_result);
    if (result == CANCELLED)
        return scope_hint(scope, "what was done is kept; `tessera job resume %" PRId64 "` goes on",
                          job_id);
    return scope_hint(scope, "`tessera job resume %" PRId64 "` goes on where it stopped", job_id);
}

code cli_run_job(struct scope *scope, struct cli *cli, int64_t job_id) {
    const struct json *result = NULL;

    TRY(cli_watch_job(scope, cli, job_id, &result));
    return cli_print(scope, cli, result);
}
