// SPDX-License-Identifier: Apache-2.0
#include "cli/remote_job.h"

#include "base/failure.h"
#include "base/progress.h"

#include <inttypes.h>
#include <time.h>

// Quick jobs are looked at often, so that the command ends with them.
enum { FIRST_LOOK_MS = 5, LOOK_MS = 200 };

// In the arena of the look, which is given back.
static code fetch(struct scope *scope, struct cli *cli, enum method method, int64_t job_id,
                  const char *what, const struct json **ret_answer) {
    struct request_builder builder;

    request_builder_init(&builder, method,
                         text_printf(&scope->arena, "/api/v1/jobs/%" PRId64 "%s", job_id, what));
    return cli_fetch(scope, cli, &builder.request, ret_answer);
}

static int64_t number_of(const struct json *job, const char *name) {
    const struct json *member = json_member(job, name);

    return member && member->type == JSON_INT64 ? member->int64 : 0;
}

static struct text text_member(const struct json *job, const char *name) {
    const struct json *member = json_member(job, name);

    return member && member->type == JSON_STRING ? member->string : (struct text){0};
}

static void show_progress(struct scope *scope, const struct json *job) {
    struct arena *arena = &scope->arena;

    if (text_is(text_member(job, "state"), "queued"))
        progress_report(scope->progress, "waiting for other jobs", 0, 0, "");
    else if (text_member(job, "stage").size > 0)
        progress_report(scope->progress, text_string(arena, text_member(job, "stage")),
                        number_of(job, "done"), number_of(job, "total"),
                        text_string(arena, text_member(job, "unit")));
}

// Lines that were not shown yet.
static code show_notes(struct scope *scope, struct cli *cli, int64_t job_id, size_t *shown) {
    const struct json *log, *rows;
    size_t line = 0;

    TRY(fetch(scope, cli, METHOD_GET, job_id, "/log", &log));
    rows = json_member(log, "rows");
    for (const struct json *row = rows ? rows->first : NULL; row; row = row->next, line++)
        if (line >= *shown && row->first && row->first->next)
            progress_note(scope->progress, "%.*s", TEXT_ARG(row->first->next->string));
    *shown = line;
    return OK;
}

static void pause_ms(int ms) {
    const struct timespec wait = {.tv_nsec = ms * 1000000L};

    nanosleep(&wait, NULL);
}

// A cancel that comes too late is no failure.
static void cancel_once(struct scope *scope, struct cli *cli, int64_t job_id, bool *is_cancelled) {
    const struct json *answer;

    if (*is_cancelled || !cli->interrupt || !atomic_load(&cli->interrupt->asked))
        return;
    *is_cancelled = true;
    if (fetch(scope, cli, METHOD_POST, job_id, "/cancel", &answer) == CONFLICT)
        scope_forgive(scope);
}

static code wait_for_end(struct scope *scope, struct cli *cli, int64_t job_id) {
    bool is_cancelled = false, goes_on = true;
    int wait_ms = FIRST_LOOK_MS;
    size_t shown = 0;

    while (goes_on) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct json *job;
        struct text state;

        cancel_once(scope, cli, job_id, &is_cancelled);
        TRY(scope->failure.code);
        TRY(fetch(scope, cli, METHOD_GET, job_id, "", &job));
        state = text_member(job, "state");
        goes_on = text_is(state, "queued") || text_is(state, "running");
        show_progress(scope, job);
        TRY(show_notes(scope, cli, job_id, &shown));
        arena_rewind(&scope->arena, mark);
        if (goes_on)
            pause_ms(wait_ms);
        wait_ms = wait_ms * 2 < LOOK_MS ? wait_ms * 2 : LOOK_MS;
    }
    return OK;
}

code remote_job_watch(struct scope *scope, struct cli *cli, int64_t job_id,
                      const struct json **ret_result) {
    const struct json *job, *error;

    TRY(wait_for_end(scope, cli, job_id));
    TRY(fetch(scope, cli, METHOD_GET, job_id, "", &job));
    error = json_member(job, "error");
    if (text_is(text_member(job, "state"), "done")) {
        *ret_result = json_member(job, "result");
        return OK;
    }
    if (error)
        return failure_read(scope, error);
    if (text_is(text_member(job, "state"), "cancelled"))
        return scope_fail(scope, CANCELLED, "cancelled on request");
    return scope_fail(scope, UNAVAILABLE, "the server was stopped before the job came to its end");
}

code remote_job_resume(struct scope *scope, struct cli *cli, int64_t job_id) {
    const struct json *answer;

    return fetch(scope, cli, METHOD_POST, job_id, "/resume", &answer);
}
