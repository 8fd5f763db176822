// SPDX-License-Identifier: Apache-2.0
// The threads that run handlers: two bounded queues, and for each worker a scope and a session of
// its own. Who hands an exchange in is told when it is answered.
//
// Requests that count over all data (route.is_heavy) wait in a lane of their own, and hold at most
// half of the workers: whoever looks a customer up does not wait for them. One that waits too long
// for its turn is refused, one that runs too long is ended; both are answered 503. Work for a
// client that has left is ended, or not begun.
#pragma once

#include "web/server_exchange.h"

struct workers;

// `answered` is called by a worker that is done with an exchange and touches it no more.
code workers_start(struct scope *scope, struct serving *serving, int count,
                   void (*answered)(struct exchange *exchange), struct workers **ret_workers);
// False when the queue is full; the exchange stays the caller's.
bool workers_take(struct workers *workers, struct exchange *exchange);
// Would it be taken now? For a refusal before the body is received.
bool workers_have_room(struct workers *workers, const struct exchange *exchange);

struct workers_state {
    int64_t oldest_us; // how long the oldest that is not heavy waits; 0: none does
    int waiting;       // but for the heavy ones
    int heavy_waiting;
    int running; // all
    int heavy_running;
};
void workers_state(struct workers *workers, struct workers_state *ret_state);
// Long work is asked to end at its next safe point; everything that was taken is answered when this
// returns. Takes NULL.
void workers_stop(struct workers *workers);
void workers_free(struct workers *workers); // stopped; takes NULL
