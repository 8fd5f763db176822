// SPDX-License-Identifier: Apache-2.0
#include "web/server_watch.h"

#include "base/limits.h"
#include "base/time.h"
#include "web/server_testing.h"

#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE_MS = 1000 };

static bool is_late_after(enum connection_phase phase, int64_t bytes, int64_t took_ms) {
    struct connection connection = {.since_us = 5 * US_PER_SECOND, .phase = phase, .bytes = bytes};

    return connection_is_late(&connection, PATIENCE_MS, 5 * US_PER_SECOND + took_ms * 1000);
}

TEST(a_head_has_an_absolute_deadline) {
    CHECK(!is_late_after(PHASE_HEAD, 0, PATIENCE_MS));
    CHECK(is_late_after(PHASE_HEAD, 0, PATIENCE_MS + 1));
}

TEST(a_body_must_come_at_a_least_speed_once_patience_has_ended) {
    const int64_t second = LIMIT_SLOWEST_BYTES_PER_S;

    CHECK(!is_late_after(PHASE_BODY, 0, PATIENCE_MS));
    CHECK(is_late_after(PHASE_BODY, 0, PATIENCE_MS + 100));
    CHECK(!is_late_after(PHASE_BODY, second, PATIENCE_MS + 1000));
    CHECK(is_late_after(PHASE_BODY, second - 1, PATIENCE_MS + 1000));
    CHECK(is_late_after(PHASE_BODY, 99 * second, PATIENCE_MS + 100000));
    CHECK(!is_late_after(PHASE_BODY, 100 * second, PATIENCE_MS + 100000));
}

TEST(an_answer_must_be_read_at_a_least_speed) {
    const int64_t second = LIMIT_SLOWEST_BYTES_PER_S;

    CHECK(!is_late_after(PHASE_ANSWER, 10 * second, PATIENCE_MS + 10000));
    CHECK(is_late_after(PHASE_ANSWER, 10 * second, PATIENCE_MS + 10001));
    CHECK(is_late_after(PHASE_ANSWER, 0, PATIENCE_MS + 1));
}

TEST(work_and_streams_take_as_long_as_they_take) {
    CHECK(!is_late_after(PHASE_WORK, 0, 86400000));
    CHECK(!is_late_after(PHASE_LIVE, -1, 86400000));
}

// ---- many slow clients at once ----

enum { SLOW_COUNT = 200 }; // of each kind

static const struct server_options impatient = {.patience_ms = 700};

static void open_slow(uint16_t port, int fds[3 * SLOW_COUNT]) {
    for (size_t i = 0; i < SLOW_COUNT; i++) {
        fds[3 * i] = test_connect(port); // says nothing
        fds[3 * i + 1] = test_connect(port);
        test_send(fds[3 * i + 1], TEXT("GET /api/v1/echo HTTP/1.1\r\nHost: localhost\r\n"));
        fds[3 * i + 2] = test_connect(port);
        test_send(fds[3 * i + 2], TEXT("POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\n"
                                       "Content-Type: application/json\r\n"
                                       "Content-Length: 1000\r\n\r\n1"));
    }
}

// Each goes on by a byte, so that none is idle.
static void go_on(const int fds[3 * SLOW_COUNT], int round) {
    for (size_t i = 0; i < SLOW_COUNT; i++) {
        test_send(fds[3 * i + 1], round == 0 ? TEXT("X: ") : TEXT("a"));
        test_send(fds[3 * i + 2], TEXT(" "));
    }
}

TEST(slow_clients_are_cut_while_others_are_answered) {
    const uint16_t port = test_server(scope, &impatient);
    int fds[3 * SLOW_COUNT];

    open_slow(port, fds);
    for (int round = 0; round < 8; round++) {
        go_on(fds, round);
        CHECK_INT(test_get(scope, port, "/api/v1/echo?name=a").status, 200);
        usleep(200000);
    }
    for (size_t i = 0; i < 3 * (size_t)SLOW_COUNT; i++) {
        CHECK(test_receive(scope, fds[i], true).is_closed);
        close(fds[i]);
    }
}

TEST(a_client_that_is_not_slow_is_not_cut) {
    const uint16_t port = test_server(scope, &impatient);
    const int fd = test_connect(port);

    for (int i = 0; i < 5; i++) {
        test_send(fd, TEXT("GET /api/v1/echo HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        CHECK_INT(test_receive(scope, fd, false).status, 200);
        usleep(300000);
    }
    close(fd);
}
