// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_parameter upload_add_parameters[];
extern const struct route_answer upload_add_answer;
extern const struct route_parameter upload_list_parameters[];
extern const struct route_answer upload_delete_answer;

code upload_http_add(struct scope *scope, const struct request *request, struct response *response);
code upload_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
code upload_http_delete(struct scope *scope, const struct request *request,
                        struct response *response);
