// SPDX-License-Identifier: Apache-2.0
// Webhooks in: an address of its own for each system that tells what happened there, signed by a
// secret that both know. 200 means that the message is committed, now or when it came before: a
// provider that was not answered sends again, and is not told of a failure.
#pragma once

#include "plug/inbound/inbound.h"
#include "plug/inbound/signature.h"

struct hook {
    int64_t id; // of its sender and its import
    struct text name;
    struct text handle; // its address is /hooks/HANDLE
    enum signature_scheme scheme;
    struct text mapping; // JSON
    bool is_enabled;
    int64_t old_secret_until_us; // 0: only one secret counts
};

// What people choose. An empty secret: one of ours is made.
struct hook_choices {
    struct text name;
    enum signature_scheme scheme;
    struct text secret;
    struct mapping mapping;
};

// Within the open transaction, as all that change something. The secret is told this once.
code hook_add(struct scope *scope, const struct hook_choices *choices, struct hook *ret_hook,
              struct text *ret_secret);
// A new secret. The one before counts for keep_s seconds more.
code hook_rotate(struct scope *scope, struct text name_or_id, struct text secret, int64_t keep_s,
                 struct text *ret_secret);
code hook_remap(struct scope *scope, struct text name_or_id, const struct mapping *mapping);

// By name or id, in the scope's arena. NOT_FOUND.
code hook_find(struct scope *scope, struct text name_or_id, struct hook *ret_hook);

struct hook_receipt {
    bool was_taken_before; // then the tally is zeros
    struct import_tally tally;
};

// Take what came to an address, in a transaction of its own. A message whose id was taken within
// the setting webhook_memory_days changes nothing. NOT_FOUND: no such address, or it is switched
// off. UNAUTHENTICATED: signature_check, also for one that was signed too long ago.
code hook_receive(struct scope *scope, struct text handle, const struct signed_message *message,
                  struct hook_receipt *ret_receipt);
