// SPDX-License-Identifier: Apache-2.0
// Group commit. While one transaction reaches the disk, what comes waits; then all of it is written
// in the next, which is as large as the disk is slow. No request waits on purpose.
#include "plug/collect/delivery.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "collect_sql.h"
#include "govern/operation/pulse.h"
#include "plug/tag/expiry.h"
#include "store/deadline.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    MOST_TOGETHER = 20000, // messages of one transaction
    MOST_US = 200000,      // of one, from which on others who write have their turn
    LOOK_MS = 500,         // at the senders: keys that were taken back
    FULL_LOOK_US = 2000000,
    SILENCE_LOOK_US = 10000000,
    EXPIRY_LOOK_US = 600000000,
};

// ---- deliveries ----

struct delivery *delivery_new(void) {
    struct delivery *delivery = calloc(1, sizeof(*delivery));

    if (!delivery)
        abort();
    arena_init(&delivery->arena);
    return delivery;
}

void delivery_free(struct delivery *delivery) {
    arena_clear(&delivery->arena);
    free(delivery);
}

// ---- the queue ----

bool collect_put(struct collector *collector, struct delivery *delivery) {
    bool is_taken;

    pthread_mutex_lock(&collector->mutex);
    is_taken = !collector->is_stopped;
    if (is_taken) {
        if (!collector->first && !collector->is_writing)
            pthread_cond_signal(&collector->wanted);
        *collector->end = delivery;
        collector->end = &delivery->next;
    }
    pthread_mutex_unlock(&collector->mutex);
    return is_taken;
}

// With the mutex held: as many as one transaction takes.
static struct delivery *take_some(struct collector *collector) {
    struct delivery *first = collector->first, **end = &collector->first;
    size_t count = 0;

    while (*end && (count == 0 || count + (*end)->message_count <= MOST_TOGETHER)) {
        count += (*end)->message_count;
        end = &(*end)->next;
    }
    collector->first = *end;
    *end = NULL;
    if (!collector->first)
        collector->end = &collector->first;
    return first;
}

// NULL: nothing came for a while, or the thread is to end.
static struct delivery *wait_for_some(struct collector *collector, bool *ret_is_ending) {
    const struct timespec deadline = deadline_in_ms(LOOK_MS);
    struct delivery *first = NULL;

    pthread_mutex_lock(&collector->mutex);
    collector->is_writing = false;
    if (!collector->first)
        pthread_cond_broadcast(&collector->empty);
    while (!collector->first && !collector->is_ending)
        if (pthread_cond_timedwait(&collector->wanted, &collector->mutex, &deadline) != 0)
            break;
    if (collector->first) {
        first = take_some(collector);
        collector->is_writing = true;
    }
    *ret_is_ending = collector->is_ending && !first;
    pthread_mutex_unlock(&collector->mutex);
    return first;
}

// ---- answers ----

static void tell_recents(struct collector *collector, const struct delivery *delivery) {
    if (delivery->counts.forgotten > 0)
        recents_add_refusal(collector->recents, delivery->sender_id, delivery->received_at_us,
                            "the device has refused the purpose before: nothing was kept");
    for (size_t i = 0; i < delivery->message_count; i++) {
        const struct message *message = &delivery->messages[i];

        if (message->is_forgotten)
            continue;
        recents_add(collector->recents, delivery, message,
                    !message->is_taken      ? RECENT_QUARANTINED
                    : message->is_duplicate ? RECENT_DUPLICATE
                                            : RECENT_ACCEPTED);
    }
}

static void finish(struct collector *collector, struct delivery *first,
                   const struct failure *failure) {
    while (first) {
        struct delivery *delivery = first;

        first = first->next;
        if (failure)
            delivery_refuse(delivery, failure);
        else
            delivery_answer(delivery);
        if (!failure)
            tell_recents(collector, delivery);
        delivery_free(delivery);
    }
}

// ---- writing ----

static code write_all(struct scope *scope, struct collect_sink *sink, struct delivery *first,
                      struct delivery **ret_rest) {
    const int64_t begin_us = time_now_us();
    struct delivery *delivery = first;

    TRY(collect_sink_begin(scope, sink));
    do {
        struct delivery *last = delivery;

        TRY(collect_sink_take(scope, sink, delivery));
        delivery = delivery->next;
        if (delivery && time_now_us() - begin_us > MOST_US) {
            last->next = NULL;
            *ret_rest = delivery;
            return collect_sink_flush(scope, sink);
        }
    } while (delivery);
    *ret_rest = NULL;
    return collect_sink_flush(scope, sink);
}

