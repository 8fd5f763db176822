// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/reports/…
#pragma once

#include "analyze/report/report.h"
#include "web/router.h"

extern const struct route_parameter report_parameters[];
extern const struct route_parameter report_explained_parameters[];
extern const struct route_parameter report_period_parameters[];
extern const struct route_parameter report_sales_parameters[];
extern const struct route_answer report_span_answer;
extern const struct route_answer report_sales_answer;
extern const struct route_answer report_stores_answer;
extern const struct route_answer report_cashiers_answer;
extern const struct route_answer report_vat_answer;
extern const struct route_answer report_histogram_answer;
extern const struct route_answer report_pareto_answer;
extern const struct route_answer report_overview_answer;

code report_http_span(struct scope *scope, const struct request *request,
                      struct response *response);
code report_http_sales(struct scope *scope, const struct request *request,
                       struct response *response);
code report_http_vat(struct scope *scope, const struct request *request, struct response *response);
code report_http_stores(struct scope *scope, const struct request *request,
                        struct response *response);
code report_http_cashiers(struct scope *scope, const struct request *request,
                          struct response *response);
code report_http_histogram(struct scope *scope, const struct request *request,
                           struct response *response);
code report_http_pareto(struct scope *scope, const struct request *request,
                        struct response *response);
code report_http_overview(struct scope *scope, const struct request *request,
                          struct response *response);
