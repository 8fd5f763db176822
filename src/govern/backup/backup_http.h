// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_body backup_start_body;

code backup_http_start(struct scope *scope, const struct request *request,
                       struct response *response);
code backup_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
