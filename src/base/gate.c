// SPDX-License-Identifier: Apache-2.0
#include "base/gate.h"

#include <time.h>

enum { MS_PER_SECOND = 1000, NS_PER_MS = 1000000, NS_PER_SECOND = 1000000000 };

void gate_init(struct gate *gate, int at_once) {
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_cond_init(&gate->freed, &attributes);
    pthread_condattr_destroy(&attributes);
    gate->free_count = at_once;
}

void gate_clear(struct gate *gate) {
    pthread_cond_destroy(&gate->freed);
    pthread_mutex_destroy(&gate->mutex);
}

static struct timespec in_ms(int wait_ms) {
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / MS_PER_SECOND;
    until.tv_nsec += (long)(wait_ms % MS_PER_SECOND) * NS_PER_MS;
    if (until.tv_nsec >= NS_PER_SECOND) {
        until.tv_sec++;
        until.tv_nsec -= NS_PER_SECOND;
    }
    return until;
}

bool gate_enter(struct gate *gate, int wait_ms) {
    const struct timespec until = in_ms(wait_ms);
    bool entered;

    pthread_mutex_lock(&gate->mutex);
    while (gate->free_count == 0)
        if (pthread_cond_timedwait(&gate->freed, &gate->mutex, &until) != 0)
            break;
    entered = gate->free_count > 0;
    if (entered)
        gate->free_count--;
    pthread_mutex_unlock(&gate->mutex);
    return entered;
}

void gate_leave(struct gate *gate) {
    pthread_mutex_lock(&gate->mutex);
    gate->free_count++;
    pthread_cond_signal(&gate->freed);
    pthread_mutex_unlock(&gate->mutex);
}
