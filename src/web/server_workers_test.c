// SPDX-License-Identifier: Apache-2.0
// Requests that count over all data: how many run, how long they wait and run, and for whom.
#include "web/server_testing.h"

#include "store/store_testing.h"

#include <stdio.h>
#include <unistd.h>

#define ENDLESS "GET /api/v1/endless HTTP/1.1\r\nHost: localhost\r\n\r\n"

enum { WORKERS = 6, HEAVY_AT_ONCE = 3, CLIENTS = 8, STEP_US = 10000, STEPS_MOST = 500 };

// The value of a figure, -1 when there is none.
static int64_t figure(struct scope *scope, uint16_t port, const char *name) {
    const struct test_answer answer = test_get(scope, port, "/metrics");
    const char *line =
        strstr(text_string(&scope->arena, answer.body), arena_printf(&scope->arena, "\n%s ", name));
    long long value = -1;

    if (line && sscanf(line + 1 + strlen(name), "%lld", &value) != 1)
        value = -1;
    return value;
}

static void wait_for_figure(struct scope *scope, uint16_t port, const char *name, int64_t value) {
    for (int step = 0; step < STEPS_MOST && figure(scope, port, name) != value; step++)
        usleep(STEP_US);
    CHECK_INT(figure(scope, port, name), value);
}

static int ask_endless(uint16_t port) {
    const int fd = test_connect(port);

    test_send(fd, TEXT(ENDLESS));
    return fd;
}

static struct test_answer receive_patiently(struct scope *scope, int fd) {
    struct test_answer answer = {0};

    for (int second = 0; second < 10 && answer.status == 0; second++)
        answer = test_receive(scope, fd, false);
    return answer;
}

TEST(a_count_ends_when_who_asked_for_it_has_left) {
    const struct server_options options = {.workers = WORKERS};
    const uint16_t port = test_server(scope, &options);
    const int fd = ask_endless(port);

    wait_for_figure(scope, port, "tessera_heavy_requests_running", 1);
    close(fd);
    wait_for_figure(scope, port, "tessera_heavy_requests_running", 0);
    wait_for_figure(
        scope, port,
        "tessera_requests_total{method=\"GET\",route=\"/api/v1/endless\",status=\"499\"}", 1);
    CHECK_INT(figure(scope, port, "tessera_connections_left_total"), 1);
}

TEST(a_count_ends_with_its_time) {
    const struct server_options options = {.workers = WORKERS, .heavy_run_ms = 200};
    const uint16_t port = test_server(scope, &options);
    const int fd = ask_endless(port);
    const struct test_answer answer = receive_patiently(scope, fd);

    CHECK_INT(answer.status, 503);
    CHECK(test_field(&answer, "Retry-After").size > 0);
    CHECK_INT(figure(scope, port, "tessera_heavy_requests_running"), 0);
    close(fd);
}

TEST(few_counts_run_at_once_others_are_told_to_come_again_and_the_rest_goes_on) {
    const struct server_options options = {
        .workers = WORKERS, .heavy_wait_ms = 500, .heavy_run_ms = 3000};
    const uint16_t port = test_server(scope, &options);
    int fds[CLIENTS];

    for (int i = 0; i < CLIENTS; i++)
        fds[i] = ask_endless(port);
    wait_for_figure(scope, port, "tessera_heavy_requests_waiting", CLIENTS - HEAVY_AT_ONCE);
    CHECK_INT(figure(scope, port, "tessera_heavy_requests_running"), HEAVY_AT_ONCE);
    CHECK_INT(test_get(scope, port, "/api/v1/echo?name=a").status, 200);
    // Who waited has gone when who runs still does.
    wait_for_figure(scope, port, "tessera_heavy_requests_waiting", 0);
    CHECK_INT(figure(scope, port, "tessera_heavy_requests_running"), HEAVY_AT_ONCE);
    CHECK_INT(test_get(scope, port, "/healthz").status, 200);
    for (int i = 0; i < CLIENTS; i++) {
        const struct test_answer answer = receive_patiently(scope, fds[i]);

        CHECK_INT(answer.status, 503);
        CHECK(test_field(&answer, "Retry-After").size > 0);
        close(fds[i]);
    }
}

TEST(who_leaves_while_waiting_for_a_count_is_counted_for_no_more) {
    const struct server_options options = {.workers = 1, .heavy_run_ms = 60000};
    const uint16_t port = test_server(scope, &options);
    const int first = ask_endless(port), second = ask_endless(port);

    usleep(100000);
    close(second);
    close(first);
    wait_for_figure(
        scope, port,
        "tessera_requests_total{method=\"GET\",route=\"/api/v1/endless\",status=\"499\"}", 2);
}
