// SPDX-License-Identifier: Apache-2.0
// The server behind nginx, which reads heads in its own way. What nginx takes for one request is
// answered once, to whoever sent it: nothing that was sent within it is taken for another one.
//
// nginx keeps connections to the server open and sends requests of several clients over one of
// them. An answer too many would go to the next client.
#include "tests/program.h"
#include "web/server_corpus.h"
#include "web/server_testing.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BATCH = 32,
    PATIENCE_MS = 5000,
    STEP_MS = 10,
    METHODS_OF_PASSING = 2, // bodies on, whole or as they come
    MOST_LOG_BYTES = 1 << 20,
};

struct proxy {
    uint16_t server_port;               // of the server behind it
    uint16_t ports[METHODS_OF_PASSING]; // where it passes bodies on whole, and as they come
    const char *log;
    off_t log_offset; // up to where its clients were looked at
    int64_t asked;    // how often the server was asked for its figures
};

// ---- nginx ----

static const char configuration[] =
    "  log_format seen '$remote_port|$upstream_addr|$upstream_status|$request_uri';\n"
    "  access_log %1$s/access.log seen;\n"
    "  client_header_timeout 200ms; client_body_timeout 200ms; keepalive_timeout 50ms;\n"
    "  upstream tessera { server 127.0.0.1:%2$u; keepalive 8; }\n"
    "  proxy_http_version 1.1; proxy_next_upstream off;\n"
    "  proxy_set_header Connection ''; proxy_set_header Host $http_host;\n"
    "  server { listen 127.0.0.1:%3$u; location / { proxy_pass http://tessera; } }\n"
    "  server { listen 127.0.0.1:%4$u; proxy_request_buffering off; proxy_buffering off;\n"
    "    location / { proxy_pass http://tessera; } }\n";

static struct proxy *start_proxy(struct scope *scope) {
    struct proxy *proxy = arena_alloc(&scope->arena, sizeof(*proxy));
    const char *folder = test_folder(scope);

    *proxy = (struct proxy){.ports = {free_port(), free_port()},
                            .log = arena_printf(&scope->arena, "%s/access.log", folder)};
    proxy->server_port = test_server(scope, NULL);
    start_nginx(scope,
                arena_printf(&scope->arena, configuration, folder, proxy->server_port,
                             proxy->ports[0], proxy->ports[1]),
                proxy->ports[1]);
    return proxy;
}

// ---- what each of them saw ----

static struct text read_log(struct scope *scope, const struct proxy *proxy, off_t offset) {
    char *content = arena_alloc(&scope->arena, MOST_LOG_BYTES);
    const int fd = open(proxy->log, O_RDONLY | O_CLOEXEC);
    const ssize_t size = fd < 0 ? 0 : pread(fd, content, MOST_LOG_BYTES, offset);

    CHECK(size >= 0 && size < MOST_LOG_BYTES);
    if (fd >= 0)
        close(fd);
    return (struct text){.data = content, .size = (size_t)size};
}

static bool holds(struct text text, const char *what) {
    return text.size > 0 && memmem(text.data, text.size, what, strlen(what)) != NULL;
}

// What nginx saw: requests in all and those for the target; those that it passed on and was told an
// answer to; those that it gave up when their bodies did not come, of which some may have gone to
// the server before that; those that it sent once more because a connection it had kept was closed
// under them. Of one client or, with port 0, of all.
struct seen {
    int requests, smuggled, passed_on, given_up, sent_again;
};

static struct seen read_seen(struct text log, int64_t port) {
    struct seen seen = {0};

    while (log.data) {
        struct text rest = text_split(log, '\n', &log);
        const struct text client = text_split(rest, '|', &rest);
        const struct text server = text_split(rest, '|', &rest);
        const struct text upstream = text_split(rest, '|', &rest);
        int64_t number;

        if (!text_to_int64(client, &number) || (port != 0 && number != port))
            continue;
        seen.requests++;
        seen.passed_on += !text_is(upstream, "-");
        seen.given_up += text_is(upstream, "-") && !text_is(server, "-");
        seen.sent_again += text_contains(upstream, ',');
        seen.smuggled += holds(rest, "smuggled");
    }
    return seen;
}

// What the server answered but for the figures themselves, which are not counted before they have
// gone. Requests whose bodies never came have no status.
static int64_t count_answered(struct scope *scope, struct proxy *proxy) {
    struct text lines = test_get(scope, proxy->server_port, "/metrics").body;
    int64_t total = 0;

    CHECK(lines.size > 0);
    while (lines.data) {
        const struct text line = text_split(lines, '\n', &lines);
        struct text count = line;
        int64_t number;

        if (!text_starts_with(line, TEXT("tessera_requests_total{")) || holds(line, "=\"other\""))
            continue;
        while (text_contains(count, ' '))
            text_split(count, ' ', &count);
        CHECK(text_to_int64(count, &number));
        total += number;
    }
    return total - proxy->asked++;
}

