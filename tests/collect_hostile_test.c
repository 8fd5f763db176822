// SPDX-License-Identifier: Apache-2.0
// Senders of events that mean no good: requests that two programs read in two ways, bodies that
// cost much memory, clients that hold places and send nothing. Each has its documented status
// (docs/collect.md), nothing of it is an event, and the program needs no more memory the longer it
// lasts.
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "plug/collect/collect_testing.h"
#include "store/ledger.h"
#include "tests/program.h"
#include "web/server_corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    ROUNDS = 6,
    MOST_ROUNDS = 12,
    AT_ONCE = 24,
    MOST_GROWTH_KB = 24 << 10, // once the first rounds have passed
    HOLDERS = LIMIT_INTAKE_BYTES / LIMIT_INTAKE_BODY_BYTES + 1,
    MOST_HELD_US = 40000000,
    MOST_ANSWER_S = 60,
    STEP_US = 250000,
};

// ---- ambiguous requests ----

// The same bytes with the address of the collection.
static struct text readdressed(struct scope *scope, const struct ambiguous *one) {
    static const char before[] = "POST /api/v1/echo", after[] = "POST /v1/track";
    const char *at = memmem(one->bytes, one->size, before, sizeof(before) - 1);
    CLEANUP(buffer_clear) struct buffer out = {0};

    if (!at)
        return (struct text){.data = one->bytes, .size = one->size};
    buffer_add(&out, one->bytes, (size_t)(at - one->bytes));
    buffer_add_string(&out, after);
    at += sizeof(before) - 1;
    buffer_add(&out, at, one->size - (size_t)(at - one->bytes));
    return text_copy(&scope->arena, buffer_text(&out));
}

// Behind it comes an event. It is taken only where the collection sees no fault in what was before
// (it looks at no type of a body), or where the end of that is certain.
static int check_ambiguous(struct scope *scope, const struct test_collection *shop,
                           const struct ambiguous *one) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const int fd = test_connect(shop->port);
    struct test_answer answer, next;

    test_send(fd, readdressed(scope, one));
    test_send(fd, text_printf(&scope->arena,
                              "POST /v1/page?writeKey=%.*s HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: 14\r\n\r\n{\"userId\":\"a\"}",
                              TEXT_ARG(shop->key)));
    answer = test_receive(scope, fd, false);
    next = answer.rest.size > 0 ? test_take_apart(answer.rest) : test_receive(scope, fd, false);
    close(fd);
    if (answer.status > 0 && answer.status < 400)
        test_fail(__FILE__, __LINE__, "%s: %d", one->name, answer.status);
    if (next.status == 200 && text_is(test_field(&answer, "Connection"), "close"))
        test_fail(__FILE__, __LINE__, "%s: what stands behind it is taken", one->name);
    arena_rewind(&scope->arena, mark);
    return next.status == 200;
}

TEST(no_ambiguous_request_is_an_event) {
    static const struct ambiguous_list *const lists[] = {&line_of_corpus, &field_of_corpus,
                                                         &body_of_corpus};
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    int64_t count;
    int taken = 0;

    for (size_t list = 0; list < sizeof(lists) / sizeof(*lists); list++)
        for (size_t i = 0; i < lists[list]->count; i++)
            taken += check_ambiguous(scope, shop, &lists[list]->rows[i]);
    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM event", NO_BINDS, -1, &count));
    CHECK(count <= (taken > 0)); // alike, they are known again
    CHECK_INT(test_collect_send(scope, shop, "/v1/page", TEXT("{\"userId\":\"b\"}")).status, 200);
}

// ---- hostile bodies ----

struct hostile {
    const char *name;
    const char *path;
    const char *head, *repeated, *tail; // the body: head, `repeated` as often as `count` says, tail
    int count;
    int status;
};

