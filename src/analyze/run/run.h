// SPDX-License-Identifier: Apache-2.0
// Runs of analyses: what was asked, of which data, what was found, and what it says of each
// customer. All analyses that score customers keep their results in this form: a row for each run,
// for good, and the scores of the latest run of each kind, which the lake shows by name
// (lake_schema.sql).
//
// To add a kind: a value below and its name in run.c, a view over analysis_score in lake_schema.sql
// and lake_postgresql.sql with higher versions.
#pragma once

#include "base/scope.h"

enum analysis_kind {
    ANALYSIS_LIFETIME_VALUE = 1, // the values are stored: append only
    ANALYSIS_CHURN = 2,
    ANALYSIS_REGRESSION = 4, // scores nobody
    ANALYSIS_FORECAST = 5,   // scores nobody
    ANALYSIS_PERSONA = 3,
    ANALYSIS_ATTRIBUTION = 6,
    ANALYSIS_EXPERIMENT = 7, // scores nobody
    ANALYSIS_UPLIFT = 8,
    ANALYSIS_KIND_LAST = ANALYSIS_UPLIFT,
};
const char *analysis_kind_name(enum analysis_kind kind); // "lifetime_value"

enum { ANALYSIS_VALUES = 6 };

struct analysis_run {
    int64_t id; // 0: not kept yet; one given before (store_new_id) is taken
    enum analysis_kind kind;
    int32_t version; // of the computation
    int32_t as_of_day;
    int64_t seed;
    int64_t change_id;              // the lake's watermark
    struct text parameters, result; // JSON
    int64_t customer_count;
    int64_t job_id;
    struct text actor;
    int64_t created_at_us;
};

// One customer's scores, as columns. Micros; ANALYSIS_UNKNOWN where there is no value.
#define ANALYSIS_UNKNOWN INT64_MIN
struct analysis_scores {
    size_t count;
    const int64_t *customers; // ascending
    size_t value_count;       // ≤ ANALYSIS_VALUES
    const int64_t *values[ANALYSIS_VALUES];
};

// Keeps the run and puts its scores in the place of those of the kind's earlier run, in pieces, so
// that nobody waits long: until it returns, some customers have the old score and some the new. A
// call that was broken off is made good by the next one. Fills id, actor, created_at_us and
// customer_count. Of runs that keep at the same time the newer one's scores stand.
code analysis_run_keep(struct scope *scope, struct analysis_run *run,
                       const struct analysis_scores *scores);

// The latest run of a kind. *ret_found is false when there is none.
code analysis_run_latest(struct scope *scope, enum analysis_kind kind, struct analysis_run *ret_run,
                         bool *ret_found);
// NOT_FOUND also for a run of another kind.
code analysis_run_find(struct scope *scope, enum analysis_kind kind, int64_t id,
                       struct analysis_run *ret_run);
// Newest first, without parameters and result; before_id 0 for the first page.
code analysis_run_list(struct scope *scope, enum analysis_kind kind, int64_t before_id,
                       int64_t limit, struct analysis_run **ret_runs, size_t *ret_count);
