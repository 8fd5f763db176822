// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_parameter saved_query_list_parameters[];
extern const struct route_answer saved_query_show_answer;
extern const struct route_body saved_query_put_body;
extern const struct route_answer saved_query_put_answer;
extern const struct route_answer saved_query_delete_answer;

code saved_query_http_list(struct scope *scope, const struct request *request,
                           struct response *response);
code saved_query_http_show(struct scope *scope, const struct request *request,
                           struct response *response);
code saved_query_http_put(struct scope *scope, const struct request *request,
                          struct response *response);
code saved_query_http_delete(struct scope *scope, const struct request *request,
                             struct response *response);
