// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/path.h"

#include <stdlib.h>
#include <string.h>

// ---- grouping ----

void path_set_clear(struct path_set *set) {
    buffer_clear(&set->touches);
    buffer_clear(&set->items);
    free(set->slots);
    *set = (struct path_set){0};
}

static const uint16_t *touches_of(const struct path_set *set, const struct path_item *item) {
    return (const uint16_t *)(const void *)set->touches.data + item->start;
}

static struct path_item *items_of(const struct path_set *set) {
    return (struct path_item *)(void *)set->items.data;
}

static size_t count_of(const struct path_set *set) {
    return set->items.size / sizeof(struct path_item);
}

static uint32_t hash_of(const uint16_t *touches, size_t count) {
    uint64_t hash = count;

    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ touches[i]) * 0x9e3779b97f4a7c15U;
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

// Twice the room; half of the slots stay free at least.
static void grow(struct path_set *set) {
    const size_t slot_count = set->mask > 0 ? (set->mask + 1) * 2 : 1024;
    const struct path_item *items = items_of(set);

    free(set->slots);
    set->slots = calloc(slot_count, sizeof(*set->slots));
    if (set->slots == NULL)
        abort();
    set->mask = slot_count - 1;
    for (size_t i = 0; i < count_of(set); i++) {
        size_t slot = items[i].hash & set->mask;

        while (set->slots[slot] != 0)
            slot = (slot + 1) & set->mask;
        set->slots[slot] = (uint32_t)i + 1;
    }
}

static bool is_path(const struct path_set *set, const struct path_item *item, uint32_t hash,
                    const uint16_t *touches, size_t count) {
    return item->hash == hash && item->size == count &&
           memcmp(touches_of(set, item), touches, count * sizeof(*touches)) == 0;
}

static struct path_item *find(struct path_set *set, const uint16_t *touches, size_t count) {
    const uint32_t hash = hash_of(touches, count);
    struct path_item item = {.size = (uint32_t)count, .hash = hash};
    size_t slot;

    if ((count_of(set) + 1) * 2 > set->mask)
        grow(set);
    for (slot = hash & set->mask; set->slots[slot] != 0; slot = (slot + 1) & set->mask) {
        struct path_item *found = &items_of(set)[set->slots[slot] - 1];

        if (is_path(set, found, hash, touches, count))
            return found;
    }
    item.start = set->touches.size / sizeof(*touches);
    buffer_add(&set->touches, touches, count * sizeof(*touches));
    buffer_add(&set->items, &item, sizeof(item));
    set->slots[slot] = (uint32_t)count_of(set);
    return &items_of(set)[count_of(set) - 1];
}

static code overflow(struct scope *scope) {
    return scope_fail(scope, INVALID, "conversions or values of a path do not fit 64 bits");
}

code path_set_add(struct scope *scope, struct path_set *set, const uint16_t *touches, size_t count,
                  int64_t conversions, int64_t nulls, int64_t value_micros) {
    struct path_item *item;

    if (count == 0 || count > PATH_TOUCHES)
        return scope_fail(scope, INVALID, "a path of %zu touches is not 1 to %d", count,
                          PATH_TOUCHES);
    if (conversions < 0 || nulls < 0 || value_micros < 0)
        return scope_fail(scope, INVALID, "a path has a negative number of conversions or value");
    item = find(set, touches, count);
    if (__builtin_add_overflow(item->conversions, conversions, &item->conversions) ||
        __builtin_add_overflow(item->nulls, nulls, &item->nulls) ||
        __builtin_add_overflow(item->value_micros, value_micros, &item->value_micros))
        return overflow(scope);
    return OK;
}

void path_set_count(const struct path_set *set, int64_t *touches) {
    for (size_t i = 0; i < count_of(set); i++) {
        const struct path_item *item = &items_of(set)[i];

        for (size_t k = 0; k < item->size; k++)
            touches[touches_of(set, item)[k]] += item->conversions + item->nulls;
    }
}

// ---- sorted ----

struct placed {
    const uint16_t *touches;
    const struct path_item *item;
};

static int by_touches(const void *a, const void *b) {
    const struct placed *first = a, *second = b;
    const size_t size =
        first->item->size < second->item->size ? first->item->size : second->item->size;

    for (size_t i = 0; i < size; i++)
        if (first->touches[i] != second->touches[i])
            return first->touches[i] < second->touches[i] ? -1 : 1;
    return (first->item->size > second->item->size) - (first->item->size < second->item->size);
}

