// SPDX-License-Identifier: Apache-2.0
// Jobs: their rows, running one with its progress and its requests to stop, and what a crash
// leaves.
#include "store/job.h"

#include "base/clock.h"
#include "base/failure.h"
#include "base/progress.h"
#include "base/time.h"
#include "job_sql.h"
#include "store/job_lease.h"
#include "store/job_watch.h"
#include "store/ledger.h"
#include "store/process.h"
#include "store/store_internal.h"
#include "store/unit.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { REPORT_INTERVAL_US = 250000, STAGE_SIZE = 64 };

// Now, or when the transaction that queues the job commits: nobody sees it before.
static void ring(struct scope *scope) {
    if (ledger_in_transaction(scope))
        scope->session->has_queued_jobs = true;
    else
        job_bell_ring(&session_store(scope)->job_bell);
}

code job_create(struct scope *scope, const char *kind, struct text title, struct text parameters,
                int64_t *ret_id) {
    const int64_t id = store_new_id(scope);
    struct text owner = {0};

    TRY(job_lease_reserve(scope, id, &owner));
    TRY(ledger_exec(scope, sql_job_insert,
                    BINDS(BIND_INT64(id), BIND_STRING(kind), BIND_TEXT(title),
                          BIND_TEXT(parameters), BIND_STRING(scope->actor.name),
                          BIND_INT64(time_now_us()), BIND_TEXT_OR_NULL(owner))));
    ring(scope);
    *ret_id = id;
    return OK;
}

// ---- progress ----

// Stands between the work and the scope's own receiver.
struct job_progress {
    struct progress progress;
    struct scope *scope;
    struct progress *outer;
    int64_t job_id;
    int64_t reported_at_us;
    char stage[STAGE_SIZE]; // that was reported last
};

// Progress is written by the session that works: within an open transaction as a part of it, since
// SQLite has one writer. What it says is worth less than the work: a failure to write it is
// forgotten.
static void write_quietly(struct job_progress *progress, const char *sql, struct binds binds) {
    struct scope *scope = progress->scope;

    if (scope->failure.code == OK && ledger_exec(scope, sql, binds) != OK)
        scope_forgive(scope);
}

// A new stage is told at once: where a job was when its process died is known to the stage.
static bool is_stage(const struct job_progress *progress, const char *stage) {
    return strncmp(progress->stage, stage ? stage : "", sizeof(progress->stage) - 1) == 0;
}

static void report(struct progress *base, const char *stage, int64_t done, int64_t total,
                   const char *unit) {
    struct job_progress *progress = (struct job_progress *)base;
    const int64_t now = time_now_us();

    progress->outer->report(progress->outer, stage, done, total, unit);
    if (now - progress->reported_at_us < REPORT_INTERVAL_US && done != total &&
        is_stage(progress, stage))
        return;
    progress->reported_at_us = now;
    snprintf(progress->stage, sizeof(progress->stage), "%s", stage ? stage : "");
    write_quietly(progress, sql_job_report,
                  BINDS(BIND_INT64(progress->job_id), BIND_STRING(stage ? stage : ""),
                        BIND_INT64(done), BIND_INT64(total), BIND_STRING(unit ? unit : ""),
                        BIND_INT64(now)));
}

static void note(struct progress *base, const char *line) {
    struct job_progress *progress = (struct job_progress *)base;

    progress->outer->note(progress->outer, line);
    write_quietly(
        progress, sql_job_log_insert,
        BINDS(BIND_INT64(progress->job_id), BIND_INT64(time_now_us()), BIND_STRING(line)));
}

// ---- running ----

struct claimed {
    const struct job_kind *kind;
    struct json *parameters;
    struct text actor; // who created it
};

