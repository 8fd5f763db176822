// SPDX-License-Identifier: Apache-2.0
#include "web/server_workers.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "store/deadline.h"
#include "store/ledger.h"
#include "web/server_once.h"
#include "web/server_query.h"
#include "web/server_watch.h"

#include <pthread.h>
#include <stdlib.h>

enum { MOST_WORKERS = 64, LOOK_MS = 100, RETRY_AFTER_S = 5 };
enum { STATUS_LEFT = 499, STATUS_UNAVAILABLE = 503 };

// Exchanges that wait, in order.
struct lane {
    struct exchange *first, *last;
    int waiting, running;
    int most_running;
};

struct workers {
    struct serving *serving;
    void (*answered)(struct exchange *exchange);
    int most_waiting; // in each lane
    int64_t heavy_wait_us, heavy_run_us;

    pthread_mutex_t lock;
    pthread_cond_t wanted;
    struct lane light, heavy;               // lock
    struct exchange *running[MOST_WORKERS]; // lock; NULL: none
    bool is_ending;                         // lock
    int count;                              // those that run
    struct worker {
        struct workers *workers;
        int index;
        pthread_t thread;
    } all[MOST_WORKERS];
};

// ---- one exchange ----

static bool is_left(const struct exchange *exchange) {
    return atomic_load(&exchange->connection->is_left);
}

static code read_body(struct scope *scope, struct exchange *exchange, struct request *request) {
    struct json *body;

    if (exchange->receive_problem != OK)
        return scope_fail(scope, exchange->receive_problem, "the body could not be kept");
    if (exchange->route->takes == ROUTE_TAKES_BYTES) {
        request->bytes = buffer_text(&exchange->body);
        return OK;
    }
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
    request.intake = options->intake;
    TRY(read_body(scope, exchange, &request));
    if (exchange->route == &metrics_route)
        return exchange_metrics(scope, exchange->serving, response);
    if (exchange->once)
        return once_run(scope, exchange, &request, response);
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

// What ended before its end, as the way to the answer knows it.
static void set_status(const struct scope *scope, struct exchange *exchange, code reason) {
    if (reason == CANCELLED && is_left(exchange))
        exchange->answer.status = STATUS_LEFT;
    else if (reason == BUSY && scope->deadline_us > 0 && clock_us() >= scope->deadline_us)
        exchange->answer.status = STATUS_UNAVAILABLE;
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
        set_status(scope, exchange, result);
    } else if (exchange->stage == EXCHANGE_RUNNING) {
        answer_response(&exchange->answer, &response);
        if (exchange->takes_gzip)
            answer_compress(&exchange->answer);
    }
    exchange->stage =
        exchange->stage == EXCHANGE_ASKING && result == OK ? EXCHANGE_ADMITTED : EXCHANGE_ANSWERED;
    response_clear(&response);
}

// ---- lanes ----

static void lane_add(struct lane *lane, struct exchange *exchange) {
    exchange->next = NULL;
    if (lane->last)
        lane->last->next = exchange;
    else
        lane->first = exchange;
    lane->last = exchange;
    lane->waiting++;
}

static struct exchange *lane_take(struct lane *lane) {
    struct exchange *exchange = lane->first;

    lane->first = exchange->next;
    if (!lane->first)
        lane->last = NULL;
    lane->waiting--;
    lane->running++;
    return exchange;
}

// The question before a body comes is a small one, whatever the route does.
static struct lane *lane_of(struct workers *workers, const struct exchange *exchange) {
    return exchange->route->is_heavy && exchange->stage != EXCHANGE_ASKING ? &workers->heavy
                                                                           : &workers->light;
}

static bool is_late(const struct workers *workers, const struct exchange *exchange) {
    return exchange->is_heavy && clock_us() - exchange->queued_us > workers->heavy_wait_us;
}

// Whether the first of a lane may be taken. To be refused it needs no place among those that run.
static bool is_next(const struct workers *workers, const struct lane *lane) {
    return lane->first && (lane->running < lane->most_running || is_late(workers, lane->first) ||
                           is_left(lane->first));
}

// NULL: none may run now.
static struct exchange *next_one(struct workers *workers) {
    struct lane *light = &workers->light, *heavy = &workers->heavy;

    if (is_next(workers, heavy) &&
        (!light->first || heavy->first->queued_us <= light->first->queued_us))
        return lane_take(heavy);
    return light->first ? lane_take(light) : NULL;
}

// ---- the threads ----

static void wait_for_change(struct workers *workers) {
    const struct timespec deadline = deadline_in_ms(LOOK_MS);

    if (workers->heavy.first) // it may become late, or its sender leave
        pthread_cond_timedwait(&workers->wanted, &workers->lock, &deadline);
    else
        pthread_cond_wait(&workers->wanted, &workers->lock);
}

// NULL: the worker is to end.
static struct exchange *wait_for_one(struct workers *workers, int index) {
    struct exchange *exchange;

    pthread_mutex_lock(&workers->lock);
    while (!(exchange = next_one(workers)) &&
           !(workers->is_ending && workers->light.waiting + workers->heavy.waiting == 0))
        wait_for_change(workers);
    workers->running[index] = exchange;
    if (exchange && workers->is_ending)
        connection_stop(exchange->connection);
    pthread_mutex_unlock(&workers->lock);
    return exchange;
}