// Whatever is said of a batch's messages, the batch is answered 200 and they are kept apart.
static const struct hostile hostile_bodies[] = {
    {"zeros", "/v1/batch", "{\"batch\":[0", ",0", "]}", 2499, 200},
    {"too many messages", "/v1/batch", "{\"batch\":[0", ",0", "]}", 2500, 413},
    {"very many messages", "/v1/batch", "{\"batch\":[0", ",0", "]}", 250000, 413},
    {"empty objects", "/v1/batch", "{\"batch\":[{}", ",{}", "]}", 2499, 200},
    {"brackets", "/v1/track", "", "[", "", 500000, 400},
    {"braces", "/v1/track", "", "{\"a\":", "", 100000, 400},
    {"depth", "/v1/track", "{\"userId\":\"a\",\"event\":\"x\",\"properties\":{\"a\":", "[", "", 64,
     400},
    {"members", "/v1/track", "{\"userId\":\"a\",\"event\":\"x\",\"properties\":{\"z\":0",
     ",\"a\":1", "}}", 400, 400},
    {"a long text", "/v1/track", "{\"userId\":\"a\",\"event\":\"x\",\"properties\":{\"a\":\"", "b",
     "\"}}", 33000, 413},
    {"a long name", "/v1/track", "{\"userId\":\"a\",\"event\":\"", "b", "\"}", 257, 400},
    {"a long number", "/v1/track", "{\"userId\":\"a\",\"event\":\"x\",\"properties\":{\"a\":1", "0",
     "}}", 400, 400},
    {"a long id", "/v1/track", "{\"userId\":\"a\",\"event\":\"x\",\"messageId\":\"", "i", "\"}",
     101, 400},
    {"NUL", "/v1/track", "{\"userId\":\"a\",\"event\":\"x\\u0000", "y", "\"}", 1, 400},
    {"half a pair", "/v1/track", "{\"userId\":\"a\",\"event\":\"\\ud800", "y", "\"}", 1, 400},
    {"no UTF-8", "/v1/track", "{\"userId\":\"a\",\"event\":\"\xff", "y", "\"}", 1, 400},
    {"nobody", "/v1/track", "{\"event\":\"x", "y", "\"}", 1, 400},
    {"an array", "/v1/track", "[{\"userId\":\"a\",\"event\":\"x", "y", "\"}]", 1, 400},
    {"much for each", "/v1/batch",
     "{\"context\":{\"a\":\"0123456789\"},\"batch\":[{\"type\":\"page\",\"userId\":\"a\"}",
     ",{\"type\":\"page\",\"userId\":\"a\"}", "]}", 2499, 200},
    {"skew", "/v1/track",
     "{\"userId\":\"a\",\"event\":\"x\",\"timestamp\":\"9999-12-31T23:59:59Z\",\"sentAt\":\"0001-",
     "0", "1-01T00:00:00Z\"}", 1, 200},
    {"skew back", "/v1/track",
     "{\"userId\":\"a\",\"event\":\"x\",\"timestamp\":-9223372036854775808,\"sentAt\":92233720368",
     "5", "4775807}", 1, 200},
};
enum { HOSTILE_COUNT = sizeof(hostile_bodies) / sizeof(*hostile_bodies) };

static struct text request_of(struct scope *scope, const struct hostile *hostile, struct text key) {
    CLEANUP(buffer_clear) struct buffer body = {0};

    buffer_add_string(&body, hostile->head);
    for (int i = 0; i < hostile->count; i++)
        buffer_add_string(&body, hostile->repeated);
    buffer_add_string(&body, hostile->tail);
    return text_printf(&scope->arena,
                       "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                       "%.*s\r\nContent-Length: %zu\r\n\r\n%.*s",
                       hostile->path, TEXT_ARG(key), body.size, TEXT_ARG(buffer_text(&body)));
}

TEST(hostile_bodies_have_their_statuses) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct test_answer answer =
            test_ask(scope, shop->port, request_of(scope, &hostile_bodies[i], shop->key));

        if (answer.status != hostile_bodies[i].status)
            test_fail(__FILE__, __LINE__, "%s: %d", hostile_bodies[i].name, answer.status);
        arena_rewind(&scope->arena, mark);
    }
    // Nothing happens in the future, nor before there was a clock.
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event WHERE name = 'x' AND (at_us < "
                                         "1700000000000000 OR at_us > 4000000000000000)"),
                 "0");
}

// ---- memory ----

static struct text add_source(struct scope *scope) {
    const struct program_result added =
        run_program(scope, "source add shop --type server --format json", TEXT(""));
    struct json *json;

    CHECK_INT(added.exit_code, 0);
    CHECK_OK(json_parse(scope, added.out, &json));
    return json_member(json, "key")->string;
}

static int64_t resident_kb(struct scope *scope, pid_t process) {
    FILE *file = fopen(arena_printf(&scope->arena, "/proc/%d/status", (int)process), "re");
    long long kb = -1;
    char line[256];

    CHECK(file);
    while (kb < 0 && fgets(line, sizeof(line), file))
        if (strncmp(line, "VmRSS:", 6) == 0)
            kb = strtoll(line + 6, NULL, 10);
    fclose(file);
    return kb;
}

