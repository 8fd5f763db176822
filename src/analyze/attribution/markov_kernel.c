// SPDX-License-Identifier: Apache-2.0
#include "analyze/attribution/markov_kernel.h"

#include "analyze/attribution/markov_chain.h"

// From the first on sweeps are quicker, unless journeys go round in circles for so long that they
// do not get there; from the second on there is no time for anything else.
enum { STATES_FEW = 300, STATES_MANY = 3000 };

static code solve(struct scope *scope, const struct markov_chain *chain, int threads,
                  struct markov_answer *answer) {
    if (chain->state_count > STATES_FEW)
        TRY(markov_sweep(scope, chain, threads, answer));
    if (chain->state_count <= STATES_FEW ||
        (answer->sweeps == MARKOV_SWEEPS && chain->state_count <= STATES_MANY))
        TRY(markov_eliminate(scope, chain, answer));
    return OK;
}

// Shares of the effects; of nothing nothing.
static void share_out(const double *effects, size_t count, double total, double *credit) {
    double sum = 0;

    for (size_t c = 0; c < count; c++)
        sum += effects[c];
    for (size_t c = 0; c < count; c++)
        credit[c] = sum > 0 ? effects[c] / sum * total : 0;
}

static double effect(double without, double with) {
    const double lost = with > 0 ? 1 - without / with : 0;

    return lost > 0 ? lost : 0; // rounding where nothing is lost
}

code markov_remove(struct scope *scope, const struct paths *paths,
                   const struct markov_options *options, struct markov_removal *ret_removal) {
    const size_t count = paths->channel_count;
    struct markov_removal removal = {
        .effects = arena_array(&scope->arena, count, sizeof(double)),
        .value_effects = arena_array(&scope->arena, count, sizeof(double)),
        .conversions = arena_array(&scope->arena, count, sizeof(double)),
        .values = arena_array(&scope->arena, count, sizeof(double)),
    };
    struct markov_answer answer = {
        .conversion_without = arena_array(&scope->arena, count, sizeof(double)),
        .value_without = arena_array(&scope->arena, count, sizeof(double)),
    };
    struct markov_chain chain;

    TRY(scope_check(scope));
    if (paths->conversion_total > 0) {
        markov_chain_make(scope, paths, options->order, options->with_nulls, &chain);
        TRY(solve(scope, &chain, options->threads, &answer));
        removal.state_count = chain.state_count;
        removal.edge_count = chain.edge_count;
        removal.conversion = answer.conversion;
        removal.error = answer.error;
        removal.sweeps = answer.sweeps;
    }
    for (size_t c = 0; c < count && paths->conversion_total > 0; c++) {
        removal.effects[c] = effect(answer.conversion_without[c], answer.conversion);
        removal.value_effects[c] = effect(answer.value_without[c], answer.value);
    }
    share_out(removal.effects, count, (double)paths->conversion_total, removal.conversions);
    share_out(removal.value_effects, count, (double)paths->value_total_micros / 1e6,
              removal.values);
    *ret_removal = removal;
    return OK;
}
