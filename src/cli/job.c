// SPDX-License-Identifier: Apache-2.0
// A job watched by whoever started the command: in this process, or in the server's.
#include "cli/output.h"
#include "cli/remote_job.h"

#include <inttypes.h>

code cli_job_of(struct scope *scope, const struct json *answer, int64_t *ret_job_id) {
    const struct json *id = json_member(answer, "job_id");

    if (id && id->type == JSON_STRING && text_to_int64(id->string, ret_job_id))
        return OK;
    return scope_fail(scope, INTERNAL, "the answer names no job");
}

static code read_result(struct scope *scope, int64_t job_id, const struct json **ret_result) {
    struct json *result = NULL;
    struct job job;

    TRY(job_find(scope, job_id, &job));
    if (job.result.size > 0)
        TRY(json_parse_own(scope, job.result, &result));
    *ret_result = result;
    return OK;
}

// The signal that came when the job before this one was all but done.
static code check_not_asked(struct scope *scope, const struct cli *cli, int64_t job_id) {
    if (!cli->interrupt || !atomic_load(&cli->interrupt->asked))
        return OK;
    scope_fail(scope, CANCELLED, "cancelled on request");
    return scope_hint(scope, "`tessera job resume %" PRId64 "` goes on", job_id);
}

// Only a job that is not running and has not come to its end can be run.
static code check_runnable(struct scope *scope, const struct cli *cli, int64_t job_id) {
    struct job job;

    TRY(check_not_asked(scope, cli, job_id));
    TRY(job_find(scope, job_id, &job));
    if (text_is(job.state, "done")) {
        scope_fail(scope, CONFLICT, "job %" PRId64 " is done", job_id);
        return scope_hint(scope, "`tessera job show %" PRId64 "` shows its result", job_id);
    }
    return OK;
}

static code hint_resume(struct scope *scope, int64_t job_id) {
    if (scope->failure.code == CANCELLED)
        return scope_hint(scope, "what was done is kept; `tessera job resume %" PRId64 "` goes on",
                          job_id);
    return scope_hint(scope, "`tessera job resume %" PRId64 "` goes on where it stopped", job_id);
}

static code run_here(struct scope *scope, struct cli *cli, int64_t job_id) {
    code result;

    if (cli->interrupt) {
        interrupt_begin_graceful(cli->interrupt);
        scope->cancelled = &cli->interrupt->asked;
    }
    result = job_run(scope, cli->jobs, cli->job_count, job_id);
    if (cli->interrupt)
        interrupt_end_graceful(cli->interrupt);
    scope->cancelled = NULL;
    return result;
}

static code watch_there(struct scope *scope, struct cli *cli, int64_t job_id,
                        const struct json **ret_result) {
    code result;

    TRY(check_not_asked(scope, cli, job_id));
    if (cli->interrupt)
        interrupt_begin_graceful(cli->interrupt);
    result = remote_job_watch(scope, cli, job_id, ret_result);
    if (cli->interrupt)
        interrupt_end_graceful(cli->interrupt);
    bar_clear(&cli->bar);
    return result == OK ? OK : hint_resume(scope, job_id);
}

// On a database that several processes share another one may have it: it was faster, or took it
// over from this one, which stood still.
static bool is_run_elsewhere(struct scope *scope, const struct cli *cli, int64_t job_id) {
    const struct failure failure = scope->failure;
    const bool may_be = failure.code == CONFLICT || failure.code == CANCELLED;
    const bool was_asked = cli->interrupt && atomic_load(&cli->interrupt->asked);
    struct job job = {0};

    if (!may_be || was_asked)
        return false;
    scope_forgive(scope);
    if (job_find(scope, job_id, &job) == OK &&
        (text_is(job.state, "running") || text_is(job.state, "queued")))
        return true;
    scope->failure = failure;
    return false;
}

static code watch_here(struct scope *scope, struct cli *cli, int64_t job_id,
                       const struct json **ret_result) {
    code result;

    TRY(check_runnable(scope, cli, job_id));
    result = run_here(scope, cli, job_id);
    if (result != OK && is_run_elsewhere(scope, cli, job_id))
        return watch_there(scope, cli, job_id, ret_result);
    bar_clear(&cli->bar);
    return result == OK ? read_result(scope, job_id, ret_result) : hint_resume(scope, job_id);
}

code cli_watch_job(struct scope *scope, struct cli *cli, int64_t job_id,
                   const struct json **ret_result) {
    return (cli->remote ? watch_there : watch_here)(scope, cli, job_id, ret_result);
}

code cli_run_job(struct scope *scope, struct cli *cli, int64_t job_id) {
    const struct json *result = NULL;

    TRY(cli_watch_job(scope, cli, job_id, &result));
    return cli_print(scope, cli, result);
}

code cli_resume_job(struct scope *scope, struct cli *cli, int64_t job_id) {
    if (cli->remote)
        TRY(remote_job_resume(scope, cli, job_id));
    return cli_run_job(scope, cli, job_id);
}
