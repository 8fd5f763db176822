// SPDX-License-Identifier: Apache-2.0
// The API keys that may decide, as they are valid now, with the places of their traits in an image.
// Made whole at each look, and never changed.
#pragma once

#include "base/scope.h"

struct key_set;

struct known_key {
    int64_t expires_at_us, used_day;
    const int *traits;              // places in the image
    const struct text *trait_names; // as JSON
    size_t trait_count;
};

// The traits of all keys together: names in the scope's arena.
struct trait_list {
    const struct text *names;
    size_t count;
};

// *ret_wanted: what an image must hold. A key whose traits are not all in `traits` is left out.
code key_set_load(struct scope *scope, const struct trait_list *traits, struct key_set **ret_set,
                  struct trait_list *ret_wanted);
void key_set_free(struct key_set *set); // takes NULL
// NULL: none that may decide. `hash` is secret_hash of the key.
const struct known_key *key_set_find(const struct key_set *set, struct text hash);
