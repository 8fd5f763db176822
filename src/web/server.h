// SPDX-License-Identifier: Apache-2.0
// HTTP for the table of routes: the only header beside server*.c that knows there is a network.
// server.c alone sees libmicrohttpd; what it leaves open is in docs/decisions/0006.
//
// One thread per processor moves bytes (epoll); a request that is whole goes through a bounded
// queue to a worker, which has a scope and a session of its own and runs the handler. A full queue
// answers 503 with Retry-After before the body is read.
#pragma once

#include "store/store.h"
#include "web/instant.h"
#include "web/intake.h"
#include "web/router.h"

#include <netinet/in.h>

// A file of the web app, compiled in: nothing else is ever served from outside the API.
struct asset {
    const char *path; // "/assets/index-3f2a.js"
    const char *content_type;
    const char *etag;
    const unsigned char *gzip; // the content, compressed
    size_t gzip_bytes;
    bool is_immutable;  // its name changes with its content
    bool is_for_others; // pages of other sites load it
};

enum live_change {
    LIVE_SAME,
    LIVE_MAY_BE_OTHER, // as may very many: it is told now and then
    LIVE_OTHER,
};
// What happened to each of these customers behind change *seen_change_id, which is moved on; of 0,
// to the newest, and all are the same.
typedef code live_look(struct scope *scope, int64_t *seen_change_id, const int64_t *customers,
                       size_t count, enum live_change *ret_changes);

// Everything it points to outlives the server.
struct server_options {
    const struct route *routes;
    size_t route_count;
    const struct intake *intake;   // what goes past the routes; NULL: nothing
    const struct instant *instant; // what goes past the workers; NULL: nothing
    const struct asset *assets;
    size_t asset_count;
    // Who asks? Sets scope->actor, or fails with UNAUTHENTICATED or FORBIDDEN. Called by a worker
    // before the handler, with everything of the request but its body. NULL: nobody may do
    // anything.
    code (*authenticate)(struct scope *scope, const struct request *request,
                         const struct route *route);
    // Which customers that somebody looks at are others than they were (web/live.h). NULL: nobody
    // is told.
    live_look *look_at_customers;
    const char *address;     // "127.0.0.1", "::"
    uint16_t port;           // 0: any that is free
    const char *certificate; // PEM texts; NULL: plain HTTP
    const char *key;
    const char *const *origins;  // "https://crm.example.com": hosts answered to; NULL-terminated
    struct text trusted_proxy;   // address whose X-Forwarded-For and -Proto are believed
    int workers;                 // 0: twice the processors
    int waiting_requests;        // 0: LIMIT_WAITING_REQUESTS
    int heavy_wait_ms;           // of a heavy route for its turn; 0: LIMIT_HEAVY_WAIT_MS
    int heavy_run_ms;            // and for its answer; 0: LIMIT_HEAVY_RUN_MS
    int connections_per_address; // 0: LIMIT_CONNECTIONS_PER_ADDRESS
    int patience_ms;             // with slow clients (web/server_watch.h); 0: LIMIT_PATIENCE_MS
    int64_t body_limit_bytes;    // of a JSON body; 0: LIMIT_JSON_BYTES, and never more
    int64_t upload_limit_bytes;  // of a file; 0: LIMIT_UPLOAD_BYTES
};

struct server;

// Listens at the address and at the socket in the store's folder (store_path/socket).
// CONFLICT: the port is taken.
code server_start(struct scope *scope, struct store *store, const struct server_options *options,
                  struct server **ret_server);
uint16_t server_port(const struct server *server);
// Accepts nothing new, lets what runs come to its end for at most grace_ms, closes. Takes NULL.
void server_stop(struct server *server, int grace_ms);