static code write_together(struct scope *scope, struct collect_sink *sink, struct delivery *first,
                           struct delivery **ret_rest) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    code result;

    scope->now_us = time_now_us();
    result = ledger_begin(scope);
    if (result == OK)
        result = ledger_end(scope, write_all(scope, sink, first, ret_rest));
    if (result != OK)
        collect_sink_forget(sink);
    arena_rewind(&scope->arena, mark);
    return result;
}

static bool is_of_the_store(code reason) {
    return reason == UNAVAILABLE || reason == STORAGE_FULL || reason == BUSY || reason == CANCELLED;
}

// What one message holds may be such a failure, however often it is tried.
static bool is_of_a_message(code reason) {
    return reason == INVALID || reason == TOO_LARGE || reason == CONFLICT || reason == NOT_FOUND;
}

static void log_failure(const struct failure *failure) {
    LOG(LOG_LEVEL_ERROR, "collection_failed", LOG_STRING("code", code_info(failure->code)->name),
        LOG_STRING("message", failure->message), LOG_STRING("detail", failure->detail));
}

// Some messages of a delivery; with a reason, the one that cannot be written is kept apart.
static code write_part(struct scope *scope, struct collect_sink *sink, struct delivery *delivery,
                       size_t first, size_t end, code reason) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const struct delivery_counts before = delivery->counts;
    code result;

    scope_forgive(scope);
    result = ledger_begin(scope);
    if (result == OK) {
        result = collect_sink_begin(scope, sink);
        if (result == OK)
            result = reason == OK ? collect_sink_take_some(scope, sink, delivery, first, end)
                                  : collect_sink_put_apart(scope, sink, delivery, first, reason);
        result = ledger_end(scope, result == OK ? collect_sink_flush(scope, sink) : result);
    }
    if (result != OK) {
        collect_sink_forget(sink);
        delivery->counts = before;
    }
    arena_rewind(&scope->arena, mark);
    return result;
}

// A delivery of which something cannot be written: by halves, which finds a message among thousands
// in a few transactions. It is kept apart, so that it does not come back for ever.
static code write_halves(struct scope *scope, struct collect_sink *sink, struct delivery *delivery,
                         size_t first, size_t end) {
    code result = write_part(scope, sink, delivery, first, end, OK);

    if (!is_of_a_message(result))
        return result;
    if (end - first > 1) {
        TRY(write_halves(scope, sink, delivery, first, first + (end - first) / 2));
        return write_halves(scope, sink, delivery, first + (end - first) / 2, end);
    }
    for (int tries = 0; tries < 2 && is_of_a_message(result); tries++) {
        log_failure(&scope->failure);
        result = write_part(scope, sink, delivery, first, end, result);
    }
    return result;
}

// ---- senders ----

code collect_refresh(struct scope *scope, struct collector *collector) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct sender_list *list = NULL;
    struct settings settings;

    TRY(sender_list_read(scope, &list));
    if (settings_load(scope, &settings) != OK) {
        sender_list_free(list);
        return scope->failure.code;
    }
    pthread_mutex_lock(&collector->list_mutex);
    sender_list_free(collector->list);
    collector->list = list;
    snprintf(collector->country, sizeof(collector->country), "%.*s", TEXT_ARG(settings.country));
    pthread_mutex_unlock(&collector->list_mutex);
    arena_rewind(&scope->arena, mark);
    return OK;
}

code collect_look_for_full(struct scope *scope, struct collector *collector) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t full[FULL_MOST] = {0};

    TRY(ledger_query(scope, sql_collect_quarantine_full,
                     BINDS(BIND_INT64(LIMIT_WAITING_PER_SOURCE - 1)), &rows));
    for (size_t i = 0; i < FULL_MOST && rows_next(rows); i++)
        full[i] = rows_int64(rows, 0);
    TRY(rows_end(rows));
    pthread_mutex_lock(&collector->list_mutex);
    memcpy(collector->full, full, sizeof(full));
    pthread_mutex_unlock(&collector->list_mutex);
    return OK;
}

// Said once for each silence: in the log, which is what alarms are made of. False when it could not
// be seen.
static bool look_for_silence(struct scope *scope, int64_t before_us) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct pulse *pulses;
    size_t count = 0;
    const bool is_seen = pulse_read(scope, &pulses, &count) == OK;

    if (!is_seen)
        log_failure(&scope->failure);
    for (size_t i = 0; i < count; i++) {
        const struct pulse *pulse = &pulses[i];
        const int64_t due_us = pulse->since_us + pulse->silence_s * US_PER_SECOND;

        if (text_is(text_of(pulse->state), "silent") && due_us > before_us)
            LOG(LOG_LEVEL_WARN, "source_is_silent", LOG_INT64("source", pulse->id),
                LOG_INT64("for_s", (scope->now_us - pulse->since_us) / US_PER_SECOND));
    }
    arena_rewind(&scope->arena, mark);
    scope_forgive(scope);
    return is_seen;
}

