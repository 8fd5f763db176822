// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/drivers (the latest run), /api/v1/drivers/fields (what can be asked about),
// /api/v1/drivers/runs (what was run), POST /api/v1/drivers/runs (run it)
#pragma once

#include "web/router.h"

extern const struct route_answer regression_show_answer;
extern const struct route_body regression_start_body;

code regression_http_show(struct scope *scope, const struct request *request,
                          struct response *response);
code regression_http_fields(struct scope *scope, const struct request *request,
                            struct response *response);
code regression_http_runs(struct scope *scope, const struct request *request,
                          struct response *response);
code regression_http_start(struct scope *scope, const struct request *request,
                           struct response *response);
