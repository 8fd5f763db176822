// SPDX-License-Identifier: Apache-2.0
// Given λ and p the likelihood of a history is (1 − p)ˣ⁺ᵏ λˣ e^(−λT) + p (1 − p)ˣ⁺ᵏ⁻¹ λˣ e^(−λ
// t_x), k = 0 for the BG/NBD (whose second term is missing for x = 0) and 1 for the MBG/NBD.
// Integrated:
//
//   Γ(r + x)/Γ(r) αʳ B(a, q)/B(a, b) [(α + T)^−(r + x) + a/(q − 1) (α + t_x)^−(r + x)],  q = b + x
//   + k
#include "analyze/lifetime_value/bg_nbd_kernel.h"

#include "analyze/kernel/quadrature.h"
#include "analyze/kernel/special.h"

#include <math.h>

enum { R, ALPHA, A, B };

// What depends on x alone: the factor before the brackets.
static void factor(enum bg_nbd_kind kind, const double *p, double x, struct likelihood *ret) {
    const double q = p[B] + x + (double)kind;
    const double mixed = trigamma(p[A] + p[B]) - trigamma(p[A] + q);
    const double pull = digamma(p[A] + p[B]) - digamma(p[A] + q);

    *ret = (struct likelihood){0};
    ret->value = log_gamma(p[R] + x) - log_gamma(p[R]) + p[R] * log(p[ALPHA]) + log_beta(p[A], q) -
                 log_beta(p[A], p[B]);
    ret->gradient[R] = digamma(p[R] + x) - digamma(p[R]) + log(p[ALPHA]);
    ret->gradient[ALPHA] = p[R] / p[ALPHA];
    ret->gradient[A] = pull;
    ret->gradient[B] = digamma(q) - digamma(p[B]) + pull;
    ret->hessian[R][R] = trigamma(p[R] + x) - trigamma(p[R]);
    ret->hessian[ALPHA][R] = 1 / p[ALPHA];
    ret->hessian[ALPHA][ALPHA] = -p[R] / (p[ALPHA] * p[ALPHA]);
    ret->hessian[A][A] = mixed;
    ret->hessian[B][A] = mixed;
    ret->hessian[B][B] = trigamma(q) - trigamma(p[B]) + mixed;
}

static void add_scaled(const struct likelihood *from, double times, struct likelihood *sum) {
    sum->value += times * from->value;
    for (int i = 0; i < BG_NBD_PARAMETERS; i++) {
        sum->gradient[i] += times * from->gradient[i];
        for (int j = 0; j <= i; j++)
            sum->hessian[i][j] += times * from->hessian[i][j];
    }
}

// −(r + x) ln(α + time), with its derivatives.
static double rate_term(const double *p, double x, double time, double *gradient,
                        double hessian[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS]) {
    const double inverse = 1 / (p[ALPHA] + time);
    const double logarithm = log(p[ALPHA] + time);

    gradient[R] = -logarithm;
    gradient[ALPHA] = -(p[R] + x) * inverse;
    hessian[ALPHA][R] = -inverse;
    hessian[ALPHA][ALPHA] = (p[R] + x) * inverse * inverse;
    return -(p[R] + x) * logarithm;
}

static void add_group(enum bg_nbd_kind kind, const double *p, const struct purchase_group *group,
                      struct likelihood *sum) {
    const double before = p[B] + group->repeats + (double)kind - 1; // q − 1
    double gradient[LIKELIHOOD_PARAMETERS] = {0};
    double hessian[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS] = {0};
    double left_gradient[LIKELIHOOD_PARAMETERS] = {0};
    double left_hessian[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS] = {0};
    const double alive = rate_term(p, group->repeats, group->observed, gradient, hessian);
    struct mixture mixture = {.highest = alive};
    double left = -INFINITY;

    if (group->repeats > 0 || kind == MBG_NBD) {
        left = rate_term(p, group->repeats, group->last, left_gradient, left_hessian) + log(p[A]) -
               log(before);
        left_gradient[A] = 1 / p[A];
        left_gradient[B] = -1 / before;
        left_hessian[A][A] = -1 / (p[A] * p[A]);
        left_hessian[B][B] = 1 / (before * before);
        mixture.highest = fmax(alive, left);
        mixture_add(&mixture, exp(left - mixture.highest), left_gradient, left_hessian);
    }
    mixture_add(&mixture, exp(alive - mixture.highest), gradient, hessian);
    mixture_end(&mixture, group->count, sum);
}

