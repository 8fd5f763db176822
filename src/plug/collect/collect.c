// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/collect.h"

#include "plug/collect/delivery.h"
#include "store/deadline.h"

#include <stdlib.h>

void collect_stop_taking(struct collector *collector) {
    pthread_mutex_lock(&collector->mutex);
    collector->is_stopped = true;
    while (collector->is_started && (collector->first || collector->is_writing))
        pthread_cond_wait(&collector->empty, &collector->mutex);
    pthread_mutex_unlock(&collector->mutex);
}

static struct collector *collector_new(struct store *store) {
    struct collector *collector = calloc(1, sizeof(*collector));

    if (!collector)
        abort();
    collector->store = store;
    collector->end = &collector->first;
    collector->desks = desks_new();
    collector->recents = recents_new();
    collector->intake = collect_intake_new(collector);
    pthread_mutex_init(&collector->list_mutex, NULL);
    pthread_mutex_init(&collector->mutex, NULL);
    monotonic_cond_init(&collector->wanted);
    monotonic_cond_init(&collector->empty);
    return collector;
}

static void collector_free(struct collector *collector) {
    recent_share_stop(collector->share);
    desks_free(collector->desks);
    recents_free(collector->recents);
    sender_list_free(collector->list);
    pthread_cond_destroy(&collector->wanted);
    pthread_cond_destroy(&collector->empty);
    pthread_mutex_destroy(&collector->mutex);
    pthread_mutex_destroy(&collector->list_mutex);
    free(collector->intake);
    free(collector);
}

code collector_start(struct scope *scope, struct store *store, struct collector **ret_collector) {
    struct collector *collector = collector_new(store);

    if (collect_refresh(scope, collector) != OK) {
        collector_free(collector);
        return scope->failure.code;
    }
    if (recent_share_start(scope, store, collector->recents, &collector->share) != OK) {
        collector_free(collector);
        return scope->failure.code;
    }
    if (pthread_create(&collector->thread, NULL, collect_write, collector) != 0) {
        collector_free(collector);
        return scope_fail(scope, UNAVAILABLE, "the thread of the collection could not be started");
    }
    collector->is_started = true;
    *ret_collector = collector;
    return OK;
}

const struct intake *collector_intake(struct collector *collector) {
    return collector->intake;
}

void collector_stop(struct collector *collector) {
    if (!collector)
        return;
    collect_stop_taking(collector);
    pthread_mutex_lock(&collector->mutex);
    collector->is_ending = true;
    pthread_cond_signal(&collector->wanted);
    pthread_mutex_unlock(&collector->mutex);
    pthread_join(collector->thread, NULL);
    collector_free(collector);
}

size_t collector_recent(struct collector *collector, int64_t sender_id, int64_t after,
                        struct recent *recents) {
    return recents_read(collector->recents, sender_id, after, recents);
}
