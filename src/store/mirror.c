// SPDX-License-Identifier: Apache-2.0
// The mirror's thread: wakes when a commit recorded changes, carries them to the lake, and lets
// readers wait until it has. What carrying means stands in mirror_carry.c.
#include "base/time.h"
#include "mirror_sql.h"
#include "store/deadline.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/mirror_carry.h"
#include "store/store_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum {
    POLL_MS = 1000,  // without a nudge
    LINGER_MS = 100, // after a nudge that nobody waits on: commits in quick succession go together
    RETRY_MS = 500,  // after a failure
    LOG_KEPT_ROUNDS = 200, // rounds after which carried changes are dropped from the log
};

struct mirror {
    struct store *store;
    struct carrier *carrier; // guarded by `carrying`
    pthread_mutex_t carrying;
    pthread_t thread;
    bool started;

    pthread_mutex_t mutex;   // guards what follows
    pthread_cond_t wake;     // for the thread
    pthread_cond_t progress; // for those who wait for the lake
    bool nudged, stopping;
    int waiting;           // readers that wait now
    int64_t watermark;     // the lake is complete up to this change
    int64_t state;         // grows with every change of the lake
    int64_t failed_rounds; // rounds that ended in `failure`
    struct failure failure;
    int64_t behind_since_us; // when the oldest change came that is not carried; 0: all are
    bool is_failing;         // the last round ended in `failure`
};

// ---- the thread ----

// Changes that came while a round ran may be among those it carried; they count from its end.
static void note_round(struct mirror *mirror, bool failed) {
    pthread_mutex_lock(&mirror->mutex);
    mirror->is_failing = failed;
    if (!failed)
        mirror->behind_since_us = mirror->nudged ? time_now_us() : 0;
    pthread_mutex_unlock(&mirror->mutex);
}

// With the mutex held.
static void set_watermark(struct mirror *mirror, int64_t watermark) {
    if (watermark != mirror->watermark)
        mirror->state++;
    mirror->watermark = watermark;
}

static void publish(struct mirror *mirror, const struct scope *scope) {
    pthread_mutex_lock(&mirror->mutex);
    set_watermark(mirror, carrier_watermark(mirror->carrier));
    if (scope->failure.code != OK) {
        mirror->failure = scope->failure;
        mirror->failed_rounds++;
    }
    pthread_cond_broadcast(&mirror->progress);
    pthread_mutex_unlock(&mirror->mutex);
}

// All there is, piece by piece. The lock is given up between pieces.
static code carry_all(struct mirror *mirror, struct scope *scope) {
    bool more = true;

    while (more && scope->failure.code == OK) {
        pthread_mutex_lock(&mirror->carrying);
        carrier_carry(scope, mirror->carrier, &more);
        publish(mirror, scope);
        pthread_mutex_unlock(&mirror->carrying);
    }
    return scope->failure.code;
}

static void forget_changes(struct mirror *mirror, struct scope *scope) {
    pthread_mutex_lock(&mirror->carrying);
    carrier_forget_changes(scope, mirror->carrier);
    pthread_mutex_unlock(&mirror->carrying);
    scope_forgive(scope); // next time
}

// Returns false when the thread should end.
static bool wait_for_work(struct mirror *mirror, bool failed) {
    struct timespec deadline = deadline_in_ms(failed ? RETRY_MS : POLL_MS);
    bool go_on;

    pthread_mutex_lock(&mirror->mutex);
    while (!mirror->stopping && (failed || (!mirror->nudged && mirror->waiting == 0)))
        if (pthread_cond_timedwait(&mirror->wake, &mirror->mutex, &deadline) != 0)
            break;
    deadline = deadline_in_ms(LINGER_MS);
    while (!mirror->stopping && mirror->waiting == 0 && mirror->nudged)
        if (pthread_cond_timedwait(&mirror->wake, &mirror->mutex, &deadline) != 0)
            break;
    mirror->nudged = false;
    go_on = !mirror->stopping;
    pthread_mutex_unlock(&mirror->mutex);
    return go_on;
}

