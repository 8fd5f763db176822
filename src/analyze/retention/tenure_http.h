// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/retention
#pragma once

#include "web/router.h"

extern const struct route_parameter tenure_parameters[];
extern const struct route_answer tenure_answer;

code tenure_http_show(struct scope *scope, const struct request *request,
                      struct response *response);
