// SPDX-License-Identifier: Apache-2.0
// Uplift of a test that the store knows: its arms are two segments, what is known of customers is
// that of the day before the test's first (churn/churn_feature.h), the response is a purchase, or
// spend, in the days from it on. A run whose ranking is no better than chance is kept, says so and
// scores nobody; otherwise customers of now are scored. docs/uplift.md tells people how to read it.
#pragma once

#include "analyze/uplift/uplift.h"
#include "base/json.h"

enum {
    UPLIFT_VERSION = 1, // of the computation: raise it when digits change
    UPLIFT_FIELDS = 7,
    UPLIFT_SAMPLE_MOST = 200000, // customers of the test that are learnt from and measured on
    UPLIFT_ARM_LEAST = 50,       // of an arm, or nothing is said
    UPLIFT_EVER_DAYS = 100000,   // of features: who ever bought
    UPLIFT_TENTHS = 10,
};

struct uplift_options {
    struct text treated, control; // segments
    int32_t start_day;            // the first day of the test, and of the response
    int32_t arms_day;             // whose members the arms are
    int64_t window_days;
    int64_t spend_at_least_micros; // 0: a purchase is a response
    int64_t seed;
};
extern const struct json_field uplift_fields[UPLIFT_FIELDS];
// INVALID with the field for what is missing or out of range.
code uplift_read_options(struct scope *scope, const struct json *object,
                         struct uplift_options *ret_options);

// Record the job.
code uplift_start(struct scope *scope, const struct uplift_options *options, int64_t *ret_job_id);
// The job kind "uplift" (store/job.h). Its result names the run (analyze/run).
code uplift_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result);

// ---- what a run works out, in order; for the parts of this noun ----

struct uplift_test {
    struct uplift_options options;
    int32_t end_day;  // the last of the response
    int32_t last_day; // of any sale: as of which customers are scored
    int64_t change_id;
    struct text currency;
    int64_t several;       // members of both segments
    int64_t members, none; // of one; of these, who had never bought before the start
    size_t stride;         // every so many-th member of an arm is in
    struct uplift_rows rows;
    int64_t *row_customers;
    unsigned char *is_measured;
    struct uplift uplift;

    // Customers of now; none when the ranking is noise.
    size_t count;
    int64_t *customers, *scores[2]; // uplift, rank: micros
    double tenth_sum[UPLIFT_TENTHS];
    int64_t tenth_count[UPLIFT_TENTHS];
};

// Fills rows, row_customers, is_measured and what was left out.
code uplift_test_read(struct scope *scope, struct uplift_test *test);
// Fits the best method to the whole test and scores the customers of now.
code uplift_test_score(struct scope *scope, struct uplift_test *test);
