// SPDX-License-Identifier: Apache-2.0
// The parameters that every report takes (from, to, filter), and what every report says of how its
// numbers came about: these parameters and the state of the lake. For *_http.c files.
#pragma once

#include "analyze/metric/selection.h"
#include "web/request.h"
#include "web/response.h"

// For the list of request_only.
#define SELECTION_PARAMETERS "from", "to", "filter"

// Brings the lake up to date and reads the parameters. Both days count.
code selection_read(struct scope *scope, const struct request *request,
                    struct selection *ret_selection);
// The member "selection": {"from", "to", "filters", "watermark"}; absent bounds are null.
code selection_write(struct scope *scope, struct response *response,
                     const struct selection *selection);
