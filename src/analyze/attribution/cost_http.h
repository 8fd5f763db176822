// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_parameter channel_cost_list_parameters[];
extern const struct route_body channel_cost_put_body;
extern const struct route_answer channel_cost_put_answer;
extern const struct route_answer channel_cost_delete_answer;

code channel_cost_http_list(struct scope *scope, const struct request *request,
                            struct response *response);
code channel_cost_http_put(struct scope *scope, const struct request *request,
                           struct response *response);
code channel_cost_http_delete(struct scope *scope, const struct request *request,
                              struct response *response);
