// SPDX-License-Identifier: Apache-2.0
#include "store/job_watch.h"

#include "job_sql.h"
#include "store/deadline.h"
#include "store/job_lease.h"
#include "store/ledger.h"
#include "store/store_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

// The row is read at every fifth look, and the lease is renewed when a quarter of it is over.
enum {
    LOOK_INTERVAL_MS = 50,
    ROW_LOOKS = 5,
};

struct job_watch {
    struct store *store;
    int64_t job_id;
    const atomic_bool *outer; // NULL: nobody else can cancel
    atomic_bool cancelled;
    pthread_t thread;
    pthread_mutex_t mutex; // guards `stopping`
    pthread_cond_t wake;
    bool stopping;
};

static bool row_says_stop(struct scope *scope, int64_t job_id) {
    int64_t requested = 0;

    if (ledger_int64(scope, sql_job_cancel_is_requested, BINDS(BIND_INT64(job_id)), 0,
                     &requested) != OK)
        scope_forgive(scope);
    return requested != 0;
}

// A lease that could not be renewed is still ours: what is written without one fails by itself.
static bool is_taken_over(struct scope *scope, int64_t job_id) {
    bool is_ours = true;

    if (job_lease_renew(scope, job_id, &is_ours) != OK)
        scope_forgive(scope);
    return !is_ours;
}

static bool wait_for_next_look(struct job_watch *watch) {
    const struct timespec deadline = deadline_in_ms(LOOK_INTERVAL_MS);
    bool go_on;

    pthread_mutex_lock(&watch->mutex);
    while (!watch->stopping)
        if (pthread_cond_timedwait(&watch->wake, &watch->mutex, &deadline) != 0)
            break;
    go_on = !watch->stopping;
    pthread_mutex_unlock(&watch->mutex);
    return go_on;
}

static void *run(void *argument) {
    struct job_watch *watch = argument;
    const int64_t lease_looks = job_lease_renewed_us(watch->store) / 1000 / LOOK_INTERVAL_MS;
    struct scope scope;

    scope_init(&scope);
    session_open(&scope, watch->store);
    for (int64_t look = 1; wait_for_next_look(watch); look++)
        if ((watch->outer && atomic_load(watch->outer)) ||
            (look % ROW_LOOKS == 0 && row_says_stop(&scope, watch->job_id)) ||
            (look % lease_looks == 0 && is_taken_over(&scope, watch->job_id)))
            atomic_store(&watch->cancelled, true);
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

code job_watch_start(struct scope *scope, int64_t job_id, struct job_watch **ret_watch) {
    struct job_watch *watch = calloc(1, sizeof(*watch));

    if (!watch)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    watch->store = session_store(scope);
    watch->job_id = job_id;
    watch->outer = scope->cancelled;
    pthread_mutex_init(&watch->mutex, NULL);
    monotonic_cond_init(&watch->wake);
    if (pthread_create(&watch->thread, NULL, run, watch) != 0) {
        free(watch);
        return scope_fail(scope, UNAVAILABLE, "cannot start a thread for the job");
    }
    *ret_watch = watch;
    return OK;
}

void job_watch_stop(struct job_watch *watch) {
    pthread_mutex_lock(&watch->mutex);
    watch->stopping = true;
    pthread_cond_signal(&watch->wake);
    pthread_mutex_unlock(&watch->mutex);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->wake);
    pthread_mutex_destroy(&watch->mutex);
    free(watch);
}

const atomic_bool *job_watch_cancelled(const struct job_watch *watch) {
    return &watch->cancelled;
}
