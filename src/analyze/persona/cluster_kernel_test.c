// SPDX-License-Identifier: Apache-2.0
// The kernels against the plain algorithms, and what must not change a result. The published and
// printed figures of Online Retail are in tests/online_retail_test.c.
#include "analyze/kernel/lanes.h"
#include "analyze/persona/cluster_quality_kernel.h"
#include "analyze/persona/gaussian_mixture_kernel.h"
#include "base/random.h"
#include "base/test.h"

#include <math.h>
#include <string.h>

// Points about `groups` places, as far apart as `apart`.
static struct points clouds(struct scope *scope, size_t count, size_t dimensions, size_t groups,
                            double apart) {
    struct random random = random_stream(7, 0, count);
    double *values = arena_array(&scope->arena, count * dimensions, sizeof(*values));

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < dimensions; j++)
            values[i * dimensions + j] =
                random_normal(&random) + apart * (double)((i % groups) * (j + 1) % (groups + 1));
    return (struct points){values, count, dimensions};
}

static double square(const double *a, const double *b, size_t dimensions) {
    double sum = 0;

    for (size_t j = 0; j < dimensions; j++)
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}

static uint32_t nearest(const double *point, const double *centres, size_t k, size_t dimensions) {
    uint32_t best = 0;

    for (size_t c = 1; c < k; c++)
        if (square(point, centres + c * dimensions, dimensions) <
            square(point, centres + best * dimensions, dimensions))
            best = (uint32_t)c;
    return best;
}

// Lloyd as in the textbook. Returns how many assignments there were.
static int plain_lloyd(const struct points *points, double *centres, size_t k, uint32_t *labels) {
    const size_t n = points->dimensions;
    bool moved = true;
    int iterations = 0;

    memset(labels, 0xff, points->count * sizeof(*labels));
    while (moved) {
        moved = false;
        for (size_t i = 0; i < points->count; i++) {
            const uint32_t label = nearest(points->values + i * n, centres, k, n);

            moved |= label != labels[i];
            labels[i] = label;
        }
        iterations++;
        for (size_t c = 0; c < k; c++) {
            double sums[16] = {0}, size = 0;

            for (size_t i = 0; i < points->count; i++)
                for (size_t j = 0; labels[i] == c && j < n; j++)
                    sums[j] += points->values[i * n + j], size += j == 0;
            for (size_t j = 0; size > 0 && j < n; j++)
                centres[c * n + j] = sums[j] / size;
        }
    }
    return iterations;
}

TEST(k_means_with_bounds_is_plain_lloyd) {
    static const struct {
        size_t count, dimensions, groups, k;
        double apart;
    } cases[] = {{500, 2, 3, 3, 4}, {3000, 3, 4, 7, 1},  {9000, 5, 6, 12, 0.5}, {700, 8, 1, 9, 0},
                 {60, 1, 5, 4, 3},  {5000, 8, 8, 20, 2}, {4097, 4, 2, 17, 0.1}};

    for (size_t t = 0; t < sizeof(cases) / sizeof(*cases); t++) {
        const struct points points =
            clouds(scope, cases[t].count, cases[t].dimensions, cases[t].groups, cases[t].apart);
        double *centres = arena_copy(&scope->arena, points.values,
                                     cases[t].k * points.dimensions * sizeof(*centres));
        uint32_t *labels = arena_array(&scope->arena, points.count, sizeof(*labels));
        const struct k_means_options options = {
            .k = cases[t].k, .centres = points.values, .threads = 2};
        struct k_means fit;

        CHECK_OK(k_means_fit(scope, &points, &options, &fit));
        CHECK_INT(fit.iterations, plain_lloyd(&points, centres, cases[t].k, labels));
        CHECK(fit.converged);
        CHECK(test_is_same(labels, fit.labels, points.count * sizeof(*labels)));
        for (size_t j = 0; j < cases[t].k * points.dimensions; j++)
            CHECK(fabs(fit.centres[j] - centres[j]) < 1e-12);
    }
}

