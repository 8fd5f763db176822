// SPDX-License-Identifier: Apache-2.0
// A table by open addressing, at most half full.
#include "analyze/attribution/channel_count.h"

#include <stdlib.h>

static uint64_t hash_of(struct text name) {
    const uint64_t hash = text_hash(name);

    return hash != 0 ? hash : 1;
}

static struct channel_count *slot_of(const struct channel_counts *counts, uint64_t hash) {
    size_t slot = hash & (counts->capacity - 1);

    while (counts->slots[slot].hash != 0 && counts->slots[slot].hash != hash)
        slot = (slot + 1) & (counts->capacity - 1);
    return &counts->slots[slot];
}

// The same names in `capacity` slots, those of them that are not marked by no touches.
static void rehash(struct channel_counts *counts, size_t capacity) {
    struct channel_counts larger = {.slots = calloc(capacity, sizeof(*larger.slots)),
                                    .capacity = capacity};

    if (larger.slots == NULL)
        abort();
    for (size_t i = 0; i < counts->capacity; i++)
        if (counts->slots[i].hash != 0 && counts->slots[i].touches > 0) {
            *slot_of(&larger, counts->slots[i].hash) = counts->slots[i];
            larger.count++;
        }
    free(counts->slots);
    *counts = larger;
}

void channel_counts_clear(struct channel_counts *counts) {
    free(counts->slots);
    *counts = (struct channel_counts){0};
}

void channel_counts_add(struct channel_counts *counts, struct text name) {
    const uint64_t hash = hash_of(name);
    struct channel_count *slot;

    if (counts->count * 2 >= counts->capacity)
        rehash(counts, counts->capacity > 0 ? counts->capacity * 2 : 256);
    slot = slot_of(counts, hash);
    if (slot->hash == 0) {
        if (counts->count == CHANNEL_COUNTS_MOST)
            return;
        slot->hash = hash;
        counts->count++;
    }
    slot->touches++;
}

static int largest_first(const void *a, const void *b) {
    const struct channel_count *first = a, *second = b;

    if (first->touches != second->touches)
        return first->touches > second->touches ? -1 : 1;
    return (first->hash > second->hash) - (first->hash < second->hash);
}

void channel_counts_keep(struct channel_counts *counts, size_t most) {
    if (counts->count <= most)
        return;
    qsort(counts->slots, counts->capacity, sizeof(*counts->slots), largest_first);
    for (size_t i = most; i < counts->capacity; i++)
        counts->slots[i].touches = 0;
    rehash(counts, counts->capacity);
}

bool channel_counts_has(const struct channel_counts *counts, struct text name) {
    return counts->capacity > 0 && slot_of(counts, hash_of(name))->hash != 0;
}
