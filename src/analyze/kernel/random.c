// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/random.h"

static uint64_t mixed(uint64_t bits) {
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebU;
    return bits ^ bits >> 31;
}

struct random random_of(uint64_t seed, uint64_t stream) {
    return (struct random){mixed(mixed(seed) + stream * 0xd1342543de82ef95U)};
}

uint64_t random_next(struct random *random) {
    return mixed(random->state += 0x9e3779b97f4a7c15U);
}

double random_unit(struct random *random) {
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

size_t random_below(struct random *random, size_t count) {
    return (size_t)((unsigned __int128)random_next(random) * count >> 64);
}

// Each one is taken with the probability that keeps all choices of the rest equally likely.
void random_sample(struct random *random, size_t count, size_t take, size_t *ret_indexes) {
    size_t taken = 0;

    for (size_t i = 0; taken < take; i++)
        if (random_below(random, count - i) < take - taken)
            ret_indexes[taken++] = i;
}
