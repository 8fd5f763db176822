// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/forecast (the latest run), /api/v1/forecast/series (its series by store and so on,
// paged), /api/v1/forecast/points (the same as rows of periods, for files),
// /api/v1/forecast/runs (what was run), POST /api/v1/forecast/runs (run it again)
#pragma once

#include "web/router.h"

extern const struct route_answer forecast_show_answer;
extern const struct route_parameter forecast_series_parameters[];
extern const struct route_answer forecast_series_answer;
extern const struct route_body forecast_start_body;

code forecast_http_show(struct scope *scope, const struct request *request,
                        struct response *response);
code forecast_http_series(struct scope *scope, const struct request *request,
                          struct response *response);
code forecast_http_points(struct scope *scope, const struct request *request,
                          struct response *response);
code forecast_http_runs(struct scope *scope, const struct request *request,
                        struct response *response);
code forecast_http_start(struct scope *scope, const struct request *request,
                         struct response *response);
