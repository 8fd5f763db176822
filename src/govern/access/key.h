// SPDX-License-Identifier: Apache-2.0
// API keys for programs: "tsk_" and 256 random bits, told once and kept as a hash. A key may do
// what it was made for, and never more than its maker may at the moment. Keys make no accounts and
// no keys.
#pragma once

#include "govern/access/account.h"

struct api_key {
    int64_t id;
    struct text name;
    uint32_t permissions;      // what it may do now
    const struct text *traits; // of customers that it is told (govern/access/trait.h)
    size_t trait_count;
    struct text hash; // secret_hash of the key
    int64_t expires_at_us, used_day;
};

// What a key is made for.
struct key_wish {
    struct text name;
    uint32_t permissions;
    int64_t expires_at_us; // 0: never
    const struct text *traits;
    size_t trait_count;
};

// What keys can be made for at all.
uint32_t key_permissions_possible(void);

// "read_reports read_segments". In the arena.
struct text key_permission_words(struct arena *arena, uint32_t permissions);

// Of the account that acts, or nobody's when the command line does. Within the open transaction.
// FORBIDDEN when the actor lacks one of the permissions.
code key_make(struct scope *scope, const struct key_wish *wish, int64_t *ret_id,
              struct text *ret_key);
// By name or id. NOT_FOUND.
code key_revoke(struct scope *scope, struct text name_or_id);

// Whose key it is, when it is one that counts. Notes the day of its use.
code key_find(struct scope *scope, struct text key, struct api_key *ret_key, bool *ret_found);
// All keys that count now, for who keeps them in memory.
code key_list_valid(struct scope *scope, struct api_key **ret_keys, size_t *ret_count);
