// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_body sample_start_body;

code sample_http_start(struct scope *scope, const struct request *request,
                       struct response *response);
