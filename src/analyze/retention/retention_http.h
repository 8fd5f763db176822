// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/cohorts
#pragma once

#include "web/router.h"

extern const struct route_parameter retention_cohorts_parameters[];
extern const struct route_answer retention_cohorts_answer;

code retention_http_cohorts(struct scope *scope, const struct request *request,
                            struct response *response);
