// SPDX-License-Identifier: Apache-2.0
// A place is taken with the head and given back with the answer, so that what waits and what is
// still coming are bounded together, in number and in bytes. A few bytes of JSON may say thousands
// of messages: what is made of a body is counted besides.
#include "web/server_intake.h"

#include "base/limits.h"
#include "web/intake.h"
#include "web/router.h"

#include <stdio.h>

enum { RETRY_AFTER_S = 1 };

const struct route *intake_find(const struct server_options *options, enum method method,
                                struct text path) {
    return options->intake
               ? router_find(options->intake->routes, options->intake->route_count, method, path)
               : NULL;
}

// ---- browsers ----

static bool find_method(struct text name, enum method *ret_method) {
    for (int method = 0; method < METHOD_COUNT; method++)
        if (text_is(name, method_name((enum method)method))) {
            *ret_method = (enum method)method;
            return true;
        }
    return false;
}

bool intake_answers_preflight(struct exchange *exchange, const struct head *head) {
    struct answer *answer = &exchange->answer;
    enum method method;

    if (!text_is(head->method, "OPTIONS") ||
        !find_method(head_field(head, "Access-Control-Request-Method"), &method) ||
        !intake_find(&exchange->serving->options, method, exchange->request.path))
        return false;
    exchange->is_intake = true;
    answer->status = 204;
    answer->constant = TEXT("");
    answer_field(answer, "Access-Control-Allow-Methods", TEXT("GET, POST"));
    answer_field(answer, "Access-Control-Allow-Headers",
                 TEXT("Authorization, Content-Type, Content-Encoding"));
    answer_field(answer, "Access-Control-Max-Age", TEXT("86400"));
    answer->closes_connection |= exchange->content_bytes > 0;
    exchange->stage = EXCHANGE_ANSWERED;
    return true;
}

void intake_seal(struct exchange *exchange) {
    struct answer *answer = &exchange->answer;

    answer_field(answer, "Access-Control-Allow-Origin", TEXT("*"));
    answer_field(answer, "Cross-Origin-Resource-Policy", TEXT("cross-origin"));
    answer_field(answer, "X-Content-Type-Options", TEXT("nosniff"));
    if (answer->closes_connection)
        answer_field(answer, "Connection", TEXT("close"));
}

// ---- places ----

void intake_leave(struct exchange *exchange) {
    struct serving *serving = exchange->serving;

    if (exchange->intake_bytes == 0)
        return;
    atomic_fetch_sub(&serving->intake_bytes, exchange->intake_bytes);
    atomic_fetch_sub(&serving->intake_count, 1);
    exchange->intake_bytes = 0;
}

static bool take_place(struct exchange *exchange, int64_t bytes) {
    struct serving *serving = exchange->serving;

    const int others = atomic_fetch_add(&serving->intake_count, 1);
    const int64_t other_bytes = atomic_fetch_add(&serving->intake_bytes, bytes);

    exchange->intake_bytes = bytes;
    if (others < LIMIT_INTAKE_REQUESTS && other_bytes + bytes <= LIMIT_INTAKE_BYTES)
        return true;
    intake_leave(exchange);
    return false;
}

bool intake_hold(struct exchange *exchange, int64_t bytes) {
    struct serving *serving = exchange->serving;

    if (atomic_fetch_add(&serving->intake_bytes, bytes) + bytes > LIMIT_INTAKE_BYTES) {
        atomic_fetch_sub(&serving->intake_bytes, bytes);
        return false;
    }
    exchange->intake_bytes += bytes;
    return true;
}

static void refuse_full(struct exchange *exchange) {
    char seconds[16];

    snprintf(seconds, sizeof(seconds), "%d", RETRY_AFTER_S);
    answer_field(&exchange->answer, "Retry-After", text_of(seconds));
    exchange_refuse(exchange, 429, "more is being sent than can be taken: send it again later");
}

void intake_begin(struct exchange *exchange, const struct head *head) {
    const struct text coding = head_field(head, "Content-Encoding");
    const bool is_gzip = text_equal_ascii_case(coding, TEXT("gzip"));

    exchange->authorization = head_field(head, "Authorization");
    exchange->is_packed = is_gzip;
    if (exchange->content_bytes > LIMIT_INTAKE_BODY_BYTES)
        exchange_refuse(exchange, 413, "the body is too large");
    else if (exchange->content_bytes > 0 && exchange->route->method == METHOD_GET)
        exchange_refuse(exchange, 400, "a GET has no body");
    else if (head_has(head, "Content-Encoding") && !is_gzip)
        exchange_refuse(exchange, 415, "bodies are taken as they are, or packed by gzip");
    else if (!take_place(exchange, is_gzip ? LIMIT_INTAKE_BODY_BYTES
                                           : exchange->content_bytes + LIMIT_INTAKE_LEAST_BYTES))
        refuse_full(exchange);
    else
        exchange->stage = EXCHANGE_RECEIVING;
}

// ---- there and back ----

void intake_hand_over(struct exchange *exchange) {
    const struct intake *intake = exchange->serving->options.intake;
    const struct intake_request request = {.exchange = exchange,
                                           .route = exchange->route,
                                           .client = &exchange->client,
                                           .authorization = exchange->authorization,
                                           .query = exchange->query,
                                           .body = buffer_text(&exchange->body),
                                           .is_gzip = exchange->is_packed};

    intake->take(intake->context, &request);
}

static void answer_fields(struct answer *answer, int retry_after_s) {
    char seconds[16];

    if (retry_after_s == 0)
        return;
    snprintf(seconds, sizeof(seconds), "%d", retry_after_s);
    answer_field(answer, "Retry-After", text_of(seconds));
}

static void send_back(struct exchange *exchange) {
    exchange->stage = EXCHANGE_ANSWERED;
    exchange->serving->resume(exchange);
}

void intake_answer(struct exchange *exchange, const struct intake_answer *given) {
    struct answer *answer = &exchange->answer;

    answer->status = given->status;
    answer_field(answer, "Content-Type", text_of(given->content_type));
    answer_field(answer, "Cache-Control", TEXT("no-store"));
    answer_fields(answer, given->retry_after_s);
    if (given->is_constant)
        answer->constant = given->body;
    else
        buffer_add_text(&answer->body, given->body);
    send_back(exchange);
}

void intake_refuse(struct exchange *exchange, int status, const struct failure *failure) {
    static const struct response nothing = {.file = -1};
    struct answer *answer = &exchange->answer;

    answer_failure(answer, failure, &nothing, exchange->client.is_owner, exchange->id);
    answer->status = status;
    if (failure->code == STORAGE_FULL) // of the others it is said already
        answer_fields(answer, failure->retry_after_s);
    send_back(exchange);
}
