// SPDX-License-Identifier: Apache-2.0
// x = b + A x by Gauss-Seidel, for the whole chain and for each channel taken away at once: a lane
// of the vectors each, LANES to a block, blocks spread over threads. From 0 upward x grows towards
// the answer; what it lacks is at most the share of walks that have not ended after so many sweeps,
// which the same sweeps from 1 downward, without b, tell.
#include "analyze/attribution/markov_chain.h"

#include "analyze/kernel/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8, SWEEPS_UNASKED = 16 }; // sweeps before it is asked whether to go on

// Lane 2c: conversions without channel c; 2c + 1: their value. The last two: of the whole chain.
struct sweeping {
    const struct scope *scope; // whether to go on: its flag and its deadline are only read
    const struct markov_chain *chain;
    size_t lane_count;
    int sweeps;
    double *answers; // by lane
};

// ---- how many sweeps ----

static double walk_on(const struct markov_chain *chain, size_t s, const double *walking) {
    double sum = 0;

    for (size_t e = chain->edges[s]; e < chain->edges[s + 1]; e++)
        sum += chain->chances[e] * walking[chain->to[e]];
    return sum;
}

// States in turns from the last and from the first.
static size_t nth_state(size_t i, size_t count, int sweep) {
    return sweep % 2 == 0 ? count - 1 - i : i;
}

static code count_sweeps(struct scope *scope, const struct markov_chain *chain, int *ret_sweeps,
                         double *ret_error) {
    const size_t count = chain->state_count;
    double *walking = arena_array(&scope->arena, count, sizeof(*walking));
    int sweeps = 0;
    double error = 1;

    for (size_t s = 0; s < count; s++)
        walking[s] = 1;
    while (sweeps < MARKOV_SWEEPS && error > 1e-20) {
        if (sweeps % SWEEPS_UNASKED == 0)
            TRY(scope_check(scope));
        for (size_t i = 0; i < count; i++) {
            const size_t s = nth_state(i, count, sweeps);

            walking[s] = walk_on(chain, s, walking);
        }
        error = walking[0];
        sweeps++;
    }
    *ret_error = error;
    *ret_sweeps = sweeps;
    return OK;
}

// ---- the lanes ----

static double wanted(const struct markov_chain *chain, size_t s, size_t lane) {
    return lane % 2 == 0 ? chain->converting[s] : chain->value[s];
}

// 0 for states that the lane's channel is in, and for lanes that fill up the last block.
static double kept_share(const struct sweeping *sweeping, size_t s, size_t lane) {
    if (lane >= sweeping->lane_count)
        return 0;
    return lane / 2 == sweeping->chain->channel_count ||
           !markov_state_has(sweeping->chain->states[s], lane / 2);
}

static void sweep_state(const struct markov_chain *chain, size_t s, const double *constants,
                        const double *kept, double *x) {
    double sum[LANES];

    memcpy(sum, constants + s * LANES, sizeof(sum));
    for (size_t e = chain->edges[s]; e < chain->edges[s + 1]; e++) {
        const double *from = x + (size_t)chain->to[e] * LANES;
        const double chance = chain->chances[e];

        for (int l = 0; l < LANES; l++)
            sum[l] += chance * from[l];
    }
    for (int l = 0; l < LANES; l++)
        x[s * LANES + (size_t)l] = sum[l] * kept[s * LANES + (size_t)l];
}

// On a scope of its own, as each thread's; what is found here the caller's tells once more.
static bool is_over(const struct scope *scope) {
    struct scope own;
    bool found;

    scope_init(&own);
    own.cancelled = scope->cancelled;
    own.deadline_us = scope->deadline_us;
    found = scope_check(&own) != OK;
    scope_clear(&own);
    return found;
}

static void sweep_block(void *data, size_t block, int thread) {
    const struct sweeping *sweeping = data;
    const struct markov_chain *chain = sweeping->chain;
    const size_t count = chain->state_count;
    double *x = calloc(count * LANES, sizeof(*x));
    double *constants = malloc(count * LANES * sizeof(*constants));
    double *kept = malloc(count * LANES * sizeof(*kept));

    (void)thread;
    if (x == NULL || constants == NULL || kept == NULL)
        abort();
    for (size_t i = 0; i < count * LANES; i++) {
        const size_t lane = block * LANES + i % LANES;

        constants[i] = wanted(chain, i / LANES, lane);
        kept[i] = kept_share(sweeping, i / LANES, lane);
    }
    for (int sweep = 0; sweep < sweeping->sweeps; sweep++) {
        if (sweep % SWEEPS_UNASKED == 0 && is_over(sweeping->scope))
            break;
        for (size_t i = 0; i < count; i++)
            sweep_state(chain, nth_state(i, count, sweep), constants, kept, x);
    }
    memcpy(sweeping->answers + block * LANES, x, LANES * sizeof(*x)); // state 0 is the start
    free(x);
    free(constants);
    free(kept);
}

code markov_sweep(struct scope *scope, const struct markov_chain *chain, int threads,
                  struct markov_answer *answer) {
    struct sweeping sweeping = {
        .scope = scope, .chain = chain, .lane_count = chain->channel_count * 2 + 2};
    const size_t blocks = (sweeping.lane_count + LANES - 1) / LANES;

    sweeping.answers = arena_array(&scope->arena, blocks * LANES, sizeof(double));
    TRY(count_sweeps(scope, chain, &sweeping.sweeps, &answer->error));
    parallel_pieces(blocks, threads, sweep_block, &sweeping);
    TRY(scope_check(scope));
    for (size_t c = 0; c < chain->channel_count; c++) {
        answer->conversion_without[c] = sweeping.answers[2 * c];
        answer->value_without[c] = sweeping.answers[2 * c + 1];
    }
    answer->conversion = sweeping.answers[2 * chain->channel_count];
    answer->value = sweeping.answers[2 * chain->channel_count + 1];
    answer->sweeps = sweeping.sweeps;
    return OK;
}
