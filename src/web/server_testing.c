// SPDX-License-Identifier: Apache-2.0
#include "web/server_testing.h"

#include "govern/access/access.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/store_testing.h"
#include "web/live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { WAIT_S = 1, PATIENCE_S = 30, LARGE_COUNT = 10000, SLOW_US = 300000 };

// ---- its routes ----

static code echo_get(struct scope *scope, const struct request *request,
                     struct response *response) {
    (void)scope;
    json_begin_object(&response->writer);
    json_key(&response->writer, "name");
    json_write_text(&response->writer, request_text(request, "name"));
    json_end_object(&response->writer);
    return OK;
}

static code echo_post(struct scope *scope, const struct request *request,
                      struct response *response) {
    if (!request->body)
        return scope_fail(scope, INVALID, "a body is missing");
    json_write(&response->writer, request->body);
    return OK;
}

static code upload(struct scope *scope, const struct request *request, struct response *response) {
    if (!request->file || access(request->file->path, R_OK) != 0)
        return scope_fail(scope, INVALID, "a file is missing");
    json_begin_object(&response->writer);
    json_key(&response->writer, "bytes");
    json_write_int64(&response->writer, request->file->bytes);
    json_end_object(&response->writer);
    return OK;
}

static void write_text(struct json_writer *writer, const char *key, struct text value) {
    json_key(writer, key);
    json_write_text(writer, value);
}

static code client(struct scope *scope, const struct request *request, struct response *response) {
    const struct request_client *of = request->client;
    struct json_writer *writer = &response->writer;

    (void)scope;
    json_begin_object(writer);
    write_text(writer, "address", of->address);
    write_text(writer, "session", of->session);
    write_text(writer, "key", of->key);
    write_text(writer, "csrf", of->csrf);
    write_text(writer, "origin", of->origin);
    json_key(writer, "is_secure");
    json_write_bool(writer, of->is_secure);
    json_key(writer, "is_owner");
    json_write_bool(writer, of->is_owner);
    json_end_object(writer);
    return OK;
}

static code large(struct scope *scope, const struct request *request, struct response *response) {
    (void)scope;
    (void)request;
    json_begin_array(&response->writer);
    for (int64_t i = 0; i < LARGE_COUNT; i++)
        json_write_int64(&response->writer, 1000000 + i);
    json_end_array(&response->writer);
    return OK;
}

static code slow(struct scope *scope, const struct request *request, struct response *response) {
    usleep(SLOW_US);
    return echo_get(scope, request, response);
}

// A count that takes hours.
static code endless(struct scope *scope, const struct request *request, struct response *response) {
    int64_t count;

    (void)request;
    (void)response;
    return lake_int64(scope,
                      "SELECT count(*) FROM generate_series(1, 1000000) a (n), "
                      "generate_series(1, 1000000) b (m) WHERE n * m % 7 = 3",
                      NO_BINDS, 0, &count);
}

static code fault(struct scope *scope, const struct request *request, struct response *response) {
    (void)request;
    (void)response;
    return scope_fail(scope, INTERNAL, "cannot read /srv/store/ledger.db: SELECT failed");
}

static code show_job(struct scope *scope, const struct request *request,
                     struct response *response) {
    (void)scope;
    json_begin_object(&response->writer);
    write_text(&response->writer, "id", request_text(request, "id"));
    json_end_object(&response->writer);
    return OK;
}

// Each time a row more; its answer says how many there are.
static code make(struct scope *scope, const struct request *request, struct response *response) {
    int64_t count;

    if (request->body && json_member(request->body, "wait"))
        usleep(SLOW_US);
    TRY(ledger_begin(scope));
    TRY(ledger_int64(scope, "SELECT count(*) FROM alias", NO_BINDS, 0, &count));
    TRY(ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES ($1, 1)",
                    BINDS(BIND_INT64(count + 1))));
    if (request->body && json_member(request->body, "fail"))
        return scope_fail(scope, INVALID, "this fails");
    TRY(ledger_commit(scope));
    json_begin_object(&response->writer);
    json_key(&response->writer, "count");
    json_write_int64(&response->writer, count + 1);
    json_end_object(&response->writer);
    return OK;
}

