// SPDX-License-Identifier: Apache-2.0
// An image out of the ledger, and what happened since put into it. One thread does both.
#pragma once

#include "analyze/decide/image.h"
#include "analyze/decide/keys.h"

#include <pthread.h>

struct loaded {
    struct image *image;
    struct arena arena;         // of the names
    struct trait_list traits;   // that it holds, in their places
    int64_t change_id, move_id; // up to which it holds what happened
    bool is_stale;              // it cannot follow any more, or is full: another one is due
};

// Everything, from the beginning. Zero-initialised before; loaded_clear when done, also on failure.
code loaded_build(struct scope *scope, const struct trait_list *traits, struct loaded *loaded);
void loaded_clear(struct loaded *loaded);
// What happened since. Each change is put in under the lock, for writing.
code loaded_follow(struct scope *scope, struct loaded *loaded, pthread_rwlock_t *lock);
