// SPDX-License-Identifier: Apache-2.0
// Behind a load balancer each server takes a part of what a source sends. Whoever looks at a source
// says so by a row that counts on; the others see it count, and put what they have taken beside it
// for as long as it does. So nothing is written while nobody looks, and no clocks are compared.
#include "plug/collect/delivery.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/time.h"
#include "recent_sql.h"
#include "store/deadline.h"
#include "store/ledger.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    LOOK_MS = 500,    // while nobody looks
    WATCH_MS = 200,   // while somebody does
    FAILED_MS = 1000, // after a failure
    BEAT_US = 2000000,
    LAPSED_US = 20000000, // without a beat
    KEPT_US = 60000000,
    SWEPT_US = 10 * KEPT_US, // of any server: more than their clocks differ
};

// A source that somebody looks at, at whichever server.
struct watch {
    int64_t sender_id, beat;
    int64_t beat_us;      // of the clock: when it was seen to count on
    int64_t shown_number; // up to which this process has shown what is its own
    int64_t seen_id;      // up to which it has seen what others show
};

struct recent_share {
    struct store *store;
    struct recents *recents;
    pthread_t thread;
    atomic_bool is_stopping;
    pthread_mutex_t mutex; // with `woken`, for who sleeps
    pthread_cond_t woken;

    // The thread's.
    int64_t writer;
    int64_t beat_us;  // of the clock: when this process said last what is looked at here
    int64_t swept_us; // of the clock: when it deleted what is old
    struct watch watches[RECENT_WATCHED_MOST];
    size_t watch_count;
    bool is_failing;
};

// ---- who looks ----

static code beat(struct scope *scope, struct recent_share *share, const int64_t *sender_ids,
                 size_t count) {
    if (clock_us() - share->beat_us < BEAT_US)
        return OK;
    for (size_t i = 0; i < count; i++)
        TRY(ledger_exec(scope, sql_recent_beat, BINDS(BIND_INT64(sender_ids[i]))));
    share->beat_us = clock_us();
    return OK;
}

static struct watch watch_of(const struct recent_share *share, int64_t sender_id, int64_t beats) {
    for (size_t i = 0; i < share->watch_count; i++) {
        struct watch watch = share->watches[i];

        if (watch.sender_id != sender_id)
            continue;
        if (watch.beat != beats)
            watch.beat_us = clock_us();
        watch.beat = beats;
        return watch;
    }
    return (struct watch){.sender_id = sender_id, .beat = beats, .beat_us = clock_us()};
}

static code read_watches(struct scope *scope, struct recent_share *share) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct watch found[RECENT_WATCHED_MOST];
    size_t count = 0;

    TRY(ledger_query(scope, sql_recent_watches, NO_BINDS, &rows));
    for (; rows_next(rows) && count < RECENT_WATCHED_MOST; count++)
        found[count] = watch_of(share, rows_int64(rows, 0), rows_int64(rows, 1));
    TRY(rows_end(rows));
    memcpy(share->watches, found, count * sizeof(*found));
    share->watch_count = count;
    return OK;
}

static code unwatch(struct scope *scope, const struct watch *watch) {
    TRY(ledger_exec(scope, sql_recent_unwatch,
                    BINDS(BIND_INT64(watch->sender_id), BIND_INT64(watch->beat))));
    return ledger_exec(scope, sql_recent_forget, BINDS(BIND_INT64(watch->sender_id)));
}

static code forget(struct scope *scope, const struct watch *watch) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, unwatch(scope, watch));
}

static code forget_old(struct scope *scope, struct recent_share *share) {
    if (share->swept_us != 0 && clock_us() - share->swept_us < KEPT_US)
        return OK;
    TRY(ledger_exec(scope, sql_recent_forget_old, BINDS(BIND_INT64(time_now_us() - SWEPT_US))));
    share->swept_us = clock_us();
    return OK;
}

// ---- what is shown ----

static code insert(struct scope *scope, const struct recent_share *share, const struct watch *watch,
                   int64_t id, const struct recent *recent) {
    return ledger_exec(scope, sql_recent_insert,
                       BINDS(BIND_INT64(id), BIND_INT64(share->writer), BIND_INT64(recent->number),
                             BIND_INT64(watch->sender_id), BIND_INT64(recent->received_at_us),
                             BIND_INT64(recent->at_us), BIND_INT64(recent->type),
                             BIND_INT64(recent->outcome), BIND_TEXT(text_of(recent->name)),
                             BIND_TEXT(text_of(recent->key)), BIND_TEXT(text_of(recent->kinds)),
                             BIND_TEXT(text_of(recent->detail))));
}

// Writers take turns: an id behind the newest is in the order of the commits.
static code write(struct scope *scope, const struct recent_share *share, const struct watch *watch,
                  const struct recent *own, size_t count) {
    int64_t newest, id = store_new_ids(scope, (int64_t)count);

    TRY(ledger_int64(scope, sql_recent_newest, NO_BINDS, 0, &newest));
    if (id <= newest)
        id = newest + 1;
    for (size_t i = 0; i < count; i++)
        TRY(insert(scope, share, watch, id + (int64_t)i, &own[i]));
    return ledger_exec(scope, sql_recent_forget_older,
                       BINDS(BIND_INT64(watch->sender_id), BIND_INT64(share->writer),
                             BIND_INT64(time_now_us() - KEPT_US)));
}

