// SPDX-License-Identifier: Apache-2.0
// Arms and outcomes from a file: a row for each customer. Any format that imports read
// (plug/source).
#pragma once

#include "analyze/experiment/trial.h"

enum { TRIAL_ROWS = 2000000 }; // at most

struct trial_query {
    struct text arm, control;             // the column that names the arm, and the control's name
    struct text outcomes[TRIAL_OUTCOMES]; // columns, or "COLUMN/COLUMN": a ratio
    size_t outcome_count;
    struct text before;          // a column; empty: none
    double division[TRIAL_ARMS]; // shares meant, the control first, then in the order of names
    size_t division_count;       // 0: equal ones
    double confidence;
};

// Arms are the names that stand in the file, the control first, the others in bytewise order; rows
// without one are left out. An outcome that is 0 and 1 (no and yes) everywhere is a share. INVALID
// for columns that are not there, cells that are no number, missing ones, more than TRIAL_ARMS.
code trial_read(struct scope *scope, const char *file, const struct trial_query *query,
                struct trial *ret_trial);
