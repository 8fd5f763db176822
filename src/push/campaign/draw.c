// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/draw.h"

#include "base/random.h"

enum { HOLD_OUT = 1, TEST = 2, ARM = 3 }; // independent draws

static uint32_t drawn(const struct draw *draw, uint64_t purpose, int64_t customer, uint32_t count) {
    struct random random = random_stream((uint64_t)draw->key, purpose, (uint64_t)customer);

    return random_below(&random, count);
}

int32_t draw_arm(const struct draw *draw, int64_t customer) {
    uint32_t sum = 0, share;

    if ((int32_t)drawn(draw, HOLD_OUT, customer, 10000) < draw->hold_out_bp)
        return DRAWN_HELD_OUT;
    if ((int32_t)drawn(draw, TEST, customer, 10000) >= draw->test_bp)
        return DRAWN_WAITS;
    for (size_t arm = 0; arm < draw->arm_count; arm++)
        sum += (uint32_t)draw->shares[arm];
    share = drawn(draw, ARM, customer, sum);
    for (size_t arm = 0; arm < draw->arm_count; arm++) {
        if (share < (uint32_t)draw->shares[arm])
            return (int32_t)arm;
        share -= (uint32_t)draw->shares[arm];
    }
    return 0;
}
