// SPDX-License-Identifier: Apache-2.0
// Events into a ledger in PostgreSQL while the server is killed, or the database, or the database's
// disk fills up: what was answered 200 is there, and what is sent again is there once.
// TESSERA_TEST_FULL=1 kills 60 times each.
#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "plug/sender/sender.h"
#include "store/ledger.h"
#include "store/postgresql_testing.h"
#include "store/store_testing.h"
#include "tests/fleet.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { USUAL_KILLS = 3, FULL_KILLS = 60, PER_BATCH = 20, MOST_BATCHES = 100000 };
enum { LEAST_LIFE_MS = 20, MOST_LIFE_MS = 250, PATIENCE_US = 60000000, STEP_US = 50000 };

struct run {
    struct fleet *fleet;
    struct test_cluster *cluster;
    struct text key;
    struct random random;
    int64_t batches, acked, unknown;
    int status;     // of the last answer; 0: none came
    char *is_acked; // by batch
    int64_t longest_back_us;
};

static void add_source(struct scope *scope, struct run *run) {
    const struct sender sender = {.name = TEXT("shop"), .type = SENDER_SERVER};
    int64_t id;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_add(scope, &sender, &id, &run->key)));
}

static struct text batch_of(struct scope *scope, const struct run *run, int64_t number) {
    CLEANUP(buffer_clear) struct buffer body = {0};

    buffer_printf(&body, "{\"writeKey\":\"%.*s\",\"batch\":[", TEXT_ARG(run->key));
    for (int i = 0; i < PER_BATCH; i++)
        buffer_printf(&body,
                      "%s{\"type\":\"%s\",\"userId\":\"u%lld\",\"anonymousId\":\"c%lld\","
                      "\"event\":\"x\",\"messageId\":\"%lld-%d\"}",
                      i > 0 ? "," : "", i % 5 == 0 ? "identify" : "track",
                      (long long)(number * 7 + i) % 1000, (long long)(number * 3 + i) % 3000,
                      (long long)number, i);
    buffer_add_string(&body, "]}");
    return text_printf(&scope->arena,
                       "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                       "%zu\r\n\r\n%.*s",
                       body.size, TEXT_ARG(buffer_text(&body)));
}

// How many of its messages had been there; -1: it was not taken.
static int64_t read_known(struct scope *scope, const struct test_answer *answer) {
    const struct json *duplicates;
    struct json *json;

    if (answer->status != 200)
        return -1;
    CHECK_OK(json_parse(scope, answer->body, &json));
    duplicates = json_member(json, "duplicates");
    CHECK(duplicates && duplicates->type == JSON_INT64);
    return duplicates->int64;
}

static int64_t send_batch(struct run *run, int64_t number) {
    struct scope *scope = run->fleet->scope;
    const struct arena_mark mark = arena_mark(&scope->arena);
    const struct test_answer answer =
        test_ask(scope, run->fleet->members[0].port, batch_of(scope, run, number));
    const int64_t known = read_known(scope, &answer);

    run->status = answer.status;
    arena_rewind(&scope->arena, mark);
    return known;
}

// Batches one after the other, and one that is under way when the end comes.
static void send_until_killed(struct run *run, bool kills_database) {
    struct scope *scope = run->fleet->scope;
    const int64_t life_ms = LEAST_LIFE_MS + random_below(&run->random, MOST_LIFE_MS);
    const int64_t end_us = clock_us() + 1000 * life_ms;
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct test_answer answer;
    int fd;

    while (clock_us() < end_us && run->batches + 1 < MOST_BATCHES) {
        run->is_acked[run->batches] = send_batch(run, run->batches) == 0;
        run->unknown += !run->is_acked[run->batches++];
        CHECK(run->status == 200 || run->status == 0); // a busy machine is slow
    }
    fd = test_connect(run->fleet->members[0].port);
    test_send(fd, batch_of(scope, run, run->batches));
    usleep((useconds_t)(random_below(&run->random, 3000)));
    if (kills_database)
        test_cluster_kill(run->cluster);
    else
        fleet_kill(run->fleet, 0, SIGKILL);
    answer = test_receive(scope, fd, false);
    run->is_acked[run->batches++] = answer.status == 200;
    run->unknown += answer.status != 200;
    close(fd);
    arena_rewind(&scope->arena, mark);
}

