// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

code audit_http_list(struct scope *scope, const struct request *request, struct response *response);
code audit_http_verify(struct scope *scope, const struct request *request,
                       struct response *response);
