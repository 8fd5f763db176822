// SPDX-License-Identifier: Apache-2.0
// A table of metrics with those of an earlier period beside. For *_http.c files.
#pragma once

#include "analyze/metric/comparison.h"
#include "web/route.h"

#define COMPARE_PARAMETER                                                                          \
    {                                                                                              \
        .name = "compare", .type = PARAMETER_CHOICE,                                               \
        .help = "beside each value that of as many days before, or of the same days a year "       \
                "before, and the change as a share; it needs from and to",                         \
        .choices = comparison_names                                                                \
    }
#define COMPARE_ANSWER                                                                             \
    {                                                                                              \
        .name = "compared_with", .type = ANSWER_OBJECT, .help = "the days of the earlier period",  \
        .members = comparison_answer, .is_optional = true                                          \
    }
extern const struct route_answer comparison_answer[];

// The parameter "compare" and, when it is given, the earlier selection.
code comparison_read(struct scope *scope, const struct request *request,
                     const struct selection *now, enum comparison *ret_comparison,
                     struct selection *ret_before);
// The member "compared_with"; nothing when nothing is compared.
void comparison_write(struct response *response, enum comparison comparison,
                      const struct selection *before);

// As metric_write_table, with two columns behind each metric: METRIC_before and METRIC_change,
// (now - before) / |before|, null where there is nothing before. The rows are those of the later
// period. CONFLICT when the two periods have different currencies.
code comparison_write_table(struct scope *scope, struct response *response, const char *key,
                            const struct metric_query *query, enum comparison comparison,
                            const struct selection *before);
