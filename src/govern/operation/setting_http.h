// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_body setting_set_body;
extern const struct route_answer setting_set_answer;

code setting_http_list(struct scope *scope, const struct request *request,
                       struct response *response);
code setting_http_set(struct scope *scope, const struct request *request,
                      struct response *response);
