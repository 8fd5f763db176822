// SPDX-License-Identifier: Apache-2.0
// Two servers on one database, both of which are asked all the time, and of which one or the other
// is killed or stands still: what was accepted is there once, and what one of them worked on the
// other goes on with. TESSERA_TEST_FULL=1 makes it thirty blows.
#include "base/clock.h"
#include "base/json.h"
#include "store/job.h"
#include "store/postgresql_testing.h"
#include "store/store_testing.h"
#include "tests/fleet.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    USUAL_BLOWS = 5,
    FULL_BLOWS = 30,
    LEASE_S = 2,
    RECEIPTS = 2500, // of a file
    CUSTOMERS = 701,
    OPEN_IMPORTS = 2,         // at once, queued or running
    MOST_TAKEN_US = 12000000, // until a job goes on elsewhere: its lease, the looks, a busy machine
    PATIENCE_US = 240000000,
};

#define SECOND_US INT64_C(1000000)

static uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

// What must be there in the end, counted while the files are written.
struct expected {
    int64_t files, rows, refused, receipts, lines, cents;
    bool is_customer[CUSTOMERS];
};

struct load {
    struct fleet *fleet;
    struct expected expected;
    uint64_t chance;
    int64_t keys; // of idempotency
    int64_t pages, answered, refreshes;
};

// ---- the files ----

// One to four lines a receipt; one row in some hundred that cannot be taken.
static struct text write_file(struct load *load, struct buffer *content) {
    struct expected *expected = &load->expected;
    const int64_t file = expected->files++;

    buffer_add_string(content, "receipt,sold_at,product,quantity,unit_price,customer\n");
    for (int receipt = 0; receipt < RECEIPTS; receipt++) {
        const uint32_t lines = 1 + next_random(&load->chance) % 4;
        const uint32_t customer = next_random(&load->chance) % CUSTOMERS;

        for (uint32_t line = 0; line < lines; line++) {
            const uint32_t cents = 1 + next_random(&load->chance) % 9999;
            const uint32_t quantity = 1 + next_random(&load->chance) % 3;

            buffer_printf(content, "F%" PRId64 "-%d,2024-03-%02d,P%u,%u,%u.%02u,C%u\n", file,
                          receipt, 1 + receipt % 28, line, quantity, cents / 100, cents % 100,
                          customer);
            expected->cents += (int64_t)cents * quantity;
        }
        expected->receipts++;
        expected->rows += lines;
        expected->lines += lines;
        expected->is_customer[customer] = true;
        if (receipt % 400 == 0) {
            buffer_printf(content, "F%" PRId64 "-bad-%d,never,P1,1,1,\n", file, receipt);
            expected->rows++;
            expected->refused++;
        }
    }
    return buffer_text(content);
}

// ---- requests that are sent until they are answered ----

static const char *new_key(struct load *load) {
    return arena_printf(&load->fleet->scope->arena, "Idempotency-Key: k-%" PRId64 "\r\n",
                        load->keys++);
}

// Somewhere, until it is known to be done. A server that died with it leaves that unknown: then it
// is asked for again by another key, and *ret_is_unknown.
static struct test_answer insist(struct load *load, const char *path, const char *fields,
                                 struct text body, bool *ret_is_unknown) {
    struct scope *scope = load->fleet->scope;
    const char *key = new_key(load);
    const int64_t begin_us = clock_us();

    *ret_is_unknown = false;
    for (;;) {
        const struct test_answer answer =
            fleet_ask(load->fleet, (int)(next_random(&load->chance) % FLEET_MOST), "POST", path,
                      arena_printf(&scope->arena, "%s%s", fields, key), body);

        CHECK(clock_us() - begin_us < PATIENCE_US);
        if (answer.status == 200)
            return answer;
        if (answer.status == 409 && memmem(answer.body.data, answer.body.size, "the server ended",
                                           strlen("the server ended"))) {
            *ret_is_unknown = true;
            return answer;
        }
        // None, one that tells to come again, or the first one that still runs.
        if (answer.status != 0 && answer.status != 503 && answer.status != 429 &&
            answer.status != 409)
            test_fail(__FILE__, __LINE__, "%s: %d %.*s", path, answer.status,
                      TEXT_ARG(answer.body));
        usleep(50000);
    }
}

static const char *send_file(struct load *load, struct text content) {
    bool is_unknown = true;
    struct test_answer answer = {0};

    while (is_unknown)
        answer = insist(load, "/api/v1/uploads?name=receipts.csv", "", content, &is_unknown);
    return fleet_member(load->fleet, &answer, "upload");
}

