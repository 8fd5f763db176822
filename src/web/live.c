// SPDX-License-Identifier: Apache-2.0
// Listeners belong to the thread: it alone walks and frees them. Connections come and go on other
// threads, which only mark that.
#include "web/live.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/time.h"
#include "govern/access/access.h"
#include "store/deadline.h"
#include "store/job.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    LOOK_MS = 250,
    COMMENT_US = 15000000, // so that proxies keep the connection, and a dead one is noticed
    ASK_US = 2000000,      // how long a stream outlives its session at most
    MAY_BE_US = 5000000,   // between events that say no more than that
    MOST_PENDING_BYTES = 256 << 10,
    WATCHED_JOBS = 100, // the newest
};

struct live_listener {
    struct live *live;
    struct live_listener *next;
    struct arena arena; // of the copies
    struct request request;
    struct request_client client;
    const struct route *route;
    int64_t customer;        // whose changes it is told; 0: nobody's
    bool hears_jobs;         // the thread's
    enum live_change change; // the thread's: of the customer, not told yet
    int64_t changed_at_us;   // the thread's: when it was told last
    bool is_new;             // the thread's
    int64_t commented_at_us; // the thread's
    int64_t asked_at_us;     // the thread's

    void *owner;           // lock; NULL: it has left
    struct buffer pending; // lock
    bool is_asleep;        // lock
    bool is_over;          // lock
};

// A job as it was told last.
struct told_job {
    int64_t id, updated_at_us, finished_at_us;
    uint64_t state_hash;
};

struct live {
    struct store *store;
    const struct server_options *options;
    struct live_calls calls;
    pthread_t thread;

    struct live_listener *listeners; // the thread's
    int64_t seen_change_id;          // the thread's; 0: nobody looks at a customer
    struct told_job told[WATCHED_JOBS];
    size_t told_count;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_cond_t ended;
    struct live_listener *joining; // lock
    int count;                     // lock
    bool is_ending;                // lock
    bool has_ended;                // lock: no listener sleeps any more
};

// ---- one listener ----

static void wake_locked(struct live_listener *listener) {
    if (!listener->is_asleep || !listener->owner)
        return;
    listener->is_asleep = false;
    listener->live->calls.wake(listener->owner);
}

static void end_locked(struct live_listener *listener) {
    listener->is_over = true;
    wake_locked(listener);
}

// Who does not read is cut: what waits for one would grow without bounds.
static void append(struct live_listener *listener, struct text what) {
    struct live *live = listener->live;

    pthread_mutex_lock(&live->lock);
    if (listener->owner && !listener->is_over) {
        if (listener->pending.size + what.size > MOST_PENDING_BYTES) {
            listener->is_over = true;
            live->calls.cut(listener->owner);
        } else {
            buffer_add_text(&listener->pending, what);
        }
        wake_locked(listener);
    }
    pthread_mutex_unlock(&live->lock);
}

ssize_t live_read(struct live_listener *listener, char *data, size_t size) {
    struct live *live = listener->live;
    struct buffer *pending = &listener->pending;
    ssize_t count;

    pthread_mutex_lock(&live->lock);
    count = (ssize_t)(pending->size < size ? pending->size : size);
    if (count > 0) {
        memcpy(data, pending->data, (size_t)count);
        pending->size -= (size_t)count;
        memmove(pending->data, pending->data + count, pending->size);
    } else if (listener->is_over) {
        count = -1;
    } else {
        listener->is_asleep = true;
        live->calls.sleep(listener->owner);
    }
    pthread_mutex_unlock(&live->lock);
    return count;
}

static void listener_free(struct live_listener *listener) {
    buffer_clear(&listener->pending);
    arena_clear(&listener->arena);
    free(listener);
}

static void copy_request(struct live_listener *listener, const struct request *request) {
    struct arena *arena = &listener->arena;
    struct request_client *client = &listener->client;

    *client = *request->client;
    client->address = text_copy(arena, client->address);
    client->session = text_copy(arena, client->session);
    client->device = text_copy(arena, client->device);
    client->key = text_copy(arena, client->key);
    client->csrf = text_copy(arena, client->csrf);
    client->host = text_copy(arena, client->host);
    client->origin = text_copy(arena, client->origin);
    client->fetch_site = text_copy(arena, client->fetch_site);
    client->user_agent = text_copy(arena, client->user_agent);
    client->user = text_copy(arena, client->user);
    client->idempotency_key = (struct text){0};
    listener->request = (struct request){
        .method = request->method, .path = text_copy(arena, request->path), .client = client};
}

struct live_listener *live_join(struct live *live, void *owner, const struct request *request,
                                const struct route *route, int64_t customer) {
    struct live_listener *listener = calloc(1, sizeof(*listener));
    bool has_room;

    if (!listener)
        abort();
    arena_init(&listener->arena);
    listener->live = live;
    listener->owner = owner;
    listener->route = route;
    listener->customer = customer;
    listener->is_new = true;
    listener->asked_at_us = listener->commented_at_us = clock_us();
    copy_request(listener, request);
    buffer_add_string(&listener->pending, "retry: 2000\n\n");
    pthread_mutex_lock(&live->lock);
    has_room = live->count < LIMIT_LISTENERS && !live->is_ending;
    if (has_room) {
        listener->next = live->joining;
        live->joining = listener;
        live->count++;
        pthread_cond_signal(&live->changed);
    }
    pthread_mutex_unlock(&live->lock);
    if (has_room)
        return listener;
    listener_free(listener);
    return NULL;
}

