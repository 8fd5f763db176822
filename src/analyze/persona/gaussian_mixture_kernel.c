// SPDX-License-Identifier: Apache-2.0
#include "analyze/persona/gaussian_mixture_kernel.h"

#include "analyze/kernel/lanes.h"
#include "analyze/kernel/matrix.h"
#include "analyze/kernel/parallel.h"

#include <math.h>
#include <string.h>

enum {
    PIECE = 16384, // points whose sums are one number; part of what results are
    BLOCK = LANES_BLOCK,
    ITERATIONS = 500,
};
static const double log_two_pi = 1.8378770664093454836;

// Where one thread works: a block of points by column.
struct workspace {
    double *block;   // dimensions × BLOCK
    double *centred; // the same about a component's mean
    double *logs;    // k × BLOCK: log densities, then probabilities
};

struct expectation {
    const struct points *points;
    size_t k, moments; // numbers of one component's sums
    int threads;
    double *weights, *means, *covariances;
    double *factors;   // k × dimensions × dimensions: inverse Cholesky factors of the covariances
    double *constants; // k: log weight and log determinant
    size_t pieces;
    double *piece_sums;           // pieces × k × moments; NULL: only the likelihood is asked for
    double *piece_likelihoods;    // pieces
    struct workspace *workspaces; // of each thread
    uint32_t *labels;             // NULL: not asked for
    double *probabilities;
};

// ---- covariances ----

// The inverse of the lower Cholesky factor, by row, and the logarithm of its determinant.
static code invert_factor(struct scope *scope, double *covariance, size_t n, double *inverse,
                          double *ret_log_determinant) {
    struct matrix symmetric = {.rows = n, .columns = n};
    struct matrix lower, upper, inverted;
    double log_determinant = 0;

    symmetric.values = covariance;
    TRY(matrix_cholesky(scope, &symmetric, &lower));
    upper = matrix_new(scope, n, n);
    for (size_t i = 0; i < n; i++) {
        log_determinant -= log(*matrix_at(&lower, i, i));
        for (size_t j = 0; j <= i; j++)
            *matrix_at(&upper, j, i) = *matrix_at(&lower, i, j);
    }
    TRY(matrix_triangle_inverse(scope, &upper, &inverted));
    memcpy(inverse, inverted.values, n * n * sizeof(*inverse)); // U⁻¹ by column is L⁻¹ by row
    *ret_log_determinant = log_determinant;
    return OK;
}

static code factorise(struct scope *scope, struct expectation *step) {
    const size_t n = step->points->dimensions;

    for (size_t c = 0; c < step->k; c++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        double log_determinant;

        TRY(invert_factor(scope, step->covariances + c * n * n, n, step->factors + c * n * n,
                          &log_determinant));
        arena_rewind(&scope->arena, mark);
        step->constants[c] = log(step->weights[c]) + log_determinant - (double)n * log_two_pi / 2;
    }
    return OK;
}

// ---- expectation, and the sums for maximisation ----

static void load_block(const struct points *points, size_t first, size_t count, double *block) {
    for (size_t j = 0; j < points->dimensions; j++)
        for (size_t p = 0; p < BLOCK; p++)
            block[j * BLOCK + p] =
                p < count ? points->values[(first + p) * points->dimensions + j] : 0;
}

static void centre_block(const double *block, const double *mean, size_t dimensions,
                         double *centred) {
    for (size_t j = 0; j < dimensions; j++)
        for (size_t p = 0; p < BLOCK; p++)
            centred[j * BLOCK + p] = block[j * BLOCK + p] - mean[j];
}

static void log_densities(const struct expectation *step, const struct workspace *at) {
    const size_t n = step->points->dimensions;

    for (size_t c = 0; c < step->k; c++) {
        double *logs = at->logs + c * BLOCK;

        centre_block(at->block, step->means + c * n, n, at->centred);
        lanes_squares(at->centred, step->factors + c * n * n, n, logs);
        for (size_t p = 0; p < BLOCK; p++)
            logs[p] = step->constants[c] - logs[p] / 2;
    }
}

// Log densities become probabilities of the components. Returns the sum of the log-likelihoods of
// the first `count` points; the others get the weight 0.
static double normalise(const struct expectation *step, const struct workspace *at, size_t count) {
    double highest[BLOCK], totals[BLOCK] = {0};
    double sum = 0;

    for (size_t p = 0; p < BLOCK; p++)
        highest[p] = at->logs[p];
    for (size_t c = 1; c < step->k; c++)
        for (size_t p = 0; p < BLOCK; p++) {
            const double log = at->logs[c * BLOCK + p];

            highest[p] = log > highest[p] ? log : highest[p];
        }
    for (size_t c = 0; c < step->k; c++)
        for (size_t p = 0; p < BLOCK; p++)
            at->logs[c * BLOCK + p] -= highest[p];
    lanes_exp(at->logs, step->k * BLOCK);
    for (size_t c = 0; c < step->k; c++)
        for (size_t p = 0; p < BLOCK; p++)
            totals[p] += at->logs[c * BLOCK + p];
    for (size_t p = 0; p < count; p++)
        sum += highest[p] + log(totals[p]);
    for (size_t p = 0; p < BLOCK; p++)
        totals[p] = p < count ? 1 / totals[p] : 0;
    for (size_t c = 0; c < step->k; c++)
        for (size_t p = 0; p < BLOCK; p++)
            at->logs[c * BLOCK + p] *= totals[p];
    return sum;
}

