// SPDX-License-Identifier: Apache-2.0
#include "analyze/lifetime_value/purchase_model.h"

#include "analyze/lifetime_value/bg_bb_kernel.h"
#include "analyze/lifetime_value/bg_nbd_kernel.h"
#include "analyze/lifetime_value/contract_kernel.h"
#include "analyze/lifetime_value/pareto_nbd_kernel.h"

#include <math.h>
#include <pthread.h>

static code fit_bg(struct scope *scope, const struct purchase_groups *groups, int threads,
                   struct likelihood_fit *ret_fit) {
    return bg_nbd_fit(scope, BG_NBD, groups, threads, ret_fit);
}

static double bg_alive(const double *parameters, const struct purchase_group *history) {
    return bg_nbd_alive(BG_NBD, parameters, history);
}

static double bg_expected(const double *parameters, const struct purchase_group *history,
                          double ahead) {
    return bg_nbd_expected_alive(BG_NBD, parameters, history, ahead);
}

static code fit_mbg(struct scope *scope, const struct purchase_groups *groups, int threads,
                    struct likelihood_fit *ret_fit) {
    return bg_nbd_fit(scope, MBG_NBD, groups, threads, ret_fit);
}

static double mbg_alive(const double *parameters, const struct purchase_group *history) {
    return bg_nbd_alive(MBG_NBD, parameters, history);
}

static double mbg_expected(const double *parameters, const struct purchase_group *history,
                           double ahead) {
    return bg_nbd_expected_alive(MBG_NBD, parameters, history, ahead);
}

// ---- contracts: a purchase is a renewal, and who let an opportunity pass has left ----

// A payment that was missed and made up for later counts as made.
static bool is_renewed(const struct purchase_group *history) {
    return history->last == history->observed;
}

static code fit_contract(struct scope *scope, const struct purchase_groups *groups, int threads,
                         struct likelihood_fit *ret_fit) {
    struct contract_group *contracts =
        arena_array(&scope->arena, groups->count, sizeof(*contracts));

    for (size_t i = 0; i < groups->count; i++) {
        const struct purchase_group *group = &groups->items[i];
        const bool left = !is_renewed(group);

        contracts[i] = (struct contract_group){
            .periods = group->last + (left ? 1 : 0), .count = group->count, .left = left};
    }
    return contract_fit(scope, contracts, groups->count, threads, ret_fit);
}

static double contract_alive(const double *parameters, const struct purchase_group *history) {
    (void)parameters;
    return is_renewed(history) ? 1 : 0;
}

// A part of a period counts as that part of its renewals.
static double contract_expected(const double *parameters, const struct purchase_group *history,
                                double ahead) {
    const int whole = (int)floor(ahead);
    const double sum = contract_renewals(parameters, history->observed, whole, 0);

    if (ahead == whole)
        return sum;
    return sum +
           (ahead - whole) * (contract_renewals(parameters, history->observed, whole + 1, 0) - sum);
}

const struct purchase_model purchase_models[] = {
    {false, "bg_nbd", "BG/NBD", {"r", "alpha", "a", "b"}, fit_bg, bg_alive, bg_expected},
    {false, "mbg_nbd", "MBG/NBD", {"r", "alpha", "a", "b"}, fit_mbg, mbg_alive, mbg_expected},
    {false,
     "pareto_nbd",
     "Pareto/NBD",
     {"r", "alpha", "s", "beta"},
     pareto_nbd_fit,
     pareto_nbd_alive,
     pareto_nbd_expected_alive},
    {true,
     "bg_bb",
     "BG/BB",
     {"alpha", "beta", "gamma", "delta"},
     bg_bb_fit,
     bg_bb_alive,
     bg_bb_expected_alive},
    {true,
     "contract",
     "Shifted beta-geometric",
     {"alpha", "beta"},
     fit_contract,
     contract_alive,
     contract_expected},
};
const size_t purchase_model_count = sizeof(purchase_models) / sizeof(*purchase_models);

// ---- forecasts ----

struct worker {
    const struct purchase_model *model;
    const double *parameters;
    const struct purchase_groups *groups;
    struct purchase_forecast *forecast;
    double ahead, discount;
    int periods;
    size_t first, last;
    pthread_t thread;
    bool is_started;
};

// Of who is alive: the whole and the discounted sum. It does not depend on the last purchase.
static void of_alive(const struct worker *worker, const struct purchase_group *history,
                     double *ret_expected, double *ret_discounted) {
    double before = 0;
    double discounted = 0;

    for (int period = 1; period <= worker->periods; period++) {
        const double now = worker->model->expected_alive(worker->parameters, history,
                                                         worker->ahead * period / worker->periods);

        discounted += (now - before) * pow(1 + worker->discount, -period);
        before = now;
    }
    *ret_expected = before;
    *ret_discounted = discounted;
}

static void *work(void *argument) {
    const struct worker *worker = argument;
    const struct purchase_group *groups = worker->groups->items;
    double expected = 0;
    double discounted = 0;

    for (size_t i = worker->first; i < worker->last; i++) {
        const double alive = worker->model->alive(worker->parameters, &groups[i]);

        // Groups come in this order, so equal ones are neighbours.
        if (i == worker->first || groups[i].repeats != groups[i - 1].repeats ||
            groups[i].observed != groups[i - 1].observed)
            of_alive(worker, &groups[i], &expected, &discounted);
        worker->forecast->alive[i] = alive;
        worker->forecast->expected[i] = alive * expected;
        worker->forecast->discounted[i] = alive * discounted;
    }
    return NULL;
}

// Each group stands for itself, so threads change nothing.
void purchase_model_forecast(struct scope *scope, const struct purchase_model *model,
                             const double *parameters, const struct purchase_groups *groups,
                             double ahead, int periods, double discount, int threads,
                             struct purchase_forecast *ret_forecast) {
    struct worker *workers = arena_array(&scope->arena, (size_t)threads, sizeof(*workers));
    struct purchase_forecast forecast = {
        .alive = arena_array(&scope->arena, groups->count, sizeof(double)),
        .expected = arena_array(&scope->arena, groups->count, sizeof(double)),
        .discounted = arena_array(&scope->arena, groups->count, sizeof(double)),
    };

    for (int i = 0; i < threads; i++) {
        struct worker *worker = &workers[i];

        *worker = (struct worker){
            .model = model,
            .parameters = parameters,
            .groups = groups,
            .forecast = &forecast,
            .ahead = ahead,
            .discount = discount,
            .periods = periods,
            .first = groups->count * (size_t)i / (size_t)threads,
            .last = groups->count * (size_t)(i + 1) / (size_t)threads,
        };
        worker->is_started = i > 0 && pthread_create(&worker->thread, NULL, work, worker) == 0;
    }
    for (int i = 0; i < threads; i++)
        if (workers[i].is_started)
            pthread_join(workers[i].thread, NULL);
        else
            work(&workers[i]);
    *ret_forecast = forecast;
}
