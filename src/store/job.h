// SPDX-License-Identifier: Apache-2.0
// Long work that people can watch, stop and take up again: an import, a rebuild, a segment's
// evaluation. A job's row says how far it is; its own tables say where to go on after a crash.
#pragma once

#include "base/json.h"
#include "base/scope.h"

// What the runner lets run at once (store/job_runner.h).
enum job_weight {
    JOB_HEAVY, // writes much: one at a time
    JOB_LIGHT, // beside others
};

// To add a kind of job: give it a row in app/jobs.c. `run` is called anew with the same parameters
// when an interrupted, failed or cancelled job is resumed, and must go on where it stopped. It
// writes its result (a JSON object) into `result`.
struct job_kind {
    const char *name; // "import"
    code (*run)(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result);
    enum job_weight weight;
};

struct job {
    int64_t id;
    struct text kind, title, state, stage, unit, actor;
    struct text result, error; // JSON, empty when there is none
    int64_t done, total;
    int64_t created_at_us, started_at_us, updated_at_us, finished_at_us; // 0: not yet
};

// Record a job, state queued: the runner takes it up, where one runs. `parameters` is a JSON
// object.
code job_create(struct scope *scope, const char *kind, struct text title, struct text parameters,
                int64_t *ret_id);
// Run it here, on this thread: progress goes to the job's row (a few times a second) and to the
// scope's own receiver; scope->cancelled and a cancel request in the row both stop it at the next
// safe point. Returns the job's failure; the row then says failed or cancelled.
code job_run(struct scope *scope, const struct job_kind *kinds, size_t kind_count, int64_t id);
// For the runner: claim the oldest queued job of a kind of this weight and run it as its creator.
// scope->cancelled only interrupts it: it is cancelled when the row says so. *ret_id is 0 when none
// waits; the job's failure stands in its row alone, what is returned is that of looking for one.
code job_run_next(struct scope *scope, const struct job_kind *kinds, size_t kind_count,
                  enum job_weight weight, int64_t *ret_id);
// Queue a job again that was interrupted, cancelled or failed, with all its tries (job_recover).
// NOT_FOUND; CONFLICT for any other.
code job_resume(struct scope *scope, int64_t id);
// Queue all interrupted jobs again.
code job_resume_interrupted(struct scope *scope);
// Ask a job to stop. NOT_FOUND; CONFLICT when it has ended. Works beside the process that runs it.
code job_cancel(struct scope *scope, int64_t id);

code job_find(struct scope *scope, int64_t id, struct job *ret_job);
// Newest first; before_id 0 for the first page.
code job_list(struct scope *scope, int64_t before_id, int limit, struct job **ret_jobs,
              size_t *ret_count);
// How many jobs are in each state that has any.
struct job_state_count {
    struct text state;
    int64_t count;
};
code job_count_states(struct scope *scope, struct job_state_count **ret_states, size_t *ret_count);

struct job_log_line {
    int64_t at_us;
    struct text text;
};
code job_log(struct scope *scope, int64_t id, struct job_log_line **ret_lines, size_t *ret_count);

// At start: running jobs whose process is gone become interrupted; failed when that was the
// LIMIT_JOB_LOSSES-th time in a row and they got no further in between.
code job_recover(struct scope *scope);
