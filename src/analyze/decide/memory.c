// SPDX-License-Identifier: Apache-2.0
#include "analyze/decide/memory.h"

#include "analyze/decide/decide.h"
#include "analyze/decide/image_load.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/time.h"
#include "govern/access/secret.h"
#include "store/deadline.h"
#include "store/setting.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    EVERY_MS = 100,
    AFTER_FAILURE_MS = 500,
    TRUSTED_US = 1000000,              // of a look
    FOLLOWS_FOR_US = 5 * 60 * 1000000, // without a look; the log is kept for longer
};

struct memory {
    struct store *store;
    pthread_t thread;
    atomic_bool is_stopping;
    pthread_mutex_t mutex; // with `woken`, for who sleeps
    pthread_cond_t woken;

    pthread_rwlock_t lock; // guards the three below; the thread alone changes them
    struct loaded *loaded; // NULL: it is being built
    struct key_set *keys;  // NULL as long
    char country[8];       // of phone numbers without one

    _Atomic int64_t looked_us; // of the clock: when the last complete look began
    _Atomic int64_t answered, passed_on;
};

// ---- looks ----

// Whatever was here before goes once nobody reads it.
static void put(struct memory *memory, struct loaded *loaded, struct key_set *keys,
                const char *country) {
    struct loaded *former = loaded != memory->loaded ? memory->loaded : NULL;
    struct key_set *former_keys = memory->keys;

    pthread_rwlock_wrlock(&memory->lock);
    memory->loaded = loaded;
    memory->keys = keys;
    snprintf(memory->country, sizeof(memory->country), "%s", country);
    pthread_rwlock_unlock(&memory->lock);
    key_set_free(former_keys);
    if (former)
        loaded_clear(former);
    free(former);
}

static bool holds(const struct loaded *loaded, const struct trait_list *wanted) {
    size_t found = 0;

    for (size_t i = 0; i < wanted->count; i++)
        for (size_t k = 0; k < loaded->traits.count; k++)
            found += text_equal(wanted->names[i], loaded->traits.names[k]);
    return found == wanted->count;
}

static bool is_usable(const struct memory *memory, const struct trait_list *wanted) {
    return memory->loaded && !memory->loaded->is_stale && holds(memory->loaded, wanted) &&
           clock_us() - atomic_load(&memory->looked_us) < FOLLOWS_FOR_US;
}

static code build(struct scope *scope, const struct trait_list *traits,
                  struct loaded **ret_loaded) {
    struct loaded *loaded = calloc(1, sizeof(*loaded));
    const int64_t begun_us = clock_us();

    if (!loaded)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    if (loaded_build(scope, traits, loaded) != OK || loaded_follow(scope, loaded, NULL) != OK) {
        loaded_clear(loaded);
        free(loaded);
        return scope->failure.code;
    }
    LOG(LOG_LEVEL_DEBUG, "decide_ready",
        LOG_INT64("customers", image_customer_count(loaded->image)),
        LOG_INT64("bytes", image_bytes(loaded->image)),
        LOG_INT64("duration_us", clock_us() - begun_us));
    *ret_loaded = loaded;
    return OK;
}

static const struct trait_list no_traits = {0};

static code look(struct scope *scope, struct memory *memory) {
    const int64_t begun_us = clock_us();
    struct loaded *loaded = memory->loaded;
    struct settings settings;
    struct trait_list wanted;
    struct key_set *keys;

    TRY(settings_load(scope, &settings));
    TRY(key_set_load(scope, loaded ? &loaded->traits : &no_traits, &keys, &wanted));
    if (!is_usable(memory, &wanted)) {
        key_set_free(keys);
        TRY(build(scope, &wanted, &loaded));
        if (key_set_load(scope, &loaded->traits, &keys, &wanted) != OK) {
            loaded_clear(loaded);
            free(loaded);
            return scope->failure.code;
        }
    } else if (loaded_follow(scope, loaded, &memory->lock) != OK) {
        key_set_free(keys);
        return scope->failure.code;
    }
    put(memory, loaded, keys, text_string(&scope->arena, settings.country));
    atomic_store(&memory->looked_us, begun_us);
    return OK;
}

// ---- the thread ----

// False when the thread is to end.
static bool wait(struct memory *memory, int ms) {
    const struct timespec deadline = deadline_in_ms(ms);

    pthread_mutex_lock(&memory->mutex);
    while (!atomic_load(&memory->is_stopping))
        if (pthread_cond_timedwait(&memory->woken, &memory->mutex, &deadline) != 0)
            break;
    pthread_mutex_unlock(&memory->mutex);
    return !atomic_load(&memory->is_stopping);
}

