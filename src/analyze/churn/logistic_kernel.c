// SPDX-License-Identifier: Apache-2.0
#include "analyze/churn/logistic_kernel.h"

#include "analyze/kernel/parallel.h"

#include <math.h>
#include <string.h>

enum {
    PIECES_MOST = 64,
    PIECE_LEAST = 256, // rows
    ITERATIONS_MOST = 100,
    HALVINGS_MOST = 40,
};

// ---- scale ----

void feature_scale_make(struct scope *scope, const struct labelled_rows *rows,
                        struct feature_scale *ret_scale) {
    struct feature_scale scale = {.features = rows->features};
    const double n = (double)rows->count;

    scale.means = arena_array(&scope->arena, rows->features, sizeof(double));
    scale.deviations = arena_array(&scope->arena, rows->features, sizeof(double));
    for (size_t i = 0; i < rows->count; i++)
        for (size_t j = 0; j < rows->features; j++)
            scale.means[j] += rows->values[i * rows->features + j] / n;
    for (size_t i = 0; i < rows->count; i++)
        for (size_t j = 0; j < rows->features; j++) {
            const double away = rows->values[i * rows->features + j] - scale.means[j];

            scale.deviations[j] += away * away / n;
        }
    for (size_t j = 0; j < rows->features; j++) {
        const double deviation = sqrt(scale.deviations[j]);

        scale.deviations[j] = deviation > 1e-12 * (1 + fabs(scale.means[j])) ? deviation : 0;
    }
    *ret_scale = scale;
}

void feature_scale_apply(const struct feature_scale *scale, const double *values, size_t count,
                         double *ret_values) {
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < scale->features; j++) {
            const size_t at = i * scale->features + j;

            ret_values[at] = scale->deviations[j] > 0
                                 ? (values[at] - scale->means[j]) / scale->deviations[j]
                                 : 0;
        }
}

// ---- prediction ----

double logistic_probability(double log_odds) {
    if (log_odds >= 0)
        return 1 / (1 + exp(-log_odds));
    const double odds = exp(log_odds);

    return odds / (1 + odds);
}

double logistic_log_odds(const struct logistic_fit *fit, const double *values) {
    double sum = fit->intercept;

    for (size_t j = 0; j < fit->features; j++)
        sum += fit->coefficients[j] * values[j];
    return sum;
}

void logistic_contributions(const struct logistic_fit *fit, const double *means,
                            const double *values, double *ret_contributions) {
    for (size_t j = 0; j < fit->features; j++)
        ret_contributions[j] = fit->coefficients[j] * (values[j] - means[j]);
}

// ---- the objective and its derivatives ----

// Parameters are the coefficients and then the intercept: `size` = features + 1.
struct sums {
    double loss;
    double *gradient; // size
    double *hessian;  // size × size by row, the lower half
};

struct pass {
    const struct labelled_rows *rows;
    const double *parameters;
    size_t piece_rows;
    bool loss_only;
    struct sums *pieces;
};

static double loss_of(double log_odds, unsigned char label) {
    const double wrong = label ? -log_odds : log_odds;

    return wrong > 0 ? wrong + log1p(exp(-wrong)) : log1p(exp(wrong));
}

static void add_row(const struct labelled_rows *rows, const double *row, double residual,
                    double weight, struct sums *sums) {
    const size_t features = rows->features, size = features + 1;

    for (size_t i = 0; i < features; i++) {
        const double scaled = weight * row[i];
        double *restrict target = sums->hessian + i * size;

        sums->gradient[i] += residual * row[i];
        for (size_t j = 0; j <= i; j++)
            target[j] += scaled * row[j];
        sums->hessian[features * size + i] += scaled;
    }
    sums->gradient[features] += residual;
    sums->hessian[features * size + features] += weight;
}

static void add_piece(void *data, size_t piece, int thread) {
    const struct pass *pass = data;
    const struct labelled_rows *rows = pass->rows;
    struct sums *sums = &pass->pieces[piece];
    const size_t first = piece * pass->piece_rows;
    const size_t last =
        first + pass->piece_rows < rows->count ? first + pass->piece_rows : rows->count;

    (void)thread;
    for (size_t i = first; i < last; i++) {
        const double *row = rows->values + i * rows->features;
        double log_odds = pass->parameters[rows->features];

        for (size_t j = 0; j < rows->features; j++)
            log_odds += pass->parameters[j] * row[j];
        sums->loss += loss_of(log_odds, rows->labels[i]);
        if (pass->loss_only)
            continue;
        const double probability = logistic_probability(log_odds);

        add_row(rows, row, probability - rows->labels[i], probability * (1 - probability), sums);
    }
}

