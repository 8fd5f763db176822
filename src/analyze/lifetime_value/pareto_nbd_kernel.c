// SPDX-License-Identifier: Apache-2.0
// The likelihood of a history, over who lives on and over the moment τ at which they left:
//
//   Γ(r + x)/Γ(r) αʳ βˢ [ (α + T)^−(r + x) (β + T)^−s
//                         + s ∫ (α + τ)^−(r + x) (β + τ)^−(s + 1) dτ,  τ from t_x to T ]
//
// The integral is usually written as a difference of two ₂F₁, which cancels for customers who buy
// often. All that is added here is positive, and its derivatives are those of what is under the
// integral.
#include "analyze/lifetime_value/pareto_nbd_kernel.h"

#include "analyze/kernel/quadrature.h"
#include "analyze/kernel/special.h"

#include <math.h>

enum { R, ALPHA, S, BETA };

// The sum of exp(l) over terms l = ln w − (r + x) ln(α + τ) − (s + died) ln(β + τ) and of what
// their derivatives need. With u = 1/(α + τ), a = ln(α + τ) and v, b of β alike, a term's gradient
// is (−a, −(r + x) u, −b, −(s + died) v): the moments of a, u, b, v are enough.
struct moments {
    double weight;
    double a, u, b, v;
    double aa, au, ab, av, uu, ub, uv, bb, bv, vv;
};

static inline void add_moment(struct moments *m, double w, double a, double u, double b, double v) {
    const double wa = w * a;
    const double wu = w * u;
    const double wb = w * b;
    const double wv = w * v;

    m->weight += w;
    m->a += wa;
    m->u += wu;
    m->b += wb;
    m->v += wv;
    m->aa += wa * a;
    m->au += wa * u;
    m->ab += wa * b;
    m->av += wa * v;
    m->uu += wu * u;
    m->ub += wu * b;
    m->uv += wu * v;
    m->bb += wb * b;
    m->bv += wb * v;
    m->vv += wv * v;
}

// One history at one set of parameters.
struct place {
    double rate; // r + x
    double alpha, s, beta;
    double nearer;  // min(α, β): the integrand is smooth in ln(nearer + τ)
    double highest; // no term's logarithm is above
};

// `logarithm` is that of nearer + τ, which is known already.
static inline void add_moment_at(const struct place *place, double weight, double tau,
                                 double logarithm, struct moments *moments) {
    const bool is_alpha = place->alpha <= place->beta;
    const double a = is_alpha ? logarithm : log(place->alpha + tau);
    const double b = is_alpha && place->alpha < place->beta ? log(place->beta + tau) : logarithm;
    const double l = -place->rate * a - (place->s + 1) * b - place->highest;

    add_moment(moments, weight * exp(l), a, 1 / (place->alpha + tau), b, 1 / (place->beta + tau));
}

// The slope of the integrand's logarithm by ln(nearer + τ).
static double slope_at(const struct place *place, double tau) {
    return 1 - (place->nearer + tau) *
                   (place->rate / (place->alpha + tau) + (place->s + 1) / (place->beta + tau));
}

static void integrate(const struct place *place, double from, double to, struct moments *moments) {
    double left = log1p((to - from) / (place->nearer + from)); // of the way, in ln(nearer + τ)
    double tau = from;

    while (left > 0) {
        const double near = quadrature_width(slope_at(place, tau));
        const double width = left < near ? left : near;
        const double here = place->nearer + tau;
        const double before = moments->weight;
        const double logarithm = log(here);

        for (int i = 0; i < QUADRATURE_POINTS; i++) {
            const struct quadrature_pair *pair = &quadrature_pairs[i / 2];
            const double point = i % 2 == 0 ? 1 + pair->abscissa : 1 - pair->abscissa;
            const double step = expm1(width / 2 * point);

            add_moment_at(place, pair->weight * width / 2 * here * (1 + step), tau + here * step,
                          logarithm + width / 2 * point, moments);
        }
        tau += here * expm1(width);
        left = left > width ? left - width : 0;
        // Beyond, there is nothing that would be seen in the sum, at a slope that only grows.
        if (moments->weight - before < moments->weight * 1e-19 && slope_at(place, tau) < -1)
            break;
    }
}

