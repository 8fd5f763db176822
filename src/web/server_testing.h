// SPDX-License-Identifier: Apache-2.0
// For tests: a server with a store and a few routes of its own, and a client that sends exactly the
// bytes it is given.
#pragma once

#include "base/test.h"
#include "web/server.h"

// Starts it on a free port of 127.0.0.1; it ends with the test. Its routes:
//   GET  /api/v1/echo?name=…   {"name": …} of a parameter, decoded
//   POST /api/v1/echo          the body, as it was read
//   POST /api/v1/upload        {"bytes": …} of a file, which it does not keep; once per
//                              Idempotency-Key
//   POST /api/v1/made          {"count": …} of what was made so far, once per Idempotency-Key; with
//                              a member "wait" it takes 0.3 s, with "fail" it fails at its end
//   POST /api/v1/made/secrets  the same; its answer is not kept
//   GET  /api/v1/client        what is known of the client
//   GET  /api/v1/large         about 100 KB of JSON
//   GET  /api/v1/slow          takes 0.3 s
//   GET  /api/v1/endless       a heavy one, counts for hours
//   GET  /api/v1/fault         fails with INTERNAL and a message that names a path
//   GET  /api/v1/secret        nobody may
//   GET  /api/v1/live          live updates
//   GET  /api/v1/jobs/{id}     {"id": …}
// Everybody may do everything but that, unless the client's session is "revoked" or its key "none".
// `options` says the rest; NULL: nothing. Returns the port.
uint16_t test_server(struct scope *scope, const struct server_options *options);
// The path of its socket.
const char *test_server_socket(struct scope *scope);

struct test_answer {
    int status;       // 0: none came
    struct text head; // with the first line
    struct text body;
    struct text rest; // what came behind it
    bool is_closed;   // the server closed the connection
};

// What is received over it is waited for a second, where nobody says for how long.
int test_connect(uint16_t port);
void test_wait_at_most(int fd, int seconds);
int test_connect_socket(const char *path);
void test_send(int fd, struct text bytes);
// Reads one answer, whose length it says itself, waiting for at most a second for each piece. With
// `until_end` all that comes until the connection is closed.
struct test_answer test_receive(struct scope *scope, int fd, bool until_end);
// The first answer of what was received.
struct test_answer test_take_apart(struct text all);
// One request on a connection of its own, which is closed.
struct test_answer test_ask(struct scope *scope, uint16_t port, struct text request);
// "GET path HTTP/1.1" with a host.
struct test_answer test_get(struct scope *scope, uint16_t port, const char *path);
// A field of the head; empty when it is not there.
struct text test_field(const struct test_answer *answer, const char *name);
