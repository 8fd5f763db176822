// SPDX-License-Identifier: Apache-2.0
// The parameters that every report takes (from, to, filter), and what every report says of how its
// numbers came about: these parameters and the state of the lake. For *_http.c files.
#pragma once

#include "analyze/metric/selection.h"
#include "web/route.h"

#define SELECTION_PARAMETERS                                                                       \
    {.name = "from", .type = PARAMETER_DAY, .help = "first day that counts"},                      \
        {.name = "to", .type = PARAMETER_DAY, .help = "last day that counts"}, {                   \
        .name = "filter", .type = PARAMETER_TEXT,                                                  \
        .help = "FIELD=VALUE, FIELD!=VALUE: only such sales; all filters hold", .repeats = true    \
    }
#define SELECTION_ANSWER                                                                           \
    {                                                                                              \
        .name = "selection", .type = ANSWER_OBJECT, .help = "what was counted",                    \
        .members = selection_answer                                                                \
    }
extern const struct route_answer selection_answer[];

// Brings the lake up to date and reads the parameters. Both days count.
code selection_read(struct scope *scope, const struct request *request,
                    struct selection *ret_selection);
// The member "selection": {"from", "to", "filters", "watermark"}; absent bounds are null.
code selection_write(struct scope *scope, struct response *response,
                     const struct selection *selection);