static const struct job_kind *kind_find(const struct job_kind *kinds, size_t kind_count,
                                        struct text name) {
    for (size_t i = 0; i < kind_count; i++)
        if (text_is(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

static code claim(struct scope *scope, const char *sql, int64_t id, const struct job_kind *kinds,
                  size_t kind_count, struct claimed *ret_claimed) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text owner = process_name(scope);
    bool found = false;

    TRY(ledger_find(scope, sql, BINDS(BIND_INT64(id), BIND_TEXT(owner), BIND_INT64(time_now_us())),
                    &rows, &found));
    if (!found) {
        struct job job = {0};

        TRY(job_find(scope, id, &job));
        return scope_fail(scope, CONFLICT, "job %" PRId64 " is %.*s", id, TEXT_ARG(job.state));
    }
    ret_claimed->kind = kind_find(kinds, kind_count, rows_text(rows, 0));
    if (!ret_claimed->kind)
        return scope_fail(scope, INTERNAL,
                          "job %" PRId64 " is of kind \"%.*s\", which this program cannot run", id,
                          TEXT_ARG(rows_text(rows, 0)));
    ret_claimed->actor = text_copy(&scope->arena, rows_text(rows, 2));
    return json_parse(scope, text_copy(&scope->arena, rows_text(rows, 1)),
                      &ret_claimed->parameters);
}

// Heavy jobs keep in memory what they have written, which is true for as long as no other one
// writes: one at a time in all processes together. The caller has the write lock.
static code check_alone(struct scope *scope, int64_t id, const struct job_kind *kinds,
                        size_t kind_count, const struct job_kind *own) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool alone = true;

    assert(own); // what is of no kind is not claimed
    if (own->weight != JOB_HEAVY || !job_lease_is_needed(scope))
        return OK;
    TRY(ledger_query(scope, sql_job_running_others, BINDS(BIND_INT64(id)), &rows));
    while (rows_next(rows)) {
        const struct job_kind *kind = kind_find(kinds, kind_count, rows_text(rows, 0));

        alone = alone && kind && kind->weight != JOB_HEAVY;
    }
    TRY(rows_end(rows));
    return alone ? OK : scope_fail(scope, BUSY, "another heavy job runs");
}

static code claim_alone(struct scope *scope, const char *sql, int64_t id,
                        const struct job_kind *kinds, size_t kind_count,
                        struct claimed *ret_claimed) {
    TRY(claim(scope, sql, id, kinds, kind_count, ret_claimed));
    TRY(check_alone(scope, id, kinds, kind_count, ret_claimed->kind));
    return job_lease_take(scope, id);
}

// In a transaction, so that a job that cannot be run stays as it was.
static code claim_durably(struct scope *scope, const char *sql, int64_t id,
                          const struct job_kind *kinds, size_t kind_count,
                          struct claimed *ret_claimed) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, claim_alone(scope, sql, id, kinds, kind_count, ret_claimed));
}

// Who makes scope->cancelled true may mean the job, or only its process.
enum cancel_means { CANCEL_ENDS_JOB, CANCEL_INTERRUPTS_JOB, LOSS_INTERRUPTS_JOB };

static bool is_interrupted(struct scope *scope, int64_t id, const struct failure *failure,
                           enum cancel_means means) {
    int64_t requested = 0;

    if (means == LOSS_INTERRUPTS_JOB)
        return true;
    if (failure->code != CANCELLED || means == CANCEL_ENDS_JOB)
        return false;
    if (ledger_int64(scope, sql_job_cancel_is_requested, BINDS(BIND_INT64(id)), 0, &requested) !=
        OK)
        scope_forgive(scope);
    return requested == 0;
}

static void write_end(struct scope *scope, int64_t id, const struct failure *failure,
                      struct text result) {
    CLEANUP(buffer_clear) struct buffer error = {0};
    const char *state = failure->code == OK          ? "done"
                        : failure->code == CANCELLED ? "cancelled"
                                                     : "failed";
    struct json_writer writer;

    if (failure->code != OK) {
        json_writer_init(&writer, &error);
        failure_write(&writer, failure);
    }
    ledger_exec(scope, sql_job_finish,
                BINDS(BIND_INT64(id), BIND_STRING(state), BIND_TEXT_OR_NULL(result),
                      BIND_TEXT_OR_NULL(buffer_text(&error)), BIND_INT64(time_now_us())));
}

// What another process has taken over is that one's to end.
static code write_outcome(struct scope *scope, int64_t id, const struct failure *failure,
                          struct text result, enum cancel_means means) {
    bool is_ours;

    TRY(job_lease_check(scope, id, &is_ours));
    if (!is_ours)
        return OK;
    if (is_interrupted(scope, id, failure, means))
        TRY(ledger_exec(scope, sql_job_interrupt, BINDS(BIND_INT64(id))));
    else
        write_end(scope, id, failure, result);
    TRY(scope->failure.code);
    return job_lease_drop(scope, id);
}

