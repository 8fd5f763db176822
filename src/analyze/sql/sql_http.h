// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_body sql_query_body;
extern const struct route_answer sql_query_answer;

// POST {"query": "SELECT …", "limit": 1000}; limit 0: all rows. Answers {"result": table}, and
// "truncated": true when there are more rows than the limit.
code sql_http_query(struct scope *scope, const struct request *request, struct response *response);
