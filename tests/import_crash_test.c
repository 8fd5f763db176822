// SPDX-License-Identifier: Apache-2.0
// An import killed at random instants and taken up again ends like one that ran through.
#include "plug/import/import_testing.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILLS = 30, RECEIPTS = 40000 };

static const struct job_kind kinds[] = {{"import", import_run, JOB_HEAVY}};

static uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

// Receipts of one to six lines; some lines twice, some far from their receipt, some that cannot be
// taken.
static const char *write_receipts(struct scope *scope) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    uint64_t state = 7;

    buffer_add_string(&content, "receipt,sold_at,product,quantity,unit_price,customer,store\n");
    for (int receipt = 1; receipt <= RECEIPTS; receipt++) {
        const uint32_t lines = 1 + next_random(&state) % 6;

        for (uint32_t line = 0; line < lines; line++) {
            const int of = line == 5 && receipt > 3000 ? receipt - 3000 : receipt;

            buffer_printf(&content, "%d,2024-03-%02d,P%u,%u,%u.%02u,%s,S%d\n", of, 1 + of % 28,
                          next_random(&state) % 50, 1 + next_random(&state) % 3,
                          next_random(&state) % 90, next_random(&state) % 100,
                          of % 3 == 0 ? "" : arena_printf(&scope->arena, "C%d", of % 997), of % 7);
        }
        if (receipt % 5000 == 0)
            buffer_printf(&content, "%d,never,P1,1,1,,S1\n", receipt);
    }
    return test_file(scope, "receipts.csv", buffer_text(&content));
}

static const char *totals(struct scope *scope) {
    return arena_printf(
        &scope->arena, "%s\n%s\n%s\n%s",
        test_ledger_rows(scope, "SELECT count(*), sum(gross_micros), sum(line_count) FROM sale"),
        test_ledger_rows(
            scope,
            "SELECT count(*), sum(gross_micros), sum(content_hash % 1000003) FROM sale_line"),
        test_ledger_rows(scope,
                         "SELECT (SELECT count(*) FROM customer), (SELECT count(*) FROM product),"
                         " (SELECT count(*) FROM store), (SELECT count(*) FROM identifier)"),
        test_ledger_rows(scope,
                         "SELECT read_count, accepted_count, duplicate_count, quarantined_count,"
                         " (SELECT count(*) FROM quarantine) FROM import"));
}

static const char *lake_totals(struct scope *scope) {
    return arena_printf(
        &scope->arena, "%s\n%s",
        test_lake_rows(scope, "SELECT count(*), sum(gross_micros), sum(line_count) FROM sale"),
        test_lake_rows(scope, "SELECT count(*), sum(gross_micros) FROM sale_line"));
}

// What a process does that will be killed: open the store, say so, run the job.
_Noreturn static void work_until_killed(struct test_place place, int64_t job_id, int ready) {
    struct scope scope;
    struct store *store;

    scope_init(&scope);
    if (test_store_open(&scope, place, STORE_READ_WRITE, &store) != OK ||
        session_open(&scope, store) != OK)
        _exit(1);
    if (write(ready, "r", 1) != 1)
        _exit(1);
    _exit(job_run(&scope, kinds, 1, job_id) == OK ? 0 : 2);
}

static void kill_at_a_random_instant(struct test_place place, int64_t job_id, uint64_t *state,
                                     int *ret_killed) {
    const struct timespec life = {.tv_nsec = next_random(state) % 120 * 1000000L};
    int pipes[2], status;
    char byte;
    pid_t child;

    CHECK(pipe(pipes) == 0);
    child = test_fork();
    if (child == 0)
        work_until_killed(place, job_id, pipes[1]);
    close(pipes[1]);
    CHECK(read(pipes[0], &byte, 1) == 1);
    close(pipes[0]);
    nanosleep(&life, NULL);
    kill(child, SIGKILL);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    *ret_killed += WIFSIGNALED(status);
}

TEST(an_import_killed_again_and_again_loses_and_doubles_nothing) {
    const char *path = write_receipts(scope);
    const char *expected, *expected_lake;
    struct test_place place;
    uint64_t state = (uint64_t)time(NULL);
    struct import_file file;
    struct mapping mapping;
    int64_t job_id;
    int killed = 0;

    test_store(scope);
    test_import_file(scope, path, IMPORT_SALES, NULL);
    expected = totals(scope);
    expected_lake = lake_totals(scope);
    place = test_store_place(scope);
    test_store_close(scope);
    CHECK(rename(place.folder, arena_printf(&scope->arena, "%s.through", place.folder)) == 0);

    test_store(scope);
    place = test_store_place(scope);
    CHECK_OK(mapping_propose(scope, path, IMPORT_SALES, NULL, &mapping));
    CHECK_OK(import_file_at(scope, text_of(path), &file));
    CHECK_OK(import_start(scope, &file, &mapping, false, &job_id));
    test_store_close(scope);
    for (int i = 0; i < KILLS; i++)
        kill_at_a_random_instant(place, job_id, &state, &killed);
    CHECK(killed > KILLS / 2);
    test_store_open_at(scope, place);
    CHECK_OK(job_run(scope, kinds, 1, job_id));
    CHECK_STRING(totals(scope), expected);
    CHECK_STRING(lake_totals(scope), expected_lake);
}