// Points on a grid, where distances are equal to the last digit.
TEST(of_equally_near_centres_the_first_one_counts) {
    double values[400], centres[8] = {2, 2, 17, 2, 2, 17, 17, 17};
    const struct points points = {values, 200, 2};
    const struct k_means_options options = {.k = 4, .centres = centres, .threads = 1};
    double moved[8];
    uint32_t labels[200];
    struct k_means fit;

    for (size_t i = 0; i < 200; i++) {
        const size_t line = i / 20;

        values[2 * i] = (double)(i % 20);
        values[2 * i + 1] = (double)line * 2;
    }
    memcpy(moved, centres, sizeof(moved));
    CHECK_OK(k_means_fit(scope, &points, &options, &fit));
    CHECK_INT(fit.iterations, plain_lloyd(&points, moved, 4, labels));
    CHECK(test_is_same(labels, fit.labels, sizeof(labels)));
}

static void check_same(const struct k_means *a, const struct k_means *b, size_t count) {
    CHECK(test_is_same(a->labels, b->labels, count * sizeof(*a->labels)));
    CHECK(test_is_same(a->centres, b->centres, a->k * a->dimensions * sizeof(*a->centres)));
    CHECK(test_is_same(&a->inertia, &b->inertia, sizeof(a->inertia)));
}

TEST(k_means_has_the_same_digits_on_any_number_of_threads_and_twice) {
    const struct points points = clouds(scope, 30000, 6, 5, 2);
    struct k_means_options options = {.k = 5, .seed = 3, .starts = 3, .threads = 1};
    struct k_means first, other;

    CHECK_OK(k_means_fit(scope, &points, &options, &first));
    for (options.threads = 1; options.threads <= 5; options.threads += 2) {
        CHECK_OK(k_means_fit(scope, &points, &options, &other));
        check_same(&first, &other, points.count);
    }
    CHECK_INT((int64_t)(first.sizes[0] + first.sizes[1] + first.sizes[2] + first.sizes[3] +
                        first.sizes[4]),
              30000);
}

TEST(an_empty_cluster_takes_the_farthest_point) {
    const double values[] = {0, 0.1, 0.2, 0.3, 9};
    const double centres[] = {0, 0, 0};
    const struct points points = {values, 5, 1};
    struct k_means_options options = {.k = 3, .centres = centres, .threads = 1};
    struct k_means fit;

    CHECK_OK(k_means_fit(scope, &points, &options, &fit));
    CHECK(fit.sizes[0] > 0 && fit.sizes[1] > 0 && fit.sizes[2] > 0);
    CHECK_CLOSE(fit.inertia, 0.01, 1e-12);
}

// Centres far away from all points are empty at first, again and again.
TEST(after_filling_empty_clusters_every_point_is_at_its_nearest_centre) {
    for (uint64_t t = 0; t < 400; t++) {
        struct random random = random_stream(11, t, 0);
        const size_t count = 9 + random_below(&random, 37), k = 3 + random_below(&random, 6);
        double values[2 * 46], centres[2 * 9];
        const struct points points = {values, count, 2};
        const struct k_means_options options = {.k = k, .centres = centres, .threads = 1};
        struct k_means fit;

        for (size_t j = 0; j < 2 * count; j++)
            values[j] = random_normal(&random) + (double)random_below(&random, 3) * 2;
        for (size_t j = 0; j < 2 * k; j++)
            centres[j] = j < 4 ? values[j] : 50 * random_normal(&random);
        CHECK_OK(k_means_fit(scope, &points, &options, &fit));
        CHECK(fit.converged);
        for (size_t i = 0; i < count; i++)
            CHECK_CLOSE(square(values + 2 * i, fit.centres + (size_t)2 * fit.labels[i], 2),
                        square(values + 2 * i,
                               fit.centres + (size_t)2 * nearest(values + 2 * i, fit.centres, k, 2),
                               2),
                        1e-9);
    }
}

