// SPDX-License-Identifier: Apache-2.0
// Journeys as an absorbing Markov chain: the states are the last one, two or three touches as they
// were seen, the ways out of a path a conversion or nothing. Private to this folder.
#pragma once

#include "analyze/attribution/path.h"

// State 0 is the start, which nothing leads back to; the others are numbered as the sorted paths
// first meet them. Edges of state s are edges[s] … edges[s + 1). Steps from a state to itself are
// left out and the rest stretched: where a walk ends does not depend on how long it stays.
struct markov_chain {
    size_t channel_count, state_count, edge_count;
    int order;
    const uint64_t *states; // the touches, 16 bits each, channel + 1; the last one lowest
    const size_t *edges;    // state_count + 1
    const uint32_t *to;
    const double *chances;    // of each edge; with those below, a state's are 1
    const double *converting; // of each state: that the next step is a conversion
    const double *losing;     // … that it is nothing; no subtraction made it
    const double *value;      // … times what such a conversion is worth on average, in units
};

// Paths that end in nothing count when `with_nulls`. O(touches) expected, memory O(states + edges).
void markov_chain_make(struct scope *scope, const struct paths *paths, int order, bool with_nulls,
                       struct markov_chain *ret_chain);

// Whether a state cannot be reached once the channel is gone.
static inline bool markov_state_has(uint64_t state, size_t channel) {
    for (; state != 0; state >>= 16)
        if ((state & 0xffff) == channel + 1)
            return true;
    return false;
}

// The chance of a conversion and its expected value, from the start: of the whole chain, and with
// each channel taken away, so that who would go there is lost.
struct markov_answer {
    double conversion, value;
    double *conversion_without, *value_without; // by channel
    double error;                               // at most, of each chance; 0: but for rounding
    int sweeps;                                 // 0: by elimination
};
// Elimination of states without a subtraction (Grassmann, Taksar & Heyman 1985), channel by channel
// by halves: O(states³) for all channels together. Relative error about 10⁻¹³ of each answer.
// CANCELLED as everywhere.
code markov_eliminate(struct scope *scope, const struct markov_chain *chain,
                      struct markov_answer *answer);
// Sweeps of Gauss-Seidel over the edges, until so little is still walking that it cannot change a
// digit (or MARKOV_SWEEPS; answer->error says how little): O(edges · channels · sweeps), the same
// digits whatever the number of threads. For chains of many states. CANCELLED as everywhere.
code markov_sweep(struct scope *scope, const struct markov_chain *chain, int threads,
                  struct markov_answer *answer);
enum { MARKOV_SWEEPS = 100000 };
