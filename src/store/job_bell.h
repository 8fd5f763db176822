// SPDX-License-Identifier: Apache-2.0
// Rings when a job is queued, for the threads that run jobs: they sleep until it does. It counts,
// so that a ring while nobody listens is not missed.
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct job_bell {
    pthread_mutex_t mutex; // guards `rings`
    pthread_cond_t rung;
    uint64_t rings;
};

void job_bell_init(struct job_bell *bell);
void job_bell_clear(struct job_bell *bell);
void job_bell_ring(struct job_bell *bell);
uint64_t job_bell_rings(struct job_bell *bell);
// Sleeps until it has rung more often than `heard` times, `*stopping` is true (who sets it rings
// afterwards), or timeout_ms have passed; 0: however long it takes.
void job_bell_wait(struct job_bell *bell, uint64_t heard, const atomic_bool *stopping,
                   int timeout_ms);
