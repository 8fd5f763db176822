// SPDX-License-Identifier: Apache-2.0
// Pseudo-random numbers that are the same on every run: a 64-bit state, any number of streams, the
// usual distributions. For simulations and resampling; never for secrets (that is libsodium's
// work).
//
// The generator is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
// OOPSLA 2014). Distributions: normal by Marsaglia's polar method (1964), gamma by Marsaglia and
// Tsang (ACM TOMS 26, 2000), Poisson by multiplication (Knuth, TAOCP 2, 3.4.1), weighted choice by
// Walker's alias method as Vose builds it (IEEE TSE 17, 1991).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

// A well-spread 64-bit value of another one.
static inline uint64_t random_mix(uint64_t value) {
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

static inline uint64_t random_next(struct random *random) {
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    return random_mix(random->state);
}

// The stream of one thing (`index`) for one purpose, independent of all others of the seed.
static inline struct random random_stream(uint64_t seed, uint64_t purpose, uint64_t index) {
    const uint64_t of_purpose = random_mix(seed ^ random_mix(purpose + 1));

    return (struct random){.state = random_mix(of_purpose + random_mix(~index))};
}

// 0 … count − 1, count at least 1. The bias is below count / 2³².
static inline uint32_t random_below(struct random *random, uint32_t count) {
    return (uint32_t)(((random_next(random) >> 32) * count) >> 32);
}

// Strictly between 0 and 1.
static inline double random_uniform(struct random *random) {
    return ((double)(random_next(random) >> 12) + 0.5) * 0x1p-52;
}

static inline bool random_chance(struct random *random, double probability) {
    return random_uniform(random) < probability;
}

double random_exponential(struct random *random);            // mean 1
double random_normal(struct random *random);                 // mean 0, deviation 1
double random_gamma(struct random *random, double shape);    // scale 1; shape > 0
uint32_t random_poisson(struct random *random, double mean); // rounded normal from mean 50 on

// `take` of 0 … count − 1 without repetition, ascending; take ≤ count < 2³². O(count).
void random_sample(struct random *random, size_t count, size_t take, size_t *ret_indexes);

// Indexes 0 … count − 1, drawn in proportion to weights, one number per draw.
struct weighted_choice {
    uint32_t count;
    struct weighted_slot {
        uint32_t threshold; // of 2³²: below it the slot itself, otherwise `other`
        uint32_t other;
    } * slots; // the caller's, room for count
};

// Fill choice->slots; scratch has room for count too. Weights are at least 0, one is above 0.
void weighted_choice_build(struct weighted_choice *choice, const double *weights, double *scratch);

static inline uint32_t weighted_choice_pick(const struct weighted_choice *choice,
                                            struct random *random) {
    const uint64_t draw = random_next(random);
    const uint32_t slot = (uint32_t)(((draw >> 32) * choice->count) >> 32);

    return (uint32_t)draw < choice->slots[slot].threshold ? slot : choice->slots[slot].other;
}
