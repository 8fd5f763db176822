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

#include "analyze/kernel/lanes_math.h"
#include "analyze/kernel/special.h"
#include "analyze/lifetime_value/pareto_nbd_integral.h"

#include <math.h>
#include <stdlib.h>

enum { R, ALPHA, S, BETA };

// One history at one set of parameters.
struct place {
    double rate; // r + x
    double alpha, s, beta;
    double highest; // no term's logarithm is above
    // ln(α + t_x), ln(β + t_x), ln(α + T), ln(β + T)
    double alpha_last, beta_last, alpha_end, beta_end;
};

// Over the moment at which the customer left.
static struct pareto_nbd_moments integrate(const struct place *place,
                                           const struct purchase_group *group) {
    const struct pareto_nbd_integrand integrand = {.alpha = place->alpha,
                                                   .beta = place->beta,
                                                   .k = place->rate,
                                                   .n = place->s + 1,
                                                   .highest = place->highest,
                                                   .alpha_from = place->alpha_last,
                                                   .beta_from = place->beta_last,
                                                   .alpha_to = place->alpha_end,
                                                   .beta_to = place->beta_end};
    struct pareto_nbd_moments moments;

    pareto_nbd_integrate(&integrand, group->last, group->observed, &moments);
    return moments;
}

static struct place place_of(const double *p, const struct purchase_group *group) {
    struct place place = {
        .rate = p[R] + group->repeats, .alpha = p[ALPHA], .s = p[S], .beta = p[BETA]};

    const four times = {p[ALPHA] + group->last, p[BETA] + group->last, p[ALPHA] + group->observed,
                        p[BETA] + group->observed};
    four logarithms;

    four_log(&times, &logarithms);
    place.alpha_last = logarithms[0];
    place.beta_last = logarithms[1];
    place.alpha_end = logarithms[2];
    place.beta_end = logarithms[3];
    place.highest = -place.rate * place.alpha_last - p[S] * place.beta_last;
    return place;
}

// ln((scale + T)/(scale + t_x)): by the difference of logarithms where that keeps its digits.
static double ratio_of(double difference, double waited, double scale) {
    return difference > 0.05 ? difference : log1p(waited / scale);
}

// exp of the term of who lives on, less `highest`.
static double survival(const struct place *place, const struct purchase_group *group) {
    const double waited = group->observed - group->last;

    return exp(
        -place->rate *
            ratio_of(place->alpha_end - place->alpha_last, waited, place->alpha + group->last) -
        place->s * ratio_of(place->beta_end - place->beta_last, waited, place->beta + group->last));
}

// ---- the likelihood ----

// The terms of who left, as a whole: the derivatives of s Σ exp(l) over terms l = ln w − (r + x) a
// − (s + 1) b, whose gradient is (−a, −(r + x) u, −b, −(s + 1) v).
static void add_left(const struct place *place, const struct pareto_nbd_moments *m,
                     struct mixture *mixture) {
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
    const double gradient[LIKELIHOOD_PARAMETERS] = {-place->alpha_end, -place->rate * u,
                                                    -place->beta_end, -place->s * v};
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
            const struct pareto_nbd_moments moments = integrate(&place, group);
            struct mixture mixture = {.highest = place.highest};

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

enum { ROUGH_FROM = 2000, ROUGH_STEP = 12, ROUGH_BANDS = 10 };

static double span_of(const struct purchase_groups *groups) {
    double least = groups->items[0].observed, most = least;

    for (size_t i = 1; i < groups->count; i++) {
        least = fmin(least, groups->items[i].observed);
        most = fmax(most, groups->items[i].observed);
    }
    return most > least ? most - least : 1;
}

struct placed {
    struct purchase_group group;
    double band; // of `observed`
};

static int by_band(const void *left, const void *right) {
    const struct placed *a = left, *b = right;

    if (a->group.repeats != b->group.repeats)
        return a->group.repeats < b->group.repeats ? -1 : 1;
    if (a->band != b->band)
        return a->band < b->band ? -1 : 1;
    if (a->group.last != b->group.last)
        return a->group.last < b->group.last ? -1 : 1;
    return (a->group.observed > b->group.observed) - (a->group.observed < b->group.observed);
}

static struct purchase_group mean_of(const struct placed *placed, size_t count) {
    struct purchase_group mean = {.repeats = placed[0].group.repeats};

    for (size_t i = 0; i < count; i++) {
        const struct purchase_group *group = &placed[i].group;

        mean.count += group->count;
        mean.last += (group->last - mean.last) * group->count / mean.count;
        mean.observed += (group->observed - mean.observed) * group->count / mean.count;
    }
    return mean;
}

// Most of the way is gone with fewer groups: ROUGH_STEP of as many repeats and similar times count
// as one at their mean, which moves the maximum by little.
static struct purchase_groups merge(struct scope *scope, const struct purchase_groups *groups) {
    struct placed *placed = arena_array(&scope->arena, groups->count, sizeof(*placed));
    struct purchase_groups merged = {
        .items = arena_array(&scope->arena, groups->count, sizeof(*merged.items))};
    const double width = span_of(groups) / ROUGH_BANDS;

    for (size_t i = 0; i < groups->count; i++)
        placed[i] = (struct placed){groups->items[i], floor(groups->items[i].observed / width)};
    qsort(placed, groups->count, sizeof(*placed), by_band);
    for (size_t i = 0, first = 0; i < groups->count; first = i) {
        while (i < groups->count && i < first + ROUGH_STEP &&
               placed[i].group.repeats == placed[first].group.repeats &&
               placed[i].band == placed[first].band)
            i++;
        merged.items[merged.count++] = mean_of(placed + first, i - first);
    }
    return merged;
}

code pareto_nbd_fit(struct scope *scope, const struct purchase_groups *groups, int threads,
                    struct likelihood_fit *ret_fit) {
    const struct likelihood_model model = likelihood_model(groups);
    const double pace = purchase_groups_pace(groups);
    const double start[PARETO_NBD_PARAMETERS] = {1, pace, 1, pace};
    struct likelihood_fit rough = {0};

    if (groups->count < ROUGH_FROM)
        return likelihood_maximise(scope, &model, start, threads, ret_fit);
    const struct purchase_groups merged = merge(scope, groups);
    const struct likelihood_model rough_model = likelihood_model(&merged);

    TRY(likelihood_maximise(scope, &rough_model, start, threads, &rough));
    return likelihood_maximise(scope, &model, rough.at_boundary ? start : rough.parameters, threads,
                               ret_fit);
}

// ---- predictions ----

double pareto_nbd_alive(const double *parameters, const struct purchase_group *history) {
    const struct place place = place_of(parameters, history);
    const double alive = survival(&place, history);

    return alive / (alive + place.s * integrate(&place, history).weight);
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