static struct place place_of(const double *p, const struct purchase_group *group) {
    struct place place = {.rate = p[R] + group->repeats,
                          .alpha = p[ALPHA],
                          .s = p[S],
                          .beta = p[BETA],
                          .nearer = fmin(p[ALPHA], p[BETA])};

    place.highest = -place.rate * log(p[ALPHA] + group->last) - p[S] * log(p[BETA] + group->last);
    return place;
}

// exp of the term of who lives on, less `highest`.
static double survival(const struct place *place, const struct purchase_group *group) {
    const double waited = group->observed - group->last;

    return exp(-place->rate * log1p(waited / (place->alpha + group->last)) -
               place->s * log1p(waited / (place->beta + group->last)));
}

// ---- the likelihood ----

// The terms of who left, as a whole: the derivatives of s Σ exp(l).
static void add_left(const struct place *place, const struct moments *m, struct mixture *mixture) {
    const double k = place->rate;
    const double n = place->s + 1;
    const double s = place->s;
    double(*h)[LIKELIHOOD_PARAMETERS] = mixture->hessian;

    mixture->weight += s * m->weight;
    mixture->gradient[R] -= s * m->a;
    mixture->gradient[ALPHA] -= s * k * m->u;
    mixture->gradient[S] += m->weight - s * m->b;
    mixture->gradient[BETA] -= s * n * m->v;
    h[R][R] += s * m->aa;
    h[ALPHA][R] += s * (k * m->au - m->u);
    h[ALPHA][ALPHA] += s * (k + k * k) * m->uu;
    h[S][R] += s * m->ab - m->a;
    h[S][ALPHA] += k * (s * m->ub - m->u);
    h[S][S] += s * m->bb - 2 * m->b;
    h[BETA][R] += s * n * m->av;
    h[BETA][ALPHA] += s * k * n * m->uv;
    h[BETA][S] += s * (n * m->bv - m->v) - n * m->v;
    h[BETA][BETA] += s * (n + n * n) * m->vv;
}

static void add_alive(const struct place *place, const struct purchase_group *group,
                      struct mixture *mixture) {
    const double u = 1 / (place->alpha + group->observed);
    const double v = 1 / (place->beta + group->observed);
    const double gradient[LIKELIHOOD_PARAMETERS] = {
        -log(place->alpha + group->observed), -place->rate * u, -log(place->beta + group->observed),
        -place->s * v};
    double hessian[LIKELIHOOD_PARAMETERS][LIKELIHOOD_PARAMETERS] = {0};

    hessian[ALPHA][R] = -u;
    hessian[ALPHA][ALPHA] = place->rate * u * u;
    hessian[BETA][S] = -v;
    hessian[BETA][BETA] = place->s * v * v;
    mixture_add(mixture, survival(place, group), gradient, hessian);
}

// The factor before the brackets.
static void add_factor(const double *p, const struct purchase_group *group,
                       struct likelihood *sum) {
    const double x = group->repeats;
    const double times = group->count;

    sum->value += times * (log_gamma(p[R] + x) - log_gamma(p[R]) + p[R] * log(p[ALPHA]) +
                           p[S] * log(p[BETA]));
    sum->gradient[R] += times * (digamma(p[R] + x) - digamma(p[R]) + log(p[ALPHA]));
    sum->gradient[ALPHA] += times * p[R] / p[ALPHA];
    sum->gradient[S] += times * log(p[BETA]);
    sum->gradient[BETA] += times * p[S] / p[BETA];
    sum->hessian[R][R] += times * (trigamma(p[R] + x) - trigamma(p[R]));
    sum->hessian[ALPHA][R] += times / p[ALPHA];
    sum->hessian[ALPHA][ALPHA] -= times * p[R] / (p[ALPHA] * p[ALPHA]);
    sum->hessian[BETA][S] += times / p[BETA];
    sum->hessian[BETA][BETA] -= times * p[S] / (p[BETA] * p[BETA]);
}

