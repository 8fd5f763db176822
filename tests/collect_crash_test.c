// SPDX-License-Identifier: Apache-2.0
// A server killed at random instants while events come: what was answered 200 is there, and what is
// sent again is there once. TESSERA_TEST_FULL=1 kills 120 times.
#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "store/store_testing.h"
#include "tests/program.h"
#include "web/server_testing.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { USUAL_KILLS = 6, FULL_KILLS = 120, PER_BATCH = 20, MOST_BATCHES = 200000 };
enum { LEAST_LIFE_MS = 20, MOST_LIFE_MS = 250 };

struct run {
    struct text key;
    struct mortal *server;
    int64_t batches; // the next one's number
    int64_t acked, unknown, sent_again;
    char *is_acked; // by batch
    struct random random;
};

// Every batch's customers and ids follow from its number.
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

// It must be answered 200; how many of its messages had been there.
static int64_t send_batch(struct scope *scope, const struct run *run, int fd, int64_t number) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const struct json *duplicates;
    struct test_answer answer;
    struct json *json;
    int64_t known;

    test_send(fd, batch_of(scope, run, number));
    answer = test_receive(scope, fd, false);
    CHECK_INT(answer.status, 200);
    CHECK_OK(json_parse(scope, answer.body, &json));
    duplicates = json_member(json, "duplicates");
    CHECK(duplicates && duplicates->type == JSON_INT64);
    known = duplicates->int64;
    arena_rewind(&scope->arena, mark);
    return known;
}

static void send_until_killed(struct scope *scope, struct run *run, int64_t life_us) {
    const int fd = test_connect_socket(run->server->socket);
    const int64_t end_us = clock_us() + life_us;

    while (clock_us() < end_us && run->batches < MOST_BATCHES) {
        CHECK_INT(send_batch(scope, run, fd, run->batches), 0);
        run->is_acked[run->batches++] = true;
    }
    // One is under way when the end comes.
    test_send(fd, batch_of(scope, run, run->batches));
    usleep((useconds_t)(random_below(&run->random, 2000)));
    mortal_stop(run->server, SIGKILL);
    run->is_acked[run->batches] = test_receive(scope, fd, false).status == 200;
    run->unknown += !run->is_acked[run->batches++];
    close(fd);
}

static void send_again(struct scope *scope, struct run *run, int64_t first) {
    const int fd = test_connect_socket(run->server->socket);

    for (int64_t number = first; number < run->batches; number++) {
        const int64_t known = send_batch(scope, run, fd, number);

        // A batch is there as a whole or not at all, and it is there when that was said.
        CHECK(known == PER_BATCH || (known == 0 && !run->is_acked[number]));
        run->acked += run->is_acked[number];
        run->sent_again++;
    }
    close(fd);
}

static void add_source(struct scope *scope, struct run *run) {
    const struct program_result added =
        run_program(scope, "source add shop --type website --format json", TEXT(""));
    struct json *json;

    CHECK_INT(added.exit_code, 0);
    CHECK_OK(json_parse(scope, added.out, &json));
    run->key = json_member(json, "key")->string;
}

TEST(events_answered_before_a_kill_are_there_and_those_sent_again_are_there_once) {
    const int kills = getenv("TESSERA_TEST_FULL") ? FULL_KILLS : USUAL_KILLS;
    struct run *run = arena_alloc(&scope->arena, sizeof(*run));

    run->is_acked = arena_alloc(&scope->arena, MOST_BATCHES + 1);
    run->server = mortal_new(scope);
    run->random = random_stream(7, 1, 0);
    add_source(scope, run);
    for (int i = 0; i < kills; i++) {
        const int64_t first = run->batches;

        mortal_start(run->server);
        send_until_killed(
            scope, run,
            INT64_C(1000) *
                (LEAST_LIFE_MS + random_below(&run->random, MOST_LIFE_MS - LEAST_LIFE_MS)));
        mortal_start(run->server);
        send_again(scope, run, first);
        mortal_stop(run->server, i % 2 == 0 ? SIGKILL : SIGTERM);
    }
    test_store_in_folder(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(DISTINCT event_key) FROM event"),
                 arena_printf(&scope->arena, "%lld|%lld", (long long)run->batches * PER_BATCH,
                              (long long)run->batches * PER_BATCH));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT 1 "
                                         "FROM identifier i WHERE i.id = e.identifier_id)"),
                 "0");
    printf("  %d kills: %lld batches of %d, %lld answered before the kill, %lld unknown, %lld sent "
           "again; lost 0, doubled 0; ready after %lld ms at the most\n",
           2 * kills, (long long)run->batches, PER_BATCH, (long long)run->acked,
           (long long)run->unknown, (long long)run->sent_again,
           (long long)run->server->slowest_start_us / 1000);
}
