// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_parameter audit_list_parameters[];
extern const struct route_parameter audit_verify_parameters[];
extern const struct route_answer audit_head_answer, audit_verify_answer;

code audit_http_list(struct scope *scope, const struct request *request, struct response *response);
code audit_http_head(struct scope *scope, const struct request *request, struct response *response);
code audit_http_verify(struct scope *scope, const struct request *request,
                       struct response *response);
