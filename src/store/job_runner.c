// SPDX-License-Identifier: Apache-2.0
#include "store/job_runner.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/time.h"
#include "store/deadline.h"
#include "store/job_lease.h"
#include "store/ledger_engine.h"
#include "store/store_internal.h"

#include <limits.h>
#include <stdlib.h>

enum {
    LIGHT_THREADS = 2,
    THREADS = 1 + LIGHT_THREADS,
    RETRY_MS = 5000, // when the queue could not be looked at
    POLL_MS = 1000,  // at what other processes queue, or leave; also while their database is away
};

struct job_runner {
    struct store *store;
    const struct job_kind *kinds;
    size_t kind_count;
    atomic_bool is_stopping;
    _Atomic int64_t next_recovery_us; // of the clock that only goes forward

    pthread_mutex_t mutex; // guards what follows
    pthread_cond_t ended;
    int thread_count; // that still run

    struct job_thread {
        struct job_runner *runner;
        enum job_weight weight;
        pthread_t id;
        bool is_failing; // the thread's: the queue could not be looked at the last time
    } threads[THREADS];  // without a runner: not started
};

// ---- a thread ----

static void log_outcome(int64_t job_id, const struct failure *failure, int64_t elapsed_us) {
    LOG(failure->code == OK || failure->code == CANCELLED ? LOG_LEVEL_INFO : LOG_LEVEL_WARN,
        "job_ended", LOG_INT64("job", job_id),
        LOG_STRING("outcome", failure->code == OK ? "done" : code_info(failure->code)->name),
        LOG_INT64("elapsed_ms", elapsed_us / 1000));
}

// Each job has a scope and a session of its own, so that nothing of it stays behind.
static code run_one(struct job_thread *thread, bool *ret_found) {
    struct job_runner *runner = thread->runner;
    const int64_t begin_us = time_now_us();
    int64_t job_id = 0;
    struct scope scope;
    code outcome;

    scope_init(&scope);
    scope.cancelled = &runner->is_stopping;
    outcome = session_open(&scope, runner->store);
    if (outcome == OK)
        outcome = job_run_next(&scope, runner->kinds, runner->kind_count, thread->weight, &job_id);
    if (outcome != OK && !thread->is_failing) // told once, and tried every second
        LOG(LOG_LEVEL_ERROR, "jobs_unreadable", LOG_STRING("message", scope.failure.message),
            LOG_STRING("detail", scope.failure.detail));
    thread->is_failing = outcome != OK;
    if (job_id != 0)
        log_outcome(job_id, &scope.failure, time_now_us() - begin_us);
    session_close(&scope);
    scope_clear(&scope);
    *ret_found = job_id != 0;
    return outcome;
}

static bool is_shared(const struct job_runner *runner) {
    return !runner->store->engine->has_owner;
}

// 0: until the bell rings.
static void run_waiting(struct job_thread *thread, int *ret_timeout_ms) {
    bool found = true, failed = false;

    while (found && !failed && !atomic_load(&thread->runner->is_stopping))
        failed = run_one(thread, &found) != OK;
    *ret_timeout_ms = is_shared(thread->runner) ? POLL_MS : failed ? RETRY_MS : 0;
}

static code recover(struct scope *scope) {
    TRY(job_recover(scope));
    return job_resume_interrupted(scope);
}

// Whichever thread waits and comes first looks; a job may keep the others for hours.
static bool is_recovery_due(struct job_runner *runner) {
    const int64_t now_us = clock_us();
    int64_t next_us = atomic_load(&runner->next_recovery_us);

    return is_shared(runner) && now_us >= next_us &&
           atomic_compare_exchange_strong(&runner->next_recovery_us, &next_us,
                                          now_us + job_lease_renewed_us(runner->store));
}