static void end_one(struct workers *workers, int index) {
    const struct exchange *exchange = workers->running[index];

    pthread_mutex_lock(&workers->lock);
    workers->running[index] = NULL;
    (exchange->is_heavy ? &workers->heavy : &workers->light)->running--;
    if (workers->heavy.first)
        pthread_cond_signal(&workers->wanted);
    pthread_mutex_unlock(&workers->lock);
}

// Everything of the last request is forgotten but the session.
static void renew(struct scope *scope, const struct workers *workers, struct arena_mark empty,
                  const struct exchange *exchange) {
    ledger_rollback(scope);
    arena_rewind(&scope->arena, empty);
    scope_forgive(scope);
    scope->actor = (struct actor){0};
    scope->cancelled = &exchange->connection->is_stopped;
    scope->deadline_us = exchange->is_heavy ? clock_us() + workers->heavy_run_us : 0;
    scope->now_us = time_now_us();
}

static void run_one(struct scope *scope, const struct workers *workers, struct exchange *exchange) {
    if (is_left(exchange))
        exchange_refuse(exchange, STATUS_LEFT, "nobody waits for the answer");
    else if (is_late(workers, exchange))
        exchange_refuse_busy(exchange, RETRY_AFTER_S);
    else
        answer_exchange(scope, exchange);
}

static void *work(void *argument) {
    const struct worker *worker = argument;
    struct workers *workers = worker->workers;
    struct exchange *exchange;
    struct arena_mark empty;
    struct scope scope;

    scope_init(&scope);
    empty = arena_mark(&scope.arena);
    if (session_open(&scope, workers->serving->store) != OK)
        abort();
    while ((exchange = wait_for_one(workers, worker->index))) {
        renew(&scope, workers, empty, exchange);
        run_one(&scope, workers, exchange);
        end_one(workers, worker->index);
        workers->answered(exchange);
    }
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

// At least half of the workers are for what is answered in milliseconds.
static void set_bounds(struct workers *workers, int count) {
    const struct server_options *options = &workers->serving->options;
    const int half = count > 1 ? count / 2 : 1;

    workers->light.most_running = count;
    workers->heavy.most_running = half < LIMIT_HEAVY_AT_ONCE ? half : LIMIT_HEAVY_AT_ONCE;
    workers->most_waiting =
        options->waiting_requests > 0 ? options->waiting_requests : LIMIT_WAITING_REQUESTS;
    workers->heavy_wait_us =
        INT64_C(1000) * (options->heavy_wait_ms > 0 ? options->heavy_wait_ms : LIMIT_HEAVY_WAIT_MS);
    workers->heavy_run_us =
        INT64_C(1000) * (options->heavy_run_ms > 0 ? options->heavy_run_ms : LIMIT_HEAVY_RUN_MS);
}

code workers_start(struct scope *scope, struct serving *serving, int count,
                   void (*answered)(struct exchange *exchange), struct workers **ret_workers) {
    struct workers *workers = calloc(1, sizeof(*workers));

    if (!workers)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    workers->serving = serving;
    workers->answered = answered;
    set_bounds(workers, count);
    pthread_mutex_init(&workers->lock, NULL);
    monotonic_cond_init(&workers->wanted);
    while (workers->count < count && workers->count < MOST_WORKERS) {
        struct worker *worker = &workers->all[workers->count];

        *worker = (struct worker){.workers = workers, .index = workers->count};
        if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
            workers_stop(workers);
            workers_free(workers);
            return scope_fail(scope, UNAVAILABLE, "a worker could not be started");
        }
        workers->count++;
    }
    *ret_workers = workers;
    return OK;
}

static bool has_room(const struct workers *workers, const struct lane *lane) {
    return lane->waiting < workers->most_waiting && !workers->is_ending;
}

bool workers_take(struct workers *workers, struct exchange *exchange) {
    struct lane *lane = lane_of(workers, exchange);
    bool taken;

    exchange->queued_us = clock_us();
    exchange->is_heavy = lane == &workers->heavy;
    pthread_mutex_lock(&workers->lock);
    taken = has_room(workers, lane);
    if (taken) {
        lane_add(lane, exchange);
        pthread_cond_signal(&workers->wanted);
    }
    pthread_mutex_unlock(&workers->lock);
    return taken;
}

bool workers_have_room(struct workers *workers, const struct exchange *exchange) {
    bool would_take;

    pthread_mutex_lock(&workers->lock);
    would_take = has_room(workers, lane_of(workers, exchange));
    pthread_mutex_unlock(&workers->lock);
    return would_take;
}

void workers_state(struct workers *workers, struct workers_state *ret_state) {
    pthread_mutex_lock(&workers->lock);
    *ret_state = (struct workers_state){
        .oldest_us = workers->light.first ? clock_us() - workers->light.first->queued_us : 0,
        .waiting = workers->light.waiting,
        .heavy_waiting = workers->heavy.waiting,
        .running = workers->light.running + workers->heavy.running,
        .heavy_running = workers->heavy.running,
    };
    pthread_mutex_unlock(&workers->lock);
}

void workers_stop(struct workers *workers) {
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->is_ending = true;
    for (int i = 0; i < workers->count; i++)
        if (workers->running[i])
            connection_stop(workers->running[i]->connection);
    pthread_cond_broadcast(&workers->wanted);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 0; i < workers->count; i++)
        pthread_join(workers->all[i].thread, NULL);
    workers->count = 0;
}

void workers_free(struct workers *workers) {
    if (!workers)
        return;
    pthread_cond_destroy(&workers->wanted);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
