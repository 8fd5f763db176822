// SPDX-License-Identifier: Apache-2.0
// Numbers that look like chance and are the same for the same seed: SplitMix64 (Steele, Lea & Flood
// 2014). Not for secrets.
#pragma once

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

// Each (seed, stream) is a sequence of its own: one for each start, resample, piece.
struct random random_of(uint64_t seed, uint64_t stream);
uint64_t random_next(struct random *random);
double random_unit(struct random *random); // 0 ≤ … < 1, 53 bits
// 0 … count − 1; count > 0.
size_t random_below(struct random *random, size_t count);
// `take` of 0 … count − 1 without repetition, ascending; take ≤ count. O(count).
void random_sample(struct random *random, size_t count, size_t take, size_t *ret_indexes);