static const struct route_parameter echo_parameters[] = {
    {.name = "name", .type = PARAMETER_TEXT, .help = "to be repeated"}, PARAMETERS_END};
static const struct route_body echo_body = {.words = "anything"};
static const struct route_answer any_answer = {.type = ANSWER_ANY};

static const struct route test_routes[] = {
    {METHOD_GET, "/api/v1/echo", echo_get, MAY_READ_REPORTS, "Echo", .parameters = echo_parameters,
     .answer = &any_answer, .is_instant = true},
    {METHOD_POST, "/api/v1/echo", echo_post, MAY_READ_REPORTS, "Echo", .body = &echo_body,
     .answer = &any_answer},
    {METHOD_POST, "/api/v1/upload", upload, MAY_IMPORT, "Upload", .takes = ROUTE_TAKES_FILE,
     .answer = &any_answer, .once = ROUTE_ONCE},
    {METHOD_POST, "/api/v1/made", make, MAY_IMPORT, "Make", .parameters = echo_parameters,
     .body = &echo_body, .answer = &any_answer, .once = ROUTE_ONCE},
    {METHOD_POST, "/api/v1/made/secrets", make, MAY_IMPORT, "Make a secret", .body = &echo_body,
     .answer = &any_answer, .once = ROUTE_ONCE_SECRET},
    {METHOD_GET, "/api/v1/client", client, MAY_READ_REPORTS, "Client", .answer = &any_answer},
    {METHOD_GET, "/api/v1/large", large, MAY_READ_REPORTS, "Large", .answer = &any_answer},
    {METHOD_GET, "/api/v1/slow", slow, MAY_READ_REPORTS, "Slow", .answer = &any_answer},
    {METHOD_GET, "/api/v1/endless", endless, MAY_READ_REPORTS, "Endless", .answer = &any_answer,
     .is_heavy = true},
    {METHOD_GET, "/api/v1/fault", fault, MAY_READ_REPORTS, "Fault", .answer = &any_answer},
    {METHOD_GET, "/api/v1/secret", fault, MAY_QUERY_SQL, "Secret", .answer = &any_answer},
    {METHOD_GET, "/api/v1/live", live_handle, MAY_READ_JOBS, "Live", .answer = &live_answer},
    {METHOD_GET, "/api/v1/jobs/{id}", show_job, MAY_READ_JOBS, "Job", .answer = &any_answer},
};

// The file may be taken away while a stream runs: the session is then revoked.
static code authenticate(struct scope *scope, const struct request *request,
                         const struct route *route) {
    const struct request_client *of = request->client;

    (void)route;
    if (text_is(of->session, "revoked") ||
        (of->session.size > 0 && of->session.data[0] == '/' &&
         access(text_string(&scope->arena, of->session), F_OK) != 0))
        return scope_fail(scope, UNAUTHENTICATED, "the session has ended");
    snprintf(scope->actor.name, sizeof(scope->actor.name), "%.*s", TEXT_ARG(of->key));
    scope->actor.permissions =
        text_is(of->key, "none") ? MAY_SIGN_IN : MAY_EVERYTHING & ~(uint32_t)MAY_QUERY_SQL;
    return OK;
}

// ---- the server ----

static void stop(void *server) {
    server_stop(server, 2000);
}

uint16_t test_server(struct scope *scope, const struct server_options *options) {
    struct server_options all = options ? *options : (struct server_options){0};
    struct server *server;

    all.routes = test_routes;
    all.route_count = sizeof(test_routes) / sizeof(*test_routes);
    all.authenticate = authenticate;
    all.address = all.address ? all.address : "127.0.0.1";
    test_store(scope);
    CHECK_OK(server_start(scope, session_store(scope), &all, &server));
    test_at_end(stop, server);
    return server_port(server);
}

