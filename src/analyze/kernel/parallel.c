// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

// Those that this thread may run on, where they are few enough to be told.
static long cores_to_use(void) {
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) == 0)
        return CPU_COUNT(&set);
    return sysconf(_SC_NPROCESSORS_ONLN);
}

int parallel_threads(int limit) {
    const long cores = cores_to_use();
    const int threads = cores < 1 ? 1 : cores > PARALLEL_THREADS ? PARALLEL_THREADS : (int)cores;

    return limit > 0 && limit < threads ? limit : threads;
}

struct crew {
    parallel_work *work;
    void *data;
    size_t count;
    atomic_size_t next; // the first piece that nobody has taken
};

struct worker {
    struct crew *crew;
    int number;
    pthread_t thread;
};

static void *take_pieces(void *argument) {
    const struct worker *worker = argument;
    struct crew *crew = worker->crew;

    for (;;) {
        const size_t piece = atomic_fetch_add_explicit(&crew->next, 1, memory_order_relaxed);

        if (piece >= crew->count)
            return NULL;
        crew->work(crew->data, piece, worker->number);
    }
}

void parallel_pieces(size_t count, int threads, parallel_work *work, void *data) {
    struct crew crew = {.work = work, .data = data, .count = count};
    struct worker workers[PARALLEL_THREADS];
    bool started[PARALLEL_THREADS] = {0};

    if (threads > PARALLEL_THREADS)
        threads = PARALLEL_THREADS;
    if ((size_t)threads > count)
        threads = (int)count;
    if (threads < 1)
        threads = 1;
    for (int i = 0; i < threads; i++)
        workers[i] = (struct worker){.crew = &crew, .number = i};
    for (int i = 1; i < threads; i++)
        started[i] = pthread_create(&workers[i].thread, NULL, take_pieces, &workers[i]) == 0;
    if (count > 0)
        take_pieces(&workers[0]);
    for (int i = 1; i < threads; i++)
        if (started[i])
            pthread_join(workers[i].thread, NULL);
}
