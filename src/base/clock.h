// SPDX-License-Identifier: Apache-2.0
// Time that only goes forward, for durations and deadlines; for instants see base/time.h.
#pragma once

#include <stdint.h>
#include <time.h>

static inline int64_t clock_us(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
