// SPDX-License-Identifier: Apache-2.0
// Clusters of libtessera.
#include "analyze/library/place.h"
#include "analyze/persona/gaussian_mixture_kernel.h"

#include <string.h>

static code fit_means(struct tessera *place, const struct points *points, size_t k, int starts,
                      uint64_t seed, struct k_means *ret_fit) {
    const struct k_means_options options = {
        .k = k, .seed = seed, .starts = starts > 0 ? starts : 1, .threads = place->threads};

    return k_means_fit(place_begin(place), points, &options, ret_fit);
}

int tessera_k_means(struct tessera *place, const double *values, size_t count, size_t dimensions,
                    size_t k, int starts, uint64_t seed, double *ret_centres, uint32_t *ret_labels,
                    double *ret_inertia) {
    const struct points points = {values, count, dimensions};
    struct k_means fit;
    const code outcome = fit_means(place, &points, k, starts, seed, &fit);

    if (outcome == OK) {
        memcpy(ret_centres, fit.centres, k * dimensions * sizeof(*ret_centres));
        memcpy(ret_labels, fit.labels, count * sizeof(*ret_labels));
        *ret_inertia = fit.inertia;
    }
    return place_end(place, outcome);
}

enum { MIXTURE_STARTS = 10 }; // of the k-means it begins from

static code fit_mixture(struct tessera *place, const struct points *points, size_t k, uint64_t seed,
                        struct gaussian_mixture *ret_fit, uint32_t *ret_labels) {
    struct gaussian_mixture_options options = {.k = k, .threads = place->threads};
    struct k_means begin;
    double mean;

    TRY(fit_means(place, points, k, MIXTURE_STARTS, seed, &begin));
    options.labels = begin.labels;
    TRY(gaussian_mixture_fit(&place->scope, points, &options, ret_fit));
    return gaussian_mixture_assign(&place->scope, points, ret_fit, place->threads, ret_labels, NULL,
                                   &mean);
}

// Arrays and numbers only, as R and Python hand them over:
// NOLINTNEXTLINE(readability-function-size)
int tessera_gaussian_mixture(struct tessera *place, const double *values, size_t count,
                             size_t dimensions, size_t k, uint64_t seed, double *ret_weights,
                             double *ret_means, double *ret_covariances, uint32_t *ret_labels,
                             double *ret_mean_log_likelihood, double *ret_bic) {
    const struct points points = {values, count, dimensions};
    const size_t row = k * dimensions;
    struct gaussian_mixture fit;
    const code outcome = fit_mixture(place, &points, k, seed, &fit, ret_labels);

    if (outcome == OK) {
        memcpy(ret_weights, fit.weights, k * sizeof(*ret_weights));
        memcpy(ret_means, fit.means, row * sizeof(*ret_means));
        memcpy(ret_covariances, fit.covariances, row * dimensions * sizeof(*ret_covariances));
        *ret_mean_log_likelihood = fit.mean_log_likelihood;
        *ret_bic = fit.bic;
    }
    return place_end(place, outcome);
}
