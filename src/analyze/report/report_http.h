// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/reports/…
#pragma once

#include "analyze/report/report.h"
#include "web/router.h"

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
