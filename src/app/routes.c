// SPDX-License-Identifier: Apache-2.0
// Every route of the program. Nouns declare their handlers in noun_http.h.
//
// To add one:
//   1. write the handler in the noun's noun_http.c and declare it in noun_http.h;
//   2. include that header and give the route a row here, in the order of the paths; of two routes
//   that
//      match the same path the first is taken, so words stand before {placeholders};
//   3. name the permission it needs: a route without one is refused to everybody;
//   4. summary: one line, as it shall stand in the API reference.
#include "app/tables.h"
#include "govern/access/access.h"

// clang-format off
const struct route routes[] = {
    {METHOD_COUNT, "", NULL, 0, ""}, // ends the table
};
// clang-format on
const size_t route_count = sizeof(routes) / sizeof(*routes) - 1;
