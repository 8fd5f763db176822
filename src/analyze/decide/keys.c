// SPDX-License-Identifier: Apache-2.0
#include "analyze/decide/keys.h"

#include "analyze/decide/image.h"
#include "base/json.h"
#include "govern/access/access.h"
#include "govern/access/key.h"
#include "govern/access/secret.h"

#include <stdlib.h>

struct entry {
    struct text hash;
    struct known_key key;
};

struct key_set {
    struct arena arena;
    struct entry *entries;
    size_t count;
};

// ---- traits ----

static bool find_trait(const struct trait_list *traits, struct text name, int *ret_place) {
    for (size_t i = 0; i < traits->count; i++)
        if (text_equal(traits->names[i], name)) {
            *ret_place = (int)i;
            return true;
        }
    return false;
}

static struct trait_list all_traits(struct scope *scope, const struct api_key *keys,
                                    size_t key_count) {
    struct text *names = arena_array(&scope->arena, IMAGE_TRAITS_MOST, sizeof(*names));
    struct trait_list list = {.names = names};
    int place;

    for (size_t i = 0; i < key_count; i++)
        for (size_t k = 0; k < keys[i].trait_count && (keys[i].permissions & MAY_DECIDE); k++)
            if (list.count < IMAGE_TRAITS_MOST && !find_trait(&list, keys[i].traits[k], &place))
                names[list.count++] = keys[i].traits[k];
    return list;
}

// ---- the set ----

static struct text as_json(struct arena *arena, struct text name) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_write_text(&writer, name);
    return text_copy(arena, buffer_text(&out));
}

static void add_key(struct key_set *set, const struct api_key *key,
                    const struct trait_list *traits) {
    int *places = arena_array(&set->arena, key->trait_count + 1, sizeof(*places));
    struct text *names = arena_array(&set->arena, key->trait_count + 1, sizeof(*names));

    for (size_t i = 0; i < key->trait_count; i++) {
        if (!find_trait(traits, key->traits[i], &places[i]))
            return; // the ledger knows
        names[i] = as_json(&set->arena, key->traits[i]);
    }
    set->entries[set->count++] = (struct entry){
        .hash = text_copy(&set->arena, key->hash),
        .key = {.expires_at_us = key->expires_at_us,
                .used_day = key->used_day,
                .traits = places,
                .trait_names = names,
                .trait_count = key->trait_count},
    };
}

code key_set_load(struct scope *scope, const struct trait_list *traits, struct key_set **ret_set,
                  struct trait_list *ret_wanted) {
    struct api_key *keys;
    struct key_set *set;
    size_t count;

    TRY(key_list_valid(scope, &keys, &count));
    set = calloc(1, sizeof(*set));
    if (!set)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    arena_init(&set->arena);
    set->entries = arena_array(&set->arena, count + 1, sizeof(*set->entries));
    for (size_t i = 0; i < count; i++)
        if (keys[i].permissions & MAY_DECIDE)
            add_key(set, &keys[i], traits);
    *ret_wanted = all_traits(scope, keys, count);
    *ret_set = set;
    return OK;
}

void key_set_free(struct key_set *set) {
    if (!set)
        return;
    arena_clear(&set->arena);
    free(set);
}

const struct known_key *key_set_find(const struct key_set *set, struct text hash) {
    const struct known_key *found = NULL;

    for (size_t i = 0; i < set->count; i++) // as long for a wrong key as for a right one
        if (secret_equal(set->entries[i].hash, hash))
            found = &set->entries[i].key;
    return found;
}
