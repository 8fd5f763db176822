// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/personas (the latest run), /api/v1/personas/runs, POST /api/v1/personas/runs (run
// it again), GET /api/v1/personas/names, PUT /api/v1/personas/names/{number}, GET
// /api/v1/personas/crossing (micro-segments), GET /api/v1/personas/customers (of one persona)
#pragma once

#include "web/router.h"

extern const struct route_answer persona_show_answer;
extern const struct route_body persona_start_body;
extern const struct route_body persona_rename_body;
extern const struct route_answer persona_rename_answer;
extern const struct route_parameter persona_crossing_parameters[];
extern const struct route_answer persona_crossing_answer;
extern const struct route_parameter persona_customers_parameters[];
extern const struct route_answer persona_customers_answer;

code persona_http_show(struct scope *scope, const struct request *request,
                       struct response *response);
code persona_http_runs(struct scope *scope, const struct request *request,
                       struct response *response);
code persona_http_start(struct scope *scope, const struct request *request,
                        struct response *response);
code persona_http_names(struct scope *scope, const struct request *request,
                        struct response *response);
code persona_http_rename(struct scope *scope, const struct request *request,
                         struct response *response);
code persona_http_crossing(struct scope *scope, const struct request *request,
                           struct response *response);
code persona_http_customers(struct scope *scope, const struct request *request,
                            struct response *response);
