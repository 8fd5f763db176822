// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/cohorts
#pragma once

#include "web/router.h"

code retention_http_cohorts(struct scope *scope, const struct request *request,
                            struct response *response);
