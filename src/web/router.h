// SPDX-License-Identifier: Apache-2.0
// From a request to its handler: one table of routes, walked in order.
#pragma once

#include "web/route.h"

// The route that a request would be handled by; NULL when there is none. For the server, which must
// know before the body arrives.
const struct route *router_find(const struct route *routes, size_t route_count, enum method method,
                                struct text path);

// FORBIDDEN unless the actor may use the route.
code router_permit(struct scope *scope, const struct route *route);

// Find the route, check the actor's permission and the parameters, call the handler. The parameters
// of the path stand before those of the query, so that none can be put in their place. On failure
// the response holds the error. NOT_FOUND: no route; FORBIDDEN: the actor lacks the permission;
// INVALID: a path that cannot be decoded, a parameter that the route does not declare, a body where
// it takes none.
code router_handle(struct scope *scope, const struct route *routes, size_t route_count,
                   const struct request *request, struct response *response);
