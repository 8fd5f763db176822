// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/attribution (the latest run), /api/v1/attribution/runs (what was run),
// POST /api/v1/attribution/runs (run it again)
#pragma once

#include "web/router.h"

extern const struct route_answer attribution_show_answer;
extern const struct route_body attribution_start_body;

code attribution_http_show(struct scope *scope, const struct request *request,
                           struct response *response);
code attribution_http_runs(struct scope *scope, const struct request *request,
                           struct response *response);
code attribution_http_start(struct scope *scope, const struct request *request,
                            struct response *response);
