// SPDX-License-Identifier: Apache-2.0
// Servers whose jobs bring them down: processes of their own, which really die.
#include "store/store_testing.h"

#include "base/failure.h"
#include "base/limits.h"
#include "base/progress.h"
#include "store/job.h"
#include "store/job_runner.h"
#include "store/ledger.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_S = 60, STEPS = 7 };

_Noreturn static void die(void) {
    kill(getpid(), SIGKILL);
    pause();
    _exit(1);
}

// Dies at the same place whenever it is run.
static code fall(struct scope *scope, int64_t job_id, const struct json *parameters,
                 struct json_writer *result) {
    (void)job_id, (void)parameters, (void)result;
    progress_report(scope->progress, "reading", 40, 100, "rows");
    progress_report(scope->progress, "writing", 3, 100, "rows");
    die();
}

// Dies as well, but one step further each time.
static code stumble(struct scope *scope, int64_t job_id, const struct json *parameters,
                    struct json_writer *result) {
    int64_t done;

    (void)job_id, (void)parameters;
    TRY(ledger_int64(scope, "SELECT count(*) FROM alias", NO_BINDS, 0, &done));
    json_begin_object(result);
    json_end_object(result);
    if (done == STEPS)
        return OK;
    TRY(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, 1)",
                    BINDS(BIND_INT64(done + 1))));
    progress_report(scope->progress, "stepping", done + 1, STEPS, "steps");
    die();
}

static const struct job_kind kinds[] = {{"fall", fall, JOB_HEAVY}, {"stumble", stumble, JOB_LIGHT}};
enum { KIND_COUNT = 2 };

// ---- servers ----

static bool is_anything_to_do(struct scope *scope) {
    int64_t count = 0;

    ledger_int64(scope, "SELECT count(*) FROM job WHERE state IN ('queued', 'running')", NO_BINDS,
                 0, &count);
    return count > 0;
}

// Ends well when no job is left to be done.
_Noreturn static void serve(struct test_place place) {
    struct job_runner *runner;
    struct scope scope;
    struct store *store;

    scope_init(&scope);
    alarm(PATIENCE_S);
    if (test_store_open(&scope, place, STORE_READ_WRITE, &store) != OK ||
        session_open(&scope, store) != OK ||
        job_runner_start(&scope, store, kinds, KIND_COUNT, &runner) != OK)
        _exit(1);
    while (is_anything_to_do(&scope))
        usleep(10000);
    _exit(0);
}

// True when it ended well, false when it was killed. The test's own store is closed meanwhile.
static bool serve_once(struct scope *scope) {
    const struct test_place place = test_store_place(scope);
    pid_t child;
    int status;

    test_store_close(scope);
    child = test_fork();
    if (child == 0)
        serve(place);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) ||
          (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    test_store_open_at(scope, place);
    return WIFEXITED(status);
}

static struct job job_of(struct scope *scope, int64_t id) {
    struct job job = {0};

    CHECK_OK(job_find(scope, id, &job));
    return job;
}

static int64_t new_job(struct scope *scope, const char *kind) {
    int64_t id = 0;

    CHECK_OK(job_create(scope, kind, TEXT("a job"), TEXT("{}"), &id));
    return id;
}

// ---- tests ----

TEST(a_job_that_kills_its_server_is_given_up_after_three_starts_and_has_three_more_on_request) {
    struct failure told;
    struct json *error;
    struct job job;
    int64_t id;

    test_store(scope);
    id = new_job(scope, "fall");
    for (int life = 0; life < 2; life++) {
        for (int i = 1; i < LIMIT_JOB_LOSSES; i++) {
            CHECK(!serve_once(scope));
            CHECK_TEXT(job_of(scope, id).state, "interrupted");
        }
        CHECK(!serve_once(scope));
        CHECK_TEXT(job_of(scope, id).state, "failed");
        CHECK(serve_once(scope)); // the fourth start serves
        if (life == 0)
            CHECK_OK(job_resume(scope, id));
    }
    job = job_of(scope, id);
    CHECK(job.finished_at_us > 0);
    CHECK_OK(json_parse(scope, job.error, &error));
    CHECK_CODE(failure_read(scope, error), INTERNAL);
    told = scope->failure;
    scope_forgive(scope);
    CHECK_STRING(told.message, "the process died 3 times in a row while it ran this job, "
                               "which got no further");
    CHECK_STRING(told.detail, "it was at \"writing\", 3 of 100 rows");
    CHECK(strstr(told.hint, "tessera job resume ") != NULL);
}

TEST(each_death_stands_in_the_log_of_the_job) {
    struct job_log_line *lines;
    size_t count;
    int64_t id;

    test_store(scope);
    id = new_job(scope, "fall");
    CHECK(!serve_once(scope));
    CHECK_OK(job_log(scope, id, &lines, &count));
    CHECK_INT((int64_t)count, 1);
    CHECK_TEXT(lines[0].text, "the process that ran this died: 1 of 3 times");
}

TEST(a_job_that_gets_further_each_time_is_never_given_up) {
    int64_t id;

    test_store(scope);
    id = new_job(scope, "stumble");
    for (int i = 0; i < STEPS; i++) {
        CHECK(!serve_once(scope));
        CHECK_TEXT(job_of(scope, id).state, "interrupted");
    }
    CHECK(serve_once(scope));
    CHECK_TEXT(job_of(scope, id).state, "done");
}