struct problem {
    const struct labelled_rows *rows;
    double penalty;
    int threads;
    size_t size, piece_count, piece_rows;
    struct sums *pieces;
};

static void problem_init(struct scope *scope, struct problem *problem) {
    const size_t rows = problem->rows->count;

    problem->size = problem->rows->features + 1;
    problem->piece_rows = rows / PIECES_MOST + 1;
    if (problem->piece_rows < PIECE_LEAST)
        problem->piece_rows = PIECE_LEAST;
    problem->piece_count = (rows + problem->piece_rows - 1) / problem->piece_rows;
    problem->pieces = arena_array(&scope->arena, problem->piece_count, sizeof(*problem->pieces));
    for (size_t i = 0; i < problem->piece_count; i++) {
        problem->pieces[i].gradient = arena_array(&scope->arena, problem->size, sizeof(double));
        problem->pieces[i].hessian =
            arena_array(&scope->arena, problem->size * problem->size, sizeof(double));
    }
}

static void add_sums(struct sums *sum, const struct sums *other, size_t size) {
    sum->loss += other->loss;
    for (size_t i = 0; i < size; i++)
        sum->gradient[i] += other->gradient[i];
    for (size_t i = 0; i < size * size; i++)
        sum->hessian[i] += other->hessian[i];
}

// The pieces in their order, and the penalty. gradient and hessian of *sum may be NULL: only the
// objective is asked for.
static void evaluate(const struct problem *problem, const double *parameters, struct sums *sum) {
    const bool loss_only = sum->gradient == NULL;
    const size_t size = problem->size;
    struct pass pass = {.rows = problem->rows,
                        .parameters = parameters,
                        .piece_rows = problem->piece_rows,
                        .loss_only = loss_only,
                        .pieces = problem->pieces};

    for (size_t i = 0; i < problem->piece_count; i++) {
        problem->pieces[i].loss = 0;
        memset(problem->pieces[i].gradient, 0, size * sizeof(double));
        memset(problem->pieces[i].hessian, 0, size * size * sizeof(double));
    }
    parallel_pieces(problem->piece_count, problem->threads, add_piece, &pass);
    sum->loss = 0;
    for (size_t i = 0; i < problem->piece_count; i++)
        if (loss_only)
            sum->loss += problem->pieces[i].loss;
        else
            add_sums(sum, &problem->pieces[i], size);
    for (size_t j = 0; j + 1 < size; j++) {
        sum->loss += problem->penalty / 2 * parameters[j] * parameters[j];
        if (loss_only)
            continue;
        sum->gradient[j] += problem->penalty * parameters[j];
        sum->hessian[j * size + j] += problem->penalty;
    }
}

// ---- the minimum ----

// L Lᵀ = hessian in place; a row that depends on those before it is left out (its diagonal 0), so
// that the step leaves its parameter where it is. The intercept is taken first, by going from the
// end of the matrix's rows to their beginning.
static void factorise(double *hessian, size_t size, const double *diagonal) {
    for (size_t a = size; a-- > 0;) {
        double *row = hessian + a * size;
        double rest = diagonal[a];

        for (size_t k = a + 1; k < size; k++)
            rest -= row[k] * row[k];
        row[a] = rest > 1e-11 * diagonal[a] ? sqrt(rest) : 0;
        for (size_t b = 0; b < a; b++) {
            double below = hessian[a * size + b];

            for (size_t k = a + 1; k < size; k++)
                below -= hessian[b * size + k] * row[k];
            hessian[b * size + a] = row[a] > 0 ? below / row[a] : 0;
        }
    }
}

// step = −H⁻¹ g.
static void solve(const double *factor, size_t size, const double *gradient, double *step) {
    for (size_t a = size; a-- > 0;) {
        double rest = -gradient[a];

        for (size_t k = a + 1; k < size; k++)
            rest -= factor[a * size + k] * step[k];
        step[a] = factor[a * size + a] > 0 ? rest / factor[a * size + a] : 0;
    }
    for (size_t a = 0; a < size; a++) {
        double rest = step[a];

        for (size_t k = 0; k < a; k++)
            rest -= factor[k * size + a] * step[k];
        step[a] = factor[a * size + a] > 0 ? rest / factor[a * size + a] : 0;
    }
}

