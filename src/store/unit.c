// SPDX-License-Identifier: Apache-2.0
#include "store/unit.h"

#include "base/clock.h"
#include "store/ledger.h"
#include "store/store_internal.h"

#include <time.h>

enum { PAUSE_SHORTEST_US = 2000, PAUSE_LONGEST_US = 400000 };

bool unit_has_collided(const struct scope *scope) {
    return scope->failure.code == BUSY && scope->session && scope->session->has_collided;
}

// Two that collided shall not begin anew at the same instant: half of the pause is chance.
code unit_pause(struct scope *scope, int tries) {
    int64_t pause_us = PAUSE_SHORTEST_US;
    struct timespec pause;

    while (tries-- > 1 && pause_us < PAUSE_LONGEST_US)
        pause_us *= 2;
    pause_us += clock_us() * 7919 % pause_us;
    pause = (struct timespec){.tv_sec = pause_us / 1000000, .tv_nsec = pause_us % 1000000 * 1000};
    scope->session->has_collided = false;
    scope_forgive(scope);
    nanosleep(&pause, NULL);
    return scope_check(scope);
}

code unit_run(struct scope *scope, code (*work)(struct scope *scope, void *argument),
              void *argument) {
    struct session *session = scope->session;
    const bool can_begin_anew =
        session && scope->failure.code == OK && !ledger_in_transaction(scope);
    const int64_t commits = session ? session->commits : 0;
    code result;

    if (session)
        session->has_collided = false;
    for (int tries = 1;; tries++) {
        result = work(scope, argument);
        if (result == OK || !can_begin_anew || tries == UNIT_TRIES || !unit_has_collided(scope) ||
            session->commits != commits)
            return result;
        ledger_rollback(scope);
        TRY(unit_pause(scope, tries));
    }
}