static bool run_one(struct scope *scope, struct memory *memory, bool failed) {
    bool fails;

    scope_forgive(scope);
    scope->now_us = time_now_us();
    look(scope, memory);
    fails = scope->failure.code != OK && scope->failure.code != CANCELLED;
    if (fails && !failed) // told once
        LOG(LOG_LEVEL_ERROR, "decide_not_followed", LOG_STRING("message", scope->failure.message),
            LOG_STRING("detail", scope->failure.detail));
    return fails;
}

static void *run(void *argument) {
    struct memory *memory = argument;
    struct arena_mark empty;
    struct scope scope;
    bool failed = false;

    scope_init(&scope);
    scope.cancelled = &memory->is_stopping;
    empty = arena_mark(&scope.arena);
    session_open(&scope, memory->store);
    do {
        failed = run_one(&scope, memory, failed);
        arena_rewind(&scope.arena, empty);
    } while (wait(memory, failed ? AFTER_FAILURE_MS : EVERY_MS));
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

code memory_start(struct scope *scope, struct store *store, struct memory **ret_memory) {
    struct memory *memory = calloc(1, sizeof(*memory));
    pthread_rwlockattr_t kind;

    if (!memory)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    memory->store = store;
    pthread_rwlockattr_init(&kind);
    // Otherwise those who read without a pause could keep the changes out.
    pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&memory->lock, &kind);
    pthread_rwlockattr_destroy(&kind);
    pthread_mutex_init(&memory->mutex, NULL);
    monotonic_cond_init(&memory->woken);
    if (pthread_create(&memory->thread, NULL, run, memory) != 0) {
        free(memory);
        return scope_fail(scope, UNAVAILABLE, "cannot start the thread that keeps decide's memory");
    }
    *ret_memory = memory;
    return OK;
}

void memory_stop(struct memory *memory) {
    if (!memory)
        return;
    pthread_mutex_lock(&memory->mutex);
    atomic_store(&memory->is_stopping, true);
    pthread_cond_signal(&memory->woken);
    pthread_mutex_unlock(&memory->mutex);
    pthread_join(memory->thread, NULL);
    key_set_free(memory->keys);
    if (memory->loaded)
        loaded_clear(memory->loaded);
    free(memory->loaded);
    pthread_cond_destroy(&memory->woken);
    pthread_mutex_destroy(&memory->mutex);
    pthread_rwlock_destroy(&memory->lock);
    free(memory);
}

// ---- answers ----

// The first use of a day is noted by the ledger.
static bool is_valid(const struct known_key *key) {
    const int64_t now_us = time_now_us();

    return key && (key->expires_at_us == 0 || key->expires_at_us > now_us) &&
           key->used_day >= now_us / US_PER_DAY;
}

// With the lock held for reading.
static bool answer(const struct memory *memory, struct scope *scope, struct text hash,
                   struct text id, struct buffer *out) {
    struct decide_question question;
    const struct known_key *key;
    struct image_name name;

    if (!memory->loaded)
        return false;
    key = key_set_find(memory->keys, hash);
    if (!is_valid(key) || decide_parse(scope, id, text_of(memory->country), &question) != OK)
        return false;
    if (question.is_nobody)
        return false;
    name =
        image_name_of(memory->loaded->image, (int)question.kind, question.source, question.value);
    image_write_answer(memory->loaded->image, name, key->traits, key->trait_names, key->trait_count,
                       out);
    return true;
}

bool memory_answer(struct memory *memory, struct scope *scope, struct text key, struct text id,
                   struct buffer *out) {
    const struct text hash = secret_hash(&scope->arena, key);
    bool answered = false;

    if (clock_us() - atomic_load(&memory->looked_us) < TRUSTED_US) {
        pthread_rwlock_rdlock(&memory->lock);
        answered = answer(memory, scope, hash, id, out);
        pthread_rwlock_unlock(&memory->lock);
    }
    atomic_fetch_add_explicit(answered ? &memory->answered : &memory->passed_on, 1,
                              memory_order_relaxed);
    return answered;
}

struct memory_state memory_state(struct memory *memory) {
    struct memory_state state = {.answered = atomic_load(&memory->answered),
                                 .passed_on = atomic_load(&memory->passed_on)};

    pthread_rwlock_rdlock(&memory->lock);
    if (memory->loaded) {
        state.is_warm = true;
        state.behind_us = clock_us() - atomic_load(&memory->looked_us);
        state.bytes = image_bytes(memory->loaded->image);
        state.customers = image_customer_count(memory->loaded->image);
    }
    pthread_rwlock_unlock(&memory->lock);
    return state;
}
