// SPDX-License-Identifier: Apache-2.0
// What an experiment says of whom a treatment moves: both kinds of model learn from half of the
// customers and are measured on the other half. Where the customers come from (a file, the store)
// is others' business.
#pragma once

#include "analyze/uplift/experiment_file.h"
#include "base/json.h"

struct uplift {
    const struct uplift_rows *rows; // all of them
    struct uplift_rows learnt, measured;
    bool is_fit[UPLIFT_METHODS];
    struct text why_not[UPLIFT_METHODS]; // where it is not
    struct uplift_quality quality[UPLIFT_METHODS];
    enum uplift_method best; // the largest Qini
};

extern const char *const uplift_method_labels[UPLIFT_METHODS];
enum { UPLIFT_PENALTY = 1 }; // of the regressions

// Rows whose is_measured is 1 are measured on, the others learnt from; NULL: every other row.
// INVALID for fewer than four rows and what uplift_fit and uplift_measure refuse of two models.
code uplift_work(struct scope *scope, const struct uplift_rows *rows,
                 const unsigned char *is_measured, uint64_t seed, struct uplift *ret_uplift);

// Members of the open object: figures, "reading", and the tables "methods" and "curve".
void uplift_write(struct scope *scope, struct json_writer *writer, const struct uplift *uplift);
// Elements of the open array: when not to trust it.
void uplift_write_warnings(struct scope *scope, struct json_writer *writer,
                           const struct uplift *uplift);

// Figures, the tables methods and curve, a reading and warnings, as a JSON object in the arena.
code uplift_of_experiment(struct scope *scope, const struct experiment *experiment, uint64_t seed,
                          struct text *ret_result);