static void start_import(struct load *load) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    struct scope *scope = load->fleet->scope;
    const struct arena_mark mark = arena_mark(&scope->arena);
    const char *upload = send_file(load, write_file(load, &content));
    const char *count = arena_printf(
        &scope->arena,
        "SELECT count(*) FROM job WHERE kind = 'import' AND parameters LIKE '%%%s%%'", upload);
    bool is_unknown = true;

    while (is_unknown && fleet_number(load->fleet, count) == 0)
        insist(load, "/api/v1/imports", "Content-Type: application/json\r\n",
               text_printf(&scope->arena, "{\"upload\":\"%s\",\"kind\":\"sales\"}", upload),
               &is_unknown);
    CHECK_INT(fleet_number(load->fleet, count), 1);
    arena_rewind(&scope->arena, mark);
}

// ---- the rest of what is asked ----

#define EVERY_BUYER "{\"sales\":\"count\",\"operator\":\">=\",\"value\":1}"

static void make_segment(struct load *load) {
    bool is_unknown;

    insist(load, "/api/v1/segments", "Content-Type: application/json\r\n",
           TEXT("{\"name\":\"buyers\",\"definition\":" EVERY_BUYER "}"), &is_unknown);
}

static void use_pages(struct load *load) {
    static const char *const pages[] = {"/api/v1/customers?limit=20", "/api/v1/jobs",
                                        "/api/v1/segments/buyers/count", "/api/v1/imports",
                                        "/api/v1/segments/buyers/members?limit=10"};
    struct scope *scope = load->fleet->scope;

    for (int i = 0; i < FLEET_MOST; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const char *page = pages[next_random(&load->chance) % (sizeof(pages) / sizeof(*pages))];
        const struct test_answer answer =
            fleet_ask(load->fleet, i, "GET", page, "", (struct text){0});

        load->pages++;
        load->answered += answer.status == 200;
        if (answer.status != 200 && answer.status != 0 && answer.status != 503 &&
            answer.status != 429)
            test_fail(__FILE__, __LINE__, "%s: %d %.*s", page, answer.status,
                      TEXT_ARG(answer.body));
        arena_rewind(&scope->arena, mark);
    }
}

static void refresh_segment(struct load *load) {
    struct scope *scope = load->fleet->scope;
    const struct arena_mark mark = arena_mark(&scope->arena);

    load->refreshes += fleet_ask(load->fleet, (int)(next_random(&load->chance) % FLEET_MOST),
                                 "POST", "/api/v1/segments/buyers/refresh", "", (struct text){0})
                           .status == 200;
    arena_rewind(&scope->arena, mark);
}

static int64_t open_imports(struct load *load) {
    return fleet_number(load->fleet, "SELECT count(*) FROM job WHERE kind = 'import' AND "
                                     "state IN ('queued', 'running', 'interrupted')");
}

static void work_for(struct load *load, int64_t duration_us) {
    const int64_t begin_us = clock_us();

    while (clock_us() - begin_us < duration_us) {
        if (open_imports(load) < OPEN_IMPORTS)
            start_import(load);
        use_pages(load);
        if (next_random(&load->chance) % 4 == 0)
            refresh_segment(load);
        usleep(20000);
    }
}

// ---- blows ----

// Jobs that run in this process.
static int64_t jobs_of(struct load *load, pid_t process) {
    struct scope *scope = load->fleet->scope;
    const struct arena_mark mark = arena_mark(&scope->arena);
    const int64_t count = fleet_number(
        load->fleet, arena_printf(&scope->arena,
                                  "SELECT count(*) FROM job WHERE state = 'running' AND "
                                  "owner LIKE '%% %d %%'",
                                  (int)process));

    arena_rewind(&scope->arena, mark);
    return count;
}

static void wait_until_taken_over(struct load *load, pid_t process) {
    const int64_t begin_us = clock_us();

    while (jobs_of(load, process) > 0) {
        if (clock_us() - begin_us > MOST_TAKEN_US)
            test_fail(__FILE__, __LINE__, "the jobs of %d are not taken over:\n%s", (int)process,
                      test_ledger_rows(load->fleet->scope,
                                       "SELECT j.id, j.kind, j.state, j.owner, j.done, l.owner, "
                                       "l.until_us FROM job j LEFT JOIN job_lease l ON "
                                       "l.job_id = j.id WHERE j.state = 'running'"));
        use_pages(load);
        usleep(20000);
    }
}

