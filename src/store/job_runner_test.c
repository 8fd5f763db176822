// SPDX-License-Identifier: Apache-2.0
#include "store/job_runner.h"

#include "base/progress.h"
#include "store/ledger.h"
#include "store/store_internal.h"
#include "store/store_testing.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { WAIT_MS = 20000, LOOK_MS = 5 };

static void pause_ms(long ms) {
    const struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&wait, NULL);
}

// ---- kinds ----

// Writes a row per step, in a transaction of its own, and goes on where it stopped. The row says
// which job wrote it.
static code write_steps(struct scope *scope, int64_t job_id, const struct json *parameters,
                        struct json_writer *result) {
    const int64_t steps = json_member(parameters, "steps")->int64;
    int64_t done;

    TRY(ledger_int64(scope, "SELECT count(*) FROM alias WHERE customer = $1",
                     BINDS(BIND_INT64(job_id)), 0, &done));
    for (; done < steps; done++) {
        TRY(scope_check(scope));
        TRY(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, $2)",
                        BINDS(BIND_INT64(store_new_id(scope)), BIND_INT64(job_id))));
        progress_report(scope->progress, "writing", done + 1, steps, "steps");
    }
    json_begin_object(result);
    json_key(result, "steps");
    json_write_int64(result, done);
    json_end_object(result);
    return OK;
}

static const struct job_kind kinds[] = {{"steps", write_steps, JOB_HEAVY},
                                        {"aside", write_steps, JOB_LIGHT}};
enum { KIND_COUNT = 2 };

static int64_t new_job(struct scope *scope, const char *kind, const char *parameters) {
    int64_t id = 0;

    CHECK_OK(job_create(scope, kind, TEXT("a job"), text_of(parameters), &id));
    return id;
}

static bool is_in_state(struct scope *scope, int64_t id, const char *state) {
    struct job job = {0};

    CHECK_OK(job_find(scope, id, &job));
    return text_is(job.state, state);
}

static void wait_for_state(struct scope *scope, int64_t id, const char *state) {
    for (int waited = 0; waited < WAIT_MS && !is_in_state(scope, id, state); waited += LOOK_MS)
        pause_ms(LOOK_MS);
    CHECK(is_in_state(scope, id, state));
}

static int64_t steps_of(struct scope *scope, int64_t id) {
    int64_t count;

    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM alias WHERE customer = $1",
                          BINDS(BIND_INT64(id)), 0, &count));
    return count;
}

static void wait_for_steps(struct scope *scope, int64_t id, int64_t steps) {
    for (int waited = 0; waited < WAIT_MS && steps_of(scope, id) < steps; waited += LOOK_MS)
        pause_ms(LOOK_MS);
    CHECK(steps_of(scope, id) >= steps);
}

static struct job_runner *start(struct scope *scope) {
    struct job_runner *runner = NULL;

    CHECK_OK(job_runner_start(scope, session_store(scope), kinds, KIND_COUNT, &runner));
    return runner;
}

#define ENDLESS "{\"steps\":1000000000}"

static void shorten(struct scope *scope, int64_t id, int64_t steps) {
    CHECK_OK(ledger_exec(
        scope, "UPDATE job SET parameters = $2 WHERE id = $1",
        BINDS(BIND_INT64(id),
              BIND_TEXT(text_printf(&scope->arena, "{\"steps\":%" PRId64 "}", steps)))));
}

// ---- tests ----

TEST(the_runner_runs_what_waits_and_what_comes_later_as_whoever_asked) {
    struct job_runner *runner;
    struct job job = {0};
    int64_t early, late;

    test_store(scope);
    snprintf(scope->actor.name, sizeof(scope->actor.name), "ada");
    early = new_job(scope, "steps", "{\"steps\":2}");
    runner = start(scope);
    wait_for_state(scope, early, "done");
    pause_ms(20); // until its threads sleep
    late = new_job(scope, "steps", "{\"steps\":3}");
    wait_for_state(scope, late, "done");
    CHECK_OK(job_find(scope, late, &job));
    CHECK_TEXT(job.result, "{\"steps\":3}");
    CHECK_TEXT(job.actor, "ada");
    CHECK(job_runner_stop(runner, WAIT_MS));
    late = new_job(scope, "steps", "{\"steps\":3}");
    pause_ms(20);
    CHECK(is_in_state(scope, late, "queued"));
}

