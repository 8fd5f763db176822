// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_answer storage_look_answer;

// {"version", "bytes", "tables", "indexes", "nodes", "files"}
code storage_http_look(struct scope *scope, const struct request *request,
                       struct response *response);
