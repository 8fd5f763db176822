// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_parameter replay_list_parameters[];
extern const struct route_body replay_run_body;
extern const struct route_answer replay_run_answer;
extern const struct route_body replay_mend_body;
extern const struct route_answer replay_mend_answer;
extern const struct route_answer replay_discard_answer;

code replay_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
code replay_http_reasons(struct scope *scope, const struct request *request,
                         struct response *response);
code replay_http_run(struct scope *scope, const struct request *request, struct response *response);
code replay_http_mend(struct scope *scope, const struct request *request,
                      struct response *response);
code replay_http_discard(struct scope *scope, const struct request *request,
                         struct response *response);