void live_leave(struct live_listener *listener) {
    struct live *live;

    if (!listener)
        return;
    live = listener->live;
    pthread_mutex_lock(&live->lock);
    listener->owner = NULL;
    live->count--;
    pthread_cond_signal(&live->changed);
    pthread_mutex_unlock(&live->lock);
}

int live_count(struct live *live) {
    int count;

    pthread_mutex_lock(&live->lock);
    count = live->count;
    pthread_mutex_unlock(&live->lock);
    return count;
}

// ---- what is told ----

static bool is_known(const struct live *live, const struct job *job) {
    for (size_t i = 0; i < live->told_count; i++) {
        const struct told_job *told = &live->told[i];

        if (told->id == job->id)
            return told->updated_at_us == job->updated_at_us &&
                   told->finished_at_us == job->finished_at_us &&
                   told->state_hash == text_hash(job->state);
    }
    return false;
}

static void remember(struct live *live, const struct job *jobs, size_t count) {
    for (size_t i = 0; i < count; i++)
        live->told[i] = (struct told_job){.id = jobs[i].id,
                                          .updated_at_us = jobs[i].updated_at_us,
                                          .finished_at_us = jobs[i].finished_at_us,
                                          .state_hash = text_hash(jobs[i].state)};
    live->told_count = count;
}

// The document of GET /api/v1/jobs/{id}, by its own handler. JSON of ours has no line breaks.
static code write_event(struct scope *scope, struct live *live, int64_t job_id,
                        struct text *ret_event) {
    const struct server_options *options = live->options;
    const struct request request = {
        .method = METHOD_GET, .path = text_printf(&scope->arena, "/api/v1/jobs/%" PRId64, job_id)};
    struct response response;
    code result;

    response_init(&response);
    scope->actor.permissions = MAY_READ_JOBS;
    result = router_handle(scope, options->routes, options->route_count, &request, &response);
    if (result == OK)
        *ret_event = text_printf(&scope->arena, "event: job\ndata: %.*s\n\n",
                                 TEXT_ARG(buffer_text(&response.body)));
    response_clear(&response);
    return result;
}

static bool is_open(const struct job *job) {
    return text_is(job->state, "queued") || text_is(job->state, "running");
}

static code tell_jobs(struct scope *scope, struct live *live) {
    struct job *jobs;
    size_t count;

    TRY(job_list(scope, 0, WATCHED_JOBS, &jobs, &count));
    for (size_t i = count; i-- > 0;) {
        const bool is_changed = !is_known(live, &jobs[i]);
        struct text event = {0};

        if (!is_changed && !is_open(&jobs[i]))
            continue;
        for (struct live_listener *one = live->listeners; one; one = one->next) {
            if (!one->hears_jobs || (one->is_new ? !is_open(&jobs[i]) : !is_changed))
                continue;
            if (!event.data)
                TRY(write_event(scope, live, jobs[i].id, &event));
            append(one, event);
        }
    }
    remember(live, jobs, count);
    return OK;
}

// Who is new may have read before it listened, and is told in any case.
static void tell_customer(struct scope *scope, struct live_listener *one, enum live_change change) {
    const int64_t now_us = clock_us();

    if (one->is_new)
        change = LIVE_OTHER;
    if (change > one->change)
        one->change = change;
    if (one->change == LIVE_SAME ||
        (one->change == LIVE_MAY_BE_OTHER && now_us - one->changed_at_us < MAY_BE_US))
        return;
    append(one, text_printf(&scope->arena, "event: customer\ndata: {\"id\":\"%" PRId64 "\"}\n\n",
                            one->customer));
    one->change = LIVE_SAME;
    one->changed_at_us = now_us;
}

static code tell_customers(struct scope *scope, struct live *live) {
    enum live_change *changes;
    int64_t *customers;
    size_t count = 0;

    for (struct live_listener *one = live->listeners; one; one = one->next)
        count += one->customer != 0;
    if (count == 0 || !live->options->look_at_customers) {
        live->seen_change_id = 0;
        return OK;
    }
    customers = arena_array(&scope->arena, count, sizeof(*customers));
    changes = arena_array(&scope->arena, count, sizeof(*changes));
    count = 0;
    for (struct live_listener *one = live->listeners; one; one = one->next)
        if (one->customer != 0)
            customers[count++] = one->customer;
    TRY(live->options->look_at_customers(scope, &live->seen_change_id, customers, count, changes));
    count = 0;
    for (struct live_listener *one = live->listeners; one; one = one->next)
        if (one->customer != 0)
            tell_customer(scope, one, changes[count++]);
    return OK;
}

// ---- the thread ----

