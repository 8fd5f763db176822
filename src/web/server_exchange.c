// SPDX-License-Identifier: Apache-2.0
#include "web/server_exchange.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "govern/access/access.h"
#include "web/live.h"
#include "web/server_asset.h"
#include "web/server_body.h"
#include "web/server_intake.h"
#include "web/server_metrics.h"
#include "web/server_once.h"
#include "web/server_query.h"
#include "web/server_request.h"
#include "web/server_watch.h"
#include "web/server_workers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ASK_FIRST_BYTES = 64 << 10 }; // of a body: from here on its sender is asked for before

const struct route metrics_route = {.method = METHOD_GET,
                                    .path = "/metrics",
                                    .permission = MAY_READ_METRICS,
                                    .summary = "Figures of the running server"};

struct exchange *exchange_new(struct serving *serving, struct MHD_Connection *handle,
                              const char *target) {
    struct exchange *exchange = calloc(1, sizeof(*exchange));
    const uint64_t number = atomic_fetch_add(&serving->exchange_count, 1);

    if (!exchange)
        abort();
    exchange->serving = serving;
    exchange->handle = handle;
    exchange->target_at = target;
    exchange->target = strdup(target ? target : "");
    if (!exchange->target)
        abort();
    exchange->request.method = METHOD_COUNT;
    exchange->file_fd = -1;
    exchange->started_us = clock_us();
    snprintf(exchange->id, sizeof(exchange->id), "%016" PRIx64,
             random_mix(serving->id_seed + number));
    answer_init(&exchange->answer);
    atomic_fetch_add(&serving->open_exchanges, 1);
    return exchange;
}

// The pattern of the path, not the path: that may hold ids of people.
static void log_exchange(const struct exchange *exchange, int64_t duration_us) {
    LOG(LOG_LEVEL_INFO, "request", LOG_STRING("request", exchange->id),
        LOG_STRING("method", exchange->is_head ? "HEAD" : method_name(exchange->request.method)),
        LOG_STRING("route", exchange->route ? exchange->route->path : ""),
        LOG_INT64("status", exchange->answer.status), LOG_INT64("duration_us", duration_us),
        LOG_INT64("bytes", answer_bytes(&exchange->answer)),
        LOG_INT64("account", exchange->actor.account_id));
}

void exchange_end(struct exchange *exchange) {
    struct serving *serving = exchange->serving;
    const int64_t duration_us = clock_us() - exchange->started_us;

    live_leave(exchange->listener);
    if (log_is_on(exchange->is_intake || exchange->is_instant ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO))
        log_exchange(exchange, duration_us);
    metrics_count(serving->metrics, exchange->route, exchange->answer.status, duration_us,
                  answer_bytes(&exchange->answer));
    intake_leave(exchange);
    body_clear(exchange);
    once_free(exchange->once);
    answer_clear(&exchange->answer);
    free(exchange->target);
    free(exchange);
    atomic_fetch_sub(&serving->open_exchanges, 1);
}

// ---- answers without a handler ----

void exchange_refuse(struct exchange *exchange, int status, const char *message) {
    code reason = INVALID;

    if (status == 413 || status == 414 || status == 431)
        reason = TOO_LARGE;
    else if (status == 404 || status == 405)
        reason = NOT_FOUND;
    else if (status == 429 || status == 503)
        reason = BUSY;
    exchange->stage = EXCHANGE_ANSWERED;
    exchange->answer.closes_connection |= exchange->content_bytes > 0; // which is not read
    answer_refuse(&exchange->answer, status, reason, message);
}

void exchange_refuse_busy(struct exchange *exchange, int retry_after_s) {
    char seconds[16];

    snprintf(seconds, sizeof(seconds), "%d", retry_after_s);
    answer_field(&exchange->answer, "Retry-After", text_of(seconds));
    exchange_refuse(exchange, 503, "the server is busy");
}

void exchange_seal(struct exchange *exchange) {
    struct answer *answer = &exchange->answer;

    answer_field(answer, "X-Request-Id", text_of(exchange->id));
    if (exchange->client.is_owner) // the command line, which must be of this version
        answer_field(answer, "X-Tessera-Version", TEXT(TESSERA_VERSION));
    if (exchange->is_intake)
        intake_seal(exchange);
    else
        answer_secure(answer, exchange->client.is_secure);
}

static void answer_no_route(struct exchange *exchange) {
    CLEANUP(buffer_clear) struct buffer allowed = {0};

    request_allowed(&exchange->serving->options, exchange->request.path, &allowed);
    if (allowed.size == 0) {
        exchange_refuse(exchange, 404, "there is nothing at this address");
        return;
    }
    answer_field(&exchange->answer, "Allow", buffer_text(&allowed));
    exchange_refuse(exchange, 405, "this method is not answered at this address");
}

// ---- health and figures ----

static struct metrics_state read_state(struct serving *serving) {
    struct metrics_state state = {.connections = watch_count(serving->watch),
                                  .cut_connections = watch_cut_count(serving->watch),
                                  .left_connections = watch_left_count(serving->watch),
                                  .listeners = live_count(serving->live)};

    workers_state(serving->workers, &state.workers);
    return state;
}

code exchange_metrics(struct scope *scope, struct serving *serving, struct response *response) {
    const struct metrics_state state = read_state(serving);

    const struct instant *instant = serving->options.instant;
    const struct intake *intake = serving->options.intake;

    TRY(metrics_write(scope, serving->metrics, &state, response));
    if (intake && intake->write_figures)
        TRY(intake->write_figures(intake->context, scope, &response->body));
    if (instant)
        instant->write_figures(instant->context, &response->body);
    return OK;
}

