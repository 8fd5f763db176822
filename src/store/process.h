// SPDX-License-Identifier: Apache-2.0
// Naming a process so that it cannot be taken for a later one with the same number.
#pragma once

#include "base/scope.h"

// "host boot-id pid start-time" of this process, in the arena.
struct text process_name(struct scope *scope);
// Does the named process still run? One of another host is taken to.
bool process_is_alive(struct text name);