// While the database is away, or others write, the end is not written; the job is ours for as long
// as its lease is.
static void write_outcome_durably(struct scope *scope, int64_t id, const struct failure *failure,
                                  struct text result, enum cancel_means means) {
    const struct timespec pause = {.tv_nsec = 200 * 1000000L};
    const int64_t begin_us = clock_us();

    for (;;) {
        code outcome = ledger_begin(scope);

        if (outcome == OK)
            outcome = ledger_end(scope, write_outcome(scope, id, failure, result, means));
        if ((outcome != UNAVAILABLE && outcome != BUSY) || !job_lease_is_needed(scope) ||
            clock_us() - begin_us > job_lease_renewed_us(session_store(scope)) * 4 ||
            (scope->cancelled && atomic_load(scope->cancelled)))
            return;
        scope_forgive(scope);
        nanosleep(&pause, NULL);
    }
}

// The row tells how it ended. The job's own failure is the scope's when this returns.
static code finish(struct scope *scope, int64_t id, struct text result, enum cancel_means means) {
    const struct failure failure = scope->failure;

    // Not the job's fault: it is taken up again when the database is back.
    if (failure.code != OK &&
        (ledger_is_lost(scope) || (failure.code == UNAVAILABLE && lake_is_lost(scope))))
        means = LOSS_INTERRUPTS_JOB;
    ledger_rollback(scope);
    scope_forgive(scope);
    write_outcome_durably(scope, id, &failure, result, means);
    if (failure.code != OK)
        scope->failure = failure;
    return scope->failure.code;
}

// Run again when the database ended it for another one's sake: it goes on where it stopped. One
// that got further in between has all its tries.
static code run_kind(struct scope *scope, const struct claimed *claimed, int64_t id,
                     struct buffer *out) {
    int64_t commits = scope->session->commits;

    scope->session->job_id = id;
    for (int tries = 1;; tries++) {
        struct json_writer result;
        code outcome;

        out->size = 0;
        json_writer_init(&result, out);
        outcome = claimed->kind->run(scope, id, claimed->parameters, &result);
        tries = scope->session->commits > commits ? 1 : tries;
        commits = scope->session->commits;
        if (outcome == OK || tries == UNIT_TRIES || !unit_has_collided(scope))
            return outcome;
        ledger_rollback(scope);
        TRY(unit_pause(scope, tries));
    }
}

static code run_watched(struct scope *scope, const struct claimed *claimed, int64_t id,
                        struct buffer *out) {
    const atomic_bool *cancelled = scope->cancelled;
    struct job_progress progress = {
        .progress = {.report = report, .note = note},
        .scope = scope,
        .outer = scope->progress,
        .job_id = id,
    };
    struct job_watch *watch;
    code outcome;

    assert(claimed->kind); // it was claimed
    TRY(job_watch_start(scope, id, &watch));
    scope->progress = &progress.progress;
    scope->cancelled = job_watch_cancelled(watch);
    outcome = run_kind(scope, claimed, id, out);
    scope->session->job_id = 0;
    if (outcome == OK && ledger_in_transaction(scope))
        outcome = scope_fail(scope, INTERNAL, "job %" PRId64 " left a transaction open", id);
    scope->cancelled = cancelled;
    scope->progress = progress.outer;
    job_watch_stop(watch);
    return outcome;
}

static code run_claimed(struct scope *scope, const struct claimed *claimed, int64_t id,
                        enum cancel_means means) {
    CLEANUP(buffer_clear) struct buffer result = {0};

    if (run_watched(scope, claimed, id, &result) != OK)
        result.size = 0;
    return finish(scope, id, buffer_text(&result), means);
}

code job_run(struct scope *scope, const struct job_kind *kinds, size_t kind_count, int64_t id) {
    const struct timespec pause = {.tv_nsec = 200 * 1000000L};
    int64_t renewed_us = clock_us();
    struct claimed claimed = {0};
    code outcome = BUSY;

    while (outcome == BUSY) { // a heavy job of another process comes first
        outcome = claim_durably(scope, sql_job_claim, id, kinds, kind_count, &claimed);
        if (outcome != BUSY)
            break;
        scope_forgive(scope);
        TRY(scope_check(scope));
        nanosleep(&pause, NULL);
        if (clock_us() - renewed_us > job_lease_renewed_us(session_store(scope))) {
            TRY(job_lease_renew(scope, id, &(bool){false})); // it waits for this process
            renewed_us = clock_us();
        }
    }
    TRY(outcome);
    return run_claimed(scope, &claimed, id, CANCEL_ENDS_JOB);
}

