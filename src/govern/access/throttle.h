// SPDX-License-Identifier: Apache-2.0
// How often something may be tried: a few times at once, then once a minute. Kept in the ledger, so
// that a restart forgets nothing and several processes count together.
//
// Sign-ins count per account and per source address, also for names that do not exist; with a
// device that the account was signed in with before they count on that device alone, so that
// guessing elsewhere keeps nobody out.
#pragma once

#include "base/scope.h"

enum { THROTTLE_BURST = 8, THROTTLE_MOST_NAMES = 2 };
#define THROTTLE_STEP_US (INT64_C(60) * 1000000) // 18 tries in any ten minutes

struct throttle {
    struct text names[THROTTLE_MOST_NAMES];
    size_t count;
};

// Would it be refused now, with nothing to tell? Then *ret_wait_us says how long to wait; otherwise
// 0. Only reads: who is refused over and over does not wait for the ledger's one writer.
code throttle_look(struct scope *scope, const struct throttle *throttle, int64_t *ret_wait_us);

// Forgets what does not matter any more; every try does so as well.
code throttle_expire(struct scope *scope);

// Takes one try of each name, or of none: *ret_wait_us is 0, or how long to wait. *ret_is_news: a
// refusal that the audit log has not heard of for a while. Within the open transaction.
code throttle_take(struct scope *scope, const struct throttle *throttle, int64_t *ret_wait_us,
                   bool *ret_is_news);
// The try was a good one: it does not count. Within the open transaction.
code throttle_give_back(struct scope *scope, const struct throttle *throttle);

// Was the audit log told of this within the last ten minutes? Only reads.
code throttle_was_told(struct scope *scope, struct text name, bool *ret_was_told);
// It is told now. Within the open transaction.
code throttle_tell(struct scope *scope, struct text name);

// IPv6 by its network, since one household has 2⁶⁴ addresses. In the arena.
struct text throttle_source(struct arena *arena, struct text address);
