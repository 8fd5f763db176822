// SPDX-License-Identifier: Apache-2.0
// The least sum of squares of a few parameters within bounds: Levenberg-Marquardt steps on those
// that are free, where a parameter at its bound whose gradient points outside is held. Pure
// mathematics; no memory but the stack, nothing left to chance.
//
// Source: Marquardt, J. SIAM 11 (1963); damping as Nielsen, IMM-REP-1999-05. Cost of a step: one
// evaluation with derivatives and p³/6 multiplications, p the number of parameters.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { LEAST_SQUARES_PARAMETERS = 32 }; // at most; also the width of rows of derivatives

// Of residuals r with derivatives J by the parameters, at one place.
struct least_squares {
    double squares;                            // Σ r²
    double gradient[LEAST_SQUARES_PARAMETERS]; // Jᵀr
    // JᵀJ; only [i][j] with j ≤ i is used.
    double normal[LEAST_SQUARES_PARAMETERS][LEAST_SQUARES_PARAMETERS];
};

struct least_squares_problem {
    const void *data;
    size_t parameter_count;
    const double *least, *most; // bounds; infinite for none
    // weight × ln Σ r²; INFINITY where the parameters are not allowed. Fills *ret_derivatives
    // unless that is NULL.
    double (*evaluate)(const void *data, const double *parameters,
                       struct least_squares *ret_derivatives);
    double weight;
    double tolerance; // steps end when the objective falls by less than this
};

// From *parameters, which must be allowed, downwards, at most so many steps; the objective there.
// *ret_converged is false when the steps came to their limit first.
double least_squares_fit(const struct least_squares_problem *problem, int steps_most,
                         double *parameters, bool *ret_converged);
