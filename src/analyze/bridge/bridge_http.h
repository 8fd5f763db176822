// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_parameter bridge_parameters[];
extern const struct route_answer bridge_answer;

code bridge_http_show(struct scope *scope, const struct request *request,
                      struct response *response);
