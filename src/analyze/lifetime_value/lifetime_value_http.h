// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/lifetime-value (the latest run), /api/v1/lifetime-value/customers (the list, paged),
// /api/v1/lifetime-value/runs (what was run), POST /api/v1/lifetime-value/runs (run it again)
#pragma once

#include "web/router.h"

extern const struct route_answer lifetime_value_show_answer;
extern const struct route_parameter lifetime_value_customers_parameters[];
extern const struct route_answer lifetime_value_customers_answer;
extern const struct route_body lifetime_value_start_body;

code lifetime_value_http_show(struct scope *scope, const struct request *request,
                              struct response *response);
code lifetime_value_http_customers(struct scope *scope, const struct request *request,
                                   struct response *response);
code lifetime_value_http_runs(struct scope *scope, const struct request *request,
                              struct response *response);
code lifetime_value_http_start(struct scope *scope, const struct request *request,
                               struct response *response);
