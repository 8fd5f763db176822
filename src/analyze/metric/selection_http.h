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

// Reports that are no metrics of the registry explain themselves when asked to.
#define EXPLANATION_PARAMETER                                                                      \
    { .name = "sql", .type = PARAMETER_BOOL, .help = "explain the numbers, too", .usual = "false" }
#define EXPLANATION_ANSWER                                                                         \
    {                                                                                              \
        .name = "explanation", .type = ANSWER_OBJECT, .help = "how the numbers come about",        \
        .members = explanation_answer, .is_optional = true                                         \
    }
extern const struct route_answer explanation_answer[];

// Brings the lake up to date and reads the parameters. Both days count.
code selection_read(struct scope *scope, const struct request *request,
                    struct selection *ret_selection);
// The member "selection": {"from", "to", "filters", "watermark"}; absent bounds are null.
code selection_write(struct scope *scope, struct response *response,
                     const struct selection *selection);

// The members "sql" and "values_bound".
void statement_write(struct json_writer *writer, struct statement *statement);
// When the request asks for it, the member "explanation": {"definition", "sql", "values_bound"}, of
// a fragment over the selected documents.
code explanation_write(struct scope *scope, const struct request *request,
                       struct response *response, const struct selection *selection,
                       const char *definition, const char *fragment);
