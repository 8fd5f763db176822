// SPDX-License-Identifier: Apache-2.0
// The objective is the logarithm of the sum, so that a tolerance means the same for every scale;
// Gauss-Newton steps for the sum are steps for its logarithm as well.
#include "analyze/forecast/least_squares.h"

#include <math.h>
#include <string.h>

enum { WIDTH = LEAST_SQUARES_PARAMETERS };

// Solves (N + damping·diag N) x = −g over the free parameters by Cholesky's method; 0 for the held
// ones. False when the matrix is not positive.
static bool solve(const struct least_squares *at, const size_t *free, size_t count, double damping,
                  double *ret_step) {
    double factor[WIDTH][WIDTH], right[WIDTH];

    for (size_t i = 0; i < count; i++) {
        right[i] = -at->gradient[free[i]];
        for (size_t j = 0; j <= i; j++) {
            double sum = at->normal[free[i]][free[j]] * (i == j ? 1 + damping : 1);

            for (size_t k = 0; k < j; k++)
                sum -= factor[i][k] * factor[j][k];
            if (i == j && !(sum > 0))
                return false;
            factor[i][j] = i == j ? sqrt(sum) : sum / factor[j][j];
        }
        for (size_t k = 0; k < i; k++)
            right[i] -= factor[i][k] * right[k];
        right[i] /= factor[i][i];
    }
    for (size_t i = count; i-- > 0;) {
        for (size_t k = i + 1; k < count; k++)
            right[i] -= factor[k][i] * right[k];
        right[i] /= factor[i][i];
        ret_step[free[i]] = right[i];
    }
    return true;
}

// Parameters that may move: not at a bound with the descent pointing outside, and not without any
// effect.
static size_t find_free(const struct least_squares_problem *problem, const double *parameters,
                        const struct least_squares *at, size_t *free) {
    size_t count = 0;

    for (size_t i = 0; i < problem->parameter_count; i++) {
        const bool at_least = parameters[i] <= problem->least[i] && at->gradient[i] >= 0;
        const bool at_most = parameters[i] >= problem->most[i] && at->gradient[i] <= 0;

        if (!at_least && !at_most && at->normal[i][i] > 0)
            free[count++] = i;
    }
    return count;
}

// How far the objective would fall if the residuals were linear.
static double promise(const struct least_squares_problem *problem, const struct least_squares *at,
                      const double *parameters, const double *moved) {
    double sum = 0;

    for (size_t i = 0; i < problem->parameter_count; i++) {
        const double step = moved[i] - parameters[i];

        sum += step * (2 * at->gradient[i] + at->normal[i][i] * step);
        for (size_t j = 0; j < i; j++)
            sum += 2 * step * at->normal[i][j] * (moved[j] - parameters[j]);
    }
    return -problem->weight * sum / at->squares;
}

static void move(const struct least_squares_problem *problem, const double *parameters,
                 const double *step, double *ret_moved) {
    for (size_t i = 0; i < problem->parameter_count; i++)
        ret_moved[i] = fmin(fmax(parameters[i] + step[i], problem->least[i]), problem->most[i]);
}

// One accepted step, with as much damping as it takes. Returns how far the objective fell; 0 when
// no step goes down.
static double descend(const struct least_squares_problem *problem, double *parameters,
                      const struct least_squares *at, double objective, double *damping) {
    const size_t size = problem->parameter_count * sizeof(double);
    size_t free[WIDTH];
    const size_t count = find_free(problem, parameters, at, free);
    double grow = 2;

    if (count == 0)
        return 0;
    while (*damping < 1e12) {
        double step[WIDTH] = {0}, moved[WIDTH] = {0};
        double next = INFINITY;

        if (solve(at, free, count, *damping, step)) {
            move(problem, parameters, step, moved);
            next = problem->evaluate(problem->data, moved, NULL);
        }
        if (next < objective) {
            const double kept = (objective - next) / promise(problem, at, parameters, moved);

            memcpy(parameters, moved, size);
            *damping *= fmin(fmax(1 - pow(2 * kept - 1, 3), 1.0 / 5), 4);
            *damping = fmax(*damping, 1e-9);
            return objective - next;
        }
        *damping *= grow;
        grow *= 2;
    }
    return 0;
}

double least_squares_fit(const struct least_squares_problem *problem, int steps_most,
                         double *parameters, bool *ret_converged) {
    double objective = problem->evaluate(problem->data, parameters, NULL);
    double damping = 1e-2;
    int small = 0;

    *ret_converged = false;
    for (int step = 0; step < steps_most && isfinite(objective); step++) {
        struct least_squares at;
        double fell;

        problem->evaluate(problem->data, parameters, &at);
        fell = descend(problem, parameters, &at, objective, &damping);
        objective -= fell;
        small = fell < problem->tolerance ? small + 1 : 0;
        if (fell == 0 || small == 2) {
            *ret_converged = true;
            break;
        }
    }
    return problem->evaluate(problem->data, parameters, NULL);
}
