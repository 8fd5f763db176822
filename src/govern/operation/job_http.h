// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

code job_http_list(struct scope *scope, const struct request *request, struct response *response);
code job_http_show(struct scope *scope, const struct request *request, struct response *response);
code job_http_log(struct scope *scope, const struct request *request, struct response *response);
code job_http_cancel(struct scope *scope, const struct request *request, struct response *response);
code job_http_resume(struct scope *scope, const struct request *request, struct response *response);
