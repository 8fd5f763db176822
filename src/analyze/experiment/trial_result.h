// SPDX-License-Identifier: Apache-2.0
// What a comparison of arms found, as tables and in words. Shared by the files of this noun.
#pragma once

#include "analyze/experiment/difference_kernel.h"
#include "analyze/experiment/trial.h"

struct trial_comparison {
    size_t outcome, arm;
    enum trial_method method;
    bool decides;                 // it is one of those that the correction is over
    struct difference difference; // its interval for itself
    struct difference together;   // its interval such that those of all decisions hold at once
    struct difference always;     // its interval and p for those who looked along the way
    double corrected_p;           // Holm; NaN where it does not decide
    double discovery_p;           // Benjamini & Hochberg
    double kept;                  // TRIAL_ADJUSTED: the share of the variance that is left
};

struct trial_result {
    const struct trial *trial;
    struct trial_comparison *comparisons; // by outcome, arm, method
    size_t count;
    size_t decisions;  // how many decide
    double division_p; // that the arms were divided as meant; NaN: nothing was meant
};

bool trial_is_shown(const struct trial_result *result, const struct trial_comparison *comparison);

void trial_result_write(struct scope *scope, struct json_writer *writer,
                        const struct trial_result *result);
// The members "reading" and "warnings".
void trial_words_write(struct scope *scope, struct json_writer *writer,
                       const struct trial_result *result);
