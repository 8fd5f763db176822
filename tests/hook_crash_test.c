// SPDX-License-Identifier: Apache-2.0
// A server killed at random instants while signed messages come to a webhook: what was answered 200
// is there, a message that is sent again is known when it was taken and taken when it was not.
// TESSERA_TEST_FULL=1 kills 120 times.
#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "base/time.h"
#include "plug/inbound/signature.h"
#include "store/store_testing.h"
#include "tests/program.h"
#include "web/server_testing.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { USUAL_KILLS = 6, FULL_KILLS = 120, MOST_MESSAGES = 100000 };
enum { LEAST_LIFE_MS = 20, MOST_LIFE_MS = 250 };

struct run {
    struct text address, secret;
    struct mortal *server;
    int64_t messages; // the next one's number
    int64_t acked, unknown, known_again;
    char *is_acked; // by message
    struct random random;
};

// Everything about a message follows from its number, but for the time of its signature.
static struct text request_of(struct scope *scope, const struct run *run, int64_t number) {
    const struct signed_message message = {
        .id = text_printf(&scope->arena, "m%" PRId64, number),
        .timestamp = text_printf(&scope->arena, "%" PRId64, time_now_us() / US_PER_SECOND),
        .body = text_printf(&scope->arena,
                            "{\"id\": \"e%" PRId64 "\", \"type\": \"x\", \"who\": \"p%" PRId64
                            "@example.org\"}",
                            number, number % 50)};
    const struct text signature =
        signature_make(&scope->arena, SIGNATURE_STANDARD, run->secret, &message);

    return text_printf(&scope->arena,
                       "POST %.*s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n"
                       "webhook-id: %.*s\r\nwebhook-timestamp: %.*s\r\nwebhook-signature: %.*s\r\n"
                       "\r\n%.*s",
                       TEXT_ARG(run->address), message.body.size, TEXT_ARG(message.id),
                       TEXT_ARG(message.timestamp), TEXT_ARG(signature), TEXT_ARG(message.body));
}

static int send_message(struct scope *scope, const struct run *run, int fd, int64_t number,
                        bool *ret_is_duplicate) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const struct text known = TEXT("\"state\":\"duplicate\"");
    struct test_answer answer;

    test_send(fd, request_of(scope, run, number));
    answer = test_receive(scope, fd, false);
    *ret_is_duplicate = answer.body.size > 0 &&
                        memmem(answer.body.data, answer.body.size, known.data, known.size) != NULL;
    arena_rewind(&scope->arena, mark);
    return answer.status;
}

static void send_until_killed(struct scope *scope, struct run *run, int64_t life_us) {
    const int fd = test_connect_socket(run->server->socket);
    const int64_t end_us = clock_us() + life_us;

    while (clock_us() < end_us && run->messages < MOST_MESSAGES) {
        bool is_duplicate;

        CHECK_INT(send_message(scope, run, fd, run->messages, &is_duplicate), 200);
        CHECK(!is_duplicate);
        run->is_acked[run->messages++] = true;
    }
    // One is under way when the end comes.
    test_send(fd, request_of(scope, run, run->messages));
    usleep((useconds_t)(random_below(&run->random, 8000)));
    mortal_stop(run->server, SIGKILL);
    run->is_acked[run->messages] = test_receive(scope, fd, false).status == 200;
    run->unknown += !run->is_acked[run->messages++];
    close(fd);
}

static void send_again(struct scope *scope, struct run *run, int64_t first) {
    const int fd = test_connect_socket(run->server->socket);

    for (int64_t number = first; number < run->messages; number++) {
        bool is_duplicate;

        CHECK_INT(send_message(scope, run, fd, number, &is_duplicate), 200);
        CHECK(is_duplicate || !run->is_acked[number]);
        run->acked += run->is_acked[number];
        run->known_again += is_duplicate;
    }
    close(fd);
}

static void add_hook(struct scope *scope, struct run *run) {
    const char *path = arena_printf(&scope->arena, "%s/hook.json", test_folder(scope));
    FILE *file = fopen(path, "w");
    struct program_result added;
    struct json *json;

    CHECK(file &&
          fputs("{\"kind\": \"events\", \"source\": \"x\", \"fields\": {\"event\": \"type\", "
                "\"at\": \"_received_at\", \"id\": \"id\", \"email\": \"who\"}}",
                file) >= 0 &&
          fclose(file) == 0);
    added = run_program(
        scope, arena_printf(&scope->arena, "hook add payments --mapping %s --format json", path),
        TEXT(""));
    CHECK_INT(added.exit_code, 0);
    CHECK_OK(json_parse(scope, added.out, &json));
    run->address = json_member(json, "address")->string;
    run->secret = json_member(json, "secret")->string;
}

TEST(messages_answered_before_a_kill_are_there_and_none_is_taken_twice) {
    const int kills = getenv("TESSERA_TEST_FULL") ? FULL_KILLS : USUAL_KILLS;
    struct run *run = arena_alloc(&scope->arena, sizeof(*run));
    const char *expected;

    *run = (struct run){.server = mortal_new(scope),
                        .is_acked = arena_alloc(&scope->arena, MOST_MESSAGES + 1),
                        .random = random_stream(11, 1, 0)};
    add_hook(scope, run);
    for (int i = 0; i < kills; i++) {
        const int64_t first = run->messages;

        mortal_start(run->server);
        send_until_killed(
            scope, run,
            INT64_C(1000) *
                (LEAST_LIFE_MS + random_below(&run->random, MOST_LIFE_MS - LEAST_LIFE_MS)));
        mortal_start(run->server);
        send_again(scope, run, first);
        mortal_stop(run->server, SIGKILL);
    }
    test_store_in_folder(scope);
    expected = arena_printf(&scope->arena, "%" PRId64 "|%" PRId64, run->messages, run->messages);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(DISTINCT event_key) FROM event"),
                 expected);
    CHECK_STRING(test_ledger_rows(scope, "SELECT read_count, accepted_count FROM import"),
                 expected);
    CHECK_STRING(test_ledger_rows(scope, "SELECT sum(accepted_count) FROM sender_hour"),
                 arena_printf(&scope->arena, "%" PRId64, run->messages));
    printf("  %d kills: %" PRId64 " messages, %" PRId64 " answered before the kill, %" PRId64
           " unknown, %" PRId64 " known when sent again; lost 0, doubled 0\n",
           2 * kills, run->messages, run->acked, run->unknown, run->known_again);
}
