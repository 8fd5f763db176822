// SPDX-License-Identifier: Apache-2.0
// The writers of one process take turns, in the order in which they ask. The ledger's database has
// one writer at a time and leaves it to chance who is next: an import, which begins a batch right
// after the last, would win nearly every time, and a sign-in would wait for its end.
#pragma once

#include <pthread.h>
#include <stdbool.h>

struct write_waiter; // on the stack of a thread that waits

struct write_turn {
    pthread_mutex_t mutex; // guards what follows
    bool is_taken;
    struct write_waiter *first; // the next to have it
    struct write_waiter **end;
};

void write_turn_init(struct write_turn *turn);
void write_turn_clear(struct write_turn *turn);
// Waits; false when timeout_ms have passed without a turn.
bool write_turn_take(struct write_turn *turn, int timeout_ms);
void write_turn_give(struct write_turn *turn);
