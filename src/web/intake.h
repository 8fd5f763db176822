// SPDX-License-Identifier: Apache-2.0
// Requests that are taken in by the thousand, from programs that hold no session and no API key
// but a key of their own: the server hands each of them, when it has come whole, to the intake by
// the connection's own thread, and the intake answers it when it likes, from any thread.
//
// What stands in an intake's routes is open to every site (CORS) and to nothing else: it goes
// past sign-in, workers and handlers. Whoever cannot be taken in is answered 429 with Retry-After
// before the body is read.
#pragma once

#include "web/route.h"

struct exchange;

// A request as an intake sees it. Its texts live until it is answered.
struct intake_request {
    struct exchange *exchange; // by which it is answered
    const struct route *route;
    const struct request_client *client;
    struct text authorization; // the field's value
    struct text query;         // as it came
    struct text body;
    bool is_gzip; // the body is packed
};

// Everything it points to outlives the server.
struct intake {
    const struct route *routes; // without handlers
    size_t route_count;
    void *context;
    // Must neither wait nor fail: it answers, at once or later.
    void (*take)(void *context, const struct intake_request *request);
    // Its figures for GET /metrics, in the text format of Prometheus, by a worker. NULL: none.
    code (*write_figures)(void *context, struct scope *scope, struct buffer *out);
    // Takes nothing any more; returns when everything that was taken is answered.
    void (*stop)(void *context);
};

// What was made of the request takes this much memory besides, until it is answered. False: there
// is no room for it, and it is to be refused with 429.
bool intake_hold(struct exchange *exchange, int64_t bytes);

// The answer to one request; the exchange is gone from then on. `body` and `content_type` live as
// long as the program when is_constant, and are copied otherwise.
struct intake_answer {
    int status;
    const char *content_type; // lives as long as the program
    struct text body;
    bool is_constant;
    int retry_after_s; // 0: nothing is said
};
void intake_answer(struct exchange *exchange, const struct intake_answer *given);
// The same for a failure: an error document.
void intake_refuse(struct exchange *exchange, int status, const struct failure *failure);
