// SPDX-License-Identifier: Apache-2.0
#include "base/scope.h"

#include "base/clock.h"
#include "base/progress.h"
#include "base/time.h"

#include <stdarg.h>
#include <stdio.h>

void scope_init(struct scope *scope) {
    *scope = (struct scope){.now_us = time_now_us(), .progress = progress_silent()};
    arena_init(&scope->arena);
}

void scope_clear(struct scope *scope) {
    arena_clear(&scope->arena);
}

__attribute__((format(printf, 4, 0))) static code
record(struct scope *scope, code reason, const char *field, const char *format, va_list arguments) {
    struct failure *failure = &scope->failure;

    if (failure->code != OK)
        return failure->code;
    failure->code = reason;
    vsnprintf(failure->message, sizeof(failure->message), format, arguments);
    snprintf(failure->field, sizeof(failure->field), "%s", field);
    return reason;
}

#ifdef __clang_analyzer__ // here they are defined
#undef scope_fail
#undef scope_fail_field
#undef scope_detail
#undef scope_hint
#endif

code scope_fail(struct scope *scope, code reason, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    reason = record(scope, reason, "", format, arguments);
    va_end(arguments);
    return reason;
}

code scope_fail_field(struct scope *scope, code reason, const char *field, const char *format,
                      ...) {
    va_list arguments;

    va_start(arguments, format);
    reason = record(scope, reason, field, format, arguments);
    va_end(arguments);
    return reason;
}

code scope_detail(struct scope *scope, const char *format, ...) {
    struct failure *failure = &scope->failure;
    va_list arguments;

    if (failure->detail[0] != '\0')
        return failure->code;
    va_start(arguments, format);
    vsnprintf(failure->detail, sizeof(failure->detail), format, arguments);
    va_end(arguments);
    return failure->code;
}

code scope_hint(struct scope *scope, const char *format, ...) {
    struct failure *failure = &scope->failure;
    va_list arguments;

    if (failure->hint[0] != '\0')
        return failure->code;
    va_start(arguments, format);
    vsnprintf(failure->hint, sizeof(failure->hint), format, arguments);
    va_end(arguments);
    return failure->code;
}

code scope_retry_after(struct scope *scope, int64_t wait_us) {
    scope->failure.retry_after_s = (int)((wait_us + US_PER_SECOND - 1) / US_PER_SECOND);
    return scope->failure.code;
}

void scope_forgive(struct scope *scope) {
    scope->failure = (struct failure){0};
}

code scope_check(struct scope *scope) {
    if (scope->cancelled && atomic_load_explicit(scope->cancelled, memory_order_relaxed))
        return scope_fail(scope, CANCELLED, "cancelled on request");
    if (scope->deadline_us == 0 || clock_us() < scope->deadline_us)
        return OK;
    scope_fail(scope, BUSY, "the answer was not ready in the time there is for one");
    return scope_hint(scope, "ask for less at once, or when the machine is less busy");
}