// ---- the queue ----

// Jobs of a kind that is not known wait for a program that knows it.
static code find_queued(struct scope *scope, const struct job_kind *kinds, size_t kind_count,
                        enum job_weight weight, int64_t *ret_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    *ret_id = 0;
    TRY(ledger_query(scope, sql_job_queued, BINDS(BIND_TEXT(process_name(scope))), &rows));
    while (*ret_id == 0 && rows_next(rows)) {
        const struct job_kind *kind = kind_find(kinds, kind_count, rows_text(rows, 1));

        if (kind && kind->weight == weight)
            *ret_id = rows_int64(rows, 0);
    }
    return rows_end(rows);
}

// Light jobs need nothing of what others write, so that nobody waits for the turn to write to take
// one: it passes over what another process is about to take.
static struct text kind_list(struct scope *scope, const struct job_kind *kinds, size_t kind_count,
                             enum job_weight weight) {
    struct text list = TEXT(",");

    for (size_t i = 0; i < kind_count; i++)
        if (kinds[i].weight == weight)
            list = text_printf(&scope->arena, "%.*s%s,", TEXT_ARG(list), kinds[i].name);
    return list;
}

static code claim_free(struct scope *scope, const struct job_kind *kinds, size_t kind_count,
                       enum job_weight weight, struct claimed *ret_claimed, int64_t *ret_id) {
    TRY(ledger_int64(scope, sql_job_queued_free,
                     BINDS(BIND_TEXT(process_name(scope)),
                           BIND_TEXT(kind_list(scope, kinds, kind_count, weight))),
                     0, ret_id));
    if (*ret_id == 0)
        return OK;
    TRY(claim(scope, sql_job_claim_queued, *ret_id, kinds, kind_count, ret_claimed));
    return job_lease_take(scope, *ret_id);
}

static code claim_next(struct scope *scope, const struct job_kind *kinds, size_t kind_count,
                       enum job_weight weight, struct claimed *ret_claimed, int64_t *ret_id) {
    TRY(find_queued(scope, kinds, kind_count, weight, ret_id));
    if (*ret_id == 0)
        return OK;
    if (weight == JOB_HEAVY || !job_lease_is_needed(scope))
        return claim_durably(scope, sql_job_claim_queued, *ret_id, kinds, kind_count, ret_claimed);
    TRY(ledger_begin_rows(scope));
    return ledger_end(scope, claim_free(scope, kinds, kind_count, weight, ret_claimed, ret_id));
}

code job_run_next(struct scope *scope, const struct job_kind *kinds, size_t kind_count,
                  enum job_weight weight, int64_t *ret_id) {
    struct claimed claimed = {0};
    code outcome = CONFLICT;
    int64_t id = 0;

    while (outcome == CONFLICT) { // another thread was faster
        scope_forgive(scope);
        outcome = claim_next(scope, kinds, kind_count, weight, &claimed, &id);
    }
    if (outcome == BUSY) { // its turn comes
        scope_forgive(scope);
        outcome = OK;
        id = 0;
    }
    TRY(outcome);
    if (id != 0) {
        snprintf(scope->actor.name, sizeof(scope->actor.name), "%.*s", TEXT_ARG(claimed.actor));
        run_claimed(scope, &claimed, id, CANCEL_INTERRUPTS_JOB);
    }
    *ret_id = id;
    return OK;
}

code job_resume(struct scope *scope, int64_t id) {
    struct job job = {0};
    int64_t count;

    TRY(ledger_change(scope, sql_job_resume, BINDS(BIND_INT64(id)), &count));
    if (count > 0) {
        ring(scope);
        return OK;
    }
    TRY(job_find(scope, id, &job));
    scope_fail(scope, CONFLICT, "job %" PRId64 " is %.*s", id, TEXT_ARG(job.state));
    return text_is(job.state, "done")
               ? scope_hint(scope, "`tessera job show %" PRId64 "` shows its result", id)
               : CONFLICT;
}

