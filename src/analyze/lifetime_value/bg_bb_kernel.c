// SPDX-License-Identifier: Apache-2.0
// With y opportunities lived through, t_x ≤ y ≤ n, a history's likelihood is the sum over y of
//
//   B(α + x, β + y − x)/B(α, β) · B(γ + died, δ + y)/B(γ, δ),   died = 1 but for y = n
#include "analyze/lifetime_value/bg_bb_kernel.h"

#include "analyze/kernel/special.h"

#include <math.h>

enum { ALPHA, BETA, GAMMA, DELTA };

// Beyond, nobody waits for the sum.
enum { OPPORTUNITIES_MOST = 100000 };

code bg_bb_check(struct scope *scope, const struct purchase_groups *groups) {
    for (size_t i = 0; i < groups->count; i++) {
        const struct purchase_group *group = &groups->items[i];

        if (group->last != floor(group->last) || group->observed != floor(group->observed))
            return scope_fail(scope, INVALID,
                              "opportunities are counted in whole numbers, not %g of %g",
                              group->last, group->observed);
        if (group->repeats > group->last)
            return scope_fail(scope, INVALID, "%g purchases at %g opportunities", group->repeats,
                              group->last);
        if (group->observed > OPPORTUNITIES_MOST)
            return scope_fail(scope, TOO_LARGE, "more than %d opportunities: %g",
                              OPPORTUNITIES_MOST, group->observed);
    }
    return OK;
}

// ln B(a + m, b + n) − ln B(a, b), with its derivatives, at parameters `at` and `at` + 1.
static double beta_term(const double *p, int at, double m, double n, double *gradient,
                        double hessian[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS]) {
    const double a = p[at];
    const double b = p[at + 1];
    const double first = digamma(a + b) - digamma(a + b + m + n);
    const double second = trigamma(a + b) - trigamma(a + b + m + n);

    gradient[at] = digamma(a + m) - digamma(a) + first;
    gradient[at + 1] = digamma(b + n) - digamma(b) + first;
    hessian[at][at] = trigamma(a + m) - trigamma(a) + second;
    hessian[at + 1][at] = second;
    hessian[at + 1][at + 1] = trigamma(b + n) - trigamma(b) + second;
    return log_beta(a + m, b + n) - log_beta(a, b);
}

static double value_at(const double *p, const struct purchase_group *group, double lived) {
    const double died = lived < group->observed ? 1 : 0;

    return log_beta(p[ALPHA] + group->repeats, p[BETA] + lived - group->repeats) -
           log_beta(p[ALPHA], p[BETA]) + log_beta(p[GAMMA] + died, p[DELTA] + lived) -
           log_beta(p[GAMMA], p[DELTA]);
}

// Opportunities since the last purchase: after that, or after any of these, the last one was lived.
static int unused_of(const struct purchase_group *group) {
    return (int)(group->observed - group->last);
}

static double highest_of(const double *p, const struct purchase_group *group) {
    const int unused = unused_of(group);
    double highest = -INFINITY;

    for (int i = 0; i <= unused; i++)
        highest = fmax(highest, value_at(p, group, group->last + i));
    return highest;
}

static void add(const void *data, const double *parameters, size_t first, size_t last,
                struct likelihood *sum) {
    const struct purchase_groups *groups = data;

    for (size_t i = first; i < last; i++) {
        const struct purchase_group *group = &groups->items[i];
        const int unused = unused_of(group);
        struct mixture mixture = {.highest = highest_of(parameters, group)};

        for (int unused_lived = 0; unused_lived <= unused; unused_lived++) {
            const double lived = group->last + unused_lived;
            double gradient[LIKELIHOOD_PARAMETERS] = {0};
            double hessian[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS] = {0};
            double value = beta_term(parameters, ALPHA, group->repeats, lived - group->repeats,
                                     gradient, hessian);

            value += beta_term(parameters, GAMMA, lived < group->observed ? 1 : 0, lived, gradient,
                               hessian);
            mixture_add(&mixture, exp(value - mixture.highest), gradient, hessian);
        }
        mixture_end(&mixture, group->count, sum);
    }
}

static struct likelihood_model likelihood_model(const struct purchase_groups *groups) {
    return (struct likelihood_model){
        .data = groups, .count = groups->count, .parameter_count = BG_BB_PARAMETERS, .add = add};
}

void bg_bb_likelihood(const struct purchase_groups *groups, const double *parameters, int threads,
                      struct likelihood *ret_sum) {
    const struct likelihood_model model = likelihood_model(groups);

    likelihood_sum(&model, parameters, threads, ret_sum);
}

code bg_bb_fit(struct scope *scope, const struct purchase_groups *groups, int threads,
               struct likelihood_fit *ret_fit) {
    static const double start[BG_BB_PARAMETERS] = {1, 1, 1, 1};
    const struct likelihood_model model = likelihood_model(groups);

    TRY(bg_bb_check(scope, groups));
    return likelihood_maximise(scope, &model, start, threads, ret_fit);
}

// ---- predictions ----

static double log_total(const double *p, const struct purchase_group *history) {
    const int unused = unused_of(history);
    const double highest = highest_of(p, history);
    double sum = 0;

    for (int i = 0; i <= unused; i++)
        sum += exp(value_at(p, history, history->last + i) - highest);
    return highest + log(sum);
}

double bg_bb_alive(const double *p, const struct purchase_group *history) {
    const double n = history->observed;
    const double lives = log_beta(p[ALPHA] + history->repeats, p[BETA] + n - history->repeats) -
                         log_beta(p[ALPHA], p[BETA]) + log_beta(p[GAMMA], p[DELTA] + n + 1) -
                         log_beta(p[GAMMA], p[DELTA]);

    return exp(lives - log_total(p, history));
}

double bg_bb_expected(const double *p, const struct purchase_group *history, int ahead) {
    const double n = history->observed;
    const double buys = log_beta(p[ALPHA] + history->repeats + 1, p[BETA] + n - history->repeats) -
                        log_beta(p[ALPHA], p[BETA]) - log_beta(p[GAMMA], p[DELTA]) -
                        log_total(p, history);
    double sum = 0;

    for (int i = 1; i <= ahead; i++)
        sum += exp(buys + log_beta(p[GAMMA], p[DELTA] + n + i));
    return sum;
}

// Alive at the next opportunity, a customer lives through i of them with probability
// B(γ, δ + n + i)/B(γ, δ + n + 1); each brings (α + x)/(α + β + n) purchases.
double bg_bb_expected_alive(const double *p, const struct purchase_group *history, double ahead) {
    const double n = history->observed;
    double lives = 1;
    double sum = 0;

    for (double i = 1; i - 1 < ahead; i += 1) {
        sum += lives * fmin(1, ahead - (i - 1));
        lives *= (p[DELTA] + n + i) / (p[GAMMA] + p[DELTA] + n + i);
    }
    return sum * (p[ALPHA] + history->repeats) / (p[ALPHA] + p[BETA] + n);
}
