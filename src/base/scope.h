// SPDX-License-Identifier: Apache-2.0
// One scope per unit of work (a request, a command, a job's batch): its memory, its first failure,
// its database session, its deadline and who asks. It is the first parameter of nearly every
// function and stays on one thread.
#pragma once

#include "base/arena.h"
#include "base/code.h"
#include "base/text.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct session;  // store/store.h: the database connections of one thread
struct progress; // base/progress.h

// The first failure of a scope. Fixed sizes, so that reporting cannot fail.
struct failure {
    code code;         // OK while nothing failed
    char message[400]; // what: lower case, no full stop, the value shown
    char detail[400];  // facts, may be empty
    char hint[400];    // what to do, may be empty
    char field[80];    // the input field at fault, may be empty
    int retry_after_s; // of BUSY: when it is worth trying again; 0: soon
};

// Who asks. The command line acts as its operating-system user with every permission.
struct actor {
    char name[64];
    uint32_t permissions; // bits of enum permission (govern/access)
    int64_t account_id;   // of who signed in; 0: the command line, a key, nobody
    int64_t session_id;   // of the sign-in
};

struct scope {
    struct arena arena;
    struct failure failure;
    struct session *session;      // NULL where no database is in reach
    struct progress *progress;    // never NULL after scope_init: a silent one by default
    const atomic_bool *cancelled; // NULL when nobody can cancel
    int64_t deadline_us;          // of the clock in base/clock.h; 0: it takes as long as it takes
    struct actor actor;
    int64_t now_us; // the instant the work began, µs UTC; tests set it
};

void scope_init(struct scope *scope);
void scope_clear(struct scope *scope);

// Record a failure and return its code. The first one is kept; later ones are its consequences.
code scope_fail(struct scope *scope, code reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// The same with the input field at fault, for errors that a form can show beside it.
code scope_fail_field(struct scope *scope, code reason, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
// Add to the failure recorded last: facts, and what to do about it. They return its code, so that
// `return scope_hint(scope, "…")` reads on from a scope_fail. The first detail and hint are kept.
code scope_detail(struct scope *scope, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
code scope_hint(struct scope *scope, const char *format, ...) __attribute__((format(printf, 2, 3)));

// How long to wait, µs, before trying again. Returns the failure's code.
code scope_retry_after(struct scope *scope, int64_t wait_us);

// clang's analyzer reads one file at a time: it is told that a recorded failure is none of OK, and
// takes no path on which a failed function's results would be read.
#ifdef __clang_analyzer__
static inline code scope_not_ok(code failure) {
    if (failure == OK)
        __builtin_unreachable();
    return failure;
}
#define scope_fail(...)       scope_not_ok(scope_fail(__VA_ARGS__))
#define scope_fail_field(...) scope_not_ok(scope_fail_field(__VA_ARGS__))
#define scope_detail(...)     scope_not_ok(scope_detail(__VA_ARGS__))
#define scope_hint(...)       scope_not_ok(scope_hint(__VA_ARGS__))
#endif

// Forget the failure, for work that goes on after one (a row put into quarantine).
void scope_forgive(struct scope *scope);

// CANCELLED once somebody asked the work to stop, BUSY when its time is over. Call it at every safe
// point of long work.
code scope_check(struct scope *scope);
