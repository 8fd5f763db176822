// SPDX-License-Identifier: Apache-2.0
// From a request to its handler: one table of routes, walked in order.
#pragma once

#include "web/request.h"
#include "web/response.h"

typedef code (*handler)(struct scope *scope, const struct request *request,
                        struct response *response);

enum route_takes {
    ROUTE_TAKES_JSON, // or no body
    ROUTE_TAKES_FILE, // bytes of any kind and size: request.file
};

struct route {
    enum method method;
    const char *path; // "/api/v1/segments/{name}": a {name} matches one path element and becomes a
                      // parameter
    handler handler;
    uint32_t permission; // one bit of enum permission (govern/access/access.h); 0 is refused
    const char *summary; // one line for the API reference
    enum route_takes takes;
};

// The route that a request would be handled by; NULL when there is none. For the server, which must
// know before the body arrives.
const struct route *router_find(const struct route *routes, size_t route_count, enum method method,
                                struct text path);

// Find the route, check the actor's permission, call the handler. The parameters of the path stand
// before those of the query, so that none can be put in their place. On failure the response holds
// the error. NOT_FOUND: no route; FORBIDDEN: the actor lacks the permission; INVALID: a path that
// cannot be decoded.
code router_handle(struct scope *scope, const struct route *routes, size_t route_count,
                   const struct request *request, struct response *response);