static void add_moments(const struct expectation *step, const struct workspace *at, double *sums) {
    const size_t n = step->points->dimensions;

    for (size_t c = 0; c < step->k; c++) {
        centre_block(at->block, step->means + c * n, n, at->centred);
        lanes_moments(at->logs + c * BLOCK, at->centred, n, sums + c * step->moments);
    }
}

static void tell_labels(const struct expectation *step, const struct workspace *at, size_t first,
                        size_t count) {
    for (size_t p = 0; p < count; p++) {
        size_t best = 0;

        for (size_t c = 1; c < step->k; c++)
            if (at->logs[c * BLOCK + p] > at->logs[best * BLOCK + p])
                best = c;
        step->labels[first + p] = (uint32_t)best;
        if (step->probabilities != NULL)
            step->probabilities[first + p] = at->logs[best * BLOCK + p];
    }
}

static void expect_piece(void *data, size_t piece, int thread) {
    const struct expectation *step = data;
    const struct workspace *at = &step->workspaces[thread];
    const size_t last =
        (piece + 1) * PIECE < step->points->count ? (piece + 1) * PIECE : step->points->count;
    double *sums =
        step->piece_sums != NULL ? step->piece_sums + piece * step->k * step->moments : NULL;
    double likelihood = 0;

    if (sums != NULL)
        memset(sums, 0, step->k * step->moments * sizeof(*sums));
    for (size_t first = piece * PIECE; first < last; first += BLOCK) {
        const size_t count = last - first < BLOCK ? last - first : BLOCK;

        load_block(step->points, first, count, at->block);
        log_densities(step, at);
        likelihood += normalise(step, at, count);
        if (sums != NULL)
            add_moments(step, at, sums);
        if (step->labels != NULL)
            tell_labels(step, at, first, count);
    }
    step->piece_likelihoods[piece] = likelihood;
}

// The mean log-likelihood; the sums of all pieces are in those of the first one.
static double expect(struct expectation *step) {
    const size_t size = step->k * step->moments;
    double likelihood = 0;

    parallel_pieces(step->pieces, step->threads, expect_piece, step);
    for (size_t piece = 0; piece < step->pieces; piece++) {
        likelihood += step->piece_likelihoods[piece];
        for (size_t i = 0; piece > 0 && step->piece_sums != NULL && i < size; i++)
            step->piece_sums[i] += step->piece_sums[piece * size + i];
    }
    return likelihood / (double)step->points->count;
}

// ---- maximisation ----

// A component that nobody belongs to stays as it is, with no weight to speak of.
static void maximise(struct expectation *step, double regularisation) {
    const size_t n = step->points->dimensions;

    for (size_t c = 0; c < step->k; c++) {
        const double *sums = step->piece_sums + c * step->moments;
        const double weight = sums[0] > 1e-10 ? sums[0] : 1e-10;
        const double *products = sums + 1 + n;
        double *covariance = step->covariances + c * n * n;

        step->weights[c] = weight / (double)step->points->count;
        if (sums[0] <= 1e-10)
            continue;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++) {
                const double moment =
                    *products++ / weight - sums[1 + i] / weight * (sums[1 + j] / weight);

                covariance[i * n + j] = covariance[j * n + i] =
                    moment + (i == j ? regularisation : 0);
            }
        for (size_t i = 0; i < n; i++)
            step->means[c * n + i] += sums[1 + i] / weight;
    }
}

// ---- the start ----

static void start_of_means(struct expectation *step, const double *means) {
    const size_t n = step->points->dimensions;

    memcpy(step->means, means, step->k * n * sizeof(*means));
    for (size_t c = 0; c < step->k; c++) {
        step->weights[c] = 1 / (double)step->k;
        for (size_t i = 0; i < n; i++)
            step->covariances[(c * n + i) * n + i] = 1;
    }
}

// Moments of the points of each label, by one point after the other: it happens once.
static void start_of_labels(struct expectation *step, const uint32_t *labels,
                            double regularisation) {
    const size_t n = step->points->dimensions;

    memset(step->piece_sums, 0, step->k * step->moments * sizeof(double));
    for (size_t i = 0; i < step->points->count; i++) {
        const double *point = step->points->values + i * n;
        double *sums = step->piece_sums + labels[i] * step->moments;
        double *products = sums + 1 + n;

        sums[0] += 1;
        for (size_t a = 0; a < n; a++) {
            sums[1 + a] += point[a];
            for (size_t b = 0; b <= a; b++)
                *products++ += point[a] * point[b];
        }
    }
    for (size_t i = 0; i < step->k * n; i++)
        step->covariances[i * n + i % n] = 1; // of who has no point
    maximise(step, regularisation);
}