// A point that an empty cluster took is drawn off by those that follow it there; then the centre
// that it came from is the nearest again, which the bound of before does not know of.
TEST(a_point_that_filled_a_cluster_finds_its_way_back) {
    static const struct {
        size_t count, k;
        double values[12], centres[4];
    } cases[] = {
        {9, 4, {88, 78, 59, 92, 0, 35, 94, 94, 25}, {10, -11, 81, -6}},
        {12, 3, {93, 66, 74, 79, 8, 91, 79, 2, 70, 49, 34, 77}, {83, -42, 123}},
        {11, 4, {88, 16, 35, 32, 73, 96, 41, 90, 23, 34, 51}, {-50, 12, 27, 137}},
    };

    for (size_t t = 0; t < sizeof(cases) / sizeof(*cases); t++) {
        const struct points points = {cases[t].values, cases[t].count, 1};
        const struct k_means_options options = {
            .k = cases[t].k, .centres = cases[t].centres, .threads = 1};
        struct k_means fit;

        CHECK_OK(k_means_fit(scope, &points, &options, &fit));
        for (size_t i = 0; i < points.count; i++)
            CHECK_INT(fit.labels[i], nearest(points.values + i, fit.centres, fit.k, 1));
    }
}

TEST(duplicates_leave_clusters_empty_and_one_point_is_a_cluster) {
    const double values[] = {1, 1, 1, 1, 4, 4};
    const struct points points = {values, 6, 1};
    const struct points one = {values, 1, 1};
    struct k_means_options options = {.k = 4, .seed = 1, .starts = 2, .threads = 2};
    struct k_means fit;
    size_t used = 0;

    CHECK_OK(k_means_fit(scope, &points, &options, &fit));
    for (size_t c = 0; c < 4; c++)
        used += fit.sizes[c] > 0;
    CHECK_INT((int64_t)used, 2);
    CHECK_CLOSE(fit.inertia, 0, 0);
    options.k = 1;
    CHECK_OK(k_means_fit(scope, &one, &options, &fit));
    CHECK_CLOSE(fit.centres[0], 1, 0);
    CHECK_CLOSE(fit.inertia, 0, 0);
}

TEST(points_that_cannot_be_grouped_are_refused) {
    const double bad[][2] = {{1, NAN}, {INFINITY, 1}};
    struct k_means_options options = {.k = 1, .threads = 1};
    struct k_means fit;

    for (size_t i = 0; i < 2; i++) {
        const struct points points = {bad[i], 2, 1};

        CHECK_CODE(k_means_fit(scope, &points, &options, &fit), INVALID);
        scope_forgive(scope);
    }
    options.k = 3;
    CHECK_CODE(k_means_fit(scope, &(struct points){(double[]){1, 2}, 2, 1}, &options, &fit),
               INVALID);
    scope_forgive(scope);
    CHECK_CODE(k_means_fit(scope, &(struct points){NULL, 0, 1}, &options, &fit), INVALID);
    scope_forgive(scope);
}

TEST(points_that_took_no_part_get_the_nearest_centre) {
    const struct points points = clouds(scope, 5000, 3, 4, 3);
    const struct k_means_options options = {.k = 4, .starts = 2, .threads = 2};
    uint32_t *labels = arena_array(&scope->arena, points.count, sizeof(*labels));
    double *squares = arena_array(&scope->arena, points.count, sizeof(*squares));
    double *seconds = arena_array(&scope->arena, points.count, sizeof(*seconds));
    struct k_means fit;
    double inertia = 0;

    CHECK_OK(k_means_fit(scope, &points, &options, &fit));
    k_means_assign(&points, fit.centres, fit.k, 2, labels, squares, seconds);
    CHECK(test_is_same(labels, fit.labels, points.count * sizeof(*labels)));
    for (size_t i = 0; i < points.count; i++) {
        CHECK(seconds[i] >= squares[i]);
        inertia += squares[i];
    }
    CHECK_CLOSE(inertia, fit.inertia, 1e-12);
}

// ---- Gaussian mixtures ----

static double density(const double *point, const double *mean, const double *covariance) {
    const double determinant = covariance[0] * covariance[3] - covariance[1] * covariance[2];
    const double a = point[0] - mean[0], b = point[1] - mean[1];
    const double form =
        (a * a * covariance[3] - 2 * a * b * covariance[1] + b * b * covariance[0]) / determinant;

    return exp(-form / 2) / (6.283185307179586 * sqrt(determinant));
}

