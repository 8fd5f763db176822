// SPDX-License-Identifier: Apache-2.0
// An experiment from a file: a row for each customer, which arm they were in, whether they
// responded, and what was known of them before. Any format that imports read (plug/source).
#pragma once

#include "analyze/uplift/uplift_kernel.h"
#include "base/text.h"

enum {
    EXPERIMENT_COLUMNS = 40,   // of features
    EXPERIMENT_LEVELS = 30,    // words of a column
    EXPERIMENT_ROWS = 2000000, // at most
};

struct experiment_query {
    struct text treatment;                    // the column that names the arm
    struct text treated, control;             // its values; rows of other arms are left out
    struct text response;                     // a column: numbers above 0, true, yes are a response
    struct text features[EXPERIMENT_COLUMNS]; // columns; words become a feature for each value
    size_t feature_count;
};

struct experiment {
    struct uplift_rows rows; // in the order of the file
    int64_t left_out;        // rows of other arms
    struct text *names;      // of features: "channel = Web"
};

// INVALID for columns that are not there, a response that is none, missing values, a column with
// more than EXPERIMENT_LEVELS words.
code experiment_read(struct scope *scope, const char *file, const struct experiment_query *query,
                     struct experiment *ret_experiment);
