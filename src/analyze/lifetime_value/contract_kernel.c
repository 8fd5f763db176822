// SPDX-License-Identifier: Apache-2.0
// P(left at t) = B(α + 1, β + t − 1)/B(α, β) and S(t) = B(α, β + t)/B(α, β).
#include "analyze/lifetime_value/contract_kernel.h"

#include "analyze/kernel/special.h"

#include <math.h>

enum { ALPHA, BETA };

struct contracts {
    const struct contract_group *groups;
    size_t count;
};

static void add_contracts(const double *p, const struct contract_group *group,
                          struct likelihood *sum) {
    const double m = group->left ? 1 : 0;
    const double n = group->periods - m;
    const double both = p[ALPHA] + p[BETA];
    const double first = digamma(both) - digamma(both + group->periods);
    const double second = trigamma(both) - trigamma(both + group->periods);
    const double times = group->count;

    sum->value += times * (log_beta(p[ALPHA] + m, p[BETA] + n) - log_beta(p[ALPHA], p[BETA]));
    sum->gradient[ALPHA] += times * (m / p[ALPHA] + first);
    sum->gradient[BETA] += times * (digamma(p[BETA] + n) - digamma(p[BETA]) + first);
    sum->hessian[ALPHA][ALPHA] += times * (second - m / (p[ALPHA] * p[ALPHA]));
    sum->hessian[BETA][ALPHA] += times * second;
    sum->hessian[BETA][BETA] += times * (trigamma(p[BETA] + n) - trigamma(p[BETA]) + second);
}

static void add(const void *data, const double *parameters, size_t first, size_t last,
                struct likelihood *sum) {
    const struct contracts *contracts = data;

    for (size_t i = first; i < last; i++)
        add_contracts(parameters, &contracts->groups[i], sum);
}

void contract_likelihood(const struct contract_group *groups, size_t count,
                         const double *parameters, int threads, struct likelihood *ret_sum) {
    const struct contracts contracts = {.groups = groups, .count = count};
    const struct likelihood_model model = {
        .data = &contracts, .count = count, .parameter_count = CONTRACT_PARAMETERS, .add = add};

    likelihood_sum(&model, parameters, threads, ret_sum);
}

static code check(struct scope *scope, const struct contract_group *groups, size_t count) {
    double renewals = 0;

    for (size_t i = 0; i < count; i++) {
        const double least = groups[i].left ? 1 : 0;

        if (!isfinite(groups[i].periods) || groups[i].periods != floor(groups[i].periods) ||
            groups[i].periods < least)
            return scope_fail(scope, INVALID, "%g periods are no life of a contract",
                              groups[i].periods);
        if (!isfinite(groups[i].count) || groups[i].count < 0)
            return scope_fail(scope, INVALID, "%g contracts cannot be", groups[i].count);
        renewals += groups[i].periods * groups[i].count;
    }
    if (!(renewals > 0))
        return scope_fail(scope, INVALID, "no contract came to its first renewal");
    return OK;
}

code contract_fit(struct scope *scope, const struct contract_group *groups, size_t count,
                  int threads, struct likelihood_fit *ret_fit) {
    static const double start[CONTRACT_PARAMETERS] = {1, 1};
    const struct contracts contracts = {.groups = groups, .count = count};
    const struct likelihood_model model = {
        .data = &contracts, .count = count, .parameter_count = CONTRACT_PARAMETERS, .add = add};

    TRY(check(scope, groups, count));
    return likelihood_maximise(scope, &model, start, threads, ret_fit);
}

double contract_survival(const double *p, double periods) {
    return exp(log_beta(p[ALPHA], p[BETA] + periods) - log_beta(p[ALPHA], p[BETA]));
}

double contract_retention(const double *p, double periods) {
    return (p[BETA] + periods) / (p[ALPHA] + p[BETA] + periods);
}

double contract_renewals(const double *p, double periods, int ahead, double discount) {
    double share = 1;
    double sum = 0;

    for (int i = 0; i < ahead; i++) {
        share *= contract_retention(p, periods + i) / (1 + discount);
        sum += share;
    }
    return sum;
}
