// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_parameter job_list_parameters[];
extern const struct route_answer job_show_answer;
extern const struct route_answer job_cancel_answer;
extern const struct route_answer job_resume_answer;

code job_http_list(struct scope *scope, const struct request *request, struct response *response);
code job_http_show(struct scope *scope, const struct request *request, struct response *response);
code job_http_log(struct scope *scope, const struct request *request, struct response *response);
code job_http_cancel(struct scope *scope, const struct request *request, struct response *response);
code job_http_resume(struct scope *scope, const struct request *request, struct response *response);