// Each of them on many connections at once, whose answers are read when all was sent. Millions of
// messages are read before the last is answered: on a busy machine that takes longer than a client
// of the tests waits otherwise.
static void send_round(struct scope *scope, uint16_t port, struct text key) {
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct text request = request_of(scope, &hostile_bodies[i], key);
        int fds[AT_ONCE];

        for (int j = 0; j < AT_ONCE; j++) {
            fds[j] = test_connect(port);
            test_wait_at_most(fds[j], MOST_ANSWER_S);
            test_send(fds[j], request);
        }
        for (int j = 0; j < AT_ONCE; j++) {
            const struct test_answer answer = test_receive(scope, fds[j], false);

            if (answer.status != hostile_bodies[i].status && answer.status != 429)
                test_fail(__FILE__, __LINE__, "%s: %d, %s", hostile_bodies[i].name, answer.status,
                          answer.is_closed ? "closed" : "no answer in time");
            close(fds[j]);
        }
        arena_rewind(&scope->arena, mark);
    }
}

static bool has_grown(int64_t before_kb, int64_t after_kb) {
    return !test_is_instrumented() && after_kb - before_kb >= MOST_GROWTH_KB;
}

TEST(hostile_bodies_cost_no_memory_that_is_not_given_back) {
    const struct text key = add_source(scope);
    const struct served *served = serve_program(scope, "");
    int64_t before_kb = 0, after_kb = 0, largest_kb = 0;
    int round;

    // What a busy machine held a moment longer goes with a later round; what is lost never does.
    for (round = 0; round < ROUNDS || (round < MOST_ROUNDS && has_grown(before_kb, after_kb));
         round++) {
        send_round(scope, served->port, key);
        after_kb = resident_kb(scope, served->process);
        largest_kb = after_kb > largest_kb ? after_kb : largest_kb;
        if (round == ROUNDS / 2 - 1)
            before_kb = after_kb;
    }
    printf("  %d hostile requests, %d at once: %lld KB after half of them, %lld at the end, %lld "
           "at most\n",
           round * HOSTILE_COUNT * AT_ONCE, AT_ONCE, (long long)before_kb, (long long)after_kb,
           (long long)largest_kb);
    CHECK(!has_grown(before_kb, after_kb));
}

// ---- places ----

// Who gets a place is waited for, and answered nothing.
static struct test_answer ask_to_send(struct scope *scope, uint16_t port) {
    const int fd = test_connect(port);
    struct test_answer answer;

    test_send(fd, text_printf(&scope->arena,
                              "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                              "%d\r\n\r\n",
                              LIMIT_INTAKE_BODY_BYTES));
    answer = test_receive(scope, fd, false);
    close(fd);
    return answer;
}

static struct test_answer send_page(struct scope *scope, uint16_t port, struct text key) {
    const struct text body = TEXT("{\"userId\":\"a\"}");

    return test_ask(scope, port,
                    text_printf(&scope->arena,
                                "POST /v1/page HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                                "Bearer %.*s\r\nContent-Length: %zu\r\n\r\n%.*s",
                                TEXT_ARG(key), body.size, TEXT_ARG(body)));
}

// Who holds places with bodies that do not come is cut, and others have them.
TEST(a_full_queue_refuses_before_the_body_and_slow_senders_lose_their_places) {
    const struct text key = add_source(scope);
    const struct served *served = serve_program(scope, "");
    const struct text head = text_printf(
        &scope->arena, "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n{",
        LIMIT_INTAKE_BODY_BYTES);
    int *fds = arena_array(&scope->arena, HOLDERS, sizeof(*fds));
    const int64_t begin_us = clock_us();
    struct test_answer answer;

    for (int i = 0; i < HOLDERS; i++) {
        fds[i] = test_connect(served->port);
        test_send(fds[i], head);
    }
    usleep(4 * STEP_US);
    answer = ask_to_send(scope, served->port); // nothing of its body is ever sent
    CHECK_INT(answer.status, 429);
    CHECK(test_field(&answer, "Retry-After").size > 0);
    while (send_page(scope, served->port, key).status != 200) {
        CHECK(clock_us() - begin_us < MOST_HELD_US);
        usleep(STEP_US);
    }
    while (ask_to_send(scope, served->port).status == 429) {
        CHECK(clock_us() - begin_us < MOST_HELD_US);
        usleep(STEP_US);
    }
    CHECK(clock_us() - begin_us > LIMIT_PATIENCE_MS * INT64_C(1000) / 2);
    printf("  room again %.1f s after %d clients took all of it\n",
           (double)(clock_us() - begin_us) / 1e6, HOLDERS);
    for (int i = 0; i < HOLDERS; i++)
        close(fds[i]);
}
