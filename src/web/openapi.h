// SPDX-License-Identifier: Apache-2.0
// The table of routes as an OpenAPI 3.1 document, for programs that want to know the API: nothing
// is written by hand a second time.
#pragma once

#include "web/route.h"

// One document into the writer; the same table gives the same bytes.
void openapi_write(struct json_writer *writer, struct arena *arena, const struct route *routes,
                   size_t route_count);

// The name of one route's operation, told apart by method and path:
// GET /api/v1/customers/{id}/links → "get_customers_id_links". In the arena.
const char *openapi_operation(struct arena *arena, const struct route *route);