static code show_own(struct scope *scope, const struct recent_share *share, struct watch *watch) {
    struct recent *own = arena_array(&scope->arena, RECENT_COUNT, sizeof(*own));
    const size_t count = recents_own(share->recents, watch->sender_id, watch->shown_number, own);

    if (count == 0)
        return OK;
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, write(scope, share, watch, own, count)));
    watch->shown_number = own[count - 1].number;
    return OK;
}

// ---- what others show ----

static void copy(char *to, size_t room, struct text from) {
    snprintf(to, room, "%.*s", TEXT_ARG(from));
}

static struct recent recent_from_row(const struct rows *rows) {
    const int64_t type = rows_int64(rows, 5), outcome = rows_int64(rows, 6);
    struct recent recent = {
        .writer = rows_int64(rows, 1),
        .writer_number = rows_int64(rows, 2),
        .received_at_us = rows_int64(rows, 3),
        .at_us = rows_int64(rows, 4),
        .type =
            type >= 0 && type < MESSAGE_TYPE_COUNT ? (enum message_type)type : MESSAGE_TYPE_COUNT,
        .outcome = outcome >= 0 && outcome < RECENT_REFUSED ? (enum recent_outcome)outcome
                                                            : RECENT_REFUSED,
    };

    copy(recent.name, sizeof(recent.name), rows_text(rows, 7));
    copy(recent.key, sizeof(recent.key), rows_text(rows, 8));
    copy(recent.kinds, sizeof(recent.kinds), rows_text(rows, 9));
    copy(recent.detail, sizeof(recent.detail), rows_text(rows, 10));
    return recent;
}

static code read_others(struct scope *scope, const struct recent_share *share,
                        struct watch *watch) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(
        scope, sql_recent_of_others,
        BINDS(BIND_INT64(watch->sender_id), BIND_INT64(share->writer), BIND_INT64(watch->seen_id)),
        &rows));
    while (rows_next(rows)) {
        const struct recent recent = recent_from_row(rows);

        recents_add_of_other(share->recents, watch->sender_id, &recent);
        watch->seen_id = rows_int64(rows, 0);
    }
    return rows_end(rows);
}

// ---- the thread ----

static bool holds(const int64_t *ids, size_t count, int64_t id) {
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static code look(struct scope *scope, struct recent_share *share) {
    int64_t here[RECENT_WATCHED_MOST];
    const size_t count = recents_watched(share->recents, here);

    TRY(beat(scope, share, here, count));
    TRY(read_watches(scope, share));
    TRY(forget_old(scope, share));
    for (size_t i = 0; i < share->watch_count; i++) {
        struct watch *watch = &share->watches[i];

        if (clock_us() - watch->beat_us > LAPSED_US) {
            TRY(forget(scope, watch));
            continue;
        }
        TRY(show_own(scope, share, watch));
        if (holds(here, count, watch->sender_id))
            TRY(read_others(scope, share, watch));
    }
    return OK;
}

static void tell(struct recent_share *share, const struct scope *scope) {
    const bool fails = scope->failure.code != OK && scope->failure.code != CANCELLED;

    if (fails && !share->is_failing) // told once
        LOG(LOG_LEVEL_WARN, "last_events_not_shared", LOG_STRING("message", scope->failure.message),
            LOG_STRING("detail", scope->failure.detail));
    share->is_failing = fails;
}

// False when the thread is to end.
static bool wait(struct recent_share *share) {
    const struct timespec deadline = deadline_in_ms(share->is_failing        ? FAILED_MS
                                                    : share->watch_count > 0 ? WATCH_MS
                                                                             : LOOK_MS);

    pthread_mutex_lock(&share->mutex);
    while (!atomic_load(&share->is_stopping))
        if (pthread_cond_timedwait(&share->woken, &share->mutex, &deadline) != 0)
            break;
    pthread_mutex_unlock(&share->mutex);
    return !atomic_load(&share->is_stopping);
}

static void *run(void *argument) {
    struct recent_share *share = argument;
    struct arena_mark empty;
    struct scope scope;

    scope_init(&scope);
    scope.cancelled = &share->is_stopping;
    empty = arena_mark(&scope.arena);
    session_open(&scope, share->store);
    share->writer = store_new_id(&scope);
    do {
        arena_rewind(&scope.arena, empty);
        scope_forgive(&scope);
        scope.now_us = time_now_us();
        look(&scope, share);
        tell(share, &scope);
    } while (wait(share));
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

code recent_share_start(struct scope *scope, struct store *store, struct recents *recents,
                        struct recent_share **ret_share) {
    struct recent_share *share;

    if (!store_is_shared(store))
        return OK;
    share = calloc(1, sizeof(*share));
    if (!share)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    share->store = store;
    share->recents = recents;
    pthread_mutex_init(&share->mutex, NULL);
    monotonic_cond_init(&share->woken);
    if (pthread_create(&share->thread, NULL, run, share) != 0) {
        free(share);
        return scope_fail(scope, UNAVAILABLE, "cannot start the thread that shows last events");
    }
    *ret_share = share;
    return OK;
}

void recent_share_stop(struct recent_share *share) {
    if (!share)
        return;
    pthread_mutex_lock(&share->mutex);
    atomic_store(&share->is_stopping, true);
    pthread_cond_signal(&share->woken);
    pthread_mutex_unlock(&share->mutex);
    pthread_join(share->thread, NULL);
    pthread_cond_destroy(&share->woken);
    pthread_mutex_destroy(&share->mutex);
    free(share);
}
