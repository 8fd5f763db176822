// SPDX-License-Identifier: Apache-2.0
// Work that is run again as a whole. Where several write at once, a database ends one of two that
// stand in each other's way (a deadlock, a serialisation failure) and expects it to begin anew with
// what it reads: a statement of it alone would go on with what is not true any more.
#pragma once

#include "base/scope.h"

enum { UNIT_TRIES = 8 };

// Runs `work`, and runs it again when it failed for another one's sake and had committed nothing,
// after a pause that grows. What the last try failed with is the failure.
code unit_run(struct scope *scope, code (*work)(struct scope *scope, void *argument),
              void *argument);

// For those that have their own way to begin anew: did what failed fail for another one's sake?
bool unit_has_collided(const struct scope *scope);
// Forgets that, and waits, longer before each try. CANCELLED or BUSY when the scope is over.
code unit_pause(struct scope *scope, int tries);
