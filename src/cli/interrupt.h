// SPDX-License-Identifier: Apache-2.0
// What Ctrl-C does. Signals are taken by a thread that waits for them, not by handlers: it may do
// anything, and no state of the process is needed for it.
#pragma once

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { INTERRUPT_SIGNALS = 3 }; // SIGINT, SIGTERM, SIGHUP

struct interrupt {
    pthread_t thread;
    struct sigaction before[INTERRUPT_SIGNALS]; // how they were taken
    atomic_bool is_graceful;                    // work is running that can stop at a safe point
    atomic_bool asked;                          // it shall
    atomic_bool is_service;                     // a hang-up opens the log file anew
    sem_t was_asked;                            // posted once, when it is
};

// From here on SIGINT, SIGTERM and SIGHUP reach the thread; one that was ignored so far still is.
// Call it before other threads are started: they inherit that the signals are blocked.
void interrupt_start(struct interrupt *interrupt);
void interrupt_stop(struct interrupt *interrupt);

// Between the two the first signal only sets `asked` (for good: who runs one work after another
// must not begin the next) and says so, a second one ends the process at once. Outside of them any
// signal does.
void interrupt_begin_graceful(struct interrupt *interrupt);
void interrupt_end_graceful(struct interrupt *interrupt);

// A service has no terminal that could hang up: from here on SIGHUP opens the log file anew
// (base/log.h) instead of stopping it.
void interrupt_serve(struct interrupt *interrupt);

// Sleeps until the first signal between begin_graceful and end_graceful, at most so long; true: it
// came.
bool interrupt_wait(struct interrupt *interrupt, int64_t timeout_ms);