// Jobs of a process that died go on in another one.
static void take_over(struct job_runner *runner) {
    struct scope scope;

    scope_init(&scope);
    if (session_open(&scope, runner->store) != OK ||
        (recover(&scope) != OK && !store_health(runner->store).database_is_away))
        LOG(LOG_LEVEL_ERROR, "jobs_unreadable", LOG_STRING("message", scope.failure.message),
            LOG_STRING("detail", scope.failure.detail));
    session_close(&scope);
    scope_clear(&scope);
}

static void *run(void *argument) {
    struct job_thread *thread = argument;
    struct job_runner *runner = thread->runner;
    struct job_bell *bell = &runner->store->job_bell;

    while (!atomic_load(&runner->is_stopping)) {
        const uint64_t heard = job_bell_rings(bell);
        int timeout_ms;

        if (is_recovery_due(runner))
            take_over(runner);
        run_waiting(thread, &timeout_ms);
        job_bell_wait(bell, heard, &runner->is_stopping, timeout_ms);
    }
    pthread_mutex_lock(&runner->mutex);
    runner->thread_count--;
    pthread_cond_signal(&runner->ended);
    pthread_mutex_unlock(&runner->mutex);
    return NULL;
}

// ---- starting and stopping ----

// Jobs were left by a process that is gone: this one owns the store.
static code take_up(struct scope *scope, struct store *store) {
    struct session *session = scope->session;
    code result;

    scope->session = NULL;
    result = session_open(scope, store);
    if (result == OK)
        result = job_resume_interrupted(scope);
    session_close(scope);
    scope->session = session;
    return result;
}

static code start_threads(struct scope *scope, struct job_runner *runner) {
    for (int i = 0; i < THREADS; i++) {
        struct job_thread *thread = &runner->threads[i];

        *thread = (struct job_thread){.runner = runner, .weight = i == 0 ? JOB_HEAVY : JOB_LIGHT};
        pthread_mutex_lock(&runner->mutex);
        if (pthread_create(&thread->id, NULL, run, thread) == 0) {
            runner->thread_count++;
        } else {
            thread->runner = NULL;
            scope_fail(scope, UNAVAILABLE, "cannot start a thread for jobs");
        }
        pthread_mutex_unlock(&runner->mutex);
        TRY(scope->failure.code);
    }
    return OK;
}

code job_runner_start(struct scope *scope, struct store *store, const struct job_kind *kinds,
                      size_t kind_count, struct job_runner **ret_runner) {
    struct job_runner *runner;

    TRY(take_up(scope, store));
    runner = calloc(1, sizeof(*runner));
    if (!runner)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    runner->store = store;
    runner->kinds = kinds;
    runner->kind_count = kind_count;
    atomic_store(&store->runs_jobs, true);
    pthread_mutex_init(&runner->mutex, NULL);
    monotonic_cond_init(&runner->ended);
    if (start_threads(scope, runner) != OK) {
        job_runner_stop(runner, INT_MAX);
        return scope->failure.code;
    }
    *ret_runner = runner;
    return OK;
}

static bool wait_for_threads(struct job_runner *runner, int grace_ms) {
    const struct timespec deadline = deadline_in_ms(grace_ms);
    bool ended;

    pthread_mutex_lock(&runner->mutex);
    while (runner->thread_count > 0)
        if (pthread_cond_timedwait(&runner->ended, &runner->mutex, &deadline) != 0)
            break;
    ended = runner->thread_count == 0;
    pthread_mutex_unlock(&runner->mutex);
    return ended;
}

bool job_runner_stop(struct job_runner *runner, int grace_ms) {
    if (!runner)
        return true;
    atomic_store(&runner->is_stopping, true);
    atomic_store(&runner->store->runs_jobs, false);
    job_bell_ring(&runner->store->job_bell);
    if (!wait_for_threads(runner, grace_ms))
        return false;
    for (int i = 0; i < THREADS; i++)
        if (runner->threads[i].runner)
            pthread_join(runner->threads[i].id, NULL);
    pthread_cond_destroy(&runner->ended);
    pthread_mutex_destroy(&runner->mutex);
    free(runner);
    return true;
}
