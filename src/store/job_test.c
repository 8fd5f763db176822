// SPDX-License-Identifier: Apache-2.0
#include "store/store_testing.h"

#include "base/progress.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/process.h"
#include "store/store_internal.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void pause_ms(long ms) {
    const struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&wait, NULL);
}

// ---- kinds ----

// Adds one alias per step in a transaction of its own, and goes on where it stopped.
static code count_up(struct scope *scope, int64_t job_id, const struct json *parameters,
                     struct json_writer *result) {
    const int64_t steps = json_member(parameters, "steps")->int64;
    int64_t done;

    (void)job_id;
    TRY(ledger_int64(scope, "SELECT count(*) FROM alias", NO_BINDS, 0, &done));
    progress_note(scope->progress, "begins at %" PRId64, done);
    while (done < steps) {
        TRY(scope_check(scope));
        TRY(ledger_begin(scope));
        done++;
        TRY(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, 1)",
                        BINDS(BIND_INT64(done))));
        progress_report(scope->progress, "counting", done, steps, "steps");
        TRY(ledger_commit(scope));
    }
    json_begin_object(result);
    json_key(result, "counted");
    json_write_int64(result, done);
    json_end_object(result);
    return OK;
}

static code fail_always(struct scope *scope, int64_t job_id, const struct json *parameters,
                        struct json_writer *result) {
    (void)job_id, (void)parameters, (void)result;
    TRY(ledger_begin(scope));
    TRY(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (99, 1)", NO_BINDS));
    scope_fail_field(scope, INVALID, "steps", "steps \"x\" is no number");
    return scope_hint(scope, "write digits");
}

static code leave_open(struct scope *scope, int64_t job_id, const struct json *parameters,
                       struct json_writer *result) {
    (void)job_id, (void)parameters, (void)result;
    return ledger_begin(scope);
}

static const struct job_kind kinds[] = {{"count", count_up, JOB_HEAVY},
                                        {"fail", fail_always, JOB_HEAVY},
                                        {"open", leave_open, JOB_HEAVY}};
enum { KIND_COUNT = 3 };

static int64_t new_job(struct scope *scope, const char *kind, const char *parameters) {
    int64_t id = 0;

    CHECK_OK(job_create(scope, kind, TEXT("a job"), text_of(parameters), &id));
    return id;
}

static struct job job_of(struct scope *scope, int64_t id) {
    struct job job = {0};

    CHECK_OK(job_find(scope, id, &job));
    return job;
}

// ---- tests ----

TEST(a_job_runs_and_tells_how_far_it_is_and_what_came_of_it) {
    struct job_log_line *lines;
    struct job job;
    size_t count;
    int64_t id;

    test_store(scope);
    snprintf(scope->actor.name, sizeof(scope->actor.name), "ada");
    id = new_job(scope, "count", "{\"steps\":5}");
    job = job_of(scope, id);
    CHECK_TEXT(job.state, "queued");
    CHECK_TEXT(job.actor, "ada");
    CHECK_INT(job.started_at_us, 0);
    CHECK_OK(job_run(scope, kinds, KIND_COUNT, id));
    job = job_of(scope, id);
    CHECK_TEXT(job.state, "done");
    CHECK_TEXT(job.result, "{\"counted\":5}");
    CHECK_TEXT(job.error, "");
    CHECK_TEXT(job.stage, "counting");
    CHECK_TEXT(job.unit, "steps");
    CHECK_INT(job.done, 5);
    CHECK_INT(job.total, 5);
    CHECK(job.created_at_us <= job.started_at_us && job.started_at_us <= job.finished_at_us);
    CHECK_OK(job_log(scope, id, &lines, &count));
    CHECK_INT((int64_t)count, 1);
    CHECK_TEXT(lines[0].text, "begins at 0");
    CHECK_CODE(job_run(scope, kinds, KIND_COUNT, id), CONFLICT);
    scope_forgive(scope);
    CHECK_CODE(job_run(scope, kinds, KIND_COUNT, 1), NOT_FOUND);
}

TEST(a_job_that_fails_says_why_and_leaves_no_half_transaction) {
    struct job job;
    int64_t id;

    test_store(scope);
    id = new_job(scope, "fail", "{}");
    CHECK_CODE(job_run(scope, kinds, KIND_COUNT, id), INVALID);
    CHECK_STRING(scope->failure.message, "steps \"x\" is no number");
    scope_forgive(scope);
    job = job_of(scope, id);
    CHECK_TEXT(job.state, "failed");
    CHECK_TEXT(job.error, "{\"code\":\"invalid\",\"message\":\"steps \\\"x\\\" is no number\","
                          "\"hint\":\"write digits\",\"field\":\"steps\"}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "0");
    CHECK_CODE(job_run(scope, kinds, KIND_COUNT, id), INVALID); // may be tried again
    scope_forgive(scope);
    id = new_job(scope, "open", "{}");
    CHECK_CODE(job_run(scope, kinds, KIND_COUNT, id), INTERNAL);
    CHECK(!ledger_in_transaction(scope));
}

TEST(a_job_of_an_unknown_kind_stays_as_it_was) {
    int64_t id;

    test_store(scope);
    id = new_job(scope, "knit", "{}");
    CHECK_CODE(job_run(scope, kinds, KIND_COUNT, id), INTERNAL);
    scope_forgive(scope);
    CHECK_TEXT(job_of(scope, id).state, "queued");
}

static void *cancel_soon(void *argument) {
    const struct store *working = session_store(argument);
    const struct test_place place = {store_address(working), store_path(working)};
    struct scope scope;
    struct store *store;
    struct job *jobs;
    size_t count;

    scope_init(&scope);
    pause_ms(100);
    if (test_store_open(&scope, place, STORE_LEDGER_ONLY, &store) == OK) {
        if (session_open(&scope, store) == OK && job_list(&scope, 0, 1, &jobs, &count) == OK &&
            count == 1)
            job_cancel(&scope, jobs[0].id);
        session_close(&scope);
        store_close(store);
    }
    scope_clear(&scope);
    return NULL;
}

TEST(a_running_job_is_stopped_from_beside_and_taken_up_again) {
    struct job job;
    pthread_t canceller;
    int64_t id;

    test_store(scope);
    id = new_job(scope, "count", "{\"steps\":100000000}");
    CHECK(pthread_create(&canceller, NULL, cancel_soon, scope) == 0);
    CHECK_CODE(job_run(scope, kinds, KIND_COUNT, id), CANCELLED);
    pthread_join(canceller, NULL);
    scope_forgive(scope);
    job = job_of(scope, id);
    CHECK_TEXT(job.state, "cancelled");
    CHECK(job.done > 0 && job.done < 100000000);
    CHECK(scope->cancelled == NULL);
    CHECK_OK(ledger_exec(scope, "UPDATE job SET parameters = '{\"steps\":3}' WHERE id = $1",
                         BINDS(BIND_INT64(id))));
    CHECK_OK(job_run(scope, kinds, KIND_COUNT, id));
    CHECK_TEXT(job_of(scope, id).state, "done");
}

TEST(whoever_started_the_work_can_cancel_its_job) {
    static atomic_bool cancelled;
    int64_t id;

    test_store(scope);
    atomic_store(&cancelled, true);
    scope->cancelled = &cancelled;
    id = new_job(scope, "count", "{\"steps\":100000000}");
    CHECK_CODE(job_run(scope, kinds, KIND_COUNT, id), CANCELLED);
    CHECK(scope->cancelled == &cancelled);
}

TEST(a_job_that_waits_is_cancelled_at_once_and_one_that_ended_not_at_all) {
    int64_t id;

    test_store(scope);
    id = new_job(scope, "count", "{\"steps\":1}");
    CHECK_OK(job_cancel(scope, id));
    CHECK_TEXT(job_of(scope, id).state, "cancelled");
    CHECK_CODE(job_cancel(scope, id), CONFLICT);
    scope_forgive(scope);
    CHECK_CODE(job_cancel(scope, 12345), NOT_FOUND);
}

TEST(jobs_are_listed_newest_first_in_pages) {
    int64_t ids[3];
    struct job *jobs;
    size_t count;

    test_store(scope);
    for (int i = 0; i < 3; i++)
        ids[i] = new_job(scope, "count", "{}");
    CHECK_OK(job_list(scope, 0, 2, &jobs, &count));
    CHECK_INT((int64_t)count, 2);
    CHECK_INT(jobs[0].id, ids[2]);
    CHECK_INT(jobs[1].id, ids[1]);
    CHECK_OK(job_list(scope, jobs[1].id, 2, &jobs, &count));
    CHECK_INT((int64_t)count, 1);
    CHECK_INT(jobs[0].id, ids[0]);
}

_Noreturn static void run_until_killed(struct test_place place, int64_t id) {
    struct scope scope;
    struct store *store;

    scope_init(&scope);
    if (test_store_open(&scope, place, STORE_READ_WRITE, &store) == OK &&
        session_open(&scope, store) == OK)
        job_run(&scope, kinds, KIND_COUNT, id);
    fprintf(stderr, "  child: %s; %s\n", scope.failure.message, scope.failure.detail);
    _exit(1);
}

// Looked at beside the process that has the store open.
static bool has_counted(struct test_place place) {
    struct store *store = NULL;
    struct scope scope;
    int64_t count = 0;

    scope_init(&scope);
    if (test_store_open(&scope, place, STORE_LEDGER_ONLY, &store) == OK &&
        session_open(&scope, store) == OK) {
        ledger_int64(&scope, "SELECT count(*) FROM alias", NO_BINDS, 0, &count);
        session_close(&scope);
    }
    store_close(store);
    scope_clear(&scope);
    return count > 0;
}

TEST(a_job_whose_process_was_killed_is_interrupted_and_goes_on_where_it_stopped) {
    struct job job;
    struct test_place place;
    int status;
    int64_t id, before;
    pid_t child;

    test_store(scope);
    place = test_store_place(scope);
    id = new_job(scope, "count", "{\"steps\":100000000}");
    test_store_close(scope);
    child = test_fork();
    if (child == 0)
        run_until_killed(place, id);
    for (int i = 0; i < 600 && !has_counted(place); i++)
        pause_ms(50);
    CHECK(kill(child, SIGKILL) == 0);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    test_store_open_at(scope, place);
    job = job_of(scope, id);
    CHECK_TEXT(job.state, "interrupted");
    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM alias", NO_BINDS, 0, &before));
    CHECK(before > 0);
    CHECK_OK(ledger_exec(
        scope, "UPDATE job SET parameters = $2 WHERE id = $1",
        BINDS(BIND_INT64(id),
              BIND_TEXT(text_printf(&scope->arena, "{\"steps\":%" PRId64 "}", before + 5)))));
    CHECK_OK(job_run(scope, kinds, KIND_COUNT, id));
    CHECK_TEXT(job_of(scope, id).result,
               arena_printf(&scope->arena, "{\"counted\":%" PRId64 "}", before + 5));
}

TEST(a_process_is_told_from_a_later_one_with_its_number) {
    struct text name = process_name(scope);
    struct text other = text_copy(&scope->arena, name);

    CHECK(process_is_alive(name));
    ((char *)other.data)[other.size - 1] =
        other.data[other.size - 1] == '0' ? '1' : '0'; // its start time
    CHECK(!process_is_alive(other));
    CHECK(!process_is_alive(TEXT("")));
    CHECK(!process_is_alive(TEXT("nonsense")));
}