static void ask_again(struct scope *scope, struct live *live, struct live_listener *listener) {
    code result = OK;

    scope->actor = (struct actor){0};
    if (live->options->authenticate)
        result = live->options->authenticate(scope, &listener->request, listener->route);
    if (result == OK)
        result = router_permit(scope, listener->route);
    listener->hears_jobs = (scope->actor.permissions & MAY_READ_JOBS) != 0;
    if (result == UNAUTHENTICATED || result == FORBIDDEN) {
        pthread_mutex_lock(&live->lock);
        end_locked(listener);
        pthread_mutex_unlock(&live->lock);
    }
    scope_forgive(scope);
}

static void meet(struct scope *scope, struct live *live) {
    for (struct live_listener *one = live->listeners; one; one = one->next)
        if (one->is_new)
            ask_again(scope, live, one);
}

static void tend(struct scope *scope, struct live *live) {
    const int64_t now_us = clock_us();

    for (struct live_listener *one = live->listeners; one; one = one->next) {
        one->is_new = false;
        if (now_us - one->asked_at_us >= ASK_US) {
            one->asked_at_us = now_us;
            ask_again(scope, live, one);
        }
        if (now_us - one->commented_at_us >= COMMENT_US) {
            one->commented_at_us = now_us;
            append(one, TEXT(":\n\n"));
        }
    }
}

// Takes in who joined, drops who left. Returns false when it is over and all have left.
static bool gather_locked(struct live *live) {
    struct live_listener **place = &live->listeners;

    while (live->joining) {
        struct live_listener *one = live->joining;

        live->joining = one->next;
        one->next = live->listeners;
        live->listeners = one;
    }
    while (*place) {
        struct live_listener *one = *place;

        if (live->is_ending)
            end_locked(one);
        if (one->owner) {
            place = &one->next;
            continue;
        }
        *place = one->next;
        listener_free(one);
    }
    if (live->is_ending && !live->has_ended) {
        live->has_ended = true;
        pthread_cond_broadcast(&live->ended);
    }
    return !live->is_ending || live->listeners;
}

static bool wait_for_work(struct live *live) {
    struct timespec deadline = deadline_in_ms(LOOK_MS);
    bool go_on;

    pthread_mutex_lock(&live->lock);
    while ((go_on = gather_locked(live)) && !live->listeners) {
        live->told_count = 0;
        pthread_cond_wait(&live->changed, &live->lock);
    }
    if (go_on && !live->listeners->is_new)
        while (!live->joining && !live->is_ending &&
               pthread_cond_timedwait(&live->changed, &live->lock, &deadline) == 0)
            ;
    go_on = gather_locked(live);
    pthread_mutex_unlock(&live->lock);
    return go_on;
}

static void *run(void *argument) {
    struct live *live = argument;
    struct arena_mark empty;
    struct scope scope;

    scope_init(&scope);
    empty = arena_mark(&scope.arena);
    if (session_open(&scope, live->store) != OK)
        abort();
    while (wait_for_work(live)) {
        scope.now_us = time_now_us();
        meet(&scope, live);
        tell_customers(&scope, live); // what fails is told the next time
        scope_forgive(&scope);
        tell_jobs(&scope, live);
        scope_forgive(&scope);
        tend(&scope, live);
        arena_rewind(&scope.arena, empty);
    }
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

code live_start(struct scope *scope, struct store *store, const struct server_options *options,
                const struct live_calls *calls, struct live **ret_live) {
    struct live *live = calloc(1, sizeof(*live));

    if (!live)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    live->store = store;
    live->options = options;
    live->calls = *calls;
    pthread_mutex_init(&live->lock, NULL);
    monotonic_cond_init(&live->changed);
    pthread_cond_init(&live->ended, NULL);
    if (pthread_create(&live->thread, NULL, run, live) != 0) {
        free(live);
        return scope_fail(scope, UNAVAILABLE, "a thread could not be started");
    }
    *ret_live = live;
    return OK;
}

void live_end(struct live *live) {
    if (!live)
        return;
    pthread_mutex_lock(&live->lock);
    live->is_ending = true;
    pthread_cond_signal(&live->changed);
    while (!live->has_ended)
        pthread_cond_wait(&live->ended, &live->lock);
    pthread_mutex_unlock(&live->lock);
}

void live_free(struct live *live) {
    if (!live)
        return;
    live_end(live);
    pthread_join(live->thread, NULL);
    pthread_cond_destroy(&live->changed);
    pthread_cond_destroy(&live->ended);
    pthread_mutex_destroy(&live->lock);
    free(live);
}

const struct route_answer live_answer = {
    .type = ANSWER_EVENTS,
    .help = "first every job that runs or waits, then each as it changes: events named \"job\" "
            "whose data is the document of GET /api/v1/jobs/{id}",
};

code live_stream(struct scope *scope, struct response *response, int64_t customer) {
    response->is_live = true;
    response->live_customer = customer;
    response->content_type = "text/event-stream";
    // A proxy that gathers the answer would keep the events.
    return response_header(scope, response, "X-Accel-Buffering", TEXT("no"));
}

code live_handle(struct scope *scope, const struct request *request, struct response *response) {
    (void)request;
    return live_stream(scope, response, 0);
}
