// SPDX-License-Identifier: Apache-2.0
// Requests that are sent again with their Idempotency-Key.
#include "web/server_once.h"

#include "store/ledger.h"
#include "store/process.h"
#include "store/store_testing.h"
#include "web/server_testing.h"

#include <unistd.h>

static struct text request_of(struct scope *scope, const char *path, const char *who,
                              const char *key, const char *body) {
    return text_printf(&scope->arena,
                       "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                       "Content-Type: application/json\r\nIdempotency-Key: %s\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       path, who, key, strlen(body), body);
}

static struct test_answer make(struct scope *scope, uint16_t port, const char *key,
                               const char *body) {
    return test_ask(scope, port, request_of(scope, "/api/v1/made", "ann", key, body));
}

static void check_made(struct scope *scope, int64_t expected) {
    int64_t count = -1;

    CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM alias", NO_BINDS, -1, &count));
    CHECK_INT(count, expected);
}

static bool is_repeated(const struct test_answer *answer) {
    return text_is(test_field(answer, "Idempotent-Replayed"), "true");
}

static bool holds(struct text text, const char *what) {
    return text.size > 0 && memmem(text.data, text.size, what, strlen(what)) != NULL;
}

// ---- once ----

TEST(a_request_that_comes_again_with_its_key_is_done_once_and_answered_alike) {
    const uint16_t port = test_server(scope, NULL);
    struct test_answer answer = make(scope, port, "a", "{}");

    CHECK_INT(answer.status, 200);
    CHECK_TEXT(answer.body, "{\"count\":1}");
    CHECK(!is_repeated(&answer));
    for (int i = 0; i < 3; i++) {
        answer = make(scope, port, "a", "{}");
        CHECK_INT(answer.status, 200);
        CHECK_TEXT(answer.body, "{\"count\":1}");
        CHECK_TEXT(test_field(&answer, "Content-Type"), "application/json");
        CHECK(is_repeated(&answer));
    }
    CHECK_TEXT(make(scope, port, "b", "{}").body, "{\"count\":2}");
    CHECK_TEXT(make(scope, port, "\"a\"", "{}").body, "{\"count\":1}"); // as the draft writes it
    check_made(scope, 2);
}

TEST(a_key_of_another_request_is_refused) {
    const uint16_t port = test_server(scope, NULL);
    struct test_answer answer;

    CHECK_INT(make(scope, port, "a", "{}").status, 200);
    answer = make(scope, port, "a", "{\"b\": 1}");
    CHECK_INT(answer.status, 422);
    CHECK(holds(answer.body, "\"code\":\"key_reused\""));
    CHECK(holds(answer.body, "\"field\":\"Idempotency-Key\""));
    CHECK_INT(
        test_ask(scope, port, request_of(scope, "/api/v1/made?name=b", "ann", "a", "{}")).status,
        422);
    CHECK_INT(
        test_ask(scope, port, request_of(scope, "/api/v1/made/secrets", "ann", "a", "{}")).status,
        422);
    check_made(scope, 1);
}

TEST(others_have_keys_of_their_own) {
    const uint16_t port = test_server(scope, NULL);

    CHECK_TEXT(make(scope, port, "a", "{}").body, "{\"count\":1}");
    CHECK_TEXT(test_ask(scope, port, request_of(scope, "/api/v1/made", "bob", "a", "{}")).body,
               "{\"count\":2}");
}

TEST(a_route_that_makes_nothing_passes_the_key_over) {
    const uint16_t port = test_server(scope, NULL);

    for (int i = 0; i < 2; i++) {
        const struct test_answer answer = test_ask(
            scope, port,
            request_of(scope, "/api/v1/echo", "ann", "a", i == 0 ? "{\"a\":1}" : "{\"b\":1}"));

        CHECK_INT(answer.status, 200);
        CHECK(!is_repeated(&answer));
    }
}

TEST(a_key_that_is_none_is_refused) {
    static const char *const keys[] = {
        "", "\"", "\"\"", "a\"b", "a\\b", "\xc3\xa9", "a\r\nIdempotency-Key: a"};
    const uint16_t port = test_server(scope, NULL);
    char longest[LIMIT_IDEMPOTENCY_KEY_BYTES + 2];

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (make(scope, port, keys[i], "{}").status != 400)
            test_fail(__FILE__, __LINE__, "%s", keys[i]);
    memset(longest, 'a', sizeof(longest));
    longest[sizeof(longest) - 1] = '\0';
    CHECK_INT(make(scope, port, longest, "{}").status, 400);
    longest[sizeof(longest) - 2] = '\0';
    CHECK_INT(make(scope, port, longest, "{}").status, 200);
    check_made(scope, 1);
}

