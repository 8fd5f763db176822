// SPDX-License-Identifier: Apache-2.0
#include "web/server_workers.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "store/ledger.h"
#include "web/server_clock.h"
#include "web/server_query.h"

#include <pthread.h>
#include <stdlib.h>

enum { MOST_WORKERS = 64 };

struct workers {
    struct serving *serving;
    void (*answered)(struct exchange *exchange);
    atomic_bool cancelled;
    int most_waiting;

    pthread_mutex_t lock;
    pthread_cond_t wanted;
    struct exchange *first, *last; // lock
    int waiting, running;          // lock
    bool is_ending;                // lock
    int count;                     // those that run
    pthread_t threads[MOST_WORKERS];
};

// ---- one exchange ----

static code read_body(struct scope *scope, struct exchange *exchange, struct request *request) {
    struct json *body;

    if (exchange->receive_problem != OK)
        return scope_fail(scope, exchange->receive_problem, "the body could not be kept");
    if (exchange->body.size == 0)
        return OK;
    TRY(json_parse(scope, buffer_text(&exchange->body), &body));
    request->body = body;
    return OK;
}

static code authenticate(struct scope *scope, const struct server_options *options,
                         struct exchange *exchange) {
    if (options->authenticate)
        TRY(options->authenticate(scope, &exchange->request, exchange->route));
    exchange->actor = scope->actor;
    return router_permit(scope, exchange->route);
}

static code run_route(struct scope *scope, struct exchange *exchange, struct response *response) {
    const struct server_options *options = &exchange->serving->options;
    struct request request = exchange->request;
    struct request_parameter *parameters;

    if (exchange->is_admitted)
        scope->actor = exchange->actor;
    else
        TRY(authenticate(scope, options, exchange));
    TRY(query_parse(scope, exchange->query, &parameters, &request.parameter_count));
    request.parameters = parameters;
    TRY(read_body(scope, exchange, &request));
    if (exchange->route == &metrics_route)
        return exchange_metrics(scope, exchange->serving, response);
    return router_handle(scope, options->routes, options->route_count, &request, response);
}

static void log_failure(const struct exchange *exchange, const struct failure *failure) {
    if (failure->code != INTERNAL && failure->code != UNAVAILABLE && failure->code != STORAGE_FULL)
        return;
    LOG(LOG_LEVEL_ERROR, "request_failed", LOG_STRING("request", exchange->id),
        LOG_STRING("route", exchange->route->path),
        LOG_STRING("code", code_info(failure->code)->name), LOG_STRING("message", failure->message),
        LOG_STRING("detail", failure->detail));
}

static void answer_exchange(struct scope *scope, struct exchange *exchange) {
    struct response response;
    code result;

    response_init(&response);
    if (exchange->stage == EXCHANGE_ASKING) {
        result = authenticate(scope, &exchange->serving->options, exchange);
        exchange->is_admitted = result == OK;
    } else {
        result = run_route(scope, exchange, &response);
    }
    if (result != OK) {
        log_failure(exchange, &scope->failure);
        answer_failure(&exchange->answer, &scope->failure, &response, exchange->client.is_owner,
                       exchange->id);
        exchange->answer.closes_connection = exchange->stage == EXCHANGE_ASKING;
    } else if (exchange->stage == EXCHANGE_RUNNING) {
        answer_response(&exchange->answer, &response);
        if (exchange->takes_gzip)
            answer_compress(&exchange->answer);
    }
    exchange->stage =
        exchange->stage == EXCHANGE_ASKING && result == OK ? EXCHANGE_ADMITTED : EXCHANGE_ANSWERED;
    response_clear(&response);
}

// ---- the threads ----

static struct exchange *wait_for_one(struct workers *workers) {
    struct exchange *exchange;

