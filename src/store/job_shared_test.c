// SPDX-License-Identifier: Apache-2.0
// Jobs where several processes look at one queue: a server beside a command, and one that comes
// back after its job was given to another.
#include "store/job.h"
#include "store/job_runner.h"
#include "store/ledger.h"
#include "store/store_internal.h"
#include "store/store_testing.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 30000, LOOK_MS = 20, POLLS_MS = 3000 };

static code note_who(struct scope *scope, int64_t id, const struct json *parameters,
                     struct json_writer *result) {
    (void)parameters;
    json_begin_object(result);
    json_end_object(result);
    return ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, $2)",
                       BINDS(BIND_INT64(id), BIND_INT64(getpid())));
}

static const struct job_kind kinds[] = {{"note", note_who, JOB_LIGHT}};

_Noreturn static void serve(struct test_place place, int ready) {
    struct job_runner *runner;
    struct scope scope;
    struct store *store;

    scope_init(&scope);
    if (test_store_open(&scope, place, STORE_READ_WRITE, &store) != OK ||
        session_open(&scope, store) != OK ||
        job_runner_start(&scope, store, kinds, 1, &runner) != OK || write(ready, "r", 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

static void kill_server(void *argument) {
    const pid_t *server = argument;

    kill(*server, SIGKILL);
    waitpid(*server, &(int){0}, 0);
}

static void start_server(struct scope *scope, struct test_place place) {
    pid_t *child = arena_alloc(&scope->arena, sizeof(*child));
    int pipes[2];
    char byte;

    CHECK(pipe(pipes) == 0);
    *child = test_fork();
    if (*child == 0)
        serve(place, pipes[1]);
    test_at_end(kill_server, child);
    close(pipes[1]);
    CHECK(read(pipes[0], &byte, 1) == 1);
    close(pipes[0]);
}

static struct job job_of(struct scope *scope, int64_t id) {
    struct job job = {0};

    CHECK_OK(job_find(scope, id, &job));
    return job;
}

static void wait_for_state(struct scope *scope, int64_t id, const char *state) {
    for (int waited = 0; waited < PATIENCE_MS && !text_is(job_of(scope, id).state, state);
         waited += LOOK_MS)
        poll(NULL, 0, LOOK_MS);
    CHECK_TEXT(job_of(scope, id).state, state);
}

static const char *who_ran(struct scope *scope, int64_t id) {
    return test_ledger_rows(scope, arena_printf(&scope->arena,
                                                "SELECT customer FROM alias WHERE origin = %lld",
                                                (long long)id));
}

static int64_t new_job(struct scope *scope) {
    int64_t id = 0;

    CHECK_OK(job_create(scope, "note", TEXT("a job"), TEXT("{}"), &id));
    return id;
}

TEST(what_a_command_queues_is_left_to_it_by_the_servers_until_it_ends) {
    struct test_place place;
    int64_t own, left;

    test_store(scope);
    if (!test_store_is_shared())
        test_skip("one process has the store");
    place = test_store_place(scope);
    start_server(scope, place);
    own = new_job(scope);
    left = new_job(scope);
    poll(NULL, 0, POLLS_MS);
    CHECK_TEXT(job_of(scope, own).state, "queued");
    CHECK_OK(job_run(scope, kinds, 1, own));
    CHECK_TEXT(job_of(scope, own).state, "done");
    CHECK_STRING(who_ran(scope, own), arena_printf(&scope->arena, "%d", (int)getpid()));
    CHECK_TEXT(job_of(scope, left).state, "queued");
    test_store_close(scope);
    test_store_open_at(scope, place);
    wait_for_state(scope, left, "done");
    CHECK(strcmp(who_ran(scope, left), who_ran(scope, own)) != 0);
}

_Noreturn static void queue_and_die(struct test_place place, int told) {
    struct scope scope;
    struct store *store;
    int64_t id;

    scope_init(&scope);
    if (test_store_open(&scope, place, STORE_READ_WRITE, &store) == OK &&
        session_open(&scope, store) == OK &&
        job_create(&scope, "note", TEXT("a job"), TEXT("{}"), &id) == OK &&
        write(told, &id, sizeof(id)) == sizeof(id))
        kill(getpid(), SIGKILL);
    _exit(1);
}

TEST(what_a_command_queued_before_it_was_killed_is_taken_by_a_server) {
    int pipes[2], status;
    int64_t id = 0;
    pid_t child;

    test_store(scope);
    if (!test_store_is_shared())
        test_skip("one process has the store");
    start_server(scope, test_store_place(scope));
    CHECK(pipe(pipes) == 0);
    child = test_fork();
    if (child == 0)
        queue_and_die(test_store_place(scope), pipes[1]);
    CHECK(read(pipes[0], &id, sizeof(id)) == sizeof(id));
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    wait_for_state(scope, id, "done");
}

// ---- who comes back too late ----

// Writes; then its lease is given to another process, as it is when a process stood still.
static code write_on_and_on(struct scope *scope, int64_t id, const struct json *parameters,
                            struct json_writer *result) {
    (void)parameters, (void)result;
    for (int64_t i = 1; i <= 4; i++) {
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, ledger_exec(scope,
                                          "INSERT INTO alias (origin, customer) "
                                          "VALUES ($1, 1)",
                                          BINDS(BIND_INT64(i)))));
        if (i == 2)
            TRY(ledger_exec(scope, "UPDATE job_lease SET owner = 'another' WHERE job_id = $1",
                            BINDS(BIND_INT64(id))));
    }
    return OK;
}

TEST(who_has_lost_a_job_writes_nothing_more_for_it) {
    static const struct job_kind endless[] = {{"write", write_on_and_on, JOB_HEAVY}};
    int64_t id;

    test_store(scope);
    if (!test_store_is_shared())
        test_skip("one process has the store");
    CHECK_OK(job_create(scope, "write", TEXT("a job"), TEXT("{}"), &id));
    CHECK_CODE(job_run(scope, endless, 1, id), CANCELLED);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "2");
    CHECK_TEXT(job_of(scope, id).state, "running"); // of the other
}

// Its lease runs out while it works, and whoever looks takes the job away, though nobody has it
// yet.
static code oversleep(struct scope *scope, int64_t id, const struct json *parameters,
                      struct json_writer *result) {
    (void)parameters, (void)result;
    TRY(ledger_exec(scope, "UPDATE job_lease SET until_us = 1 WHERE job_id = $1",
                    BINDS(BIND_INT64(id))));
    scope->session->job_id = 0; // what follows is another process's
    TRY(job_recover(scope));
    scope->session->job_id = id;
    TRY(ledger_begin(scope));
    return ledger_end(scope,
                      ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, 1)",
                                  BINDS(BIND_INT64(id))));
}

TEST(a_job_that_was_taken_away_is_nobody_s_until_it_is_taken_again) {
    static const struct job_kind sleepy[] = {{"sleep", oversleep, JOB_LIGHT}};
    int64_t id;

    test_store(scope);
    if (!test_store_is_shared())
        test_skip("one process has the store");
    CHECK_OK(job_create(scope, "sleep", TEXT("a job"), TEXT("{}"), &id));
    CHECK_CODE(job_run(scope, sleepy, 1, id), CANCELLED);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM alias"), "0");
    CHECK_TEXT(job_of(scope, id).state, "interrupted");
}
