// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analyze/decide/memory.h"
#include "web/instant.h"

extern const struct route_parameter decide_parameters[];
extern const struct route_answer decide_show_answer;

// Out of the ledger; asked when memory does not know.
code decide_http_show(struct scope *scope, const struct request *request,
                      struct response *response);

// Out of memory, for the server. `context` is a struct memory.
bool decide_http_instant(void *context, struct scope *scope, const struct request *request,
                         struct response *response);
void decide_http_figures(void *context, struct buffer *out); // for GET /metrics
