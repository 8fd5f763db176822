// SPDX-License-Identifier: Apache-2.0
// A ring per source. At the rate at which events come nobody could read them all: of a source some
// are kept each second, and its faults before its successes.
#include "plug/collect/delivery.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_SOURCES = 256, KEPT_PER_SECOND = 50, FAULTS_PER_SECOND = 100 };

struct ring {
    int64_t sender_id; // 0: free
    int64_t second;    // that `kept` and `faults` are of
    int kept, faults;
    int64_t count; // ever
    struct recent entries[RECENT_COUNT];
};

struct recents {
    pthread_mutex_t mutex; // guards what follows
    int64_t last_number;
    struct ring *rings[MOST_SOURCES];
};

struct recents *recents_new(void) {
    struct recents *recents = calloc(1, sizeof(*recents));

    if (!recents)
        abort();
    pthread_mutex_init(&recents->mutex, NULL);
    return recents;
}

void recents_free(struct recents *recents) {
    if (!recents)
        return;
    for (size_t i = 0; i < MOST_SOURCES; i++)
        free(recents->rings[i]);
    pthread_mutex_destroy(&recents->mutex);
    free(recents);
}

// With the mutex held. NULL: there are too many.
static struct ring *ring_of(struct recents *recents, int64_t sender_id, bool make) {
    size_t i = 0;

    while (i < MOST_SOURCES && recents->rings[i] && recents->rings[i]->sender_id != sender_id)
        i++;
    if (i == MOST_SOURCES || recents->rings[i] || !make)
        return i == MOST_SOURCES ? NULL : recents->rings[i];
    recents->rings[i] = calloc(1, sizeof(struct ring));
    if (recents->rings[i])
        recents->rings[i]->sender_id = sender_id;
    return recents->rings[i];
}

// With the mutex held. NULL: enough of this second are kept.
static struct recent *next_entry(struct recents *recents, int64_t sender_id, int64_t at_us,
                                 bool is_fault) {
    struct ring *ring = ring_of(recents, sender_id, true);
    struct recent *entry;

    if (!ring)
        return NULL;
    if (ring->second != at_us / 1000000) {
        ring->second = at_us / 1000000;
        ring->kept = ring->faults = 0;
    }
    if (is_fault ? ring->faults++ >= FAULTS_PER_SECOND : ring->kept++ >= KEPT_PER_SECOND)
        return NULL;
    entry = &ring->entries[ring->count++ % RECENT_COUNT];
    *entry = (struct recent){.number = ++recents->last_number, .received_at_us = at_us};
    return entry;
}

// Cut between letters.
static void copy_cut(char *to, size_t room, struct text from) {
    size_t size = from.size < room ? from.size : room - 1;

    while (size < from.size && size > 0 && ((unsigned char)from.data[size] & 0xC0) == 0x80)
        size--;
    if (size > 0)
        memcpy(to, from.data, size);
    to[size] = '\0';
}

static void write_kinds(struct recent *entry, const struct message *message) {
    size_t used = 0;

    for (size_t i = 0; i < message->identifier_count && used < sizeof(entry->kinds); i++)
        used +=
            (size_t)snprintf(entry->kinds + used, sizeof(entry->kinds) - used, "%s%s",
                             i > 0 ? ", " : "", identifier_kind_name(message->identifiers[i].kind));
}

void recents_add(struct recents *recents, const struct delivery *delivery,
                 const struct message *message, const char *outcome) {
    const bool is_fault = message->fault.reason != NULL;
    struct recent *entry;

    pthread_mutex_lock(&recents->mutex);
    entry = next_entry(recents, delivery->sender_id, delivery->received_at_us, is_fault);
    if (entry) {
        entry->at_us = message->at_us;
        entry->type = message->type;
        entry->outcome = outcome;
        copy_cut(entry->name, sizeof(entry->name), message->name);
        copy_cut(entry->key, sizeof(entry->key), message->key);
        write_kinds(entry, message);
        copy_cut(entry->detail, sizeof(entry->detail),
                 is_fault ? text_of(message->fault.message) : message->properties);
    }
    pthread_mutex_unlock(&recents->mutex);
}

void recents_add_refusal(struct recents *recents, int64_t sender_id, int64_t received_at_us,
                         const char *why) {
    struct recent *entry;

    pthread_mutex_lock(&recents->mutex);
    entry = next_entry(recents, sender_id, received_at_us, true);
    if (entry) {
        entry->type = MESSAGE_TYPE_COUNT;
        entry->outcome = "refused";
        copy_cut(entry->detail, sizeof(entry->detail), text_of(why));
    }
    pthread_mutex_unlock(&recents->mutex);
}

size_t recents_read(struct recents *recents, int64_t sender_id, int64_t after,
                    struct recent *found) {
    const struct ring *ring;
    size_t count = 0;

    pthread_mutex_lock(&recents->mutex);
    ring = ring_of(recents, sender_id, false);
    if (ring) {
        const int64_t first = ring->count > RECENT_COUNT ? ring->count - RECENT_COUNT : 0;

        for (int64_t i = first; i < ring->count; i++)
            if (ring->entries[i % RECENT_COUNT].number > after)
                found[count++] = ring->entries[i % RECENT_COUNT];
    }
    pthread_mutex_unlock(&recents->mutex);
    return count;
}
