// SPDX-License-Identifier: Apache-2.0
#include "analyze/lifetime_value/purchase_group.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static code check_customer(struct scope *scope, const struct purchase_history *history, size_t i) {
    const int64_t repeats = history->repeats[i];
    const double last = history->last[i];
    const double observed = history->observed[i];

    if (!isfinite(last) || !isfinite(observed))
        return scope_fail(scope, INVALID, "customer %zu has a time that is not finite", i + 1);
    if (repeats < 0 || last < 0 || observed < 0)
        return scope_fail(scope, INVALID, "customer %zu has a negative number or time", i + 1);
    if (repeats > 1000000000)
        return scope_fail(scope, INVALID, "customer %zu has more than 1000000000 purchases", i + 1);
    if (last > observed)
        return scope_fail(scope, INVALID,
                          "customer %zu bought at %g, after the end of observation at %g", i + 1,
                          last, observed);
    if ((repeats == 0) != (last == 0))
        return scope_fail(scope, INVALID,
                          "customer %zu has %" PRId64 " repeat purchases and bought last at %g",
                          i + 1, repeats, last);
    return OK;
}

// ---- finding equal histories ----

struct table {
    struct arena *arena;
    uint32_t *slots; // group + 1; 0: free
    size_t mask;
    struct purchase_group *items;
    size_t count, capacity;
};

static uint64_t bits_of(double value) {
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static uint64_t stir(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
    return hash ^ hash >> 32;
}

static size_t slot_of(const struct table *table, const struct purchase_group *group) {
    uint64_t hash = stir(0, bits_of(group->repeats));

    hash = stir(hash, bits_of(group->last));
    return (size_t)(stir(hash, bits_of(group->observed))) & table->mask;
}

static void grow(struct table *table) {
    const size_t capacity = table->capacity > 0 ? table->capacity * 2 : 1024;
    struct purchase_group *items = arena_array(table->arena, capacity, sizeof(*items));

    if (table->count > 0)
        memcpy(items, table->items, table->count * sizeof(*items));
    table->items = items;
    table->capacity = capacity;
    table->slots = arena_array(table->arena, capacity * 2, sizeof(*table->slots));
    table->mask = capacity * 2 - 1;
    for (size_t i = 0; i < table->count; i++) {
        size_t slot = slot_of(table, &items[i]);

        while (table->slots[slot] != 0)
            slot = (slot + 1) & table->mask;
        table->slots[slot] = (uint32_t)i + 1;
    }
}

static bool is_same(const struct purchase_group *a, const struct purchase_group *b) {
    return a->repeats == b->repeats && a->last == b->last && a->observed == b->observed;
}

static uint32_t put(struct table *table, const struct purchase_group *group) {
    size_t slot;

    if (table->count == table->capacity)
        grow(table);
    slot = slot_of(table, group);
    while (table->slots[slot] != 0) {
        struct purchase_group *found = &table->items[table->slots[slot] - 1];

        if (is_same(found, group)) {
            found->count += 1;
            return table->slots[slot] - 1;
        }
        slot = (slot + 1) & table->mask;
    }
    table->items[table->count] = *group;
    table->slots[slot] = (uint32_t)++table->count;
    return (uint32_t)table->count - 1;
}

// ---- order ----

struct placed {
    struct purchase_group group;
    uint32_t was; // its number before
};

static int compare(double a, double b) {
    return (a > b) - (a < b);
}

static int by_history(const void *a, const void *b) {
    const struct purchase_group *first = &((const struct placed *)a)->group;
    const struct purchase_group *second = &((const struct placed *)b)->group;
    int order = compare(first->repeats, second->repeats);

    if (order == 0)
        order = compare(first->observed, second->observed);
    return order != 0 ? order : compare(first->last, second->last);
}

static void sort(struct scope *scope, struct purchase_groups *groups) {
    struct placed *placed = arena_array(&scope->arena, groups->count, sizeof(*placed));
    uint32_t *now = arena_array(&scope->arena, groups->count, sizeof(*now));

    for (size_t i = 0; i < groups->count; i++)
        placed[i] = (struct placed){.group = groups->items[i], .was = (uint32_t)i};
    qsort(placed, groups->count, sizeof(*placed), by_history);
    for (size_t i = 0; i < groups->count; i++) {
        groups->items[i] = placed[i].group;
        now[placed[i].was] = (uint32_t)i;
    }
    for (size_t i = 0; i < groups->customer_count; i++)
        groups->group_of[i] = now[groups->group_of[i]];
}

code purchase_groups_make(struct scope *scope, const struct purchase_history *history,
                          struct purchase_groups *ret_groups) {
    struct table table = {.arena = &scope->arena};
    struct purchase_groups groups = {.customer_count = history->count};

    if (history->count == 0)
        return scope_fail(scope, INVALID, "there is no customer");
    if (history->count >= UINT32_MAX)
        return scope_fail(scope, TOO_LARGE, "there are more than %u customers", UINT32_MAX - 1);
    groups.group_of = arena_array(&scope->arena, history->count, sizeof(*groups.group_of));
    for (size_t i = 0; i < history->count; i++) {
        TRY(check_customer(scope, history, i));
        groups.group_of[i] = put(&table, &(struct purchase_group){
                                             .repeats = (double)history->repeats[i],
                                             .last = history->last[i] + 0.0, // no −0
                                             .observed = history->observed[i] + 0.0,
                                             .count = 1,
                                         });
    }
    groups.count = table.count;
    groups.items = table.items;
    sort(scope, &groups);
    *ret_groups = groups;
    return OK;
}

double purchase_groups_pace(const struct purchase_groups *groups) {
    double observed = 0;
    double repeats = 0;

    for (size_t i = 0; i < groups->count; i++) {
        observed += groups->items[i].observed * groups->items[i].count;
        repeats += groups->items[i].repeats * groups->items[i].count;
    }
    return observed > 0 && repeats > 0 ? observed / repeats : 1;
}
