// SPDX-License-Identifier: Apache-2.0
// A door that lets only so many threads through at once: for work that needs much memory for a
// moment.
#pragma once

#include <pthread.h>
#include <stdbool.h>

struct gate {
    pthread_mutex_t mutex; // guards free_count
    pthread_cond_t freed;
    int free_count;
};

void gate_init(struct gate *gate, int at_once);
void gate_clear(struct gate *gate); // nobody is inside
// Waits at most wait_ms for a place; false when there was none. Who entered leaves.
bool gate_enter(struct gate *gate, int wait_ms);
void gate_leave(struct gate *gate);
