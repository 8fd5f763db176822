// SPDX-License-Identifier: Apache-2.0
// Who is in a segment, as the ledger keeps it: entering, leaving, and the word of it that others
// hear who keep members in memory. All of it happens inside the open ledger transaction.
#pragma once

#include "base/scope.h"

// A growing list of ids. Zero-initialised; ids_clear when done.
struct ids {
    struct buffer memory;
    int64_t *items; // in it
    size_t count;
};

void ids_add(struct ids *ids, int64_t id);
void ids_clear(struct ids *ids);
bool ids_have(const struct ids *ids, int64_t id); // they are in order
void ids_sort(struct ids *ids);                   // ascending, each once

struct member_changes {
    int64_t segment_id;
    int64_t at_us;
    struct ids entered, departed;
};
void member_changes_clear(struct member_changes *changes);

// Reports progress and checks for cancelling on the way.
code members_write(struct scope *scope, const struct member_changes *changes);
// Whoever keeps members of it in memory has to look at all of them.
code members_say_all(struct scope *scope, int64_t segment_id);