// By the connection's own thread: when all workers hang, that is what is to be told.
static void answer_health(struct exchange *exchange) {
    struct serving *serving = exchange->serving;
    const struct metrics_state state = read_state(serving);
    const char *problem = health_problem(serving->store, &state);
    struct answer *answer = &exchange->answer;
    struct json_writer writer;

    json_writer_init(&writer, &answer->body);
    json_begin_object(&writer);
    json_key(&writer, "status");
    json_write_string(&writer, problem ? "failing" : "ok");
    if (problem) {
        json_key(&writer, "problem");
        json_write_string(&writer, problem);
    }
    json_end_object(&writer);
    answer->status = problem ? 503 : 200;
    answer_field(answer, "Content-Type", TEXT("application/json"));
    answer_field(answer, "Cache-Control", TEXT("no-store"));
    exchange->stage = EXCHANGE_ANSWERED;
}

// ---- what becomes of a request ----

// False when the key is none.
static bool take_key(struct exchange *exchange, const struct head *head) {
    struct text key;

    if (exchange->route->once == ROUTE_REPEATS || !head_has(head, "Idempotency-Key"))
        return true;
    if (!once_parse_key(exchange->client.idempotency_key, &key))
        return false;
    exchange->once = once_new(key);
    return true;
}

// True when it is answered.
static bool ask_instant(struct exchange *exchange, const struct instant *instant,
                        struct scope *scope, struct response *response) {
    struct request request = exchange->request;
    struct request_parameter *parameters;

    if (query_parse(scope, exchange->query, &parameters, &request.parameter_count) != OK)
        return false;
    request.parameters = parameters;
    return instant->answer(instant->context, scope, &request, response);
}

static bool answer_at_once(struct exchange *exchange) {
    const struct instant *instant = exchange->serving->options.instant;
    struct response response;
    struct scope scope;

    if (!instant || !exchange->route->is_instant || exchange->content_bytes > 0)
        return false;
    scope_init(&scope);
    response_init(&response);
    exchange->is_instant = ask_instant(exchange, instant, &scope, &response);
    if (exchange->is_instant) {
        answer_response(&exchange->answer, &response);
        exchange->stage = EXCHANGE_ANSWERED;
    }
    response_clear(&response);
    scope_clear(&scope);
    return exchange->is_instant;
}

static void begin_route(struct exchange *exchange, const struct head *head) {
    struct serving *serving = exchange->serving;
    int status = 0;
    const char *refusal =
        body_refusal(&serving->options, exchange->route, head_field(head, "Content-Type"),
                     exchange->content_bytes, &status);

    if (refusal)
        exchange_refuse(exchange, status, refusal);
    else if (head_has(head, "Content-Encoding")) // a small one may hold gigabytes
        exchange_refuse(exchange, 415, "bodies are not taken in compressed form");
    else if (!take_key(exchange, head))
        exchange_refuse(exchange, 400, "an Idempotency-Key is one text of 1 to 255 characters");
    else if (!workers_have_room(serving->workers, exchange))
        exchange_refuse_busy(exchange, 1);
    else if (exchange->route->takes == ROUTE_TAKES_FILE ||
             exchange->content_bytes > ASK_FIRST_BYTES)
        exchange->stage = EXCHANGE_ASKING;
    else
        exchange->stage = EXCHANGE_RECEIVING;
}

static const struct route *find_route(const struct exchange *exchange) {
    const struct server_options *options = &exchange->serving->options;
    const struct request *request = &exchange->request;
    const struct route *route =
        router_find(options->routes, options->route_count, request->method, request->path);

    if (!route && request->method == METHOD_GET && text_is(request->path, metrics_route.path))
        return &metrics_route;
    return route;
}

static void begin_other(struct exchange *exchange, const struct head *head) {
    const struct server_options *options = &exchange->serving->options;
    const struct request *request = &exchange->request;
    const struct asset *asset = NULL;

    if (exchange->content_bytes > 0 || request->method != METHOD_GET) {
        answer_no_route(exchange);
        return;
    }
    if (text_is(request->path, "/healthz")) {
        answer_health(exchange);
        return;
    }
    asset = asset_find(options->assets, options->asset_count, request->path);
    if (!asset) {
        answer_no_route(exchange);
        return;
    }
    asset_answer(&exchange->answer, asset, head_field(head, "If-None-Match"), exchange->takes_gzip);
    exchange->stage = EXCHANGE_ANSWERED;
}

void exchange_begin(struct exchange *exchange, const struct head *head, bool is_encrypted) {
    const struct connection *connection = exchange->connection;
    const struct request_way way = {.address = connection->address,
                                    .user = connection->user,
                                    .is_owner = connection->is_owner,
                                    .is_encrypted = is_encrypted};
    struct framing framing = {0};
    const struct refusal *refusal = head_check(head, &framing);

    if (!refusal)
        refusal = request_read(exchange, head, &framing, &way);
    if (refusal) {
        // Where the request ends, or for whom it was, is not certain.
        exchange->answer.closes_connection = true;
        exchange_refuse(exchange, refusal->status, refusal->message);
        return;
    }
    exchange->route =
        intake_find(&exchange->serving->options, exchange->request.method, exchange->request.path);
    exchange->is_intake = exchange->route != NULL;
    if (exchange->is_intake) {
        intake_begin(exchange, head);
        return;
    }
    exchange->route = find_route(exchange);
    if (intake_answers_preflight(exchange, head))
        return;
    if (exchange->route && answer_at_once(exchange))
        return;
    if (exchange->route)
        begin_route(exchange, head);
    else
        begin_other(exchange, head);
}