static void kill_one(struct load *load, int victim) {
    const pid_t process = load->fleet->members[victim].process;

    fleet_kill(load->fleet, victim, SIGKILL);
    wait_until_taken_over(load, process);
    fleet_start(load->fleet, victim);
}

// It wakes up when others have its jobs, and believes them its own.
static void stop_one(struct load *load, int victim) {
    const pid_t process = load->fleet->members[victim].process;

    fleet_kill(load->fleet, victim, SIGSTOP);
    wait_until_taken_over(load, process);
    fleet_kill(load->fleet, victim, SIGCONT);
}

static void wait_for_all(struct load *load) {
    const int64_t begin_us = clock_us();

    while (fleet_number(load->fleet, "SELECT count(*) FROM job WHERE state IN "
                                     "('queued', 'running', 'interrupted')") > 0) {
        if (clock_us() - begin_us > PATIENCE_US)
            test_fail(__FILE__, __LINE__, "some jobs do not end:\n%s",
                      test_ledger_rows(load->fleet->scope,
                                       "SELECT id, kind, state, owner, stage, done FROM job "
                                       "WHERE state IN ('queued', 'running', 'interrupted')"));
        usleep(100000);
    }
}

// ---- what must be there ----

static void check_totals(struct load *load) {
    const struct expected *expected = &load->expected;
    struct scope *scope = load->fleet->scope;
    int customers = 0;

    for (int i = 0; i < CUSTOMERS; i++)
        customers += expected->is_customer[i];
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT state, kind, count(*) > 0 FROM job WHERE state <> 'done' "
                                  "GROUP BY state, kind"),
                 "");
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT count(*), sum(read_count), sum(accepted_count), "
                                  "sum(duplicate_count), sum(quarantined_count) FROM import"),
                 arena_printf(&scope->arena, "%" PRId64 "|%" PRId64 "|%" PRId64 "|0|%" PRId64,
                              expected->files, expected->rows, expected->lines, expected->refused));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), sum(gross_micros), sum(line_count) "
                                         "FROM sale"),
                 arena_printf(&scope->arena, "%" PRId64 "|%" PRId64 "|%" PRId64, expected->receipts,
                              expected->cents * 10000, expected->lines));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), sum(gross_micros) FROM sale_line"),
                 arena_printf(&scope->arena, "%" PRId64 "|%" PRId64, expected->lines,
                              expected->cents * 10000));
    CHECK_INT(fleet_number(load->fleet, "SELECT count(*) FROM quarantine"), expected->refused);
    CHECK_INT(fleet_number(load->fleet, "SELECT count(*) FROM customer"), customers);
    CHECK_INT(fleet_number(load->fleet, "SELECT count(*) FROM identifier"), customers);
    CHECK_INT(fleet_number(load->fleet, "SELECT count(*) FROM job_lease"), 0);
    load->refreshes = 0;
    refresh_segment(load);
    CHECK_INT(load->refreshes, 1);
    wait_for_all(load);
    CHECK_INT(fleet_number(load->fleet, "SELECT count(*) FROM segment_member"), customers);
}

TEST(two_servers_of_which_one_or_the_other_is_killed_lose_nothing_and_do_nothing_twice) {
    const char *full = getenv("TESSERA_TEST_FULL");
    const int blows = full && full[0] == '1' ? FULL_BLOWS : USUAL_BLOWS;
    struct load *load = arena_alloc(&scope->arena, sizeof(*load));

    *load = (struct load){.chance = (uint64_t)clock_us()};
    load->fleet =
        fleet_new(scope, test_database(scope),
                  arena_printf(&scope->arena,
                               "job_lease = %ds\ndatabase_transaction_timeout = 2s\n", LEASE_S));
    for (int i = 0; i < FLEET_MOST; i++)
        fleet_start(load->fleet, i);
    make_segment(load);
    for (int blow = 0; blow < blows; blow++) {
        const int victim = (int)(next_random(&load->chance) % FLEET_MOST);

        work_for(load, 200000 + next_random(&load->chance) % (2 * SECOND_US));
        if (blow % 3 == 2)
            stop_one(load, victim);
        else
            kill_one(load, victim);
    }
    wait_for_all(load);
    printf("  %d blows, %" PRId64 " files with %" PRId64 " rows, %" PRId64 " pages of %" PRId64
           " answered, %" PRId64 " jobs taken over, %" PRId64 " refreshes\n",
           blows, load->expected.files, load->expected.rows, load->answered, load->pages,
           fleet_number(load->fleet, "SELECT count(*) FROM job_log WHERE text LIKE '%died%'"),
           load->refreshes);
    check_totals(load);
    CHECK(load->answered * 2 > load->pages);
}
