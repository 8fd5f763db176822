// SPDX-License-Identifier: Apache-2.0
// A job watched from the command line, with a kind of work made up for the test.
#include "cli/cli.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { STEPS = 3 };

// Counts to three; asked to stop at two the first time, when its parameters say so.
static code count_steps(struct scope *scope, int64_t job_id, const struct json *parameters,
                        struct json_writer *result) {
    const struct json *stops = json_member(parameters, "stops");

    (void)job_id;
    for (int64_t step = 1; step <= STEPS; step++) {
        progress_report(scope->progress, "count", step, STEPS, "steps");
        progress_note(scope->progress, "step %d", (int)step);
        if (step == 2 && stops && stops->boolean) {
            kill(getpid(), SIGINT);
            while (scope_check(scope) == OK)
                usleep(1000);
            return scope->failure.code;
        }
        if (step == 2 && json_member(parameters, "fails"))
            return scope_fail(scope, CONFLICT, "step 2 does not fit");
    }
    json_begin_object(result);
    json_key(result, "steps");
    json_write_int64(result, STEPS);
    json_end_object(result);
    return OK;
}

static const struct job_kind kinds[] = {{"count", count_steps, JOB_LIGHT}};

// Run a new job in a new store and give back what was printed. Signals are taken over before the
// store starts its threads, as the program does.
static code run(struct scope *scope, const char *parameters, int64_t *ret_id,
                struct text *ret_out) {
    struct interrupt interrupt;
    struct cli cli = {.jobs = kinds, .job_count = 1, .err = stderr, .interrupt = &interrupt};
    char *out;
    size_t size;
    code result;

    cli.out = open_memstream(&out, &size);
    bar_init(&cli.bar, NULL, false);
    interrupt_start(&interrupt);
    test_store(scope);
    CHECK_OK(job_create(scope, "count", TEXT("count to three"), text_of(parameters), ret_id));
    result = cli_run_job(scope, &cli, *ret_id);
    interrupt_stop(&interrupt);
    fclose(cli.out);
    *ret_out = text_copy(&scope->arena, (struct text){out, size});
    free(out);
    return result;
}

static struct text state_of(struct scope *scope, int64_t id) {
    const struct failure failure = scope->failure;
    struct job job;

    scope_forgive(scope);
    CHECK_OK(job_find(scope, id, &job));
    scope->failure = failure;
    return job.state;
}

TEST(a_job_that_ends_prints_its_result) {
    struct job_log_line *lines;
    struct text out;
    size_t count;
    int64_t id;

    CHECK_OK(run(scope, "{}", &id, &out));
    CHECK_TEXT(out, "steps: 3\n");
    CHECK_TEXT(state_of(scope, id), "done");
    CHECK_OK(job_log(scope, id, &lines, &count));
    CHECK_INT((int64_t)count, STEPS);
    CHECK_TEXT(lines[2].text, "step 3");
}

TEST(a_signal_stops_a_job_at_its_next_safe_point) {
    struct text out;
    int64_t id;

    CHECK_CODE(run(scope, "{\"stops\":true}", &id, &out), CANCELLED);
    CHECK_TEXT(out, "");
    CHECK_TEXT(state_of(scope, id), "cancelled");
    CHECK(strstr(scope->failure.hint, "`tessera job resume "));
    CHECK(scope->cancelled == NULL);
}

TEST(a_job_that_fails_says_how_to_go_on) {
    struct text out;
    int64_t id;

    CHECK_CODE(run(scope, "{\"fails\":true}", &id, &out), CONFLICT);
    CHECK_STRING(scope->failure.message, "step 2 does not fit");
    CHECK_TEXT(state_of(scope, id), "failed");
}

TEST(a_job_that_is_done_is_not_run_again) {
    struct cli cli = {.jobs = kinds, .job_count = 1};
    struct text out;
    int64_t id;

    CHECK_OK(run(scope, "{}", &id, &out));
    CHECK_CODE(cli_run_job(scope, &cli, id), CONFLICT);
    CHECK(strstr(scope->failure.message, " is done"));
}

TEST(a_signal_at_the_end_of_one_job_keeps_the_next_from_beginning) {
    struct interrupt interrupt = {.asked = true};
    struct cli cli = {.jobs = kinds, .job_count = 1, .interrupt = &interrupt};
    int64_t id;

    test_store(scope);
    CHECK_OK(job_create(scope, "count", TEXT("count to three"), TEXT("{}"), &id));
    CHECK_CODE(cli_run_job(scope, &cli, id), CANCELLED);
    CHECK_TEXT(state_of(scope, id), "queued");
}

TEST(a_signal_that_was_ignored_when_the_process_began_still_is) {
    struct interrupt interrupt;

    signal(SIGINT, SIG_IGN); // as nohup and shells do for what runs in the background
    interrupt_start(&interrupt);
    interrupt_begin_graceful(&interrupt);
    kill(getpid(), SIGINT);
    CHECK(!interrupt_wait(&interrupt, 100));
    kill(getpid(), SIGTERM);
    CHECK(interrupt_wait(&interrupt, 10000));
    interrupt_end_graceful(&interrupt);
    interrupt_stop(&interrupt);
    CHECK(signal(SIGINT, SIG_DFL) == SIG_IGN);
}
