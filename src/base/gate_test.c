// SPDX-License-Identifier: Apache-2.0
#include "base/gate.h"
#include "base/test.h"

#include <stdatomic.h>
#include <time.h>

enum { THREADS = 12, AT_ONCE = 2 };

struct crowd {
    struct gate gate;
    _Atomic int inside, most, entered;
};

static void *pass(void *argument) {
    struct crowd *crowd = argument;
    const struct timespec moment = {.tv_nsec = 2000000};
    int inside, most;

    if (!gate_enter(&crowd->gate, 20000))
        return NULL;
    inside = atomic_fetch_add(&crowd->inside, 1) + 1;
    most = atomic_load(&crowd->most);
    while (most < inside && !atomic_compare_exchange_weak(&crowd->most, &most, inside))
        ;
    nanosleep(&moment, NULL);
    atomic_fetch_sub(&crowd->inside, 1);
    atomic_fetch_add(&crowd->entered, 1);
    gate_leave(&crowd->gate);
    return NULL;
}

TEST(a_gate_lets_all_through_but_only_so_many_at_once) {
    struct crowd crowd = {0};
    pthread_t threads[THREADS];

    gate_init(&crowd.gate, AT_ONCE);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, pass, &crowd) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    gate_clear(&crowd.gate);
    CHECK_INT(crowd.entered, THREADS);
    CHECK(crowd.most <= AT_ONCE);
}

TEST(who_waits_too_long_at_a_gate_is_told_so) {
    struct gate gate;

    gate_init(&gate, 1);
    CHECK(gate_enter(&gate, 0));
    CHECK(!gate_enter(&gate, 5));
    gate_leave(&gate);
    CHECK(gate_enter(&gate, 0));
    gate_leave(&gate);
    gate_clear(&gate);
}
