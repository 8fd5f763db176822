// SPDX-License-Identifier: Apache-2.0
// Purchases, spend and contracts of libtessera.
#include "analyze/library/place.h"
#include "analyze/lifetime_value/contract_kernel.h"
#include "analyze/lifetime_value/gamma_gamma_kernel.h"
#include "analyze/lifetime_value/purchase_model.h"

#include <math.h>
#include <string.h>

static void tell_fit(const struct likelihood_fit *fit, int parameter_count,
                     struct tessera_fit *ret_fit) {
    *ret_fit = (struct tessera_fit){
        .parameter_count = parameter_count,
        .log_likelihood = fit->log_likelihood,
        .converged = fit->converged,
        .at_boundary = fit->at_boundary,
    };
    for (int i = 0; i < parameter_count; i++) {
        ret_fit->parameters[i] = fit->parameters[i];
        ret_fit->standard_errors[i] = fit->standard_errors[i];
    }
}

// ---- purchases ----

static code find_model(struct scope *scope, const char *name,
                       const struct purchase_model **ret_model) {
    for (size_t i = 0; i < purchase_model_count; i++)
        if (strcmp(purchase_models[i].name, name) == 0) {
            *ret_model = &purchase_models[i];
            return OK;
        }
    scope_fail(scope, INVALID, "there is no model \"%s\" of purchases", name);
    return scope_hint(scope, "bg_nbd, mbg_nbd, pareto_nbd, bg_bb and contract are known");
}

static int parameter_count_of(const struct purchase_model *model) {
    int count = 0;

    while (count < LIKELIHOOD_PARAMETERS && model->parameters[count])
        count++;
    return count;
}

static code fit_purchases(struct tessera *place, const char *name,
                          const struct purchase_history *history, struct tessera_fit *ret_fit) {
    struct scope *scope = place_begin(place);
    const struct purchase_model *model;
    struct purchase_groups groups;
    struct likelihood_fit fit;

    TRY(find_model(scope, name, &model));
    TRY(purchase_groups_make(scope, history, &groups));
    TRY(model->fit(scope, &groups, place->threads, &fit));
    tell_fit(&fit, parameter_count_of(model), ret_fit);
    return OK;
}

int tessera_purchases_fit(struct tessera *place, const char *model, size_t count,
                          const int64_t *repeats, const double *last, const double *observed,
                          struct tessera_fit *ret_fit) {
    const struct purchase_history history = {count, repeats, last, observed};

    return place_end(place, fit_purchases(place, model, &history, ret_fit));
}

static code expect_purchases(struct tessera *place, const char *name, const double *parameters,
                             const struct purchase_history *history, double ahead,
                             double *ret_alive, double *ret_expected) {
    struct scope *scope = place_begin(place);
    const struct purchase_model *model;
    struct purchase_forecast forecast;
    struct purchase_groups groups;

    TRY(find_model(scope, name, &model));
    if (!(ahead > 0) || !isfinite(ahead))
        return scope_fail(scope, INVALID, "%g is no time ahead", ahead);
    TRY(purchase_groups_make(scope, history, &groups));
    purchase_model_forecast(scope, model, parameters, &groups, ahead, 1, 0, place->threads,
                            &forecast);
    for (size_t i = 0; i < history->count; i++) {
        ret_alive[i] = forecast.alive[groups.group_of[i]];
        ret_expected[i] = forecast.expected[groups.group_of[i]];
    }
    return OK;
}

int tessera_purchases_expect(struct tessera *place, const char *model, const double *parameters,
                             size_t count, const int64_t *repeats, const double *last,
                             const double *observed, double ahead, double *ret_alive,
                             double *ret_expected) {
    const struct purchase_history history = {count, repeats, last, observed};

    return place_end(place, expect_purchases(place, model, parameters, &history, ahead, ret_alive,
                                             ret_expected));
}

// ---- spend ----

static code fit_spend(struct tessera *place, size_t count, const double *purchases,
                      const double *average, struct tessera_fit *ret_fit) {
    struct scope *scope = place_begin(place);
    struct spend_customer *customers = arena_array(&scope->arena, count, sizeof(*customers));
    struct likelihood_fit fit;

    for (size_t i = 0; i < count; i++)
        customers[i] = (struct spend_customer){purchases[i], average[i]};
    TRY(gamma_gamma_fit(scope, customers, count, place->threads, &fit));
    tell_fit(&fit, GAMMA_GAMMA_PARAMETERS, ret_fit);
    return OK;
}

int tessera_spend_fit(struct tessera *place, size_t count, const double *purchases,
                      const double *average, struct tessera_fit *ret_fit) {
    return place_end(place, fit_spend(place, count, purchases, average, ret_fit));
}

int tessera_spend_expect(struct tessera *place, const double *parameters, size_t count,
                         const double *purchases, const double *average, double *ret_spend) {
    place_begin(place);
    for (size_t i = 0; i < count; i++)
        ret_spend[i] = gamma_gamma_expected(parameters, purchases[i], average[i]);
    return place_end(place, OK);
}

// ---- contracts ----

static code fit_contracts(struct tessera *place, size_t count, const double *periods,
                          const double *customers, const unsigned char *left,
                          struct tessera_fit *ret_fit) {
    struct scope *scope = place_begin(place);
    struct contract_group *groups = arena_array(&scope->arena, count, sizeof(*groups));
    struct likelihood_fit fit;

    for (size_t i = 0; i < count; i++)
        groups[i] = (struct contract_group){periods[i], customers[i], left[i] != 0};
    TRY(contract_fit(scope, groups, count, place->threads, &fit));
    tell_fit(&fit, CONTRACT_PARAMETERS, ret_fit);
    return OK;
}

int tessera_contracts_fit(struct tessera *place, size_t count, const double *periods,
                          const double *customers, const unsigned char *left,
                          struct tessera_fit *ret_fit) {
    return place_end(place, fit_contracts(place, count, periods, customers, left, ret_fit));
}

double tessera_contracts_survival(const double *parameters, double periods) {
    return contract_survival(parameters, periods);
}
