// SPDX-License-Identifier: Apache-2.0
// Log-likelihoods of a few positive parameters with exact first and second derivatives, summed over
// weighted observations on all cores, and their maximum. Pure mathematics: no database.
//
// Sums are the same to the last digit whatever the number of threads: observations are added up in
// pieces of a fixed size, and the pieces in their order.
#pragma once

#include "base/scope.h"

enum { LIKELIHOOD_PARAMETERS = 4 }; // at most

struct likelihood {
    double value;
    double gradient[LIKELIHOOD_PARAMETERS];
    // Second derivatives; only [i][j] with j ≤ i is used.
    double hessian[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS];
};

struct likelihood_model {
    const void *data;       // the observations
    size_t count;           // how many
    size_t parameter_count; // 1 … LIKELIHOOD_PARAMETERS, all of them positive
    // Adds observations `first` … `last` − 1 at these parameters to *sum. Runs on several threads.
    void (*add)(const void *data, const double *parameters, size_t first, size_t last,
                struct likelihood *sum);
};

void likelihood_sum(const struct likelihood_model *model, const double *parameters, int threads,
                    struct likelihood *ret_sum);

// ln Σ exp(term): the sum in the making, with its derivatives. `highest` is a level that no term
// exceeds by much, so that nothing overflows.
struct mixture {
    double highest;
    double weight;
    double gradient[LIKELIHOOD_PARAMETERS];                       // Σ w g
    double hessian[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS]; // Σ w (H + g gᵀ)
};
void mixture_add(struct mixture *mixture, double weight,
                 const double gradient[LIKELIHOOD_PARAMETERS],
                 double hessian[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS]);
// Adds `times` the logarithm of the mixture to *sum.
void mixture_end(const struct mixture *mixture, double times, struct likelihood *sum);

struct likelihood_fit {
    double parameters[LIKELIHOOD_PARAMETERS];
    // Of the parameters, from the inverse of the negative Hessian at the maximum; NaN where the
    // likelihood is flat there or the parameter stands at its bound.
    double standard_errors[LIKELIHOOD_PARAMETERS];
    double covariance[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS];
    double log_likelihood;
    int evaluations;
    bool converged;   // the steps came to an end, not to their limit
    bool at_boundary; // a parameter went to 0 or to infinity: the model says more than the data
};

// Climbs from `start` by Newton's method on the logarithms of the parameters, damped where the
// likelihood is not concave (Levenberg-Marquardt), within 1e-9 … 1e9. NLopt has no method that
// takes second derivatives, with which about ten evaluations do. INVALID when the likelihood is not
// finite at `start`; CANCELLED as everywhere.
code likelihood_maximise(struct scope *scope, const struct likelihood_model *model,
                         const double *start, int threads, struct likelihood_fit *ret_fit);
