// SPDX-License-Identifier: Apache-2.0
// The server over its sockets: what it takes, what it refuses, what every answer carries.
#include "web/server_testing.h"

#include "base/limits.h"
#include "store/job.h"
#include "store/store_testing.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOST       "Host: localhost\r\n"
#define LAST_CHUNK "0\r\n\r\n"

static struct test_answer ask(struct scope *scope, uint16_t port, const char *request) {
    return test_ask(scope, port, text_of(request));
}

static bool holds(struct text text, const char *what) {
    return text.size > 0 && memmem(text.data, text.size, what, strlen(what)) != NULL;
}

// ---- requests ----

TEST(parameters_are_decoded_and_the_answer_is_json) {
    const uint16_t port = test_server(scope, NULL);
    const struct test_answer answer = test_get(scope, port, "/api/v1/echo?name=a%26b+%C3%A9%3D");

    CHECK_INT(answer.status, 200);
    CHECK_TEXT(answer.body, "{\"name\":\"a&b \xc3\xa9=\"}");
    CHECK_TEXT(test_field(&answer, "Content-Type"), "application/json");
}

TEST(an_address_that_cannot_be_decoded_is_invalid) {
    static const char *const paths[] = {"/api/v1/echo?name=%",   "/api/v1/echo?name=%zz",
                                        "/api/v1/echo?name=%00", "/api/v1/echo?name=%ff",
                                        "/api/v1/jobs/%c3%28",   "/api/v1/jobs/a%2",
                                        "/api/v1/echo?%00=a"};
    const uint16_t port = test_server(scope, NULL);

    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        if (test_get(scope, port, paths[i]).status != 400)
            test_fail(__FILE__, __LINE__, "%s", paths[i]);
}

TEST(a_body_is_read_as_json) {
    const uint16_t port = test_server(scope, NULL);
    struct test_answer answer =
        ask(scope, port,
            "POST /api/v1/echo HTTP/1.1\r\n" HOST
            "Content-Type: application/json; charset=utf-8\r\nContent-Length: 8\r\n\r\n{\"a\": 1}");

    CHECK_INT(answer.status, 200);
    CHECK_TEXT(answer.body, "{\"a\":1}");
    answer = ask(scope, port,
                 "POST /api/v1/echo HTTP/1.1\r\n" HOST
                 "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n{\"a");
    CHECK_INT(answer.status, 400);
}

TEST(a_body_of_another_type_is_refused) {
    static const char *const types[] = {"text/plain", "application/x-www-form-urlencoded",
                                        "multipart/form-data; boundary=x", "application/jsonx"};
    const uint16_t port = test_server(scope, NULL);

    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        CHECK_INT(test_ask(scope, port,
                           text_printf(&scope->arena,
                                       "POST /api/v1/echo HTTP/1.1\r\n" HOST
                                       "Content-Type: %s\r\nContent-Length: 2\r\n\r\n{}",
                                       types[i]))
                      .status,
                  415);
}

TEST(a_compressed_body_is_refused) {
    CHECK_INT(ask(scope, test_server(scope, NULL),
                  "POST /api/v1/echo HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
                  "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")
                  .status,
              415);
}

TEST(a_connection_serves_many_requests) {
    const int fd = test_connect(test_server(scope, NULL));

    for (int i = 0; i < 20; i++) {
        struct test_answer answer;

        test_send(
            fd, text_printf(&scope->arena, "GET /api/v1/echo?name=%d HTTP/1.1\r\n" HOST "\r\n", i));
        answer = test_receive(scope, fd, false);
        CHECK_INT(answer.status, 200);
        CHECK_STRING(text_string(&scope->arena, answer.body),
                     arena_printf(&scope->arena, "{\"name\":\"%d\"}", i));
    }
    close(fd);
}

