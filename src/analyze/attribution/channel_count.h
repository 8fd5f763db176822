// SPDX-License-Identifier: Apache-2.0
// How many touches names of channels have, where there are more names than numbers for them: only
// then are the largest chosen. Names are told apart by a hash of 64 bits and not kept.
#pragma once

#include "base/text.h"

enum { CHANNEL_COUNTS_MOST = 1 << 16 }; // names; those that come later are not counted

struct channel_count {
    uint64_t hash; // 0: free
    int64_t touches;
};
struct channel_counts { // zero-initialised is empty; heap
    struct channel_count *slots;
    size_t capacity, count; // a power of two, and how many are taken
};
void channel_counts_clear(struct channel_counts *counts);

void channel_counts_add(struct channel_counts *counts, struct text name);
// Forgets all but the `most` names with the most touches, and of names with as many those whose
// hash is smaller.
void channel_counts_keep(struct channel_counts *counts, size_t most);
bool channel_counts_has(const struct channel_counts *counts, struct text name);
