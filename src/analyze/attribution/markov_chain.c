// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/markov_chain.h"

#include <stdlib.h>
#include <string.h>

enum { CHANNEL_BITS = 16 };

// ---- numbers of keys ----

// Keys that were met, in that order, each with a weight. Heap.
struct tally {
    uint64_t *keys;
    int64_t *weights;
    uint32_t *slots; // number + 1; 0: free
    size_t count, mask;
};

static void tally_clear(struct tally *tally) {
    free(tally->keys);
    free(tally->weights);
    free(tally->slots);
}

static size_t slot_of(const struct tally *tally, uint64_t key) {
    uint64_t hash = key * 0x9e3779b97f4a7c15U;

    hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9U;
    return (size_t)(hash ^ hash >> 32) & tally->mask;
}

static void grow(struct tally *tally) {
    const size_t slot_count = tally->mask > 0 ? (tally->mask + 1) * 2 : 1024;

    free(tally->slots);
    tally->slots = calloc(slot_count, sizeof(*tally->slots));
    tally->keys = realloc(tally->keys, slot_count / 2 * sizeof(*tally->keys));
    tally->weights = realloc(tally->weights, slot_count / 2 * sizeof(*tally->weights));
    if (tally->slots == NULL || tally->keys == NULL || tally->weights == NULL)
        abort();
    tally->mask = slot_count - 1;
    for (size_t i = 0; i < tally->count; i++) {
        size_t slot = slot_of(tally, tally->keys[i]);

        while (tally->slots[slot] != 0)
            slot = (slot + 1) & tally->mask;
        tally->slots[slot] = (uint32_t)i + 1;
    }
}

static uint32_t number_of(struct tally *tally, uint64_t key) {
    size_t slot;

    if ((tally->count + 1) * 2 > tally->mask)
        grow(tally);
    for (slot = slot_of(tally, key); tally->slots[slot] != 0; slot = (slot + 1) & tally->mask)
        if (tally->keys[tally->slots[slot] - 1] == key)
            return tally->slots[slot] - 1;
    tally->keys[tally->count] = key;
    tally->weights[tally->count] = 0;
    tally->slots[slot] = (uint32_t)++tally->count;
    return (uint32_t)tally->count - 1;
}

// ---- counting ----

struct counter {
    struct tally states;           // weight: conversions from there
    struct tally edges;            // from << 32 | to
    int64_t *nulls, *value_micros; // by state
    size_t capacity;
};

static void counter_clear(struct counter *counter) {
    tally_clear(&counter->states);
    tally_clear(&counter->edges);
    free(counter->nulls);
    free(counter->value_micros);
}

static void make_room(struct counter *counter) {
    const size_t capacity = counter->capacity > 0 ? counter->capacity * 2 : 1024;

    counter->nulls = realloc(counter->nulls, capacity * sizeof(int64_t));
    counter->value_micros = realloc(counter->value_micros, capacity * sizeof(int64_t));
    if (counter->nulls == NULL || counter->value_micros == NULL)
        abort();
    for (size_t i = counter->capacity; i < capacity; i++)
        counter->nulls[i] = counter->value_micros[i] = 0;
    counter->capacity = capacity;
}

static void count_step(struct tally *edges, uint64_t key, int64_t walks) {
    const uint32_t edge = number_of(edges, key);

    edges->weights[edge] += walks;
}

static uint64_t edge_key(uint64_t from, uint32_t to) {
    return from * (UINT64_C(1) << 32) + to;
}

static void count_path(struct counter *counter, const struct paths *paths, size_t path,
                       uint64_t kept, bool with_nulls) {
    const int64_t nulls = with_nulls ? paths->nulls[path] : 0;
    const int64_t walks = paths->conversions[path] + nulls;
    uint64_t key = 0;
    uint32_t from = 0;

    if (walks == 0)
        return;
    for (size_t i = paths->starts[path]; i < paths->starts[path + 1]; i++) {
        uint32_t to;

        key = (key << CHANNEL_BITS | (paths->touches[i] + 1u)) & kept;
        to = number_of(&counter->states, key);
        if (counter->states.count > counter->capacity)
            make_room(counter);
        if (to != from)
            count_step(&counter->edges, edge_key(from, to), walks);
        from = to;
    }
    counter->states.weights[from] += paths->conversions[path];
    counter->nulls[from] += nulls;
    counter->value_micros[from] += paths->value_micros[path];
}

// ---- chances ----

static void fill_edges(struct scope *scope, const struct counter *counter, const double *total,
                       struct markov_chain *chain) {
    const size_t count = counter->edges.count;
    size_t *starts = arena_array(&scope->arena, chain->state_count + 2, sizeof(*starts));
    uint32_t *to = arena_array(&scope->arena, count + 1, sizeof(*to));
    double *chances = arena_array(&scope->arena, count + 1, sizeof(*chances));

    for (size_t i = 0; i < count; i++)
        starts[(counter->edges.keys[i] >> 32) + 2]++;
    for (size_t s = 0; s < chain->state_count; s++)
        starts[s + 2] += starts[s + 1];
    for (size_t i = 0; i < count; i++) {
        const size_t from = counter->edges.keys[i] >> 32;
        const size_t place = starts[from + 1]++;

        to[place] = (uint32_t)counter->edges.keys[i];
        chances[place] = (double)counter->edges.weights[i] / total[from];
    }
    chain->edges = starts;
    chain->to = to;
    chain->chances = chances;
    chain->edge_count = count;
}

static void fill(struct scope *scope, const struct counter *counter, struct markov_chain *chain) {
    const size_t count = counter->states.count;
    double *total = arena_array(&scope->arena, count, sizeof(double));
    double *converting = arena_array(&scope->arena, count, sizeof(double));
    double *losing = arena_array(&scope->arena, count, sizeof(double));
    double *value = arena_array(&scope->arena, count, sizeof(double));

    for (size_t s = 0; s < count; s++)
        total[s] = (double)(counter->states.weights[s] + counter->nulls[s]);
    for (size_t i = 0; i < counter->edges.count; i++)
        total[counter->edges.keys[i] >> 32] += (double)counter->edges.weights[i];
    for (size_t s = 0; s < count; s++) {
        const double all = total[s] > 0 ? total[s] : 1; // a start that nobody left

        converting[s] = (double)counter->states.weights[s] / all;
        losing[s] = (double)counter->nulls[s] / all;
        value[s] = (double)counter->value_micros[s] / 1e6 / all;
    }
    chain->state_count = count;
    chain->states = arena_copy(&scope->arena, counter->states.keys, count * sizeof(uint64_t));
    chain->converting = converting;
    chain->losing = losing;
    chain->value = value;
    fill_edges(scope, counter, total, chain);
}

void markov_chain_make(struct scope *scope, const struct paths *paths, int order, bool with_nulls,
                       struct markov_chain *ret_chain) {
    CLEANUP(counter_clear) struct counter counter = {0};
    const uint64_t kept = (UINT64_C(1) << CHANNEL_BITS * order) - 1;
    struct markov_chain chain = {.channel_count = paths->channel_count, .order = order};

    make_room(&counter);
    number_of(&counter.states, 0);
    for (size_t i = 0; i < paths->count; i++)
        count_path(&counter, paths, i, kept, with_nulls);
    fill(scope, &counter, &chain);
    *ret_chain = chain;
}
