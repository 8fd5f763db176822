// SPDX-License-Identifier: Apache-2.0
#include "store/write_turn.h"

#include "store/deadline.h"

struct write_waiter {
    struct write_waiter *next;
    pthread_cond_t wake;
    bool has_turn;
};

void write_turn_init(struct write_turn *turn) {
    pthread_mutex_init(&turn->mutex, NULL);
    turn->is_taken = false;
    turn->first = NULL;
    turn->end = &turn->first;
}

void write_turn_clear(struct write_turn *turn) {
    pthread_mutex_destroy(&turn->mutex);
}

static void leave_queue(struct write_turn *turn, const struct write_waiter *waiter) {
    struct write_waiter **place = &turn->first;

    while (*place != waiter)
        place = &(*place)->next;
    *place = waiter->next;
    if (!*place)
        turn->end = place;
}

// With the mutex held.
static bool wait_in_queue(struct write_turn *turn, int timeout_ms) {
    const struct timespec deadline = deadline_in_ms(timeout_ms);
    struct write_waiter waiter = {0};
    int result = 0;

    monotonic_cond_init(&waiter.wake);
    *turn->end = &waiter;
    turn->end = &waiter.next;
    while (!waiter.has_turn && result == 0)
        result = pthread_cond_timedwait(&waiter.wake, &turn->mutex, &deadline);
    if (!waiter.has_turn)
        leave_queue(turn, &waiter);
    pthread_cond_destroy(&waiter.wake);
    return waiter.has_turn;
}

bool write_turn_take(struct write_turn *turn, int timeout_ms) {
    bool has_turn = true;

    pthread_mutex_lock(&turn->mutex);
    if (turn->is_taken)
        has_turn = wait_in_queue(turn, timeout_ms);
    else
        turn->is_taken = true;
    pthread_mutex_unlock(&turn->mutex);
    return has_turn;
}

// It stays taken while it goes to the next in the queue, so that nobody slips in between.
void write_turn_give(struct write_turn *turn) {
    struct write_waiter *next;

    pthread_mutex_lock(&turn->mutex);
    next = turn->first;
    turn->is_taken = next != NULL;
    if (next) {
        leave_queue(turn, next);
        next->has_turn = true;
        pthread_cond_signal(&next->wake);
    }
    pthread_mutex_unlock(&turn->mutex);
}
