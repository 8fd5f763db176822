// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/metrics, /api/v1/metrics/{name}, /api/v1/metrics/{names}/values
#pragma once

#include "analyze/metric/metric.h"
#include "web/router.h"

code metric_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
code metric_http_find(struct scope *scope, const struct request *request,
                      struct response *response);
code metric_http_values(struct scope *scope, const struct request *request,
                        struct response *response);

extern const struct route_answer metric_list_answer;
extern const struct route_answer metric_find_answer;
extern const struct route_parameter metric_values_parameters[];
extern const struct route_answer metric_values_answer;

// The column of a metric in a table; `currency` is the unit of money (empty: none).
struct column metric_column(struct scope *scope, const struct metric *metric, struct text currency);
// The columns of a query's dimensions, and their cells in the row being written: how many.
size_t metric_dimension_columns(struct scope *scope, const struct metric_query *query,
                                struct column *columns);
size_t metric_write_dimensions(struct scope *scope, struct response *response,
                               const struct metric_query *query, const struct rows *rows);
// The result of a query as a table; its columns are the query's. *ret_count rows were written.
code metric_write_table(struct scope *scope, struct response *response, const char *key,
                        const struct metric_query *query, struct rows *rows, struct text currency);