// One expectation and maximisation in two dimensions, by the book.
static double plain_step(const struct points *points, size_t k, double *weights, double *means,
                         double *covariances) {
    double sums[8][6] = {0};
    double likelihood = 0;

    for (size_t i = 0; i < points->count; i++) {
        const double *x = points->values + 2 * i;
        double of[8], total = 0;

        for (size_t c = 0; c < k; c++)
            total += of[c] = weights[c] * density(x, means + 2 * c, covariances + 4 * c);
        likelihood += log(total);
        for (size_t c = 0; c < k; c++) {
            const double r = of[c] / total;
            const double parts[] = {
                r, r * x[0], r * x[1], r * x[0] * x[0], r * x[0] * x[1], r * x[1] * x[1]};

            for (int m = 0; m < 6; m++)
                sums[c][m] += parts[m];
        }
    }
    for (size_t c = 0; c < k; c++) {
        const double *s = sums[c];
        const double x = s[1] / s[0], y = s[2] / s[0];

        weights[c] = s[0] / (double)points->count;
        means[2 * c] = x;
        means[2 * c + 1] = y;
        covariances[4 * c] = s[3] / s[0] - x * x + 1e-6;
        covariances[4 * c + 1] = covariances[4 * c + 2] = s[4] / s[0] - x * y;
        covariances[4 * c + 3] = s[5] / s[0] - y * y + 1e-6;
    }
    return likelihood / (double)points->count;
}

TEST(a_gaussian_mixture_is_expectation_and_maximisation_by_the_book) {
    const struct points points = clouds(scope, 1000, 2, 3, 3);
    const struct gaussian_mixture_options options = {
        .k = 3, .means = points.values, .tolerance = 1e-300, .iterations_most = 12, .threads = 2};
    double weights[3] = {1. / 3, 1. / 3, 1. / 3}, means[6];
    double covariances[12] = {1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1};
    struct gaussian_mixture fit;

    memcpy(means, points.values, sizeof(means));
    CHECK_OK(gaussian_mixture_fit(scope, &points, &options, &fit));
    CHECK_INT(fit.iterations, 12);
    for (int i = 0; i < 12; i++)
        plain_step(&points, 3, weights, means, covariances);
    for (int i = 0; i < 12; i++)
        CHECK(fabs(fit.covariances[i] - covariances[i]) < 1e-9);
    for (int i = 0; i < 6; i++)
        CHECK(fabs(fit.means[i] - means[i]) < 1e-9);
    CHECK_CLOSE(fit.mean_log_likelihood, plain_step(&points, 3, weights, means, covariances),
                1e-12);
}

TEST(a_gaussian_mixture_has_the_same_digits_on_any_number_of_threads) {
    const struct points points = clouds(scope, 40001, 5, 4, 2);
    const struct k_means_options grouping = {.k = 4, .starts = 1, .threads = 2};
    struct gaussian_mixture_options options = {.k = 4, .iterations_most = 6};
    struct gaussian_mixture first, other;
    struct k_means groups;

    CHECK_OK(k_means_fit(scope, &points, &grouping, &groups));
    options.labels = groups.labels;
    for (options.threads = 1; options.threads <= 3; options.threads++) {
        CHECK_OK(gaussian_mixture_fit(scope, &points, &options, &other));
        if (options.threads == 1)
            first = other;
        CHECK(test_is_same(first.covariances, other.covariances, 100 * sizeof(double)));
        CHECK(test_is_same(&first.bic, &other.bic, sizeof(double)));
    }
}

TEST(a_gaussian_mixture_gives_probabilities_that_its_likelihood_is_made_of) {
    const struct points points = clouds(scope, 777, 3, 3, 4);
    const struct gaussian_mixture_options options = {.k = 3, .means = points.values, .threads = 2};
    uint32_t *labels = arena_array(&scope->arena, points.count, sizeof(*labels));
    double *probabilities = arena_array(&scope->arena, points.count, sizeof(*probabilities));
    struct gaussian_mixture fit;
    double likelihood;

    CHECK_OK(gaussian_mixture_fit(scope, &points, &options, &fit));
    CHECK(fit.converged);
    CHECK_OK(gaussian_mixture_assign(scope, &points, &fit, 2, labels, probabilities, &likelihood));
    CHECK_CLOSE(likelihood, fit.mean_log_likelihood, 0);
    for (size_t i = 0; i < points.count; i++)
        CHECK(labels[i] < 3 && probabilities[i] > 1. / 3 - 1e-9 && probabilities[i] < 1 + 1e-9);
    CHECK_CLOSE(fit.weights[0] + fit.weights[1] + fit.weights[2], 1, 1e-12);
}

