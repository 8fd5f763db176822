// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_answer purpose_list_answer;
extern const struct route_answer purpose_show_answer;
extern const struct route_body purpose_save_body;
extern const struct route_answer purpose_save_answer;
extern const struct route_answer consent_fact_answer;

code purpose_http_list(struct scope *scope, const struct request *request,
                       struct response *response);
code purpose_http_show(struct scope *scope, const struct request *request,
                       struct response *response);
code purpose_http_save(struct scope *scope, const struct request *request,
                       struct response *response);
code consent_http_fact(struct scope *scope, const struct request *request,
                       struct response *response);
code suppression_http_counts(struct scope *scope, const struct request *request,
                             struct response *response);
code confirmation_http_counts(struct scope *scope, const struct request *request,
                              struct response *response);