static code sorted(struct scope *scope, const struct path_set *set, struct paths *paths) {
    const size_t count = count_of(set);
    struct placed *placed = arena_array(&scope->arena, count, sizeof(*placed));
    uint16_t *touches =
        arena_array(&scope->arena, set->touches.size / sizeof(*touches) + 1, sizeof(*touches));
    size_t *starts = arena_array(&scope->arena, count + 1, sizeof(*starts));
    int64_t *conversions = arena_array(&scope->arena, count, sizeof(int64_t));
    int64_t *nulls = arena_array(&scope->arena, count, sizeof(int64_t));
    int64_t *values = arena_array(&scope->arena, count, sizeof(int64_t));

    for (size_t i = 0; i < count; i++)
        placed[i] = (struct placed){touches_of(set, &items_of(set)[i]), &items_of(set)[i]};
    if (count > 1)
        qsort(placed, count, sizeof(*placed), by_touches);
    for (size_t i = 0; i < count; i++) {
        const struct path_item *item = placed[i].item;

        memcpy(touches + starts[i], placed[i].touches, item->size * sizeof(*touches));
        starts[i + 1] = starts[i] + item->size;
        conversions[i] = item->conversions;
        nulls[i] = item->nulls;
        values[i] = item->value_micros;
        paths->touch_total += (int64_t)item->size * (item->conversions + item->nulls);
        if (__builtin_add_overflow(paths->conversion_total, conversions[i],
                                   &paths->conversion_total) ||
            __builtin_add_overflow(paths->null_total, nulls[i], &paths->null_total) ||
            __builtin_add_overflow(paths->value_total_micros, values[i],
                                   &paths->value_total_micros))
            return overflow(scope);
    }
    paths->count = count;
    paths->starts = starts;
    paths->touches = touches;
    paths->conversions = conversions;
    paths->nulls = nulls;
    paths->value_micros = values;
    return OK;
}

code path_set_finish(struct scope *scope, const struct path_set *set, const uint16_t *channels,
                     size_t channel_count, struct paths *ret_paths) {
    CLEANUP(path_set_clear) struct path_set renamed = {0};
    struct paths paths = {.channel_count = channel_count};
    uint16_t touches[PATH_TOUCHES];

    for (size_t i = 0; channels != NULL && i < count_of(set); i++) {
        const struct path_item *item = &items_of(set)[i];

        for (size_t k = 0; k < item->size; k++)
            touches[k] = channels[touches_of(set, item)[k]];
        TRY(path_set_add(scope, &renamed, touches, item->size, item->conversions, item->nulls,
                         item->value_micros));
    }
    TRY(sorted(scope, channels != NULL ? &renamed : set, &paths));
    *ret_paths = paths;
    return OK;
}

// ---- names ----

static void make_room(struct scope *scope, struct channel_names *names) {
    struct text *larger;

    names->capacity = names->capacity > 0 ? names->capacity * 2 : 32;
    larger = arena_array(&scope->arena, names->capacity, sizeof(*larger));
    if (names->count > 0)
        memcpy(larger, names->names, names->count * sizeof(*larger));
    names->names = larger;
}

static size_t slot_of(const struct channel_names *names, struct text name) {
    size_t slot = text_hash(name) % CHANNEL_SLOTS;

    while (names->slots[slot] != 0 && !text_equal(names->names[names->slots[slot] - 1], name))
        slot = (slot + 1) % CHANNEL_SLOTS;
    return slot;
}

bool channel_find(const struct channel_names *names, struct text name, size_t *ret_number) {
    const uint16_t found = names->slots[slot_of(names, name)];

    if (found != 0)
        *ret_number = found - 1u;
    return found != 0;
}

size_t channel_number(struct scope *scope, struct channel_names *names, struct text name) {
    const size_t slot = slot_of(names, name);

    if (names->slots[slot] != 0)
        return names->slots[slot] - 1u;
    if (names->count == PATH_CHANNELS)
        return PATH_CHANNELS;
    if (names->count == names->capacity)
        make_room(scope, names);
    names->names[names->count] = text_copy(&scope->arena, name);
    names->slots[slot] = (uint16_t)(names->count + 1);
    return names->count++;
}

struct named {
    struct text name;
    uint16_t number;
};

static int by_name(const void *a, const void *b) {
    return text_compare(((const struct named *)a)->name, ((const struct named *)b)->name);
}

void channel_order(struct scope *scope, const struct channel_names *names, struct text **ret_sorted,
                   uint16_t **ret_places) {
    struct named *named = arena_array(&scope->arena, names->count, sizeof(*named));
    struct text *sorted = arena_array(&scope->arena, names->count, sizeof(*sorted));
    uint16_t *places = arena_array(&scope->arena, names->count, sizeof(*places));

    for (size_t i = 0; i < names->count; i++)
        named[i] = (struct named){names->names[i], (uint16_t)i};
    if (names->count > 1)
        qsort(named, names->count, sizeof(*named), by_name);
    for (size_t i = 0; i < names->count; i++) {
        sorted[i] = named[i].name;
        places[named[i].number] = (uint16_t)i;
    }
    *ret_sorted = sorted;
    *ret_places = places;
}
