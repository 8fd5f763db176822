// SPDX-License-Identifier: Apache-2.0
// Arms of customers beside a control: how much each outcome differs, with intervals, p values made
// good for the number of comparisons, and what is said of it in words. Where the customers come
// from (a file, segments) is others' business.
#pragma once

#include "base/json.h"

enum {
    TRIAL_ARMS = 8, // the control included
    TRIAL_OUTCOMES = 10,
};

enum trial_measure {
    TRIAL_SHARE, // values are 0 and 1
    TRIAL_MEAN,
    TRIAL_RATIO, // Σ values / Σ below
};

struct trial_outcome {
    struct text name;
    enum trial_measure measure;
    const char *unit; // of what a mean is; NULL: a plain number
};

struct trial_arm {
    struct text name;
    size_t count;                         // customers
    const double *values[TRIAL_OUTCOMES]; // one for each customer, all finite
    const double *below[TRIAL_OUTCOMES];  // of a TRIAL_RATIO
    const double *before[TRIAL_OUTCOMES]; // known before the arms were made; NULL: nothing
    double share;                         // of customers it was meant to have, in any unit; 0: none
};

struct trial {
    struct trial_arm arms[TRIAL_ARMS]; // the control first
    size_t arm_count;
    struct trial_outcome outcomes[TRIAL_OUTCOMES];
    size_t outcome_count;
    struct text before; // what `before` is called
    struct text note;   // one more thing to know before trusting it; empty: none
    double confidence;  // 0.95
    int64_t left_out;   // rows of no arm
    bool is_observed;   // the arms were not made by chance
};

// One comparison: an outcome, an arm beside the control, a way of comparing.
enum trial_method { TRIAL_PLAIN, TRIAL_ADJUSTED, TRIAL_MEDIAN, TRIAL_METHODS };

// Writes, as members of the open object: the figures, "reading" and "warnings" in words, the
// tables "arms" and "differences". INVALID for fewer than two arms, an arm of fewer than two
// customers, a confidence outside 0 … 1.
//
// Of each outcome and arm one comparison decides (the adjusted one where something was known
// before, else the plain one): Holm's correction is over these. Medians are told beside them.
code trial_write(struct scope *scope, const struct trial *trial, struct json_writer *writer);

// "50,25,25": shares above 0, TRIAL_ARMS at most. INVALID, field "division", for anything else.
code trial_division_read(struct scope *scope, struct text list, double shares[TRIAL_ARMS],
                         size_t *ret_count);
