// SPDX-License-Identifier: Apache-2.0
#include "web/server_watch.h"

#include "base/clock.h"
#include "base/limits.h"
#include "store/deadline.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { LOOK_MS = 250 };

struct watch {
    int patience_ms;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct connection *first; // lock
    int count;                // lock
    int64_t cut_count;        // lock
    int64_t left_count;       // lock
    bool is_ending;           // lock
};

bool connection_is_late(const struct connection *connection, int patience_ms, int64_t now_us) {
    // `since` is written first and read last: it is never older than the phase.
    const enum connection_phase phase =
        atomic_load_explicit(&connection->phase, memory_order_acquire);
    const int64_t bytes = atomic_load(&connection->bytes);
    const int64_t took_ms = (now_us - atomic_load(&connection->since_us)) / 1000;
    const int64_t moving_ms = took_ms - patience_ms;

    switch (phase) {
    case PHASE_HEAD:
        return took_ms > patience_ms;
    case PHASE_BODY:
        return moving_ms > 0 && bytes < moving_ms * LIMIT_SLOWEST_BYTES_PER_S / 1000;
    case PHASE_ANSWER:
        return moving_ms > 0 && moving_ms > bytes * 1000 / LIMIT_SLOWEST_BYTES_PER_S;
    case PHASE_WORK:
    case PHASE_LIVE:
    case PHASE_CUT:
        break;
    }
    return false;
}

void connection_cut(struct connection *connection) {
    shutdown(connection->fd, SHUT_RDWR);
}

void connection_stop(struct connection *connection) {
    atomic_store(&connection->is_stopped, true);
}

static bool has_left(const struct connection *connection) {
    struct pollfd socket = {.fd = connection->fd, .events = POLLRDHUP};

    return poll(&socket, 1, 0) > 0 && (socket.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

// Short requests come to their end, whoever still waits for them.
static void look_after_work(struct watch *watch, struct connection *connection, int64_t now_us) {
    const int64_t took_ms = (now_us - atomic_load(&connection->since_us)) / 1000;

    if (took_ms < LOOK_MS || atomic_load(&connection->is_left) || !has_left(connection))
        return;
    atomic_store(&connection->is_left, true);
    connection_stop(connection);
    watch->left_count++;
}

static void look(struct watch *watch) {
    const int64_t now_us = clock_us();

    for (struct connection *one = watch->first; one; one = one->next) {
        if (atomic_load(&one->phase) == PHASE_WORK)
            look_after_work(watch, one, now_us);
        if (!connection_is_late(one, watch->patience_ms, now_us))
            continue;
        connection_cut(one);
        watch->cut_count++;
        atomic_store(&one->phase, PHASE_CUT);
    }
}

static void *run(void *argument) {
    struct watch *watch = argument;

    pthread_mutex_lock(&watch->lock);
    while (!watch->is_ending) {
        struct timespec deadline = deadline_in_ms(LOOK_MS);

        if (!watch->first) {
            pthread_cond_wait(&watch->changed, &watch->lock);
            continue;
        }
        pthread_cond_timedwait(&watch->changed, &watch->lock, &deadline);
        look(watch);
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

code watch_start(struct scope *scope, int patience_ms, struct watch **ret_watch) {
    struct watch *watch = calloc(1, sizeof(*watch));

    if (!watch)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    watch->patience_ms = patience_ms > 0 ? patience_ms : LIMIT_PATIENCE_MS;
    pthread_mutex_init(&watch->lock, NULL);
    monotonic_cond_init(&watch->changed);
    if (pthread_create(&watch->thread, NULL, run, watch) != 0) {
        free(watch);
        return scope_fail(scope, UNAVAILABLE, "a thread could not be started");
    }
    *ret_watch = watch;
    return OK;
}

void watch_stop(struct watch *watch) {
    if (!watch)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->is_ending = true;
    pthread_cond_signal(&watch->changed);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->changed);
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}

struct connection *watch_add(struct watch *watch, int fd) {
    struct connection *connection = calloc(1, sizeof(*connection));

    if (!connection)
        abort();
    connection->fd = fd;
    socket_peer_address(fd, connection->address);
    connection->is_owner = connection->address[0] == '\0' && socket_is_owner(fd, connection->user);
    atomic_init(&connection->phase, PHASE_HEAD);
    atomic_init(&connection->since_us, clock_us());
    pthread_mutex_lock(&watch->lock);
    connection->next = watch->first;
    if (watch->first)
        watch->first->previous = connection;
    else
        pthread_cond_signal(&watch->changed);
    watch->first = connection;
    watch->count++;
    pthread_mutex_unlock(&watch->lock);
    return connection;
}

void watch_remove(struct watch *watch, struct connection *connection) {
    pthread_mutex_lock(&watch->lock);
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        watch->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    watch->count--;
    pthread_mutex_unlock(&watch->lock);
    free(connection);
}

int watch_count(struct watch *watch) {
    int count;

    pthread_mutex_lock(&watch->lock);
    count = watch->count;
    pthread_mutex_unlock(&watch->lock);
    return count;
}

int64_t watch_cut_count(struct watch *watch) {
    int64_t count;

    pthread_mutex_lock(&watch->lock);
    count = watch->cut_count;
    pthread_mutex_unlock(&watch->lock);
    return count;
}

int64_t watch_left_count(struct watch *watch) {
    int64_t count;

    pthread_mutex_lock(&watch->lock);
    count = watch->left_count;
    pthread_mutex_unlock(&watch->lock);
    return count;
}

void connection_enter(struct connection *connection, enum connection_phase phase, int64_t bytes) {
    atomic_store(&connection->since_us, clock_us());
    atomic_store(&connection->bytes, bytes);
    atomic_store_explicit(&connection->phase, phase, memory_order_release);
}

void connection_received(struct connection *connection, size_t bytes) {
    atomic_fetch_add(&connection->bytes, (int_fast64_t)bytes);
}
