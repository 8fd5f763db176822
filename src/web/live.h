// SPDX-License-Identifier: Apache-2.0
// Live updates (server-sent events): jobs as they go on, told to all who listen and may read them,
// and to who looks at a customer that this one is another than a moment ago. One thread with a
// session of its own looks at the ledger, and only while somebody listens.
//
// It knows no connection: three functions put a listener's connection to sleep, wake and cut it.
#pragma once

#include "store/store.h"
#include "web/server.h"

struct live;
struct live_listener;

// Called with the listener's owner, under the lock of the listeners: they must not call back.
struct live_calls {
    void (*sleep)(void *owner);
    void (*wake)(void *owner);
    void (*cut)(void *owner); // it does not read what it is sent
};

code live_start(struct scope *scope, struct store *store, const struct server_options *options,
                const struct live_calls *calls, struct live **ret_live);
// No listener sleeps when this returns: every stream comes to its end. Takes NULL.
void live_end(struct live *live);
void live_free(struct live *live); // when all have left; takes NULL
int live_count(struct live *live);

// `request` and `route` are copied: they are asked for again, so that a stream ends with its
// session. NULL when there are LIMIT_LISTENERS.
struct live_listener *live_join(struct live *live, void *owner, const struct request *request,
                                const struct route *route, int64_t customer);
// From here on its owner is not called any more. Takes NULL.
void live_leave(struct live_listener *listener);

// What is to be sent next, at most `size` bytes: their count. 0: nothing now, and its owner was put
// to sleep until there is; -1: the stream is over.
ssize_t live_read(struct live_listener *listener, char *data, size_t size);

// Makes the response a stream; `customer`: whose changes are told as well, 0: nobody's.
code live_stream(struct scope *scope, struct response *response, int64_t customer);

// The handler of GET /api/v1/live.
extern const struct route_answer live_answer;
code live_handle(struct scope *scope, const struct request *request, struct response *response);