    pthread_mutex_lock(&workers->lock);
    while (!workers->first && !workers->is_ending)
        pthread_cond_wait(&workers->wanted, &workers->lock);
    exchange = workers->first;
    if (exchange) {
        workers->first = exchange->next;
        if (!workers->first)
            workers->last = NULL;
        workers->waiting--;
        workers->running++;
    }
    pthread_mutex_unlock(&workers->lock);
    return exchange;
}

static void end_one(struct workers *workers) {
    pthread_mutex_lock(&workers->lock);
    workers->running--;
    pthread_mutex_unlock(&workers->lock);
}

// Everything of the last request is forgotten but the session.
static void renew(struct scope *scope, struct workers *workers, struct arena_mark empty) {
    ledger_rollback(scope);
    arena_rewind(&scope->arena, empty);
    scope_forgive(scope);
    scope->actor = (struct actor){0};
    scope->cancelled = &workers->cancelled;
    scope->now_us = time_now_us();
}

static void *work(void *argument) {
    struct workers *workers = argument;
    struct exchange *exchange;
    struct arena_mark empty;
    struct scope scope;

    scope_init(&scope);
    empty = arena_mark(&scope.arena);
    if (session_open(&scope, workers->serving->store) != OK)
        abort();
    while ((exchange = wait_for_one(workers))) {
        renew(&scope, workers, empty);
        answer_exchange(&scope, exchange);
        end_one(workers);
        workers->answered(exchange);
    }
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

code workers_start(struct scope *scope, struct serving *serving, int count,
                   void (*answered)(struct exchange *exchange), struct workers **ret_workers) {
    struct workers *workers = calloc(1, sizeof(*workers));

    if (!workers)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    workers->serving = serving;
    workers->answered = answered;
    workers->most_waiting = serving->options.waiting_requests > 0
                                ? serving->options.waiting_requests
                                : LIMIT_WAITING_REQUESTS;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->wanted, NULL);
    while (workers->count < count && workers->count < MOST_WORKERS) {
        if (pthread_create(&workers->threads[workers->count], NULL, work, workers) != 0) {
            workers_stop(workers);
            workers_free(workers);
            return scope_fail(scope, UNAVAILABLE, "a worker could not be started");
        }
        workers->count++;
    }
    *ret_workers = workers;
    return OK;
}

bool workers_take(struct workers *workers, struct exchange *exchange) {
    bool has_room;

    exchange->next = NULL;
    exchange->queued_us = clock_us();
    pthread_mutex_lock(&workers->lock);
    has_room = workers->waiting < workers->most_waiting && !workers->is_ending;
    if (has_room) {
        if (workers->last)
            workers->last->next = exchange;
        else
            workers->first = exchange;
        workers->last = exchange;
        workers->waiting++;
        pthread_cond_signal(&workers->wanted);
    }
    pthread_mutex_unlock(&workers->lock);
    return has_room;
}

bool workers_have_room(struct workers *workers) {
    bool has_room;

    pthread_mutex_lock(&workers->lock);
    has_room = workers->waiting < workers->most_waiting && !workers->is_ending;
    pthread_mutex_unlock(&workers->lock);
    return has_room;
}

int64_t workers_oldest_us(struct workers *workers, int *ret_waiting, int *ret_running) {
    int64_t oldest_us;

    pthread_mutex_lock(&workers->lock);
    oldest_us = workers->first ? clock_us() - workers->first->queued_us : 0;
    *ret_waiting = workers->waiting;
    *ret_running = workers->running;
    pthread_mutex_unlock(&workers->lock);
    return oldest_us;
}

void workers_stop(struct workers *workers) {
    if (!workers)
        return;
    atomic_store(&workers->cancelled, true);
    pthread_mutex_lock(&workers->lock);
    workers->is_ending = true;
    pthread_cond_broadcast(&workers->wanted);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 0; i < workers->count; i++)
        pthread_join(workers->threads[i], NULL);
    workers->count = 0;
}

void workers_free(struct workers *workers) {
    if (!workers)
        return;
    pthread_cond_destroy(&workers->wanted);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
