// SPDX-License-Identifier: Apache-2.0
// Where webhooks go: one endpoint of the store. Its address, which may hold a token, and its secret
// are sealed. What is posted there is signed as Standard Webhooks says, so that the receiver knows
// who sent it, and once more with the secret before a change as long as that counts.
//
// An endpoint is switched off by a person, by itself when it answers 410 (it is gone), and when
// nothing that it was sent was taken for WEBHOOK_FAILING_DAYS.
#pragma once

#include "push/channel/channel.h"

enum { WEBHOOK_FAILING_DAYS = 3, WEBHOOK_MOST_BODY_BYTES = 256 << 10 };

// The words are stored.
enum webhook_state { WEBHOOK_ON, WEBHOOK_OFF, WEBHOOK_GONE, WEBHOOK_FAILING, WEBHOOK_STATE_COUNT };
extern const char *const webhook_state_names[]; // "on"; ends with NULL

struct webhook_endpoint {
    struct text url;
    struct text secrets[2]; // the second: the one before, as long as it counts
    size_t secret_count;
    int64_t old_until_us; // 0: only one counts
    enum webhook_state state;
    int64_t failing_since_us; // 0: its last answer was a good one
    int64_t answered_at_us;   // the last good one; 0: none yet
    int64_t changed_at_us;    // names this address among those before and after it
};

// In the arena. NOT_FOUND, with a hint, when none was set up; CONFLICT when it cannot be unsealed.
code webhook_endpoint_load(struct scope *scope, struct webhook_endpoint *ret_endpoint);

// All that change it: within the open transaction, with a record in the audit log.
// The address from now on, switched on. The first one gets a secret, told this once; otherwise
// *ret_secret is empty. INVALID, field "url".
code webhook_endpoint_save(struct scope *scope, struct text url, struct text *ret_secret);
// A new secret, told this once; the one before signs too for keep_s seconds.
code webhook_endpoint_rotate(struct scope *scope, int64_t keep_s, struct text *ret_secret);
code webhook_endpoint_switch(struct scope *scope, bool on);

// ---- posting ----

struct webhook_reply {
    struct channel_outcome outcome;
    bool is_gone;   // 410
    bool is_silent; // there was no answer
};
// Knows no ledger: threads may post at once, each with a scope. The id is the same whenever the
// same is posted: a message that may have arrived is posted again, and its receiver knows it.
void webhook_post(struct scope *scope, const struct webhook_endpoint *endpoint, struct text id,
                  struct text body, struct webhook_reply *ret_reply);

// What came of posting to it: switches it off where that is due, unless the address is another one
// by now. In a transaction of its own.
enum webhook_news { WEBHOOK_TOOK_SOME, WEBHOOK_TOOK_NONE, WEBHOOK_IS_GONE };
code webhook_endpoint_note(struct scope *scope, const struct webhook_endpoint *endpoint,
                           enum webhook_news news);
