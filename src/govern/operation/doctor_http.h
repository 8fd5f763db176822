// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_answer doctor_examine_answer;

// {"fail_count", "warn_count", "checks": table}
code doctor_http_examine(struct scope *scope, const struct request *request,
                         struct response *response);
