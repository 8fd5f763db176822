// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_parameter sale_show_parameters[];
extern const struct route_answer sale_show_answer;

// A receipt: head, lines, and the refunds of it. {id} is an id or a receipt number (of `source`).
code sale_http_show(struct scope *scope, const struct request *request, struct response *response);
