// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/likelihood.h"

#include "analyze/kernel/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    N = LIKELIHOOD_PARAMETERS,
    PIECE = 512, // observations whose sum is one number; part of what results are
    EVALUATIONS_MOST = 500,
};

// ---- sums ----

static void add_likelihood(struct likelihood *sum, const struct likelihood *other) {
    sum->value += other->value;
    for (int i = 0; i < N; i++) {
        sum->gradient[i] += other->gradient[i];
        for (int j = 0; j <= i; j++)
            sum->hessian[i][j] += other->hessian[i][j];
    }
}

struct summation {
    const struct likelihood_model *model;
    const double *parameters;
    struct likelihood *pieces;
};

static void add_piece(void *data, size_t piece, int thread) {
    const struct summation *summation = data;
    const struct likelihood_model *model = summation->model;
    const size_t first = piece * PIECE;
    const size_t last = first + PIECE < model->count ? first + PIECE : model->count;

    (void)thread;
    model->add(model->data, summation->parameters, first, last, &summation->pieces[piece]);
}

void likelihood_sum(const struct likelihood_model *model, const double *parameters, int threads,
                    struct likelihood *ret_sum) {
    const size_t count = (model->count + PIECE - 1) / PIECE;
    struct likelihood *pieces = calloc(count > 0 ? count : 1, sizeof(*pieces));
    struct likelihood sum = {0};

    if (pieces == NULL)
        abort();
    parallel_pieces(
        count, threads, add_piece,
        &(struct summation){.model = model, .parameters = parameters, .pieces = pieces});
    for (size_t i = 0; i < count; i++)
        add_likelihood(&sum, &pieces[i]);
    free(pieces);
    *ret_sum = sum;
}

// ---- mixtures ----

void mixture_add(struct mixture *mixture, double weight, const double gradient[N],
                 double hessian[N][N]) {
    mixture->weight += weight;
    for (int i = 0; i < N; i++) {
        mixture->gradient[i] += weight * gradient[i];
        for (int j = 0; j <= i; j++)
            mixture->hessian[i][j] += weight * (hessian[i][j] + gradient[i] * gradient[j]);
    }
}

void mixture_end(const struct mixture *mixture, double times, struct likelihood *sum) {
    const double scale = 1 / mixture->weight;
    double mean[N];

    sum->value += times * (mixture->highest + log(mixture->weight));
    for (int i = 0; i < N; i++) {
        mean[i] = mixture->gradient[i] * scale;
        sum->gradient[i] += times * mean[i];
        for (int j = 0; j <= i; j++)
            sum->hessian[i][j] += times * (mixture->hessian[i][j] * scale - mean[i] * mean[j]);
    }
}

// ---- the maximum ----

static const double log_bound = 20.72326583694641; // ln 1e9

// L Lᵀ = matrix, in place in its lower triangle; false when it is not positive definite.
static bool cholesky(double matrix[N][N], size_t size) {
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j <= i; j++) {
            double rest = matrix[i][j];

            for (size_t k = 0; k < j; k++)
                rest -= matrix[i][k] * matrix[j][k];
            if (i != j)
                matrix[i][j] = rest / matrix[j][j];
            else if (rest > 0 && isfinite(rest))
                matrix[i][i] = sqrt(rest);
            else
                return false;
        }
    return true;
}

static void cholesky_solve(double factor[N][N], size_t size, double *values) {
    for (size_t i = 0; i < size; i++) {
        for (size_t k = 0; k < i; k++)
            values[i] -= factor[i][k] * values[k];
        values[i] /= factor[i][i];
    }
    for (size_t i = size; i-- > 0;) {
        for (size_t k = i + 1; k < size; k++)
            values[i] -= factor[k][i] * values[k];
        values[i] /= factor[i][i];
    }
}

struct climb {
    const struct likelihood_model *model;
    int threads;
    int evaluations;
    double logs[N];         // of the parameters
    struct likelihood here; // by the logarithms
};

// By the logarithms: ∂/∂ln θ = θ ∂/∂θ.
static void by_logarithms(const double *parameters, struct likelihood *likelihood) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++) {
            likelihood->hessian[i][j] *= parameters[i] * parameters[j];
            if (i == j)
                likelihood->hessian[i][i] += parameters[i] * likelihood->gradient[i];
        }
    for (int i = 0; i < N; i++)
        likelihood->gradient[i] *= parameters[i];
}

static void look(struct climb *climb, const double *logs, struct likelihood *ret_there) {
    double parameters[N] = {0};

    for (size_t i = 0; i < climb->model->parameter_count; i++)
        parameters[i] = exp(logs[i]);
    likelihood_sum(climb->model, parameters, climb->threads, ret_there);
    by_logarithms(parameters, ret_there);
    climb->evaluations++;
}

// A parameter that stands at its bound and would leave it stays.
static bool is_held(const struct climb *climb, size_t i) {
    return (climb->logs[i] >= log_bound && climb->here.gradient[i] > 0) ||
           (climb->logs[i] <= -log_bound && climb->here.gradient[i] < 0);
}