static double newton_step(struct scope *scope, size_t size, struct sums *sums, double *step) {
    double *diagonal = arena_array(&scope->arena, size, sizeof(double));
    double decrement = 0;

    for (size_t i = 0; i < size; i++)
        diagonal[i] = sums->hessian[i * size + i];
    factorise(sums->hessian, size, diagonal);
    solve(sums->hessian, size, sums->gradient, step);
    for (size_t i = 0; i < size; i++)
        decrement -= step[i] * sums->gradient[i];
    return decrement;
}

// As far along the step as the objective falls. False when it does not.
static bool go(const struct problem *problem, double *parameters, double *trial, const double *step,
               double *objective) {
    double length = 1;

    for (int i = 0; i < HALVINGS_MOST; i++, length /= 2) {
        struct sums sum = {0};

        for (size_t j = 0; j < problem->size; j++)
            trial[j] = parameters[j] + length * step[j];
        evaluate(problem, trial, &sum);
        if (!(sum.loss <= *objective))
            continue;
        memcpy(parameters, trial, problem->size * sizeof(*trial));
        *objective = sum.loss;
        return true;
    }
    return false;
}

static code minimise(struct scope *scope, const struct problem *problem, double *parameters,
                     struct logistic_fit *fit) {
    struct arena *arena = &scope->arena;
    const size_t size = problem->size;
    double *step = arena_array(arena, size, sizeof(*step));
    double *trial = arena_array(arena, size, sizeof(*trial));

    for (fit->iterations = 0; fit->iterations < ITERATIONS_MOST; fit->iterations++) {
        const struct arena_mark mark = arena_mark(arena);
        struct sums sums = {.gradient = arena_array(arena, size, sizeof(double)),
                            .hessian = arena_array(arena, size * size, sizeof(double))};

        TRY(scope_check(scope));
        evaluate(problem, parameters, &sums);
        fit->objective = sums.loss;
        const double decrement = newton_step(scope, size, &sums, step);

        arena_rewind(arena, mark);
        fit->converged = decrement <= 1e-13 * (1 + fit->objective);
        if (fit->converged || !go(problem, parameters, trial, step, &fit->objective))
            break;
    }
    // Rows that a plane parts have no minimum: what is left of the loss says that it was found.
    if (problem->penalty == 0 && fit->objective < 1e-6 * (double)problem->rows->count)
        fit->converged = false;
    return OK;
}

static code check(struct scope *scope, const struct labelled_rows *rows) {
    size_t positives = 0;

    if (rows->features > LOGISTIC_FEATURES)
        return scope_fail(scope, INVALID, "%zu features are more than %d", rows->features,
                          LOGISTIC_FEATURES);
    for (size_t i = 0; i < rows->count * rows->features; i++)
        if (!isfinite(rows->values[i]))
            return scope_fail(scope, INVALID, "feature %zu of row %zu is no number",
                              i % rows->features + 1, i / rows->features + 1);
    for (size_t i = 0; i < rows->count; i++)
        positives += rows->labels[i];
    if (positives == 0 || positives == rows->count)
        return scope_fail(scope, INVALID, "%s of %zu rows: there is nothing to tell apart",
                          positives == 0 ? "none" : "all", rows->count);
    return OK;
}

code logistic_fit(struct scope *scope, const struct labelled_rows *rows, double penalty,
                  int threads, struct logistic_fit *ret_fit) {
    struct problem problem = {.rows = rows, .penalty = penalty, .threads = threads};
    struct logistic_fit fit = {.features = rows->features};
    double *parameters, positives = 0;

    TRY(check(scope, rows));
    parameters = arena_array(&scope->arena, rows->features + 1, sizeof(*parameters));
    for (size_t i = 0; i < rows->count; i++)
        positives += rows->labels[i];
    parameters[rows->features] = log(positives / ((double)rows->count - positives));
    problem_init(scope, &problem);
    TRY(minimise(scope, &problem, parameters, &fit));
    fit.coefficients = parameters;
    fit.intercept = parameters[rows->features];
    fit.log_likelihood = -fit.objective;
    for (size_t j = 0; j < rows->features; j++)
        fit.log_likelihood += penalty / 2 * parameters[j] * parameters[j];
    *ret_fit = fit;
    return OK;
}
