// SPDX-License-Identifier: Apache-2.0
// ln L = ln Γ(px + q) − ln Γ(px) − ln Γ(q) + q ln γ + (px − 1) ln m + px ln x − (px + q) ln(γ + xm)
#include "analyze/lifetime_value/gamma_gamma_kernel.h"

#include "analyze/kernel/special.h"

#include <math.h>
#include <stdlib.h>

enum { P, Q, GAMMA };

struct customers {
    const struct spend_customer *items;
    size_t count;
};

// What depends on the number of purchases alone.
struct shape {
    double log_gammas, both, single, both_second, single_second;
};

static struct shape shape_of(const double *p, double x) {
    return (struct shape){
        .log_gammas = log_gamma(p[P] * x + p[Q]) - log_gamma(p[P] * x) - log_gamma(p[Q]),
        .both = digamma(p[P] * x + p[Q]),
        .single = digamma(p[P] * x),
        .both_second = trigamma(p[P] * x + p[Q]),
        .single_second = trigamma(p[P] * x),
    };
}

static void add_customer(const double *p, const struct shape *shape, double x, double m,
                         struct likelihood *sum) {
    const double shapes = p[P] * x + p[Q];
    const double inverse = 1 / (p[GAMMA] + x * m);
    const double logarithm = log(p[GAMMA] + x * m);

    sum->value += shape->log_gammas + p[Q] * log(p[GAMMA]) + (p[P] * x - 1) * log(m) +
                  p[P] * x * log(x) - shapes * logarithm;
    sum->gradient[P] += x * (shape->both - shape->single + log(x * m) - logarithm);
    sum->gradient[Q] += shape->both - digamma(p[Q]) + log(p[GAMMA]) - logarithm;
    sum->gradient[GAMMA] += p[Q] / p[GAMMA] - shapes * inverse;
    sum->hessian[P][P] += x * x * (shape->both_second - shape->single_second);
    sum->hessian[Q][P] += x * shape->both_second;
    sum->hessian[Q][Q] += shape->both_second - trigamma(p[Q]);
    sum->hessian[GAMMA][P] -= x * inverse;
    sum->hessian[GAMMA][Q] += 1 / p[GAMMA] - inverse;
    sum->hessian[GAMMA][GAMMA] += shapes * inverse * inverse - p[Q] / (p[GAMMA] * p[GAMMA]);
}

static void add(const void *data, const double *parameters, size_t first, size_t last,
                struct likelihood *sum) {
    const struct customers *customers = data;
    struct shape shape = {0};

    for (size_t i = first; i < last; i++) {
        const struct spend_customer *customer = &customers->items[i];

        if (i == first || customer->purchases != customers->items[i - 1].purchases)
            shape = shape_of(parameters, customer->purchases);
        add_customer(parameters, &shape, customer->purchases, customer->average, sum);
    }
}

void gamma_gamma_likelihood(const struct spend_customer *customers, size_t count,
                            const double *parameters, int threads, struct likelihood *ret_sum) {
    const struct customers all = {.items = customers, .count = count};
    const struct likelihood_model model = {
        .data = &all, .count = count, .parameter_count = GAMMA_GAMMA_PARAMETERS, .add = add};

    likelihood_sum(&model, parameters, threads, ret_sum);
}

static int by_purchases(const void *a, const void *b) {
    const struct spend_customer *first = a;
    const struct spend_customer *second = b;

    if (first->purchases != second->purchases)
        return first->purchases < second->purchases ? -1 : 1;
    return (first->average > second->average) - (first->average < second->average);
}

static code check(struct scope *scope, const struct spend_customer *customers, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!isfinite(customers[i].purchases) || !(customers[i].purchases > 0) ||
            !isfinite(customers[i].average) || !(customers[i].average > 0))
            return scope_fail(
                scope, INVALID,
                "customer %zu has %g purchases of %g on average; both must be above 0", i + 1,
                customers[i].purchases, customers[i].average);
    if (count < 2)
        return scope_fail(scope, INVALID, "spend of fewer than two customers says nothing");
    return OK;
}

code gamma_gamma_fit(struct scope *scope, const struct spend_customer *customers, size_t count,
                     int threads, struct likelihood_fit *ret_fit) {
    struct spend_customer *sorted = NULL;
    struct customers all;
    struct likelihood_model model = {.parameter_count = GAMMA_GAMMA_PARAMETERS, .add = add};
    double start[GAMMA_GAMMA_PARAMETERS] = {2, 3, 0};
    double mean = 0;

    TRY(check(scope, customers, count));
    sorted = arena_copy(&scope->arena, customers, count * sizeof(*customers));
    qsort(sorted, count, sizeof(*sorted), by_purchases);
    for (size_t i = 0; i < count; i++)
        mean += sorted[i].average / (double)count;
    start[GAMMA] = mean; // so that p γ / (q − 1), the mean of the model, is that of the data
    all = (struct customers){.items = sorted, .count = count};
    model.data = &all;
    model.count = count;
    return likelihood_maximise(scope, &model, start, threads, ret_fit);
}

double gamma_gamma_expected(const double *p, double purchases, double average) {
    const double shapes = p[P] * purchases + p[Q] - 1;

    return shapes > 0 ? p[P] * (p[GAMMA] + purchases * average) / shapes : NAN;
}
