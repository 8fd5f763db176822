// SPDX-License-Identifier: Apache-2.0
// Uplift of an experiment in a file: both kinds of model learn from every other customer and are
// measured on the rest. It says whom a treatment moves, or that nothing of the kind is to be seen.
#pragma once

#include "analyze/uplift/experiment_file.h"

// Figures, the tables methods and curve, a reading and warnings, as a JSON object in the arena.
code uplift_of_experiment(struct scope *scope, const struct experiment *experiment, uint64_t seed,
                          struct text *ret_result);
