// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/openapi.json: the table of routes, told to programs.
#pragma once

#include "web/route.h"

extern const struct route_answer openapi_answer;

code openapi_http_show(struct scope *scope, const struct request *request,
                       struct response *response);
