// SPDX-License-Identifier: Apache-2.0
#include "analyze/segment/follower.h"

#include "analyze/segment/follow.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/time.h"
#include "store/deadline.h"

#include <pthread.h>
#include <stdlib.h>

enum { EVERY_MS = 100, AFTER_FAILURE_MS = 1000, LEADS_LOOKED_MS = 300 };

struct follower {
    struct store *store;
    pthread_t thread;
    atomic_bool is_stopping;
    pthread_mutex_t mutex; // with `woken`, for who sleeps
    pthread_cond_t woken;
};

// What the thread remembers from round to round.
struct memory {
    struct follow follow;
    int64_t look_us; // of the clock: who leads
    bool leads;
    bool is_failing;
};

static code look_who_leads(struct scope *scope, struct follower *follower, struct memory *memory) {
    if (clock_us() < memory->look_us)
        return OK;
    memory->look_us = clock_us() + LEADS_LOOKED_MS * INT64_C(1000);
    return store_leads(scope, follower->store, &memory->leads);
}

static code run_round(struct scope *scope, struct follower *follower, struct memory *memory) {
    struct follow_report report = {0};

    TRY(look_who_leads(scope, follower, memory));
    if (!memory->leads)
        return OK;
    TRY(follow_round(scope, &memory->follow, &report));
    if (report.evaluated > 0)
        LOG(LOG_LEVEL_DEBUG, "segments_evaluated", LOG_INT64("count", report.evaluated));
    return OK;
}

static void tell(struct memory *memory, const struct scope *scope) {
    const bool fails = scope->failure.code != OK && scope->failure.code != CANCELLED;

    if (fails && !memory->is_failing) // told once
        LOG(LOG_LEVEL_ERROR, "segments_not_followed", LOG_STRING("message", scope->failure.message),
            LOG_STRING("detail", scope->failure.detail));
    memory->is_failing = fails;
}

// False when the thread is to end.
static bool wait(struct follower *follower, int ms) {
    const struct timespec deadline = deadline_in_ms(ms);

    pthread_mutex_lock(&follower->mutex);
    while (!atomic_load(&follower->is_stopping))
        if (pthread_cond_timedwait(&follower->woken, &follower->mutex, &deadline) != 0)
            break;
    pthread_mutex_unlock(&follower->mutex);
    return !atomic_load(&follower->is_stopping);
}

static void *run(void *argument) {
    struct follower *follower = argument;
    struct memory memory = {0};
    struct arena_mark empty;
    struct scope scope;

    scope_init(&scope);
    scope.cancelled = &follower->is_stopping;
    empty = arena_mark(&scope.arena);
    session_open(&scope, follower->store);
    do {
        arena_rewind(&scope.arena, empty);
        scope_forgive(&scope);
        scope.now_us = time_now_us();
        run_round(&scope, follower, &memory);
        tell(&memory, &scope);
    } while (wait(follower, memory.is_failing ? AFTER_FAILURE_MS : EVERY_MS));
    follow_clear(&memory.follow);
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

code follower_start(struct scope *scope, struct store *store, struct follower **ret_follower) {
    struct follower *follower = calloc(1, sizeof(*follower));

    if (!follower)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    follower->store = store;
    pthread_mutex_init(&follower->mutex, NULL);
    monotonic_cond_init(&follower->woken);
    if (pthread_create(&follower->thread, NULL, run, follower) != 0) {
        free(follower);
        return scope_fail(scope, UNAVAILABLE, "cannot start the thread that follows segments");
    }
    *ret_follower = follower;
    return OK;
}

void follower_stop(struct follower *follower) {
    if (!follower)
        return;
    pthread_mutex_lock(&follower->mutex);
    atomic_store(&follower->is_stopping, true);
    pthread_cond_signal(&follower->woken);
    pthread_mutex_unlock(&follower->mutex);
    pthread_join(follower->thread, NULL);
    pthread_cond_destroy(&follower->woken);
    pthread_mutex_destroy(&follower->mutex);
    free(follower);
}