code job_resume_interrupted(struct scope *scope) {
    TRY(ledger_exec(scope, sql_job_resume_interrupted, NO_BINDS));
    ring(scope);
    return OK;
}

// ---- looking and asking ----

static void read_job(struct scope *scope, const struct rows *rows, struct job *job) {
    struct arena *arena = &scope->arena;

    *job = (struct job){
        .id = rows_int64(rows, 0),
        .kind = text_copy(arena, rows_text(rows, 1)),
        .title = text_copy(arena, rows_text(rows, 2)),
        .state = text_copy(arena, rows_text(rows, 3)),
        .stage = text_copy(arena, rows_text(rows, 4)),
        .unit = text_copy(arena, rows_text(rows, 5)),
        .actor = text_copy(arena, rows_text(rows, 6)),
        .result = text_copy(arena, rows_text(rows, 7)),
        .error = text_copy(arena, rows_text(rows, 8)),
        .done = rows_int64(rows, 9),
        .total = rows_int64(rows, 10),
        .created_at_us = rows_int64(rows, 11),
        .started_at_us = rows_int64(rows, 12),
        .updated_at_us = rows_int64(rows, 13),
        .finished_at_us = rows_int64(rows, 14),
    };
}

code job_find(struct scope *scope, int64_t id, struct job *ret_job) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found = false;

    TRY(ledger_find(scope, sql_job_find, BINDS(BIND_INT64(id)), &rows, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "job %" PRId64 " does not exist", id);
    read_job(scope, rows, ret_job);
    return OK;
}

code job_list(struct scope *scope, int64_t before_id, int limit, struct job **ret_jobs,
              size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct job *jobs = arena_array(&scope->arena, limit > 0 ? (size_t)limit : 1, sizeof(*jobs));
    size_t count = 0;

    TRY(ledger_query(scope, sql_job_list,
                     BINDS(BIND_INT64(before_id > 0 ? before_id : INT64_MAX), BIND_INT64(limit)),
                     &rows));
    while (rows_next(rows))
        read_job(scope, rows, &jobs[count++]);
    TRY(rows_end(rows));
    *ret_jobs = jobs;
    *ret_count = count;
    return OK;
}

code job_count_states(struct scope *scope, struct job_state_count **ret_states, size_t *ret_count) {
    enum { MOST_STATES = 8 };
    struct job_state_count *states = arena_array(&scope->arena, MOST_STATES, sizeof(*states));
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(ledger_query(scope, sql_job_count_states, NO_BINDS, &rows));
    while (rows_next(rows) && count < MOST_STATES)
        states[count++] = (struct job_state_count){
            .state = text_copy(&scope->arena, rows_text(rows, 0)), .count = rows_int64(rows, 1)};
    TRY(rows_end(rows));
    *ret_states = states;
    *ret_count = count;
    return OK;
}

code job_log(struct scope *scope, int64_t id, struct job_log_line **ret_lines, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct job_log_line *lines = NULL;
    size_t count = 0, capacity = 0;

    TRY(ledger_query(scope, sql_job_log_list, BINDS(BIND_INT64(id)), &rows));
    while (rows_next(rows)) {
        if (count == capacity) {
            struct job_log_line *grown;

            capacity = capacity > 0 ? capacity * 2 : 64;
            grown = arena_array(&scope->arena, capacity, sizeof(*grown));
            if (count > 0)
                memcpy(grown, lines, count * sizeof(*grown));
            lines = grown;
        }
        lines[count++] = (struct job_log_line){
            .at_us = rows_int64(rows, 0), .text = text_copy(&scope->arena, rows_text(rows, 1))};
    }
    TRY(rows_end(rows));
    *ret_lines = lines;
    *ret_count = count;
    return OK;
}

code job_cancel(struct scope *scope, int64_t id) {
    struct job job = {0};
    int64_t count;

    TRY(ledger_change(scope, sql_job_request_cancel,
                      BINDS(BIND_INT64(id), BIND_INT64(time_now_us())), &count));
    if (count > 0)
        return OK;
    TRY(job_find(scope, id, &job));
    return scope_fail(scope, CONFLICT, "job %" PRId64 " has ended: it is %.*s", id,
                      TEXT_ARG(job.state));
}