static void add(const void *data, const double *parameters, size_t first, size_t last,
                struct likelihood *sum) {
    const struct purchase_groups *groups = data;

    for (size_t i = first; i < last;) {
        struct purchase_group alike = groups->items[i];

        alike.count = 0;
        for (; i < last && groups->items[i].repeats == alike.repeats; i++) {
            const struct purchase_group *group = &groups->items[i];
            const struct place place = place_of(parameters, group);
            struct moments moments = {0};
            struct mixture mixture = {.highest = place.highest};

            integrate(&place, group->last, group->observed, &moments);
            add_left(&place, &moments, &mixture);
            add_alive(&place, group, &mixture);
            mixture_end(&mixture, group->count, sum);
            alike.count += group->count;
        }
        add_factor(parameters, &alike, sum);
    }
}

static struct likelihood_model likelihood_model(const struct purchase_groups *groups) {
    return (struct likelihood_model){.data = groups,
                                     .count = groups->count,
                                     .parameter_count = PARETO_NBD_PARAMETERS,
                                     .add = add};
}

void pareto_nbd_likelihood(const struct purchase_groups *groups, const double *parameters,
                           int threads, struct likelihood *ret_sum) {
    const struct likelihood_model model = likelihood_model(groups);

    likelihood_sum(&model, parameters, threads, ret_sum);
}

enum { ROUGH_FROM = 2000, ROUGH_STEP = 16 };

// Most of the way is gone with a part of the groups: each ROUGH_STEP-th of them in their order.
static code fit_roughly(struct scope *scope, const struct purchase_groups *groups,
                        const double *start, int threads, struct likelihood_fit *ret_fit) {
    struct purchase_groups some = {
        .items = arena_array(&scope->arena, groups->count / ROUGH_STEP + 1, sizeof(*some.items))};
    struct likelihood_model model;

    for (size_t i = ROUGH_STEP / 2; i < groups->count; i += ROUGH_STEP)
        some.items[some.count++] = groups->items[i];
    model = likelihood_model(&some);
    return likelihood_maximise(scope, &model, start, threads, ret_fit);
}

code pareto_nbd_fit(struct scope *scope, const struct purchase_groups *groups, int threads,
                    struct likelihood_fit *ret_fit) {
    const struct likelihood_model model = likelihood_model(groups);
    const double pace = purchase_groups_pace(groups);
    const double start[PARETO_NBD_PARAMETERS] = {1, pace, 1, pace};
    struct likelihood_fit rough = {0};

    if (groups->count < ROUGH_FROM)
        return likelihood_maximise(scope, &model, start, threads, ret_fit);
    TRY(fit_roughly(scope, groups, start, threads, &rough));
    return likelihood_maximise(scope, &model, rough.at_boundary ? start : rough.parameters, threads,
                               ret_fit);
}

// ---- predictions ----

double pareto_nbd_alive(const double *parameters, const struct purchase_group *history) {
    const struct place place = place_of(parameters, history);
    const double alive = survival(&place, history);
    struct moments moments = {0};

    integrate(&place, history->last, history->observed, &moments);
    return alive / (alive + place.s * moments.weight);
}

double pareto_nbd_expected_alive(const double *p, const struct purchase_group *history,
                                 double ahead) {
    const double scale = p[BETA] + history->observed;
    const double logarithm = log1p(ahead / scale);
    const double power = (p[S] - 1) * logarithm;
    // (1 − e^(−power)) / (s − 1), which is the logarithm where s = 1.
    const double lived = fabs(power) < 1e-12 ? logarithm : -expm1(-power) / power * logarithm;

    return (p[R] + history->repeats) / (p[ALPHA] + history->observed) * scale * lived;
}

double pareto_nbd_expected_new(const double *p, double ahead) {
    const struct purchase_group nothing = {.count = 1};

    return pareto_nbd_expected_alive(p, &nothing, ahead);
}