static int64_t send_when_it_is_back(struct run *run, int64_t number) {
    const int64_t begin_us = clock_us();
    int64_t known;

    while ((known = send_batch(run, number)) < 0) {
        CHECK(clock_us() - begin_us < PATIENCE_US);
        usleep(STEP_US);
    }
    if (clock_us() - begin_us > run->longest_back_us)
        run->longest_back_us = clock_us() - begin_us;
    return known;
}

// A batch is there as a whole or not at all, and it is there when that was said.
static void send_again(struct run *run, int64_t first) {
    for (int64_t number = first; number < run->batches; number++) {
        const int64_t known = send_when_it_is_back(run, number);

        CHECK(known == PER_BATCH || (known == 0 && !run->is_acked[number]));
        run->acked += run->is_acked[number];
    }
}

static void check_all(struct run *run) {
    struct scope *scope = run->fleet->scope;

    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(DISTINCT event_key) FROM event"),
                 arena_printf(&scope->arena, "%lld|%lld", (long long)run->batches * PER_BATCH,
                              (long long)run->batches * PER_BATCH));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT 1 "
                                         "FROM identifier i WHERE i.id = e.identifier_id)"),
                 "0");
}

static struct run *begin(struct scope *scope, struct test_cluster *cluster) {
    struct run *run = arena_alloc(&scope->arena, sizeof(*run));

    run->cluster = cluster;
    run->fleet = fleet_new(scope, test_cluster_address(cluster), "");
    run->is_acked = arena_alloc(&scope->arena, MOST_BATCHES);
    run->random = random_stream(11, 1, 0);
    add_source(scope, run);
    fleet_start(run->fleet, 0);
    return run;
}

TEST(events_in_postgresql_outlive_kills_of_the_server_and_of_the_database) {
    const int kills = getenv("TESSERA_TEST_FULL") ? FULL_KILLS : USUAL_KILLS;
    struct run *run = begin(scope, test_cluster_start(scope));

    for (int i = 0; i < 2 * kills; i++) {
        const int64_t first = run->batches;

        send_until_killed(run, i % 2 == 1);
        if (i % 2 == 1)
            test_cluster_start_again(run->cluster);
        else
            fleet_start(run->fleet, 0);
        send_again(run, first);
    }
    check_all(run);
    printf(
        "  %d kills of the server, %d of the database: %lld batches of %d, %lld answered before, "
        "%lld unknown; lost 0, doubled 0; taken again after %lld ms at the most\n",
        kills, kills, (long long)run->batches, PER_BATCH, (long long)run->acked,
        (long long)run->unknown, (long long)run->longest_back_us / 1000);
}

// ---- a full disk ----

enum { REFUSALS = 20, MOST_UNTIL_FULL = 20000 };

// Refused with 507 while the database says so; with 503 when it ended for want of room.
TEST(a_full_disk_of_the_database_refuses_events_and_loses_none) {
    struct run *run = begin(scope, test_cluster_start_small(scope));
    int refused = 0;

    CHECK_INT(send_batch(run, 0), 0);
    run->is_acked[run->batches++] = true;
    test_cluster_fill(scope, run->cluster, true);
    while (refused < REFUSALS && run->batches < MOST_UNTIL_FULL) {
        run->is_acked[run->batches] = send_batch(run, run->batches) == 0;
        refused += !run->is_acked[run->batches++];
        if (refused > 0)
            usleep(STEP_US);
    }
    CHECK_INT(refused, REFUSALS);
    test_cluster_fill(scope, run->cluster, false);
    usleep(10 * STEP_US);
    test_cluster_start_again(run->cluster);
    send_again(run, 0);
    check_all(run);
    printf("  %lld batches answered before it was full, %d refused, all of them taken later; taken "
           "again after %lld ms at the most\n",
           (long long)run->acked, refused, (long long)run->longest_back_us / 1000);
}
