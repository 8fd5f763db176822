// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <time.h>

int64_t time_now_us(void) {
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}