struct model {
    enum bg_nbd_kind kind;
    const struct purchase_groups *groups;
};

static void add(const void *data, const double *parameters, size_t first, size_t last,
                struct likelihood *sum) {
    const struct model *model = data;
    const struct purchase_group *groups = model->groups->items;
    struct likelihood common = {0};

    for (size_t i = first; i < last; i++) {
        if (i == first || groups[i].repeats != groups[i - 1].repeats)
            factor(model->kind, parameters, groups[i].repeats, &common);
        add_scaled(&common, groups[i].count, sum);
        add_group(model->kind, parameters, &groups[i], sum);
    }
}

static struct likelihood_model likelihood_model(const struct model *model) {
    return (struct likelihood_model){.data = model,
                                     .count = model->groups->count,
                                     .parameter_count = BG_NBD_PARAMETERS,
                                     .add = add};
}

void bg_nbd_likelihood(enum bg_nbd_kind kind, const struct purchase_groups *groups,
                       const double *parameters, int threads, struct likelihood *ret_sum) {
    const struct model model = {.kind = kind, .groups = groups};
    const struct likelihood_model of_groups = likelihood_model(&model);

    likelihood_sum(&of_groups, parameters, threads, ret_sum);
}

code bg_nbd_fit(struct scope *scope, enum bg_nbd_kind kind, const struct purchase_groups *groups,
                int threads, struct likelihood_fit *ret_fit) {
    const struct model model = {.kind = kind, .groups = groups};
    const struct likelihood_model of_groups = likelihood_model(&model);
    double start[BG_NBD_PARAMETERS] = {1, 1, 1, 2};

    start[ALPHA] = purchase_groups_pace(groups);
    return likelihood_maximise(scope, &of_groups, start, threads, ret_fit);
}

// ---- predictions ----

double bg_nbd_alive(enum bg_nbd_kind kind, const double *p, const struct purchase_group *history) {
    const double before = p[B] + history->repeats + (double)kind - 1;
    double odds; // of having left, as a logarithm

    if (history->repeats == 0 && kind == BG_NBD)
        return 1;
    odds = log(p[A]) - log(before) +
           (p[R] + history->repeats) *
               log1p((history->observed - history->last) / (p[ALPHA] + history->last));
    return 1 / (1 + exp(odds));
}

struct future {
    double rate, scale, a, q;
};

// Of who is alive now λ ~ Gamma(r + x, α + T) and p ~ Beta(a, q), independently. Purchases come at
// the rate E[λ e^(−λ p y)] at time y: all of it positive, where the closed form of the expectation
// is a difference divided by a − 1.
static double future_rate(const void *data, double y) {
    const struct future *future = data;

    return future->rate / future->scale *
           hypergeometric_2f1(future->rate + 1, future->a, future->a + future->q,
                              -y / future->scale);
}

double bg_nbd_expected_alive(enum bg_nbd_kind kind, const double *p,
                             const struct purchase_group *history, double ahead) {
    const struct future future = {.rate = p[R] + history->repeats,
                                  .scale = p[ALPHA] + history->observed,
                                  .a = p[A],
                                  .q = p[B] + history->repeats + (double)kind};

    // Who buys often is soon seen to have left: the rate turns within scale / rate.
    return quadrature_decay(future_rate, &future, 0, ahead, future.scale / (future.rate + 1), 1);
}

double bg_nbd_expected_new(enum bg_nbd_kind kind, const double *p, double ahead) {
    const struct purchase_group nothing = {.count = 1};

    return bg_nbd_alive(kind, p, &nothing) * bg_nbd_expected_alive(kind, p, &nothing, ahead);
}
