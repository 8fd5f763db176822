// SPDX-License-Identifier: Apache-2.0
// The last events of a source as they arrive, with what was wrong with them.
#pragma once

#include "web/route.h"

extern const struct route_parameter recent_http_parameters[];

code recent_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