static void look_for_old(struct scope *scope) {
    int64_t job_id;

    if (expiry_start_if_due(scope, &job_id) != OK)
        log_failure(&scope->failure);
    scope_forgive(scope);
}

struct house {
    int64_t refreshed_us; // by clock_us(): however the clock is set, a revoked key ends
    int64_t counted_us;   // by clock_us(): what waits in quarantine
    int64_t looked_us;    // an instant
    int64_t kept_us;      // an instant: when it was asked whether something is kept for too long
};

static void keep_house(struct collector *collector, struct scope *scope, struct house *house) {
    const int64_t tick_us = clock_us(), now_us = time_now_us();

    if (tick_us - house->refreshed_us < INT64_C(1000) * LOOK_MS)
        return;
    house->refreshed_us = tick_us;
    scope->now_us = now_us;
    if (collect_refresh(scope, collector) != OK)
        log_failure(&scope->failure); // those of before count on
    scope_forgive(scope);
    if (tick_us - house->counted_us >= FULL_LOOK_US) {
        if (collect_look_for_full(scope, collector) != OK)
            log_failure(&scope->failure);
        scope_forgive(scope);
        house->counted_us = tick_us;
    }
    if (now_us < house->looked_us) // the clock was set back
        house->looked_us = now_us;
    if (now_us - house->looked_us < SILENCE_LOOK_US)
        return;
    if (look_for_silence(scope, house->looked_us)) // else it is said when it is seen
        house->looked_us = now_us;
    if (now_us - house->kept_us >= EXPIRY_LOOK_US || now_us < house->kept_us) {
        look_for_old(scope);
        house->kept_us = now_us;
    }
}

// ---- the thread ----

// What one delivery holds must not keep others from being taken: each by itself.
static void write_singly(struct collector *collector, struct scope *scope,
                         struct collect_sink *sink, struct house *house, struct delivery *first) {
    while (first) {
        struct delivery *delivery = first, *rest;
        code result;

        first = first->next;
        delivery->next = NULL;
        scope_forgive(scope);
        result = write_together(scope, sink, delivery, &rest);
        if (is_of_a_message(result)) {
            delivery->counts = (struct delivery_counts){0};
            result = write_halves(scope, sink, delivery, 0, delivery->message_count);
        }
        if (result != OK)
            log_failure(&scope->failure);
        finish(collector, delivery, result == OK ? NULL : &scope->failure);
        if (first) {
            scope_forgive(scope);
            keep_house(collector, scope, house);
        }
    }
    scope_forgive(scope);
}

static void write_some(struct collector *collector, struct scope *scope, struct collect_sink *sink,
                       struct house *house, struct delivery *first) {
    while (first) {
        struct delivery *rest = NULL;
        const code result = write_together(scope, sink, first, &rest);

        if (result != OK && !is_of_the_store(result)) {
            if (rest) { // one list again
                struct delivery **end = &first;

                while (*end)
                    end = &(*end)->next;
                *end = rest;
            }
            write_singly(collector, scope, sink, house, first);
            return;
        }
        if (result != OK)
            log_failure(&scope->failure);
        finish(collector, first, result == OK ? NULL : &scope->failure);
        scope_forgive(scope);
        first = rest;
        if (first)
            keep_house(collector, scope, house);
    }
}

// Asked for until it is so: there may be no database to connect to when the thread begins.
static bool become_bulk(struct scope *scope) {
    const bool is_bulk = ledger_expect_bulk(scope) == OK;

    scope_forgive(scope);
    return is_bulk;
}

void *collect_write(void *argument) {
    struct collector *collector = argument;
    struct collect_sink *sink = collect_sink_new();
    struct house house = {.refreshed_us = clock_us(), .looked_us = time_now_us()};
    bool is_ending = false, is_bulk;
    struct scope scope;

    scope_init(&scope);
    if (session_open(&scope, collector->store) != OK)
        abort();
    is_bulk = become_bulk(&scope);
    while (!is_ending) {
        struct delivery *first = wait_for_some(collector, &is_ending);

        is_bulk = is_bulk || become_bulk(&scope);
        write_some(collector, &scope, sink, &house, first);
        keep_house(collector, &scope, &house);
    }
    collect_sink_free(sink);
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}
