// SPDX-License-Identifier: Apache-2.0
#include "store/job_bell.h"

#include "store/deadline.h"

void job_bell_init(struct job_bell *bell) {
    pthread_mutex_init(&bell->mutex, NULL);
    monotonic_cond_init(&bell->rung);
    bell->rings = 0;
}

void job_bell_clear(struct job_bell *bell) {
    pthread_cond_destroy(&bell->rung);
    pthread_mutex_destroy(&bell->mutex);
}

void job_bell_ring(struct job_bell *bell) {
    pthread_mutex_lock(&bell->mutex);
    bell->rings++;
    pthread_cond_broadcast(&bell->rung);
    pthread_mutex_unlock(&bell->mutex);
}

uint64_t job_bell_rings(struct job_bell *bell) {
    uint64_t rings;

    pthread_mutex_lock(&bell->mutex);
    rings = bell->rings;
    pthread_mutex_unlock(&bell->mutex);
    return rings;
}

void job_bell_wait(struct job_bell *bell, uint64_t heard, const atomic_bool *stopping,
                   int timeout_ms) {
    const struct timespec deadline = deadline_in_ms(timeout_ms);
    int result = 0;

    pthread_mutex_lock(&bell->mutex);
    while (bell->rings == heard && !atomic_load(stopping) && result == 0)
        result = timeout_ms > 0 ? pthread_cond_timedwait(&bell->rung, &bell->mutex, &deadline)
                                : pthread_cond_wait(&bell->rung, &bell->mutex);
    pthread_mutex_unlock(&bell->mutex);
}
