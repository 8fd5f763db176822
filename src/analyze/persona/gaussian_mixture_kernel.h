// SPDX-License-Identifier: Apache-2.0
// Gaussian mixtures with full covariances, fitted by expectation and maximisation (Dempster, Laird
// & Rubin 1977; Bishop 2006, section 9.2). Pure mathematics.
//
// A small number is added to every variance, so that no component falls onto a single point. One
// pass over the points does both steps; moments are taken about the mean of before, where they do
// not cancel. Sums are made in pieces of a fixed size: the same digits whatever the number of
// threads. O(count · k · dimensions²) for an iteration.
#pragma once

#include "analyze/persona/k_means_kernel.h"

struct gaussian_mixture {
    size_t k, dimensions;
    double *weights;            // k, they add up to 1
    double *means;              // k × dimensions
    double *covariances;        // k × dimensions × dimensions
    double mean_log_likelihood; // of the points, under these parameters
    double bic;                 // −2 ln L + parameters · ln count: smaller is better
    int iterations;
    bool converged; // the mean log-likelihood rose by less than the tolerance
};

struct gaussian_mixture_options {
    size_t k;
    const double *means; // k × dimensions to start from, with unit covariances and equal weights;
    const uint32_t *labels; // or the component of each point; one of the two
    double tolerance;       // of the mean log-likelihood; 0: 1e-6
    double regularisation;  // added to variances; 0: 1e-6
    int iterations_most;    // 0: 500
    int threads;
};

// The arrays of the result are in the scope's arena. INVALID as for k_means_fit, and when a
// covariance cannot be inverted all the same.
code gaussian_mixture_fit(struct scope *scope, const struct points *points,
                          const struct gaussian_mixture_options *options,
                          struct gaussian_mixture *ret_fit);

// The most probable component of each point and its probability (where not NULL), and the mean
// log-likelihood. INVALID when a covariance is not positive definite.
code gaussian_mixture_assign(struct scope *scope, const struct points *points,
                             const struct gaussian_mixture *mixture, int threads,
                             uint32_t *ret_labels, double *ret_probabilities,
                             double *ret_mean_log_likelihood);
