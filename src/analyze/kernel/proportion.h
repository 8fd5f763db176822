// SPDX-License-Identifier: Apache-2.0
// The interval of a share that was counted. Pure.
#pragma once

// Wilson's score interval (Wilson 1927) of `successes` in `trials` at this confidence (0.95): it
// stays within 0 … 1 and says something of few trials as well. 0 and 1 where there was no trial.
void proportion_interval(double successes, double trials, double confidence, double *ret_low,
                         double *ret_high);