// Solves (−H + damping·D) step = gradient for the free parameters; false when it is not definite.
static bool damped_step(const struct climb *climb, double damping, double *ret_step) {
    double matrix[N][N] = {0};
    double values[N];
    size_t free_of[N];
    size_t size = 0;

    for (size_t i = 0; i < climb->model->parameter_count; i++) {
        ret_step[i] = 0;
        if (!is_held(climb, i))
            free_of[size++] = i;
    }
    for (size_t i = 0; i < size; i++) {
        values[i] = climb->here.gradient[free_of[i]];
        for (size_t j = 0; j <= i; j++)
            matrix[i][j] = -climb->here.hessian[free_of[i]][free_of[j]];
        matrix[i][i] += damping * (fabs(matrix[i][i]) + 1e-9);
    }
    if (!cholesky(matrix, size))
        return false;
    cholesky_solve(matrix, size, values);
    for (size_t i = 0; i < size; i++)
        ret_step[free_of[i]] = values[i];
    return true;
}

static double largest(const double *values, size_t count) {
    double most = 0;

    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(values[i]));
    return most;
}

// No step is longer than a factor of e² in any parameter: beyond, the quadratic says little.
static void shorten(double *step, size_t count) {
    const double most = largest(step, count);

    for (size_t i = 0; i < count && most > 2; i++)
        step[i] *= 2 / most;
}

// A short step of Newton's alone ends at the top, or below it by the rounding of the sum: to look
// for one that climbs would be to climb the rounding.
static bool is_top(const struct climb *climb, const struct likelihood *there, double damping,
                   const double *step) {
    return damping == 0 && largest(step, climb->model->parameter_count) < 1e-4 &&
           climb->here.value - there->value < 1e-12 * fabs(there->value);
}

// One step up, with more damping as long as the try does not climb. False when none climbs.
static bool climb_step(struct climb *climb, double *damping, double *ret_length, double *ret_gain) {
    const size_t count = climb->model->parameter_count;
    double step[N] = {0};
    double logs[N] = {0};
    struct likelihood there;

    for (; *damping < 1e12; *damping = *damping * 8 + 1e-4) {
        if (!damped_step(climb, *damping, step))
            continue;
        shorten(step, count);
        for (size_t i = 0; i < count; i++)
            logs[i] = fmin(fmax(climb->logs[i] + step[i], -log_bound), log_bound);
        look(climb, logs, &there);
        if (isfinite(there.value) &&
            (there.value >= climb->here.value || is_top(climb, &there, *damping, step))) {
            *ret_length = largest(step, count);
            *ret_gain = there.value - climb->here.value;
            memcpy(climb->logs, logs, sizeof(logs));
            climb->here = there;
            *damping = *damping < 1e-6 ? 0 : *damping / 16;
            return true;
        }
        // What is below only by the rounding of the sum is the top.
        if (climb->here.value - there.value < 1e-13 * fabs(there.value) && *damping > 1)
            return false;
        if (climb->evaluations > EVALUATIONS_MOST)
            return false;
    }
    return false;
}

static void fill_errors(struct climb *climb, struct likelihood_fit *fit) {
    const size_t count = climb->model->parameter_count;
    double matrix[N][N] = {0};
    bool definite;

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= i; j++)
            matrix[i][j] = -climb->here.hessian[i][j];
    definite = cholesky(matrix, count);
    for (size_t i = 0; i < count; i++) {
        double column[N] = {0};

        column[i] = 1;
        if (definite)
            cholesky_solve(matrix, count, column);
        // At the maximum the gradient is zero, so the covariance of the parameters is that of their
        // logarithms times the parameters.
        for (size_t j = 0; j < count; j++)
            fit->covariance[i][j] =
                definite ? column[j] * fit->parameters[i] * fit->parameters[j] : NAN;
        fit->standard_errors[i] = sqrt(fit->covariance[i][i]);
        if (fit->standard_errors[i] > fit->parameters[i] * 1000)
            fit->standard_errors[i] = NAN; // anything between nothing and infinity would do
    }
}

static void fill_fit(struct climb *climb, bool converged, struct likelihood_fit *ret_fit) {
    struct likelihood_fit fit = {.log_likelihood = climb->here.value,
                                 .evaluations = climb->evaluations,
                                 .converged = converged};

    for (size_t i = 0; i < climb->model->parameter_count; i++) {
        fit.parameters[i] = exp(climb->logs[i]);
        // Two thirds of the way on the logarithmic scale: no data of people leads here.
        if (fabs(climb->logs[i]) > log_bound * 2 / 3)
            fit.at_boundary = true;
    }
    fill_errors(climb, &fit);
    *ret_fit = fit;
}

code likelihood_maximise(struct scope *scope, const struct likelihood_model *model,
                         const double *start, int threads, struct likelihood_fit *ret_fit) {
    struct climb climb = {.model = model, .threads = threads};
    double damping = 0;
    double length = 0;
    double gain = 0;
    int still = 0;

    for (size_t i = 0; i < model->parameter_count; i++)
        climb.logs[i] = fmin(fmax(log(start[i]), -log_bound), log_bound);
    look(&climb, climb.logs, &climb.here);
    if (!isfinite(climb.here.value))
        return scope_fail(scope, INVALID, "the likelihood cannot be computed for these data");
    // Two steps without gain: one may be an accident of rounding.
    while (still < 2 && climb.evaluations < EVALUATIONS_MOST) {
        TRY(scope_check(scope));
        if (!climb_step(&climb, &damping, &length, &gain))
            break;
        // The error of an undamped step is the square of its length: nothing is left to gain.
        if (damping == 0 && length < 1e-6)
            break;
        still = length < 1e-9 || gain < 1e-13 * fabs(climb.here.value) ? still + 1 : 0;
    }
    fill_fit(&climb, climb.evaluations < EVALUATIONS_MOST, ret_fit);
    return OK;
}
