// SPDX-License-Identifier: Apache-2.0
// What a server does now and then although nobody asks: whatever has had its time goes. Of several
// servers on one database one does it, the one that leads.
#pragma once

#include "store/store.h"

struct chores {
    bool leads;          // it did when it was looked the last time
    int64_t next_due_us; // of the clock that only goes forward
};

// How long to wait between two looks, so that another server takes over in time.
int chores_look_every_ms(const struct store *store);
// Does them when this process leads and they are due.
void chores_look(struct chores *chores, struct store *store);
