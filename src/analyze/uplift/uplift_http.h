// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/uplift (the latest run), /api/v1/uplift/customers (the list, paged),
// /api/v1/uplift/runs (what was run), POST /api/v1/uplift/runs (run it)
#pragma once

#include "web/router.h"

extern const struct route_answer uplift_show_answer;
extern const struct route_parameter uplift_customers_parameters[];
extern const struct route_answer uplift_customers_answer;
extern const struct route_body uplift_start_body;

code uplift_http_show(struct scope *scope, const struct request *request,
                      struct response *response);
code uplift_http_customers(struct scope *scope, const struct request *request,
                           struct response *response);
code uplift_http_runs(struct scope *scope, const struct request *request,
                      struct response *response);
code uplift_http_start(struct scope *scope, const struct request *request,
                       struct response *response);
