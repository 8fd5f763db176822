// SPDX-License-Identifier: Apache-2.0
// The database goes away in the middle of an import and of requests, again and again, and comes
// back: what cannot be done is said, and everything goes on by itself.
#include "base/clock.h"
#include "store/postgresql_testing.h"
#include "store/store_testing.h"
#include "tests/fleet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DEATHS = 3, RECEIPTS = 30000, AWAY_MS = 1500, LOOK_MS = 50 };
enum { MOST_BACK_US = 10000000, MOST_TOLD_US = 4000000, PATIENCE_US = 120000000 };

#define JSON "Content-Type: application/json\r\n"

// Two lines each, every one with its own amount.
static struct text write_file(struct buffer *content, int64_t *ret_cents) {
    buffer_add_string(content, "receipt,sold_at,product,quantity,unit_price,customer\n");
    for (int receipt = 0; receipt < RECEIPTS; receipt++)
        for (int line = 0; line < 2; line++) {
            const int cents = 1 + (receipt * 7 + line) % 5000;

            buffer_printf(content, "R%d,2024-03-%02d,P%d,1,%d.%02d,C%d\n", receipt,
                          1 + receipt % 28, line, cents / 100, cents % 100, receipt % 3000);
            *ret_cents += cents;
        }
    return buffer_text(content);
}

static void start_import(struct fleet *fleet, struct text content) {
    const struct test_answer sent =
        fleet_ask(fleet, 0, "POST", "/api/v1/uploads?name=receipts.csv", "", content);

    CHECK_INT(fleet_ask(fleet, 0, "POST", "/api/v1/imports", JSON,
                        text_printf(&fleet->scope->arena, "{\"upload\":\"%s\",\"kind\":\"sales\"}",
                                    fleet_member(fleet, &sent, "upload")))
                  .status,
              200);
}

static struct test_answer ask_health(struct fleet *fleet, int index) {
    return fleet_ask_plainly(fleet, index, "GET", "/healthz", "", (struct text){0});
}

static int64_t rows_read(struct fleet *fleet) {
    return fleet_number(fleet, "SELECT coalesce(max(row_offset), 0) FROM import");
}

static void wait_for_rows(struct fleet *fleet, int64_t count) {
    const int64_t begin_us = clock_us();

    while (rows_read(fleet) <= count && clock_us() - begin_us < PATIENCE_US)
        usleep(LOOK_MS * 1000);
    if (rows_read(fleet) <= count)
        test_fail(__FILE__, __LINE__, "the import does not get on: %s",
                  test_ledger_rows(fleet->scope,
                                   "SELECT j.state, j.error, j.done, j.owner, l.owner, l.until_us "
                                   "FROM job j LEFT JOIN job_lease l ON l.job_id = j.id"));
}

// ---- while it is away ----

// Every answer says so: 503, and when to come again.
static void check_refused(struct fleet *fleet, int index) {
    static const char *const pages[] = {"/api/v1/customers", "/api/v1/jobs",
                                        "/api/v1/reports/span"};

    for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
        const struct test_answer answer =
            fleet_ask(fleet, index, "GET", pages[i], "", (struct text){0});

        CHECK_INT(answer.status, 503);
        CHECK(test_field(&answer, "Retry-After").size > 0);
        CHECK(memmem(answer.body.data, answer.body.size, "\"unavailable\"",
                     strlen("\"unavailable\"")));
    }
}

static void be_refused(struct fleet *fleet) {
    const int64_t begin_us = clock_us();

    while (clock_us() - begin_us < AWAY_MS * INT64_C(1000))
        for (int i = 0; i < FLEET_MOST; i++)
            check_refused(fleet, i);
    for (int i = 0; i < FLEET_MOST; i++) {
        const struct test_answer health = ask_health(fleet, i);

        CHECK_INT(health.status, 503);
        CHECK(memmem(health.body.data, health.body.size, "the database does not answer",
                     strlen("the database does not answer")));
    }
    CHECK(clock_us() - begin_us < MOST_TOLD_US); // nobody waited long to be told
}

// ---- when it is back ----

// How long until all are themselves again.
static int64_t be_served_again(struct fleet *fleet) {
    const int64_t begin_us = clock_us();

    for (int i = 0; i < FLEET_MOST; i++)
        while (fleet_ask(fleet, i, "GET", "/api/v1/customers", "", (struct text){0}).status !=
                   200 ||
               ask_health(fleet, i).status != 200) {
            CHECK(clock_us() - begin_us < MOST_BACK_US);
            usleep(LOOK_MS * 1000);
        }
    return clock_us() - begin_us;
}

static void wait_for_the_end(struct fleet *fleet) {
    const int64_t begin_us = clock_us();

    while (fleet_number(fleet, "SELECT count(*) FROM job WHERE state IN "
                               "('queued', 'running', 'interrupted')") > 0) {
        CHECK(clock_us() - begin_us < PATIENCE_US);
        usleep(LOOK_MS * 1000);
    }
}

TEST(a_database_that_is_killed_again_and_again_is_missed_and_nothing_else) {
    CLEANUP(buffer_clear) struct buffer content = {0};
    struct test_cluster *cluster = test_cluster_start(scope);
    struct fleet *fleet = fleet_new(scope, test_cluster_address(cluster), "job_lease = 12s\n");
    int64_t cents = 0, longest_us = 0;

    for (int i = 0; i < FLEET_MOST; i++)
        fleet_start(fleet, i);
    start_import(fleet, write_file(&content, &cents));
    for (int death = 0; death < DEATHS; death++) {
        int64_t back_us;

        wait_for_rows(fleet, rows_read(fleet)); // it gets on
        test_cluster_kill(cluster);
        be_refused(fleet);
        test_cluster_start_again(cluster);
        back_us = be_served_again(fleet);
        longest_us = back_us > longest_us ? back_us : longest_us;
    }
    wait_for_the_end(fleet);
    printf("  served again %" PRId64 " ms after it was back, at most\n", longest_us / 1000);
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, count(*) FROM job GROUP BY state"),
                 "done|1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT read_count, accepted_count, duplicate_count, "
                                         "quarantined_count FROM import"),
                 arena_printf(&scope->arena, "%d|%d|0|0", 2 * RECEIPTS, 2 * RECEIPTS));
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT count(*), sum(gross_micros), sum(line_count) FROM sale"),
        arena_printf(&scope->arena, "%d|%" PRId64 "|%d", RECEIPTS, cents * 10000, 2 * RECEIPTS));
    CHECK_INT(fleet_number(fleet, "SELECT count(*) FROM customer"), 3000);
    CHECK_INT(fleet_number(fleet, "SELECT count(*) FROM job_log WHERE text LIKE '%died%'"), 0);
}