TEST(requests_sent_at_once_are_answered_in_order) {
    const int fd = test_connect(test_server(scope, NULL));
    struct test_answer answer;
    const char *first, *second, *third;

    test_send(fd,
              TEXT("GET /api/v1/echo?name=first HTTP/1.1\r\n" HOST "\r\n"
                   "POST /api/v1/echo HTTP/1.1\r\n" HOST
                   "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n\"second\""
                   "GET /api/v1/echo?name=third HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    answer = test_receive(scope, fd, true);
    close(fd);
    first = strstr(answer.head.data, "first");
    second = strstr(answer.head.data, "second");
    third = strstr(answer.head.data, "third");
    CHECK(answer.is_closed && first && second && third && first < second && second < third);
}

TEST(a_head_answers_as_a_get_without_the_body) {
    const int fd = test_connect(test_server(scope, NULL));
    struct test_answer answer;

    test_send(fd, TEXT("HEAD /api/v1/echo?name=a HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    answer = test_receive(scope, fd, true);
    close(fd);
    CHECK_INT(answer.status, 200);
    CHECK_INT((int64_t)answer.body.size, 0);
    CHECK_TEXT(test_field(&answer, "Content-Length"), "12");
}

TEST(methods_that_a_path_does_not_know_are_told_which_it_knows) {
    const uint16_t port = test_server(scope, NULL);
    struct test_answer answer = ask(scope, port, "DELETE /api/v1/echo HTTP/1.1\r\n" HOST "\r\n");

    CHECK_INT(answer.status, 405);
    CHECK_TEXT(test_field(&answer, "Allow"), "GET, HEAD, POST");
    CHECK_INT(ask(scope, port, "OPTIONS /api/v1/echo HTTP/1.1\r\n" HOST "\r\n").status, 405);
    CHECK_INT(ask(scope, port, "TRACE /api/v1/echo HTTP/1.1\r\n" HOST "\r\n").status, 405);
    CHECK_INT(ask(scope, port, "FROB /api/v1/echo HTTP/1.1\r\n" HOST "\r\n").status, 501);
    CHECK_INT(test_get(scope, port, "/api/v1/nothing").status, 404);
}

// ---- who asks ----

TEST(cookie_key_and_token_reach_the_handler) {
    const struct test_answer answer =
        ask(scope, test_server(scope, NULL),
            "GET /api/v1/client HTTP/1.1\r\n" HOST "Cookie: a=b; tessera=abc; c=d\r\n"
            "Authorization: bearer tsk_1\r\nX-CSRF-Token: t\r\n"
            "Origin: http://localhost\r\n\r\n");

    CHECK_TEXT(answer.body,
               "{\"address\":\"127.0.0.1\",\"session\":\"abc\",\"key\":\"tsk_1\",\"csrf\":\"t\","
               "\"origin\":\"http://localhost\",\"is_secure\":false,\"is_owner\":false}");
}

TEST(a_cookie_that_is_there_twice_is_none) {
    const struct test_answer answer =
        ask(scope, test_server(scope, NULL),
            "GET /api/v1/client HTTP/1.1\r\n" HOST "Cookie: tessera=a; tessera=b\r\n\r\n");

    CHECK(holds(answer.body, "\"session\":\"\""));
}

TEST(the_socket_of_the_store_tells_the_owner) {
    struct test_answer answer;
    struct stat status;
    int fd;

    test_server(scope, NULL);
    CHECK(stat(test_server_socket(scope), &status) == 0);
    CHECK_INT(status.st_mode & 0777, 0600);
    fd = test_connect_socket(test_server_socket(scope));
    test_send(fd, TEXT("GET /api/v1/client HTTP/1.1\r\nHost: tessera\r\n\r\n"));
    answer = test_receive(scope, fd, false);
    close(fd);
    CHECK_INT(answer.status, 200);
    CHECK(holds(answer.body, "\"is_owner\":true"));
}

TEST(only_the_trusted_proxy_may_speak_for_others) {
    static const char request[] =
        "GET /api/v1/client HTTP/1.1\r\n" HOST "X-Forwarded-For: 203.0.113.1, 198.51.100.7\r\n"
        "X-Forwarded-Proto: https\r\n"
        "Cookie: tessera=plain; __Host-tessera=secure\r\n\r\n";
    const struct server_options options = {.trusted_proxy = TEXT("127.0.0.1")};
    const struct test_answer answer = ask(scope, test_server(scope, &options), request);

    CHECK(holds(answer.body, "\"address\":\"198.51.100.7\",\"session\":\"secure\""));
    CHECK(holds(answer.body, "\"is_secure\":true"));
    CHECK(test_field(&answer, "Strict-Transport-Security").size > 0);
}

TEST(nobody_else_may) {
    const struct test_answer answer =
        ask(scope, test_server(scope, NULL),
            "GET /api/v1/client HTTP/1.1\r\n" HOST "X-Forwarded-For: 203.0.113.1\r\n"
            "X-Forwarded-Proto: https\r\n\r\n");

    CHECK(holds(answer.body, "\"address\":\"127.0.0.1\""));
    CHECK(holds(answer.body, "\"is_secure\":false"));
    CHECK_INT((int64_t)test_field(&answer, "Strict-Transport-Security").size, 0);
}

TEST(hosts_of_the_origins_and_of_this_machine_are_answered) {
    static const char *const origins[] = {"https://crm.example.com", "http://[2001:db8::1]:8080",
                                          NULL};
    static const char *const known[] = {"crm.example.com",    "CRM.example.com:443", "localhost:1",
                                        "[2001:db8::1]:8080", "127.0.0.1",           "[::1]:7380"};
    const struct server_options options = {.origins = origins};
    const uint16_t port = test_server(scope, &options);

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        CHECK_INT(test_ask(scope, port,
                           text_printf(&scope->arena,
                                       "GET /api/v1/echo HTTP/1.1\r\nHost: %s\r\n\r\n", known[i]))
                      .status,
                  200);
    CHECK_INT(ask(scope, port, "GET /api/v1/echo HTTP/1.1\r\nHost: example.com\r\n\r\n").status,
              421);
}

// ---- limits ----

static struct test_answer with_field(struct scope *scope, uint16_t port, size_t size) {
    char *value = arena_alloc(&scope->arena, size + 1);

    memset(value, 'a', size);
    return test_ask(
        scope, port,
        text_printf(&scope->arena, "GET /api/v1/echo HTTP/1.1\r\n" HOST "X: %s\r\n\r\n", value));
}

static struct test_answer with_address(struct scope *scope, uint16_t port, size_t size) {
    static const char start[] = "/api/v1/echo?name=";
    char *path = arena_alloc(&scope->arena, size + 1);

    memset(path, 'a', size);
    memcpy(path, start, sizeof(start) - 1);
    return test_get(scope, port, path);
}

static struct test_answer with_fields(struct scope *scope, uint16_t port, int count) {
    CLEANUP(buffer_clear) struct buffer request = {0};

    buffer_add_string(&request, "GET /api/v1/echo HTTP/1.1\r\n" HOST);
    for (int i = 1; i < count; i++)
        buffer_printf(&request, "X%d: a\r\n", i);
    buffer_add_string(&request, "\r\n");
    return test_ask(scope, port, buffer_text(&request));
}

TEST(one_byte_or_field_over_each_limit_of_the_head_has_its_status) {
    const uint16_t port = test_server(scope, NULL);

    CHECK_INT(with_field(scope, port, LIMIT_HEAD_LINE_BYTES - 1).status, 200);
    CHECK_INT(with_field(scope, port, LIMIT_HEAD_LINE_BYTES).status, 431);
    CHECK_INT(with_address(scope, port, LIMIT_HEAD_LINE_BYTES).status, 200);
    CHECK_INT(with_address(scope, port, LIMIT_HEAD_LINE_BYTES + 1).status, 414);
    CHECK_INT(with_fields(scope, port, LIMIT_HEAD_FIELDS).status, 200);
    CHECK_INT(with_fields(scope, port, LIMIT_HEAD_FIELDS + 1).status, 431);
    CHECK_INT(with_field(scope, port, 1 << 20).status, 431);
    CHECK_INT(with_address(scope, port, 1 << 20).status, 414);
}

TEST(a_body_over_the_limit_is_refused_before_it_is_sent) {
    const struct server_options options = {.body_limit_bytes = 1000, .upload_limit_bytes = 2000};
    const uint16_t port = test_server(scope, &options);
    struct test_answer answer =
        ask(scope, port,
            "POST /api/v1/echo HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
            "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n");

    CHECK_INT(answer.status, 413);
    CHECK_TEXT(test_field(&answer, "Connection"), "close");
    CHECK_INT(
        ask(scope, port, "POST /api/v1/upload HTTP/1.1\r\n" HOST "Content-Length: 2001\r\n\r\n")
            .status,
        413);
}

static struct text post_of(struct scope *scope, const char *path, size_t size) {
    char *body = arena_alloc(&scope->arena, size + 1);

    memset(body, ' ', size);
    body[0] = '1';
    return text_printf(&scope->arena,
                       "POST %s HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       path, size, body);
}

TEST(bodies_of_many_pieces_come_whole) {
    const uint16_t port = test_server(scope, NULL);

    CHECK_TEXT(test_ask(scope, port, post_of(scope, "/api/v1/echo", 3 << 20)).body, "1");
    CHECK_TEXT(test_ask(scope, port, post_of(scope, "/api/v1/upload", 3 << 20)).body,
               "{\"bytes\":3145728}");
    CHECK_TEXT(test_ask(scope, port,
                        TEXT("POST /api/v1/upload HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"))
                   .body,
               "{\"bytes\":0}");
}

TEST(who_may_not_send_a_file_is_told_before_sending_it) {
    const uint16_t port = test_server(scope, NULL);
    const int fd = test_connect(port);
    struct test_answer answer;

    test_send(fd, TEXT("POST /api/v1/upload HTTP/1.1\r\n" HOST "Authorization: Bearer none\r\n"
                       "Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"));
    answer = test_receive(scope, fd, true);
    close(fd);
    CHECK_INT(answer.status, 403);
    CHECK(answer.is_closed);
}

TEST(a_file_that_no_handler_keeps_is_gone_afterwards) {
    const uint16_t port = test_server(scope, NULL);
    const char *folder = arena_printf(&scope->arena, "%s/store/uploads", test_folder(scope));
    const struct dirent *entry;
    int count = 0;
    DIR *listing;

    test_ask(scope, port, post_of(scope, "/api/v1/upload", 1000));
    usleep(50000);
    listing = opendir(folder);
    CHECK(listing != NULL);
    while ((entry = readdir(listing)))
        count += entry->d_name[0] != '.';
    closedir(listing);
    CHECK_INT(count, 0);
}

TEST(an_address_has_a_most_of_connections) {
    enum { MOST = 3, CLIENTS = 5 };
    const struct server_options options = {.connections_per_address = MOST};
    const uint16_t port = test_server(scope, &options);
    int fds[CLIENTS], answered = 0, closed = 0;

    for (int i = 0; i < CLIENTS; i++)
        fds[i] = test_connect(port);
    for (int i = 0; i < CLIENTS; i++) {
        struct test_answer answer;

        test_send(fds[i], TEXT("GET /healthz HTTP/1.1\r\n" HOST "\r\n"));
        answer = test_receive(scope, fds[i], false);
        answered += answer.status == 200;
        closed += answer.is_closed;
    }
    for (int i = 0; i < CLIENTS; i++)
        close(fds[i]);
    CHECK_INT(answered, MOST);
    CHECK_INT(closed, CLIENTS - MOST);
}

TEST(a_full_queue_refuses_and_what_was_taken_is_answered) {
    enum { CLIENTS = 8, WORKERS = 1, WAITING = 2 };
    const struct server_options options = {.workers = WORKERS, .waiting_requests = WAITING};
    const uint16_t port = test_server(scope, &options);
    int fds[CLIENTS], answered = 0, refused = 0;

    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = test_connect(port);
        test_send(fds[i], TEXT("GET /api/v1/slow HTTP/1.1\r\n" HOST "\r\n"));
    }
    usleep(100000);
    CHECK_INT(test_get(scope, port, "/healthz").status, 200); // asks no worker
    for (int i = 0; i < CLIENTS; i++) {
        const struct test_answer answer = test_receive(scope, fds[i], false);

        answered += answer.status == 200;
        refused += answer.status == 503 && test_field(&answer, "Retry-After").size > 0;
        close(fds[i]);
    }
    CHECK_INT(answered + refused, CLIENTS);
    CHECK(answered >= WORKERS && answered <= WORKERS + WAITING);
}

// ---- answers ----

static void check_secure(struct scope *scope, uint16_t port, const char *path, int status) {
    static const char *const fields[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
    };
    static const char *const policies[] = {"default-src 'self'", "script-src 'self';",
                                           "object-src 'none'", "base-uri 'none'",
                                           "frame-ancestors 'none'"};
    const struct test_answer answer = test_get(scope, port, path);
    const struct text policy = test_field(&answer, "Content-Security-Policy");

    if (answer.status != status)
        test_fail(__FILE__, __LINE__, "%s: %d", path, answer.status);
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
        CHECK_TEXT(test_field(&answer, fields[i][0]), fields[i][1]);
    for (size_t i = 0; i < sizeof(policies) / sizeof(*policies); i++)
        if (!holds(policy, policies[i]))
            test_fail(__FILE__, __LINE__, "%s lacks %s", path, policies[i]);
    CHECK(!holds(answer.head, "Access-Control-"));
    CHECK(!holds(answer.head, "\r\nServer:"));
    CHECK_INT((int64_t)test_field(&answer, "X-Request-Id").size, 16);
}

TEST(every_answer_carries_the_headers_that_bind_browsers) {
    const uint16_t port = test_server(scope, NULL);

    check_secure(scope, port, "/api/v1/echo", 200);
    check_secure(scope, port, "/api/v1/echo?name=%", 400);
    check_secure(scope, port, "/api/v1/secret", 403);
    check_secure(scope, port, "/api/v1/nothing", 404);
    check_secure(scope, port, "/api/v1/fault", 500);
    check_secure(scope, port, "/healthz", 200);
    check_secure(scope, port, "/.env", 404);
    CHECK_TEXT(
        test_field((struct test_answer[]){test_get(scope, port, "/api/v1/echo")}, "Cache-Control"),
        "no-store");
}

TEST(another_site_is_given_no_leave_to_read) {
    const struct test_answer answer =
        ask(scope, test_server(scope, NULL),
            "OPTIONS /api/v1/echo HTTP/1.1\r\n" HOST "Origin: https://evil.example\r\n"
            "Access-Control-Request-Method: POST\r\n\r\n");

    CHECK_INT(answer.status, 405);
    CHECK(!holds(answer.head, "Access-Control-"));
}

TEST(our_own_faults_are_told_by_their_id_alone) {
    const uint16_t port = test_server(scope, NULL);
    const struct test_answer answer = test_get(scope, port, "/api/v1/fault");
    const char *id = text_string(&scope->arena, test_field(&answer, "X-Request-Id"));

    CHECK_INT(answer.status, 500);
    CHECK(holds(answer.body, id));
    CHECK(!holds(answer.body, "/srv") && !holds(answer.body, "SELECT"));
}

TEST(the_owner_is_told_all_about_a_fault) {
    struct test_answer answer;
    int fd;

    test_server(scope, NULL);
    fd = test_connect_socket(test_server_socket(scope));
    test_send(fd, TEXT("GET /api/v1/fault HTTP/1.1\r\n" HOST "\r\n"));
    answer = test_receive(scope, fd, false);
    close(fd);
    CHECK(holds(answer.body, "/srv/store/ledger.db"));
}

TEST(large_answers_are_compressed_for_who_takes_it) {
    const uint16_t port = test_server(scope, NULL);
    struct test_answer answer =
        ask(scope, port, "GET /api/v1/large HTTP/1.1\r\n" HOST "Accept-Encoding: br, gzip\r\n\r\n");

    CHECK_TEXT(test_field(&answer, "Content-Encoding"), "gzip");
    CHECK(answer.body.size > 1000 && answer.body.size < 50000);
    answer =
        ask(scope, port, "GET /api/v1/large HTTP/1.1\r\n" HOST "Accept-Encoding: gzip;q=0\r\n\r\n");
    CHECK_INT((int64_t)test_field(&answer, "Content-Encoding").size, 0);
    CHECK_INT((int64_t)answer.body.size, 80001);
}

// ---- files of the web app ----

// "page\n" and "script\n", compressed by gzip -n.
static const unsigned char page_gzip[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                          0x03, 0x2b, 0x48, 0x4c, 0x4f, 0xe5, 0x02, 0x00, 0x15,
                                          0x0b, 0x83, 0x44, 0x05, 0x00, 0x00, 0x00};
static const struct asset assets[] = {
    {"/index.html", "text/html; charset=utf-8", "\"1a\"", page_gzip, sizeof(page_gzip), false,
     false},
    {"/assets/index-3f2a.js", "text/javascript", "\"2b\"", page_gzip, sizeof(page_gzip), true,
     false},
    {"/t.js", "text/javascript", "\"3c\"", page_gzip, sizeof(page_gzip), false, true},
};
static const struct server_options with_assets = {.assets = assets, .asset_count = 3};

TEST(files_of_the_app_are_cached_by_what_they_are) {
    const uint16_t port = test_server(scope, &with_assets);
    struct test_answer answer = test_get(scope, port, "/assets/index-3f2a.js");

    CHECK_INT(answer.status, 200);
    CHECK_TEXT(answer.body, "page\n");
    CHECK_TEXT(test_field(&answer, "Cache-Control"), "public, max-age=31536000, immutable");
    answer = ask(scope, port,
                 "GET / HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n"
                 "If-None-Match: \"x\", W/\"1a\"\r\n\r\n");
    CHECK_INT(answer.status, 304);
    CHECK_INT((int64_t)answer.body.size, 0);
    answer = ask(scope, port, "GET / HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n");
    CHECK_INT(answer.status, 200);
    CHECK_TEXT(test_field(&answer, "Content-Encoding"), "gzip");
    CHECK_TEXT(test_field(&answer, "Cache-Control"), "no-cache");
}

TEST(pages_of_other_sites_may_load_the_tag_and_nothing_else) {
    const uint16_t port = test_server(scope, &with_assets);
    struct test_answer answer = test_get(scope, port, "/t.js");

    CHECK_INT(answer.status, 200);
    CHECK_TEXT(test_field(&answer, "Cross-Origin-Resource-Policy"), "cross-origin");
    CHECK_TEXT(test_field(&answer, "Access-Control-Allow-Origin"), "*");
    CHECK_TEXT(test_field(&answer, "Cache-Control"), "public, max-age=600");
    CHECK_TEXT(test_field(&answer, "ETag"), "\"3c\"");
    answer = test_get(scope, port, "/");
    CHECK_TEXT(test_field(&answer, "Cross-Origin-Resource-Policy"), "same-origin");
    CHECK_TEXT(test_field(&answer, "Access-Control-Allow-Origin"), "");
}

TEST(addresses_of_the_app_are_answered_by_its_page) {
    static const char *const addresses[] = {"/", "/sign-in", "/customers/12",
                                            "/analyze/reports/vat", "/products/a%20b"};
    const uint16_t port = test_server(scope, &with_assets);

    for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
        CHECK_TEXT(test_get(scope, port, addresses[i]).body, "page\n");
}

TEST(nothing_but_the_compiled_files_is_served) {
    static const char *const paths[] = {"/.env",
                                        "/.git/config",
                                        "/index.html~",
                                        "/index.html.bak",
                                        "/assets/../ledger.db",
                                        "/assets/%2e%2e/ledger.db",
                                        "/%2e%2e/%2e%2e/etc/passwd",
                                        "/../../etc/passwd.txt",
                                        "/ledger.db",
                                        "/socket.sock",
                                        "/assets/index-3f2a.js%00",
                                        "/assets/index-3f2a.js.map",
                                        "/index%2ehtml.gz",
                                        "/api/",
                                        "/api/v2/echo"};
    const uint16_t port = test_server(scope, &with_assets);

    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        if (test_get(scope, port, paths[i]).status != 404)
            test_fail(__FILE__, __LINE__, "%s", paths[i]);
}

// ---- operation ----

TEST(health_and_figures_are_told) {
    static const char counted[] =
        "tessera_requests_total{method=\"GET\",route=\"/api/v1/echo\",status=\"200\"} 1\n";
    const uint16_t port = test_server(scope, NULL);
    struct test_answer answer = test_get(scope, port, "/healthz");

    CHECK_TEXT(answer.body, "{\"status\":\"ok\"}");
    test_get(scope, port, "/api/v1/echo");
    // What was answered is counted a moment after the answer has gone.
    for (int i = 0; i < 100; i++) {
        answer = test_get(scope, port, "/metrics");
        if (holds(answer.body, counted))
            break;
        usleep(10000);
    }
    CHECK_INT(answer.status, 200);
    CHECK(holds(answer.body, counted));
    CHECK(holds(answer.body, "tessera_request_duration_seconds_bucket{le=\"+Inf\"} "));
    answer =
        ask(scope, port, "GET /metrics HTTP/1.1\r\n" HOST "Authorization: Bearer none\r\n\r\n");
    CHECK_INT(answer.status, 403);
}

TEST(a_port_that_is_taken_is_said) {
    const struct server_options options = {.address = "127.0.0.1",
                                           .port = test_server(scope, NULL)};
    struct server *server;

    CHECK_CODE(server_start(scope, session_store(scope), &options, &server), CONFLICT);
}

TEST(running_requests_come_to_their_end_when_the_server_stops) {
    const struct server_options options = {.address = "127.0.0.1"};
    struct server *server;
    int fd;

    test_store(scope);
    CHECK_OK(server_start(scope, session_store(scope), &options, &server));
    fd = test_connect(server_port(server));
    test_send(fd, TEXT("GET /healthz HTTP/1.1\r\n" HOST "\r\n"));
    CHECK_INT(test_receive(scope, fd, false).status, 200);
    server_stop(server, 1000);
    CHECK(test_receive(scope, fd, true).is_closed);
    close(fd);
    CHECK(access(test_server_socket(scope), F_OK) != 0);
}

struct caller {
    struct sockaddr_in address;
    atomic_bool shall_end;
    atomic_int answered;
};

static void *call_again_and_again(void *argument) {
    static const char request[] = "GET /healthz HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    struct caller *caller = argument;

    while (!atomic_load(&caller->shall_end)) {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        char answer[16];

        if (connect(fd, (struct sockaddr *)&caller->address, sizeof(caller->address)) == 0 &&
            send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0)
            caller->answered += recv(fd, answer, sizeof(answer), 0) > 0;
        close(fd);
    }
    return NULL;
}

static int count_answered(struct caller *callers, int count) {
    int answered = 0;

    for (int i = 0; i < count; i++)
        answered += atomic_load(&callers[i].answered);
    return answered;
}

TEST(a_server_stops_while_connections_keep_coming) {
    enum { STOPS = 25, CALLERS = 4, STEP_US = 1000, WHILE_US = 10000, PATIENCE_STEPS = 10000 };
    const struct server_options options = {.address = "127.0.0.1"};

    test_store(scope);
    for (int i = 0; i < STOPS; i++) {
        struct caller callers[CALLERS];
        pthread_t threads[CALLERS];
        struct server *server;

        CHECK_OK(server_start(scope, session_store(scope), &options, &server));
        for (int c = 0; c < CALLERS; c++) {
            callers[c] = (struct caller){.address = {.sin_family = AF_INET,
                                                     .sin_port = htons(server_port(server)),
                                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
            CHECK(pthread_create(&threads[c], NULL, call_again_and_again, &callers[c]) == 0);
        }
        for (int step = 0; count_answered(callers, CALLERS) == 0 && step < PATIENCE_STEPS; step++)
            usleep(STEP_US);
        CHECK(count_answered(callers, CALLERS) > 0);
        usleep(WHILE_US);
        server_stop(server, 1000);
        for (int c = 0; c < CALLERS; c++) {
            atomic_store(&callers[c].shall_end, true);
            pthread_join(threads[c], NULL);
        }
    }
}

// ---- live updates ----

static int listen_live(uint16_t port, const char *session) {
    const int fd = test_connect(port);
    char request[512];

    snprintf(request, sizeof(request),
             "GET /api/v1/live HTTP/1.1\r\n" HOST "Cookie: tessera=%s\r\n\r\n", session);
    test_send(fd, text_of(request));
    return fd;
}

static struct text read_until(struct scope *scope, int fd, const char *wanted) {
    CLEANUP(buffer_clear) struct buffer all = {0};

    for (int i = 0; i < 100 && !holds(buffer_text(&all), wanted); i++) {
        const struct test_answer answer = test_receive(scope, fd, false);

        buffer_add_text(&all, answer.head);
        buffer_add_text(&all, answer.body);
        buffer_add_text(&all, answer.rest);
        if (answer.is_closed)
            break;
    }
    return text_copy(&scope->arena, buffer_text(&all));
}

TEST(listeners_are_told_of_jobs_that_wait_and_of_new_ones) {
    const uint16_t port = test_server(scope, NULL);
    struct text told;
    int64_t first, second;
    char event[64];
    int fd;

    CHECK_OK(job_create(scope, "import", TEXT("first"), TEXT("{}"), &first));
    fd = listen_live(port, "");
    snprintf(event, sizeof(event), "event: job\ndata: {\"id\":\"%lld\"}\n\n", (long long)first);
    told = read_until(scope, fd, event);
    CHECK(holds(told, "text/event-stream") && holds(told, event));
    CHECK_OK(job_create(scope, "import", TEXT("second"), TEXT("{}"), &second));
    snprintf(event, sizeof(event), "event: job\ndata: {\"id\":\"%lld\"}\n\n", (long long)second);
    CHECK(holds(read_until(scope, fd, event), event));
    CHECK_OK(job_cancel(scope, first));
    snprintf(event, sizeof(event), "event: job\ndata: {\"id\":\"%lld\"}\n\n", (long long)first);
    CHECK(holds(read_until(scope, fd, event), event));
    close(fd);
}

TEST(a_stream_ends_with_its_session) {
    const uint16_t port = test_server(scope, NULL);
    const char *session = test_file(scope, "session", TEXT(""));
    const int fd = listen_live(port, session);

    CHECK(holds(read_until(scope, fd, "retry"), "retry"));
    CHECK(unlink(session) == 0);
    CHECK(holds(read_until(scope, fd, LAST_CHUNK), LAST_CHUNK));
    close(fd);
}

// ---- what is answered without a worker ----

static bool answer_known(void *context, struct scope *scope, const struct request *request,
                         struct response *response) {
    atomic_int *asked = context;

    (void)scope;
    atomic_fetch_add(asked, 1);
    if (request->parameter_count != 1 || !text_is(request->parameters[0].value, "known one"))
        return false;
    buffer_add_string(&response->body, "{\"from\":\"memory\"}");
    return true;
}

static void write_no_figures(void *context, struct buffer *out) {
    (void)context, (void)out;
}

TEST(what_is_known_is_answered_at_once_and_the_rest_by_a_worker) {
    atomic_int asked = 0;
    const struct instant instant = {
        .context = &asked, .answer = answer_known, .write_figures = write_no_figures};
    const struct server_options options = {.instant = &instant};
    const uint16_t port = test_server(scope, &options);
    struct test_answer answer = test_get(scope, port, "/api/v1/echo?name=known%20one");
    int fd;

    CHECK_INT(answer.status, 200);
    CHECK_TEXT(answer.body, "{\"from\":\"memory\"}");
    CHECK_TEXT(test_field(&answer, "Cache-Control"), "no-store");
    CHECK_TEXT(test_field(&answer, "X-Content-Type-Options"), "nosniff");
    answer = test_get(scope, port, "/api/v1/echo?name=other");
    CHECK_TEXT(answer.body, "{\"name\":\"other\"}");
    answer = test_get(scope, port, "/api/v1/echo?name=%zz");
    CHECK_INT(answer.status, 400);
    CHECK_INT(atomic_load(&asked), 2);
    fd = test_connect(port); // one after the other on one connection
    for (int i = 0; i < 3; i++) {
        test_send(fd,
                  TEXT("GET /api/v1/echo?name=known%20one HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        answer = test_receive(scope, fd, false);
        CHECK_INT(answer.status, 200);
        CHECK(!answer.is_closed);
    }
    close(fd);
    CHECK_INT(atomic_load(&asked), 5);
}
