// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

// A receipt: head, lines, and the refunds of it. {id} is an id or a receipt number (of `source`).
code sale_http_show(struct scope *scope, const struct request *request, struct response *response);