static void *run(void *argument) {
    struct mirror *mirror = argument;
    struct scope scope;
    bool failed = false;
    bool go_on;

    scope_init(&scope);
    session_open(&scope, mirror->store);
    for (int64_t round = 1;; round++) {
        go_on = wait_for_work(mirror, failed);
        failed = carry_all(mirror, &scope) != OK;
        note_round(mirror, failed);
        if (!failed && (!go_on || round % LOG_KEPT_ROUNDS == 0))
            forget_changes(mirror, &scope);
        scope_forgive(&scope);
        if (!go_on)
            break;
    }
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

// ---- starting and stopping ----

static code open_lake(struct scope *scope, struct mirror *mirror) {
    struct store *store = mirror->store;

    TRY(lake_open(scope, store->path, store->config.lake_memory_bytes, &store->lake));
    return carrier_open(scope, store->lake, &mirror->carrier);
}

static void drop_lake(struct mirror *mirror) {
    carrier_close(TAKE(mirror->carrier));
    lake_close(TAKE(mirror->store->lake));
    lake_remove(mirror->store->path);
}

// Whatever is wrong with a lake, the ledger can make a new one. Only one that another program holds
// open is left alone.
static code make_usable(struct scope *scope, struct mirror *mirror) {
    bool usable = false;

    if (open_lake(scope, mirror) == OK)
        carrier_resume(scope, mirror->carrier, &usable);
    if (usable)
        return OK;
    if (scope->failure.code == CONFLICT)
        return CONFLICT;
    scope_forgive(scope);
    drop_lake(mirror);
    TRY(open_lake(scope, mirror));
    return carrier_rebuild(scope, mirror->carrier);
}

static code start_thread(struct scope *scope, struct mirror *mirror) {
    mirror->watermark = carrier_watermark(mirror->carrier);
    mirror->state = 1;
    mirror->nudged = true; // what an earlier process left
    if (pthread_create(&mirror->thread, NULL, run, mirror) != 0)
        return scope_fail(scope, UNAVAILABLE, "cannot start the mirror's thread");
    mirror->started = true;
    return OK;
}

code mirror_start(struct scope *scope, struct store *store) {
    struct mirror *mirror = calloc(1, sizeof(*mirror));

    if (!mirror)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    mirror->store = store;
    pthread_mutex_init(&mirror->carrying, NULL);
    pthread_mutex_init(&mirror->mutex, NULL);
    monotonic_cond_init(&mirror->wake);
    monotonic_cond_init(&mirror->progress);
    store->mirror = mirror;
    TRY(make_usable(scope, mirror));
    return start_thread(scope, mirror);
}

void mirror_stop(struct mirror *mirror) {
    if (!mirror)
        return;
    if (mirror->started) {
        pthread_mutex_lock(&mirror->mutex);
        mirror->stopping = true;
        pthread_cond_signal(&mirror->wake);
        pthread_mutex_unlock(&mirror->mutex);
        pthread_join(mirror->thread, NULL);
    }
    carrier_close(mirror->carrier);
    pthread_cond_destroy(&mirror->wake);
    pthread_cond_destroy(&mirror->progress);
    pthread_mutex_destroy(&mirror->mutex);
    pthread_mutex_destroy(&mirror->carrying);
    free(mirror);
}

void mirror_nudge(struct mirror *mirror) {
    if (!mirror)
        return;
    pthread_mutex_lock(&mirror->mutex);
    mirror->nudged = true;
    if (mirror->behind_since_us == 0)
        mirror->behind_since_us = time_now_us();
    pthread_cond_signal(&mirror->wake);
    pthread_mutex_unlock(&mirror->mutex);
}

struct store_health mirror_health(struct mirror *mirror) {
    struct store_health health;

    pthread_mutex_lock(&mirror->mutex);
    health.mirror_fails = mirror->is_failing;
    health.mirror_behind_us =
        mirror->behind_since_us > 0 ? time_now_us() - mirror->behind_since_us : 0;
    pthread_mutex_unlock(&mirror->mutex);
    return health;
}

// ---- for readers ----

// NULL on failure.
static struct mirror *session_mirror(struct scope *scope) {
    if (!scope->session)
        scope_fail(scope, INTERNAL, "this work has no session with the store");
    else if (!scope->session->store->mirror)
        scope_fail(scope, UNAVAILABLE, "the lake is open in another process");
    else if (ledger_in_transaction(scope))
        scope_fail(scope, INTERNAL, "the lake cannot be waited for within a transaction");
    else
        return scope->session->store->mirror;
    return NULL;
}

// With the mutex held. Looks up now and then, in case the waiting one is to stop.
static code wait_for_change(struct scope *scope, struct mirror *mirror, int64_t change_id) {
    const int64_t failed_rounds = mirror->failed_rounds;

    if (mirror->watermark < change_id)
        pthread_cond_signal(&mirror->wake);
    while (mirror->watermark < change_id) {
        const struct timespec deadline = deadline_in_ms(LINGER_MS);

        if (mirror->failed_rounds > failed_rounds) {
            scope_fail(scope, mirror->failure.code, "the lake cannot be brought up to date: %s",
                       mirror->failure.message);
            return scope_detail(scope, "%s", mirror->failure.detail);
        }
        TRY(scope_check(scope));
        pthread_cond_timedwait(&mirror->progress, &mirror->mutex, &deadline);
    }
    return OK;
}

code mirror_refresh(struct scope *scope) {
    struct mirror *mirror = session_mirror(scope);
    int64_t newest;
    code result;

    if (!mirror)
        return scope->failure.code;
    TRY(ledger_int64(scope, sql_mirror_newest_change, NO_BINDS, 0, &newest));
    pthread_mutex_lock(&mirror->mutex);
    mirror->waiting++;
    result = wait_for_change(scope, mirror, newest);
    mirror->waiting--;
    pthread_mutex_unlock(&mirror->mutex);
    return result;
}

code mirror_watermark(struct scope *scope, int64_t *ret_change_id) {
    struct mirror *mirror = session_mirror(scope);

    if (!mirror)
        return scope->failure.code;
    pthread_mutex_lock(&mirror->mutex);
    *ret_change_id = mirror->watermark;
    pthread_mutex_unlock(&mirror->mutex);
    return OK;
}

int64_t mirror_state(struct mirror *mirror) {
    int64_t state;

    pthread_mutex_lock(&mirror->mutex);
    state = mirror->watermark < 0 ? 0 : mirror->state; // it is being built
    pthread_mutex_unlock(&mirror->mutex);
    return state;
}

code mirror_rebuild(struct scope *scope) {
    struct mirror *mirror = session_mirror(scope);
    code result;

    if (!mirror)
        return scope->failure.code;
    pthread_mutex_lock(&mirror->carrying);
    // Readers wait from now on.
    pthread_mutex_lock(&mirror->mutex);
    set_watermark(mirror, -1);
    pthread_mutex_unlock(&mirror->mutex);
    result = carrier_rebuild(scope, mirror->carrier);
    publish(mirror, scope);
    pthread_mutex_unlock(&mirror->carrying);
    return result;
}
