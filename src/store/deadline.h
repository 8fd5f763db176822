// SPDX-License-Identifier: Apache-2.0
// Waiting for at most so long, on a clock that nobody can set.
#pragma once

#include <pthread.h>
#include <stdint.h>
#include <time.h>

// A condition whose timed waits end at an instant of deadline_in_ms.
void monotonic_cond_init(pthread_cond_t *condition);
struct timespec deadline_in_ms(int64_t ms);
