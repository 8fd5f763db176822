// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_body sql_query_body;
extern const struct route_answer sql_query_answer;
extern const struct route_body sql_file_body;
extern const struct route_answer sql_file_answer;

// POST {"query": "SELECT …", "limit": 1000}; limit 0: all rows. Answers {"result": table}, and
// "truncated": true when there are more rows than the limit.
code sql_http_query(struct scope *scope, const struct request *request, struct response *response);
// The same rows, all of them, as a file; what left stands in the audit log.
code sql_http_file(struct scope *scope, const struct request *request, struct response *response);
// The tables and columns that there are.
code sql_http_columns(struct scope *scope, const struct request *request,
                      struct response *response);