TEST(a_file_that_is_sent_again_is_known_by_its_content) {
    const uint16_t port = test_server(scope, NULL);
    struct test_answer answer;

    answer = test_ask(scope, port, request_of(scope, "/api/v1/upload", "ann", "a", "one file"));
    CHECK_TEXT(answer.body, "{\"bytes\":8}");
    answer = test_ask(scope, port, request_of(scope, "/api/v1/upload", "ann", "a", "one file"));
    CHECK_TEXT(answer.body, "{\"bytes\":8}");
    CHECK(is_repeated(&answer));
    answer = test_ask(scope, port, request_of(scope, "/api/v1/upload", "ann", "a", "two file"));
    CHECK_INT(answer.status, 422);
}

// ---- at once ----

TEST(of_the_same_request_sent_five_times_at_once_one_is_done) {
    enum { CLIENTS = 5 };
    const struct server_options options = {.workers = CLIENTS};
    const uint16_t port = test_server(scope, &options);
    int fds[CLIENTS], done = 0, waiting = 0;

    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = test_connect(port);
        test_send(fds[i], request_of(scope, "/api/v1/made", "ann", "a", "{\"wait\":1}"));
    }
    for (int i = 0; i < CLIENTS; i++) {
        const struct test_answer answer = test_receive(scope, fds[i], false);

        done += answer.status == 200;
        waiting += answer.status == 409 && holds(answer.body, "still runs") &&
                   test_field(&answer, "Retry-After").size > 0;
        close(fds[i]);
    }
    CHECK(done >= 1);
    CHECK_INT(done + waiting, CLIENTS);
    check_made(scope, 1);
    CHECK_TEXT(make(scope, port, "a", "{\"wait\":1}").body, "{\"count\":1}");
}

TEST(who_left_before_the_answer_gets_it_when_asking_again) {
    const uint16_t port = test_server(scope, NULL);
    const int fd = test_connect(port);
    struct test_answer answer = {0};

    test_send(fd, request_of(scope, "/api/v1/made", "ann", "a", "{\"wait\":1}"));
    usleep(100000);
    close(fd);
    for (int i = 0; i < 50 && answer.status != 200; i++) {
        usleep(100000);
        answer = make(scope, port, "a", "{\"wait\":1}");
        CHECK(answer.status == 200 || answer.status == 409);
    }
    CHECK_TEXT(answer.body, "{\"count\":1}");
    check_made(scope, 1);
}

// ---- what is kept, and for how long ----

TEST(what_failed_may_be_sent_again_with_its_key) {
    const uint16_t port = test_server(scope, NULL);

    CHECK_INT(make(scope, port, "a", "{\"fail\":1}").status, 400);
    check_made(scope, 0);
    CHECK_INT(make(scope, port, "a", "{\"fail\":1}").status, 400);
    CHECK_TEXT(make(scope, port, "a", "{}").body, "{\"count\":1}");
}

TEST(an_answer_with_a_secret_is_told_once_and_not_kept) {
    const uint16_t port = test_server(scope, NULL);
    const struct text request = request_of(scope, "/api/v1/made/secrets", "ann", "a", "{}");
    struct test_answer answer = test_ask(scope, port, request);

    CHECK_INT(answer.status, 200);
    CHECK_TEXT(answer.body, "{\"count\":1}");
    answer = test_ask(scope, port, request);
    CHECK_INT(answer.status, 409);
    CHECK(is_repeated(&answer));
    CHECK(holds(answer.body, "told once only") && holds(answer.body, "\"hint\""));
    check_made(scope, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT status, answer FROM idempotency"), "200|-");
}

TEST(neither_keys_nor_who_sent_them_stand_in_the_ledger) {
    const uint16_t port = test_server(scope, NULL);
    const char *rows;

    CHECK_INT(make(scope, port, "canary", "{}").status, 200);
    rows = test_ledger_rows(scope, "SELECT key_hash, request_hash, owner, answer FROM idempotency");
    CHECK(strstr(rows, "canary") == NULL && strstr(rows, "ann") == NULL);
    CHECK(strlen(rows) > 128);
}

TEST(a_key_is_forgotten_after_a_day) {
    const uint16_t port = test_server(scope, NULL);

    CHECK_TEXT(make(scope, port, "a", "{}").body, "{\"count\":1}");
    test_ledger_exec(scope, "UPDATE idempotency SET created_at_us = created_at_us - 86300000000");
    CHECK_TEXT(make(scope, port, "a", "{}").body, "{\"count\":1}");
    test_ledger_exec(scope, "UPDATE idempotency SET created_at_us = created_at_us - 101000000");
    CHECK_TEXT(make(scope, port, "b", "{}").body, "{\"count\":2}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM idempotency"), "1");
    CHECK_TEXT(make(scope, port, "a", "{}").body, "{\"count\":3}");
}

TEST(what_a_server_did_not_come_to_the_end_of_is_not_done_again) {
    const uint16_t port = test_server(scope, NULL);
    struct test_answer answer;

    CHECK_INT(make(scope, port, "a", "{}").status, 200);
    test_ledger_exec(scope, "UPDATE idempotency SET status = NULL, answer = NULL, owner = 'gone'");
    answer = make(scope, port, "a", "{}");
    CHECK_INT(answer.status, 409);
    CHECK(holds(answer.body, "the server ended while it ran"));
    check_made(scope, 1);
}
