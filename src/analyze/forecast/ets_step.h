// SPDX-License-Identifier: Apache-2.0
// One step of exponential smoothing, for the fit and for what follows from it.
#pragma once

#include "analyze/forecast/ets_kernel.h"

struct smoothing {
    double alpha, beta, gamma, phi;
};

// What one value does to the state. `figure` is the season's of its period.
struct step {
    double before;          // level and slope carried on: q
    double forecast, error; // the error as a difference
    double to_level, to_season;
};

static inline struct step step_of(enum ets_part season, double before, double figure,
                                  double value) {
    struct step step = {.before = before, .forecast = before};

    if (season == ETS_ADDITIVE)
        step.forecast = before + figure;
    if (season == ETS_MULTIPLICATIVE)
        step.forecast = before * figure;
    step.error = value - step.forecast;
    step.to_level = season == ETS_MULTIPLICATIVE ? step.error / figure : step.error;
    step.to_season = season == ETS_MULTIPLICATIVE ? step.error / before : step.error;
    return step;
}

static inline void carry(struct ets_state *state, size_t phase, const struct smoothing *s,
                         const struct step *step) {
    state->level = step->before + s->alpha * step->to_level;
    state->slope = s->phi * state->slope + s->beta * step->to_level;
    state->seasons[phase] += s->gamma * step->to_season;
}
