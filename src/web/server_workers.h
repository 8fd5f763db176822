// SPDX-License-Identifier: Apache-2.0
// The threads that run handlers: a bounded queue, and for each worker a scope and a session of its
// own. They know no connection: who hands an exchange in is told when it is answered.
#pragma once

#include "web/server_exchange.h"

struct workers;

// `answered` is called by a worker that is done with an exchange and touches it no more.
code workers_start(struct scope *scope, struct serving *serving, int count,
                   void (*answered)(struct exchange *exchange), struct workers **ret_workers);
// False when the queue is full; the exchange stays the caller's.
bool workers_take(struct workers *workers, struct exchange *exchange);
// Would one be taken now? For a refusal before the body is received.
bool workers_have_room(struct workers *workers);
// How long the oldest exchange waits, µs; 0 when none does. *ret_waiting and *ret_running count
// them.
int64_t workers_oldest_us(struct workers *workers, int *ret_waiting, int *ret_running);
// Long work is asked to end at its next safe point; everything that was taken is answered when this
// returns. Takes NULL.
void workers_stop(struct workers *workers);
void workers_free(struct workers *workers); // stopped; takes NULL
