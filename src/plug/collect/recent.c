// SPDX-License-Identifier: Apache-2.0
// A ring per source, and one for what other servers show of it. At the rate at which events come
// nobody could read them all: of a source some are kept each second, and its faults before its
// successes.
#include "plug/collect/delivery.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    MOST_RINGS = 512,
    KEPT_PER_SECOND = 50,
    FAULTS_PER_SECOND = 100,
    WATCHED_US = 10000000, // after somebody looked
};

const char *const recent_outcome_names[] = {"accepted", "duplicate", "quarantined", "refused"};

struct ring {
    int64_t sender_id;
    bool is_of_others;
    int64_t looked_us; // of the clock; 0: never
    int64_t second;    // that `kept` and `faults` are of
    int kept, faults;
    int64_t count; // ever
    struct recent entries[RECENT_COUNT];
};

struct recents {
    pthread_mutex_t mutex; // guards what follows
    int64_t last_number;
    struct ring *rings[MOST_RINGS];
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
    for (size_t i = 0; i < MOST_RINGS; i++)
        free(recents->rings[i]);
    pthread_mutex_destroy(&recents->mutex);
    free(recents);
}

// With the mutex held: its place, which may be empty. NULL: there are too many.
static struct ring **place_of(struct recents *recents, int64_t sender_id, bool is_of_others) {
    for (size_t i = 0; i < MOST_RINGS; i++) {
        const struct ring *ring = recents->rings[i];

        if (!ring || (ring->sender_id == sender_id && ring->is_of_others == is_of_others))
            return &recents->rings[i];
    }
    return NULL;
}

// With the mutex held. NULL: there are too many.
static struct ring *ring_of(struct recents *recents, int64_t sender_id, bool is_of_others) {
    struct ring **place = place_of(recents, sender_id, is_of_others);

    if (!place || *place)
        return place ? *place : NULL;
    *place = calloc(1, sizeof(**place));
    if (*place) {
        (*place)->sender_id = sender_id;
        (*place)->is_of_others = is_of_others;
    }
    return *place;
}

static struct recent *add_entry(struct recents *recents, struct ring *ring) {
    struct recent *entry = &ring->entries[ring->count++ % RECENT_COUNT];

    *entry = (struct recent){.number = ++recents->last_number};
    return entry;
}

// With the mutex held. NULL: enough of this second are kept.
static struct recent *next_entry(struct recents *recents, int64_t sender_id, int64_t at_us,
                                 bool is_fault) {
    struct ring *ring = ring_of(recents, sender_id, false);
    struct recent *entry;

    if (!ring)
        return NULL;
    if (ring->second != at_us / 1000000) {
        ring->second = at_us / 1000000;
        ring->kept = ring->faults = 0;
    }
    if (is_fault ? ring->faults++ >= FAULTS_PER_SECOND : ring->kept++ >= KEPT_PER_SECOND)
        return NULL;
    entry = add_entry(recents, ring);
    entry->received_at_us = at_us;
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
                 const struct message *message, enum recent_outcome outcome) {
    const struct message_fault *wrong = message_wrong(message);
    struct recent *entry;

    pthread_mutex_lock(&recents->mutex);
    entry = next_entry(recents, delivery->sender_id, delivery->received_at_us, wrong != NULL);
    if (entry) {
        entry->at_us = message->at_us;
        entry->type = message->type;
        entry->outcome = outcome;
        copy_cut(entry->name, sizeof(entry->name), message->name);
        copy_cut(entry->key, sizeof(entry->key), message->key);
        write_kinds(entry, message);
        copy_cut(entry->detail, sizeof(entry->detail),
                 wrong ? text_of(wrong->message) : message->properties);
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
        entry->outcome = RECENT_REFUSED;
        copy_cut(entry->detail, sizeof(entry->detail), text_of(why));
    }
    pthread_mutex_unlock(&recents->mutex);
}

// ---- reading ----

static size_t first_of(const struct ring *ring) {
    return ring->count > RECENT_COUNT ? (size_t)(ring->count - RECENT_COUNT) : 0;
}

static size_t read_ring(const struct ring *ring, int64_t after, struct recent *found) {
    size_t count = 0;

    for (size_t i = first_of(ring); i < (size_t)ring->count; i++)
        if (ring->entries[i % RECENT_COUNT].number > after)
            found[count++] = ring->entries[i % RECENT_COUNT];
    return count;
}

static int compare_recents(const void *a, const void *b) {
    const struct recent *first = a, *second = b;

    if (first->received_at_us != second->received_at_us)
        return first->received_at_us < second->received_at_us ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

size_t recents_read(struct recents *recents, int64_t sender_id, int64_t after,
                    struct recent *found) {
    struct recent *all = calloc((size_t)2 * RECENT_COUNT, sizeof(*all));
    struct ring *own, **others;
    size_t count = 0, left_out;

    if (!all)
        abort();
    pthread_mutex_lock(&recents->mutex);
    own = ring_of(recents, sender_id, false);
    others = place_of(recents, sender_id, true);
    if (own) {
        own->looked_us = clock_us();
        count = read_ring(own, after, all);
    }
    if (others && *others)
        count += read_ring(*others, after, &all[count]);
    pthread_mutex_unlock(&recents->mutex);
    qsort(all, count, sizeof(*all), compare_recents);
    left_out = count > RECENT_COUNT ? count - RECENT_COUNT : 0;
    memcpy(found, &all[left_out], (count - left_out) * sizeof(*all));
    free(all);
    return count - left_out;
}

// ---- other servers ----

size_t recents_own(struct recents *recents, int64_t sender_id, int64_t after,
                   struct recent *found) {
    const struct ring *ring;
    size_t count = 0;

    pthread_mutex_lock(&recents->mutex);
    ring = ring_of(recents, sender_id, false);
    if (ring)
        count = read_ring(ring, after, found);
    pthread_mutex_unlock(&recents->mutex);
    return count;
}

static bool is_known(const struct ring *ring, const struct recent *recent) {
    for (size_t i = first_of(ring); i < (size_t)ring->count; i++) {
        const struct recent *known = &ring->entries[i % RECENT_COUNT];

        if (known->writer == recent->writer && known->writer_number == recent->writer_number)
            return true;
    }
    return false;
}

void recents_add_of_other(struct recents *recents, int64_t sender_id, const struct recent *recent) {
    struct ring *ring;

    pthread_mutex_lock(&recents->mutex);
    ring = ring_of(recents, sender_id, true);
    if (ring && !is_known(ring, recent)) {
        struct recent *entry = add_entry(recents, ring);
        const int64_t number = entry->number;

        *entry = *recent;
        entry->number = number;
    }
    pthread_mutex_unlock(&recents->mutex);
}

size_t recents_watched(struct recents *recents, int64_t *sender_ids) {
    const int64_t from_us = clock_us() - WATCHED_US;
    size_t count = 0;

    pthread_mutex_lock(&recents->mutex);
    for (size_t i = 0; i < MOST_RINGS && recents->rings[i] && count < RECENT_WATCHED_MOST; i++) {
        const struct ring *ring = recents->rings[i];

        if (!ring->is_of_others && ring->looked_us != 0 && ring->looked_us > from_us)
            sender_ids[count++] = ring->sender_id;
    }
    pthread_mutex_unlock(&recents->mutex);
    return count;
}