TEST(a_job_queued_within_a_transaction_is_taken_up_when_that_commits) {
    struct job_runner *runner;
    int64_t id;

    test_store(scope);
    runner = start(scope);
    pause_ms(20);
    CHECK_OK(ledger_begin(scope));
    id = new_job(scope, "steps", "{\"steps\":1}");
    pause_ms(20);
    CHECK(is_in_state(scope, id, "queued"));
    CHECK_OK(ledger_commit(scope));
    wait_for_state(scope, id, "done");
    CHECK(job_runner_stop(runner, WAIT_MS));
}

TEST(heavy_jobs_run_one_at_a_time_and_light_ones_beside_them) {
    struct job_runner *runner;
    int64_t first, second, light;

    test_store(scope);
    runner = start(scope);
    first = new_job(scope, "steps", ENDLESS);
    second = new_job(scope, "steps", "{\"steps\":1}");
    light = new_job(scope, "aside", "{\"steps\":5}");
    wait_for_state(scope, light, "done");
    wait_for_steps(scope, first, 1);
    CHECK(is_in_state(scope, first, "running"));
    CHECK(is_in_state(scope, second, "queued"));
    CHECK_OK(job_cancel(scope, first));
    wait_for_state(scope, second, "done");
    CHECK(is_in_state(scope, first, "cancelled"));
    CHECK(job_runner_stop(runner, WAIT_MS));
}

TEST(a_job_that_a_stop_interrupts_goes_on_with_the_next_runner_and_does_nothing_twice) {
    struct job_runner *runner;
    int64_t id, before;

    test_store(scope);
    runner = start(scope);
    id = new_job(scope, "steps", ENDLESS);
    wait_for_steps(scope, id, 3);
    CHECK(job_runner_stop(runner, WAIT_MS));
    CHECK(is_in_state(scope, id, "interrupted"));
    before = steps_of(scope, id);
    shorten(scope, id, before + 4);
    runner = start(scope);
    wait_for_state(scope, id, "done");
    CHECK_INT(steps_of(scope, id), before + 4);
    CHECK(job_runner_stop(runner, WAIT_MS));
}

TEST(a_job_that_a_crash_left_is_taken_up_at_the_next_start) {
    struct job_runner *runner;
    int64_t id;

    test_store(scope);
    id = new_job(scope, "steps", "{\"steps\":2}");
    CHECK_OK(ledger_exec(scope, "UPDATE job SET state = 'running', owner = 'gone' WHERE id = $1",
                         BINDS(BIND_INT64(id))));
    test_store_reopen(scope);
    CHECK(is_in_state(scope, id, "interrupted"));
    runner = start(scope);
    wait_for_state(scope, id, "done");
    CHECK(job_runner_stop(runner, WAIT_MS));
}

TEST(a_cancelled_job_is_resumed_on_request_and_one_that_is_done_is_not) {
    struct job_runner *runner;
    int64_t id;

    test_store(scope);
    runner = start(scope);
    id = new_job(scope, "steps", ENDLESS);
    wait_for_steps(scope, id, 1);
    CHECK_OK(job_cancel(scope, id));
    wait_for_state(scope, id, "cancelled");
    shorten(scope, id, steps_of(scope, id) + 1);
    CHECK_OK(job_resume(scope, id));
    wait_for_state(scope, id, "done");
    CHECK_CODE(job_resume(scope, id), CONFLICT);
    scope_forgive(scope);
    CHECK_CODE(job_resume(scope, 12345), NOT_FOUND);
    scope_forgive(scope);
    CHECK(job_runner_stop(runner, WAIT_MS));
}

TEST(a_job_of_a_kind_that_the_runner_does_not_know_keeps_no_other_from_running) {
    struct job_runner *runner;
    int64_t unknown, known;

    test_store(scope);
    unknown = new_job(scope, "knit", "{}");
    known = new_job(scope, "steps", "{\"steps\":1}");
    runner = start(scope);
    wait_for_state(scope, known, "done");
    CHECK(is_in_state(scope, unknown, "queued"));
    CHECK(job_runner_stop(runner, WAIT_MS));
}
