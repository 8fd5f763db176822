// SPDX-License-Identifier: Apache-2.0
// Is everything in order? A list of checks, each with what to do when it is not.
#pragma once

#include "base/scope.h"

#include <stddef.h>

enum doctor_state { DOCTOR_OK, DOCTOR_SKIPPED, DOCTOR_WARN, DOCTOR_FAIL };
const char *doctor_state_name(enum doctor_state state); // "ok", "skipped", "warn", "fail"

struct doctor_check {
    const char *name;
    enum doctor_state state;
    struct text finding; // what was seen
    struct text advice;  // what to do, empty when nothing
};

// Run all of them. A check that cannot be made is a failed one, so this itself fails only when
// somebody asked it to stop. Beside the process that owns the store the checks of the lake are
// skipped.
code doctor_examine(struct scope *scope, struct doctor_check **ret_checks, size_t *ret_count);