const char *test_server_socket(struct scope *scope) {
    return arena_printf(&scope->arena, "%s/socket", store_path(session_store(scope)));
}

// ---- the client ----

void test_wait_at_most(int fd, int seconds) {
    const struct timeval wait = {.tv_sec = seconds};

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
}

int test_connect(uint16_t port) {
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    test_wait_at_most(fd, WAIT_S);
    CHECK(connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
    return fd;
}

int test_connect_socket(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(strlen(path) < sizeof(address.sun_path));
    memcpy(address.sun_path, path, strlen(path) + 1);
    test_wait_at_most(fd, WAIT_S);
    CHECK(connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
    return fd;
}

// The server may have answered and closed before all is sent: that is no failure of the test.
void test_send(int fd, struct text bytes) {
    while (bytes.size > 0) {
        const ssize_t step = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);

        if (step <= 0)
            return;
        bytes.data += step;
        bytes.size -= (size_t)step;
    }
}

static size_t head_size(struct text all) {
    const char *end = all.size > 0 ? memmem(all.data, all.size, "\r\n\r\n", 4) : NULL;

    return end ? (size_t)(end - all.data) + 4 : 0;
}

struct text test_field(const struct test_answer *answer, const char *name) {
    struct text lines = answer->head;

    while (lines.data) {
        struct text value;
        const struct text line = text_split(lines, '\n', &lines);

        if (text_equal_ascii_case(text_split(line, ':', &value), text_of(name)))
            return text_trim(value);
    }
    return (struct text){0};
}

struct test_answer test_take_apart(struct text all) {
    const size_t size = head_size(all);
    struct test_answer answer = {.rest = all};
    int64_t length = 0;

    if (size == 0)
        return answer;
    answer.head = (struct text){.data = all.data, .size = size};
    if (all.size > 12)
        answer.status = (int)strtol(all.data + 9, NULL, 10);
    if (!text_to_int64(test_field(&answer, "Content-Length"), &length))
        length = (int64_t)(all.size - size);
    if ((size_t)length > all.size - size)
        length = (int64_t)(all.size - size);
    answer.body = (struct text){.data = all.data + size, .size = (size_t)length};
    answer.rest =
        (struct text){.data = answer.body.data + length, .size = all.size - size - (size_t)length};
    return answer;
}

// "204 No Content" has nothing behind its head and no length of it.
static bool is_whole(struct text all) {
    const struct test_answer answer = test_take_apart(all);
    int64_t length;

    if (answer.head.size > 0 && answer.status == 204)
        return true;
    return answer.head.size > 0 && text_to_int64(test_field(&answer, "Content-Length"), &length) &&
           (int64_t)answer.body.size == length;
}

struct test_answer test_receive(struct scope *scope, int fd, bool until_end) {
    CLEANUP(buffer_clear) struct buffer all = {0};
    struct test_answer answer;
    bool is_closed = false;

    while (until_end || !is_whole(buffer_text(&all))) {
        const ssize_t size = recv(fd, buffer_reserve(&all, 1 << 16), 1 << 16, 0);

        is_closed = size == 0 || (size < 0 && errno == ECONNRESET);
        if (size <= 0)
            break;
        all.size += (size_t)size;
    }
    answer = test_take_apart(text_copy(&scope->arena, buffer_text(&all)));
    answer.is_closed = is_closed;
    return answer;
}

struct test_answer test_ask(struct scope *scope, uint16_t port, struct text request) {
    const int fd = test_connect(port);
    struct test_answer answer;

    test_wait_at_most(fd, PATIENCE_S);
    test_send(fd, request);
    answer = test_receive(scope, fd, false);
    close(fd);
    return answer;
}

struct test_answer test_get(struct scope *scope, uint16_t port, const char *path) {
    return test_ask(scope, port,
                    text_printf(&scope->arena, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path));
}