static void begin(struct scope *scope, struct expectation *step, bool has_sums) {
    struct arena *arena = &scope->arena;
    const size_t n = step->points->dimensions;

    step->moments = 1 + n + n * (n + 1) / 2;
    step->pieces = (step->points->count + PIECE - 1) / PIECE;
    step->threads = step->threads < 1 ? 1 : parallel_threads(step->threads);
    step->factors = arena_array(arena, step->k * n * n, sizeof(double));
    step->constants = arena_array(arena, step->k, sizeof(double));
    if (has_sums)
        step->piece_sums =
            arena_array(arena, step->pieces * step->k * step->moments, sizeof(double));
    step->piece_likelihoods = arena_array(arena, step->pieces, sizeof(double));
    step->workspaces = arena_array(arena, (size_t)step->threads, sizeof(*step->workspaces));
    for (int i = 0; i < step->threads; i++)
        step->workspaces[i] = (struct workspace){
            .block = arena_array(arena, n * BLOCK, sizeof(double)),
            .centred = arena_array(arena, n * BLOCK, sizeof(double)),
            .logs = arena_array(arena, step->k * BLOCK, sizeof(double)),
        };
}

static code climb(struct scope *scope, struct expectation *step,
                  const struct gaussian_mixture_options *options, struct gaussian_mixture *fit) {
    const double tolerance = options->tolerance > 0 ? options->tolerance : 1e-6;
    const double regularisation = options->regularisation > 0 ? options->regularisation : 1e-6;
    const int most = options->iterations_most > 0 ? options->iterations_most : ITERATIONS;
    double before = -INFINITY;

    begin(scope, step, true);
    if (options->means != NULL)
        start_of_means(step, options->means);
    else
        start_of_labels(step, options->labels, regularisation);
    while (!fit->converged && fit->iterations < most) {
        double likelihood;

        TRY(scope_check(scope));
        TRY(factorise(scope, step));
        likelihood = expect(step);
        maximise(step, regularisation);
        fit->iterations++;
        fit->converged = fabs(likelihood - before) < tolerance;
        before = likelihood;
    }
    TRY(factorise(scope, step));
    step->piece_sums = NULL;
    fit->mean_log_likelihood = expect(step);
    return OK;
}

code gaussian_mixture_fit(struct scope *scope, const struct points *points,
                          const struct gaussian_mixture_options *options,
                          struct gaussian_mixture *ret_fit) {
    const size_t n = points->dimensions;
    struct gaussian_mixture fit = {.k = options->k, .dimensions = n};
    struct expectation step = {.points = points, .k = options->k, .threads = options->threads};
    struct arena_mark mark;
    size_t parameters;
    code result;

    TRY(points_check(scope, points));
    if (options->k < 1 || options->k > K_MEANS_K_MOST || options->k > points->count)
        return scope_fail(scope, INVALID, "%zu groups of %zu points are none of 1 to %d",
                          options->k, points->count, K_MEANS_K_MOST);
    step.weights = fit.weights = arena_array(&scope->arena, fit.k, sizeof(double));
    step.means = fit.means = arena_array(&scope->arena, fit.k * n, sizeof(double));
    step.covariances = fit.covariances = arena_array(&scope->arena, fit.k * n * n, sizeof(double));
    mark = arena_mark(&scope->arena);
    result = climb(scope, &step, options, &fit);
    arena_rewind(&scope->arena, mark);
    TRY(result);
    parameters = fit.k - 1 + fit.k * n + fit.k * n * (n + 1) / 2;
    fit.bic = -2 * fit.mean_log_likelihood * (double)points->count +
              (double)parameters * log((double)points->count);
    *ret_fit = fit;
    return OK;
}

code gaussian_mixture_assign(struct scope *scope, const struct points *points,
                             const struct gaussian_mixture *mixture, int threads,
                             uint32_t *ret_labels, double *ret_probabilities,
                             double *ret_mean_log_likelihood) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct expectation step = {.points = points,
                               .k = mixture->k,
                               .threads = threads,
                               .weights = mixture->weights,
                               .means = mixture->means,
                               .covariances = mixture->covariances};
    double likelihood = 0;
    code result;

    step.labels = ret_labels;
    step.probabilities = ret_probabilities;
    begin(scope, &step, false);
    result = factorise(scope, &step);
    if (result == OK)
        likelihood = expect(&step);
    arena_rewind(&scope->arena, mark);
    if (result == OK)
        *ret_mean_log_likelihood = likelihood;
    return result;
}
