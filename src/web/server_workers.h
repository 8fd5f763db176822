// SPDX-License-Identifier: Apache-2.0
// The threads that run handlers: a bounded queue, and for each worker a scope and a session of its
// own. They know no connection: who hands an exchange in is told when it is answered.
#pragma once

#include "store/store.h"
#include "web/server.h"
#include "web/server_exchange.h"

struct workers;

struct workers_options {
    struct store *store;
    const struct server_options *server;
    int count;
    void (*answered)(struct exchange *exchange); // by a worker, which touches it no more
    // What PURPOSE_METRICS answers with.
    void (*metrics)(struct server *server, struct scope *scope, struct response *response);
};

code workers_start(struct scope *scope, const struct workers_options *options,
                   struct workers **ret_workers);
// False when the queue is full; the exchange stays the caller's.
bool workers_take(struct workers *workers, struct exchange *exchange);
// Would one be taken now? For a refusal before the body is received.
bool workers_have_room(struct workers *workers);
// How long the oldest exchange waits, µs; 0 when none does. *ret_waiting and *ret_running count
// them.
int64_t workers_oldest_us(struct workers *workers, int *ret_waiting, int *ret_running);
// Long work is asked to end at its next safe point.
void workers_cancel(struct workers *workers);
// Returns when everything that was taken is answered.
void workers_stop(struct workers *workers);
void workers_free(struct workers *workers);
