// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/churn (the latest run), /api/v1/churn/customers (the list, paged),
// /api/v1/churn/runs (what was run), POST /api/v1/churn/runs (run it again)
#pragma once

#include "web/router.h"

extern const struct route_answer churn_show_answer;
extern const struct route_parameter churn_customers_parameters[];
extern const struct route_answer churn_customers_answer;
extern const struct route_body churn_start_body;

code churn_http_show(struct scope *scope, const struct request *request, struct response *response);
code churn_http_customers(struct scope *scope, const struct request *request,
                          struct response *response);
code churn_http_runs(struct scope *scope, const struct request *request, struct response *response);
code churn_http_start(struct scope *scope, const struct request *request,
                      struct response *response);
