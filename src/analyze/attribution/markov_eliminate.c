// SPDX-License-Identifier: Apache-2.0
// Eliminating a state hands the chances of its row on to the rows that lead there, divided by what
// leaves it, which is a sum: nothing is ever subtracted, so that no digit is lost however rare a
// conversion is. What is left of the start's row once all states without a channel are eliminated
// is the chance of converting without that channel. Channels share that work: to take away one of
// the first half, all states of the second half only go first, and so on, half by half.
#include "analyze/attribution/markov_chain.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// The chain of some states, in full: row s holds the chances to each of them, of a conversion, of
// nothing, and the value.
struct dense {
    size_t count, width; // width = count + 3
    uint64_t *states;
    double *rows; // heap
};

enum { CONVERSION, NOTHING, VALUE, WAYS_OUT };

static void dense_clear(struct dense *dense) {
    free(dense->states);
    free(dense->rows);
}

static void dense_init(struct dense *dense, size_t count) {
    assert(count > 0); // the start is never eliminated
    *dense = (struct dense){.count = count, .width = count + WAYS_OUT};
    dense->states = calloc(count, sizeof(*dense->states));
    dense->rows = calloc(count * dense->width, sizeof(*dense->rows));
    if (dense->states == NULL || dense->rows == NULL)
        abort();
}

static void dense_of_chain(const struct markov_chain *chain, struct dense *ret_dense) {
    struct dense dense;

    dense_init(&dense, chain->state_count);
    memcpy(dense.states, chain->states, dense.count * sizeof(*dense.states));
    for (size_t s = 0; s < dense.count; s++) {
        double *row = dense.rows + s * dense.width;

        for (size_t e = chain->edges[s]; e < chain->edges[s + 1]; e++)
            row[chain->to[e]] += chain->chances[e];
        row[dense.count + CONVERSION] = chain->converting[s];
        row[dense.count + NOTHING] = chain->losing[s];
        row[dense.count + VALUE] = chain->value[s];
    }
    *ret_dense = dense;
}

// Rows of states that are gone are not looked at again, and their columns are 0 in all others.
static void eliminate(struct dense *dense, size_t state, const bool *gone) {
    const double *out = dense->rows + state * dense->width;
    double leaves = out[dense->count + CONVERSION] + out[dense->count + NOTHING];

    for (size_t j = 0; j < dense->count; j++)
        if (j != state)
            leaves += out[j];
    for (size_t i = 0; i < dense->count; i++) {
        double *row = dense->rows + i * dense->width;
        const double chance = row[state];

        row[state] = 0;
        if (gone[i] || i == state || chance == 0)
            continue;
        const double factor = chance / leaves;
        for (size_t j = 0; j < dense->width; j++)
            row[j] += factor * out[j];
        row[state] = 0; // a state's way to itself
    }
}

static bool has_any(uint64_t state, size_t first, size_t end) {
    for (; state != 0; state >>= 16)
        if ((state & 0xffff) > first && (state & 0xffff) <= end)
            return true;
    return false;
}

static void keep_rest(const struct dense *from, const bool *gone, struct dense *ret_dense) {
    struct dense dense;
    size_t *kept = calloc(from->count, sizeof(*kept));
    size_t count = 0;

    if (kept == NULL)
        abort();
    for (size_t s = 0; s < from->count; s++)
        if (!gone[s])
            kept[count++] = s;
    dense_init(&dense, count);
    for (size_t i = 0; i < count; i++) {
        const double *row = from->rows + kept[i] * from->width;

        dense.states[i] = from->states[kept[i]];
        for (size_t j = 0; j < count; j++)
            dense.rows[i * dense.width + j] = row[kept[j]];
        memcpy(dense.rows + i * dense.width + count, row + from->count, WAYS_OUT * sizeof(*row));
    }
    free(kept);
    *ret_dense = dense;
}

// Eliminates the states that have no channel of first … end − 1, but for the start.
static code without_rest(struct scope *scope, const struct dense *from, size_t first, size_t end,
                         struct dense *ret_dense) {
    CLEANUP(dense_clear) struct dense dense = {0};
    bool *gone = arena_array(&scope->arena, from->count, sizeof(*gone));

    dense_init(&dense, from->count);
    memcpy(dense.states, from->states, from->count * sizeof(*from->states));
    memcpy(dense.rows, from->rows, from->count * from->width * sizeof(*from->rows));
    for (size_t s = 1; s < dense.count; s++) {
        if (has_any(dense.states[s], first, end))
            continue;
        TRY(scope_check(scope));
        eliminate(&dense, s, gone);
        gone[s] = true;
    }
    keep_rest(&dense, gone, ret_dense);
    return OK;
}

// `dense` has the states that any channel of first … end − 1 is in.
static code take_away(struct scope *scope, const struct dense *dense, size_t first, size_t end,
                      struct markov_answer *answer) {
    const size_t middle = first + (end - first) / 2;

    if (end - first == 1) {
        answer->conversion_without[first] = dense->rows[dense->count + CONVERSION];
        answer->value_without[first] = dense->rows[dense->count + VALUE];
        return OK;
    }
    for (int half = 0; half < 2; half++) {
        const size_t from = half == 0 ? first : middle, until = half == 0 ? middle : end;
        CLEANUP(dense_clear) struct dense rest = {0};

        TRY(without_rest(scope, dense, from, until, &rest));
        TRY(take_away(scope, &rest, from, until, answer));
    }
    return OK;
}

code markov_eliminate(struct scope *scope, const struct markov_chain *chain,
                      struct markov_answer *answer) {
    CLEANUP(dense_clear) struct dense whole = {0};
    CLEANUP(dense_clear) struct dense start = {0};

    dense_of_chain(chain, &whole);
    TRY(without_rest(scope, &whole, 0, 0, &start));
    answer->conversion = start.rows[start.count + CONVERSION];
    answer->value = start.rows[start.count + VALUE];
    answer->error = 0;
    answer->sweeps = 0;
    if (chain->channel_count == 1) {
        // Every state has the only channel.
        answer->conversion_without[0] = answer->value_without[0] = 0;
        return OK;
    }
    return take_away(scope, &whole, 0, chain->channel_count, answer);
}
