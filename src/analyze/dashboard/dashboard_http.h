// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_parameter dashboard_list_parameters[];
extern const struct route_answer dashboard_show_answer;
extern const struct route_body dashboard_put_body;
extern const struct route_answer dashboard_put_answer;
extern const struct route_answer dashboard_delete_answer;

code dashboard_http_list(struct scope *scope, const struct request *request,
                         struct response *response);
code dashboard_http_show(struct scope *scope, const struct request *request,
                         struct response *response);
code dashboard_http_put(struct scope *scope, const struct request *request,
                        struct response *response);
code dashboard_http_delete(struct scope *scope, const struct request *request,
                           struct response *response);