TEST(a_gaussian_mixture_of_equal_points_is_kept_from_falling_together) {
    double values[80];
    const struct points points = {values, 40, 2};
    const struct gaussian_mixture_options options = {
        .k = 2, .means = (double[]){0, 0, 5, 5}, .threads = 1};
    struct gaussian_mixture fit;

    for (size_t i = 0; i < 80; i++)
        values[i] = i < 40 ? 0 : 5;
    CHECK_OK(gaussian_mixture_fit(scope, &points, &options, &fit));
    CHECK(isfinite(fit.bic));
    CHECK_CLOSE(fit.covariances[0], 1e-6, 1e-6);
    CHECK_CLOSE(fit.weights[0], 0.5, 1e-9);
}

// ---- quality ----

static double plain_silhouette(const struct points *points, const uint32_t *labels, size_t k) {
    double mean = 0;

    for (size_t i = 0; i < points->count; i++) {
        double sums[8] = {0}, sizes[8] = {0}, other = INFINITY;

        for (size_t j = 0; j < points->count; j++) {
            sums[labels[j]] +=
                sqrt(square(points->values + i * points->dimensions,
                            points->values + j * points->dimensions, points->dimensions));
            sizes[labels[j]] += j != i;
        }
        for (size_t c = 0; c < k; c++)
            if (c != labels[i])
                other = fmin(other, sums[c] / sizes[c]);
        if (sizes[labels[i]] > 0) {
            const double own = sums[labels[i]] / sizes[labels[i]];

            mean += (other - own) / fmax(other, own) / (double)points->count;
        }
    }
    return mean;
}

TEST(silhouettes_are_those_of_the_definition) {
    const struct points points = clouds(scope, 301, 3, 3, 2);
    const struct k_means_options options = {.k = 3, .starts = 1, .threads = 1};
    uint32_t every[301], ones[301] = {0};
    const uint32_t *labels[3] = {NULL, every, ones};
    const size_t k[3] = {3, 5, 1};
    struct k_means fit;
    double means[3], other[3];

    for (uint32_t i = 0; i < 301; i++)
        every[i] = i % 5 == 4 && i > 4 ? 3 : i % 5; // group 4 has one point
    CHECK_OK(k_means_fit(scope, &points, &options, &fit));
    labels[0] = fit.labels;
    silhouettes(scope, &points, labels, k, 3, 1, means);
    silhouettes(scope, &points, labels, k, 3, 2, other);
    CHECK(test_is_same(means, other, 2 * sizeof(double)));
    CHECK_CLOSE(means[0], plain_silhouette(&points, fit.labels, 3), 1e-12);
    CHECK_CLOSE(means[1], plain_silhouette(&points, every, 5), 1e-12);
    CHECK(isnan(means[2]));
}

TEST(the_adjusted_rand_index_knows_names_from_groups) {
    const uint32_t a[] = {0, 0, 0, 1, 1, 1}, b[] = {1, 1, 1, 0, 0, 0}, c[] = {0, 0, 1, 1, 2, 2};
    const uint32_t one[6] = {0};

    CHECK_CLOSE(adjusted_rand_index(a, 2, b, 2, 6), 1, 1e-15);
    // Pairs: 2 in both, 6 and 3 in each, 15 in all: (2 − 1.2) / (4.5 − 1.2).
    CHECK_CLOSE(adjusted_rand_index(a, 2, c, 3, 6), 0.8 / 3.3, 1e-12);
    CHECK_CLOSE(adjusted_rand_index(one, 1, one, 1, 6), 1, 0);
    CHECK_CLOSE(adjusted_rand_index(a, 2, one, 1, 6), 0, 0);
}

TEST(the_exponential_of_lanes_is_the_one_of_the_library) {
    double values[16], exact[16];

    for (int t = 0; t < 100; t++) {
        for (int i = 0; i < 16; i++)
            exact[i] = exp(values[i] = (t * 16 + i) * -0.4371);
        lanes_exp(values, 16);
        for (int i = 0; i < 16; i++)
            CHECK(fabs(values[i] - exact[i]) <= 1e-15 * exact[i] + 1e-303);
    }
}