// From the beginning on as many as nginx passed on, once both have written down what they did. What
// it gave up may have been answered too late for it, and of what it sent again the first sending as
// well, into the closed connection.
static void check_counts(struct scope *scope, struct proxy *proxy, const char *first) {
    struct seen seen = {0};
    int64_t answered = -1;

    for (int waited_ms = 0; waited_ms < PATIENCE_MS; waited_ms += STEP_MS) {
        usleep(STEP_MS * 1000);
        seen = read_seen(read_log(scope, proxy, 0), 0);
        answered = count_answered(scope, proxy);
        if (answered >= seen.passed_on &&
            answered <= seen.passed_on + seen.given_up + seen.sent_again)
            return;
    }
    test_fail(
        __FILE__, __LINE__,
        "up to those after \"%s\": %d requests were passed on and %d given up, %d of them sent "
        "again, and %d answered",
        first, seen.passed_on, seen.given_up, seen.sent_again, (int)answered);
}

// ---- clients ----

struct client {
    const struct ambiguous *one;
    int fd;    // of who sends it
    int clean; // of somebody else
    int64_t port;
    struct text received;
};

static int64_t own_port(int fd) {
    struct sockaddr_in address;
    socklen_t size = sizeof(address);

    CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    return ntohs(address.sin_port);
}

static void send_both(struct scope *scope, struct client *client, uint16_t port) {
    client->fd = test_connect(port);
    client->clean = test_connect(port);
    client->port = own_port(client->fd);
    test_send(client->fd, (struct text){.data = client->one->bytes, .size = client->one->size});
    test_send(client->fd, TEXT(SMUGGLED));
    test_send(client->clean, text_printf(&scope->arena,
                                         "GET /api/v1/echo?name=of-%d HTTP/1.1\r\n" HOST
                                         "Connection: close\r\n\r\n",
                                         (int)client->port));
}

static void receive_both(struct scope *scope, struct client *client) {
    const struct test_answer answer = test_receive(scope, client->fd, true);
    const struct test_answer clean = test_receive(scope, client->clean, true);

    client->received =
        (struct text){.data = answer.head.data ? answer.head.data : answer.rest.data,
                      .size = answer.head.size + answer.body.size + answer.rest.size};
    close(client->fd);
    close(client->clean);
    if (clean.status != 200 ||
        !holds(clean.body, arena_printf(&scope->arena, "\"of-%d\"", (int)client->port)))
        test_fail(__FILE__, __LINE__, "beside \"%s\" another client got %d: %.*s",
                  client->one->name, clean.status, TEXT_ARG(clean.body));
}

static int occurrences(struct text text, const char *what) {
    const size_t size = strlen(what);
    int count = 0;

    for (size_t i = 0; i + size <= text.size; i++)
        count += memcmp(text.data + i, what, size) == 0;
    return count;
}

static void check_client(const struct client *client, struct text log) {
    const struct seen seen = read_seen(log, client->port);
    const int answers =
        occurrences(client->received, "HTTP/1.1 ") - occurrences(client->received, "HTTP/1.1 100 ");
    const int smuggled = occurrences(client->received, "\"smuggled\"");

    if (answers > seen.requests)
        test_fail(__FILE__, __LINE__, "\"%s\": %d requests were answered %d times",
                  client->one->name, seen.requests, answers);
    if (smuggled > seen.smuggled)
        test_fail(__FILE__, __LINE__, "\"%s\" was smuggled", client->one->name);
}

static void run_batch(struct scope *scope, struct proxy *proxy, uint16_t port,
                      const struct ambiguous *rows, size_t count) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct client clients[BATCH];
    struct text log;

    for (size_t i = 0; i < count; i++) {
        clients[i].one = &rows[i];
        send_both(scope, &clients[i], port);
    }
    for (size_t i = 0; i < count; i++)
        receive_both(scope, &clients[i]);
    check_counts(scope, proxy, rows->name);
    log = read_log(scope, proxy, proxy->log_offset);
    for (size_t i = 0; i < count; i++)
        check_client(&clients[i], log);
    proxy->log_offset += (off_t)log.size;
    arena_rewind(&scope->arena, mark);
}

TEST(behind_a_proxy_no_ambiguous_request_is_answered_twice_and_nothing_is_smuggled) {
    const struct ambiguous_list *const lists[] = {&line_of_corpus, &field_of_corpus,
                                                  &body_of_corpus};
    struct proxy *proxy = start_proxy(scope);

    for (int way = 0; way < METHODS_OF_PASSING; way++)
        for (size_t list = 0; list < sizeof(lists) / sizeof(*lists); list++)
            for (size_t i = 0; i < lists[list]->count; i += BATCH)
                run_batch(scope, proxy, proxy->ports[way], &lists[list]->rows[i],
                          lists[list]->count - i < BATCH ? lists[list]->count - i : BATCH);
}

// In two pieces: of what it has whole at once, nginx tells the length in any case.
static struct test_answer send_chunked(struct scope *scope, uint16_t port) {
    const int fd = test_connect(port);
    struct test_answer answer;

    test_send(fd, TEXT(POST CHUNKED "8\r\n{\"a\""));
    usleep(10 * STEP_MS * 1000);
    test_send(fd, TEXT(": 1}\r\n0\r\n\r\n"));
    answer = test_receive(scope, fd, false);
    close(fd);
    return answer;
}

TEST(a_chunked_body_comes_through_a_proxy_that_waits_for_its_end) {
    struct proxy *proxy = start_proxy(scope);
    const struct test_answer answer = send_chunked(scope, proxy->ports[0]);

    CHECK_INT(answer.status, 200);
    CHECK(holds(answer.body, "{\"a\":1}"));
    CHECK_INT(send_chunked(scope, proxy->ports[1]).status, 411);
}
