// SPDX-License-Identifier: Apache-2.0
// What routes of all analyses answer: GET /api/v1/NAME (the latest run, or an earlier one) and
// GET /api/v1/NAME/runs (those that were made). The analyses' own routes call these.
#pragma once

#include "analyze/run/run.h"
#include "web/router.h"

extern const struct route_parameter analysis_show_parameters[];
extern const struct route_parameter analysis_runs_parameters[];

// Of a struct route_answer's members; `found` says what the result holds.
#define ANALYSIS_SHOW_MEMBERS(found)                                                               \
    ANSWER_MEMBERS({.name = "run", ANSWER_ID, "null: it was never run", .is_nullable = true},      \
                   {.name = "ran_at", ANSWER_INSTANT, "when it ended", .is_optional = true},       \
                   {.name = "change_id", ANSWER_ID, "the state of the data", .is_optional = true}, \
                   {.name = "version", ANSWER_INTEGER, "of the computation", .is_optional = true}, \
                   {.name = "result", ANSWER_OBJECT, found, .is_nullable = true})

code analysis_http_show(struct scope *scope, enum analysis_kind kind, const struct request *request,
                        struct response *response);
code analysis_http_runs(struct scope *scope, enum analysis_kind kind, const struct request *request,
                        struct response *response);

// A run was asked for: its record in the audit log ("churn.run"), and the answer with its job.
code analysis_http_started(struct scope *scope, const char *action, int64_t job_id,
                           struct response *response);
