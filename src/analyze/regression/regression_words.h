// SPDX-License-Identifier: Apache-2.0
// What a run found, in words: the names of its coefficients, a plain reading, and when not to trust
// it.
#pragma once

#include "analyze/regression/regression.h"

// What a coefficient goes with: of a number by one standard deviation (`step`), of a level by being
// it; in percent where the logarithm was explained. With the robust interval.
struct regression_effect {
    double step; // NaN for levels
    double value, low, high;
};
struct regression_effect regression_effect_of(const struct regression_analysis *analysis,
                                              size_t coefficient);
// The same by a step that is given.
struct regression_effect regression_effect_by(const struct regression_analysis *analysis,
                                              size_t coefficient, double step);

struct text regression_driver_words(struct scope *scope, const struct regression_analysis *analysis,
                                    int term);
struct text regression_level_words(struct scope *scope, const struct regression_analysis *analysis,
                                   const struct regression_coefficient *coefficient);
struct text regression_reference_words(struct scope *scope,
                                       const struct regression_analysis *analysis,
                                       const struct regression_coefficient *coefficient);
// Members "reading" and "warnings", lists of sentences.
void regression_write_reading(struct scope *scope, struct json_writer *writer,
                              const struct regression_analysis *analysis);
void regression_write_warnings(struct scope *scope, struct json_writer *writer,
                               const struct regression_analysis *analysis);
