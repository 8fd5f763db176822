// SPDX-License-Identifier: Apache-2.0
// Requests that are answered by the connection's own thread, from memory, without a worker: those
// of routes with is_instant, when whoever keeps the memory knows the answer. What it does not know,
// every failure among it, goes the usual way: sign-in, worker, handler.
#pragma once

#include "web/route.h"

// Everything it points to outlives the server.
struct instant {
    void *context;
    // Writes the whole answer into response->body; false: it goes the usual way. The scope has an
    // arena and nothing else. Called by many threads at once; it asks no database and must not
    // wait. Who may ask is its own business: nobody else has looked.
    bool (*answer)(void *context, struct scope *scope, const struct request *request,
                   struct response *response);
    // Its figures for GET /metrics, in the text format of Prometheus.
    void (*write_figures)(void *context, struct buffer *out);
};
