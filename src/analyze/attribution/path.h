// SPDX-License-Identifier: Apache-2.0
// Journeys as paths over channels, equal ones grouped: what rules of attribution work on. A path is
// the sequence of the channels that touched a customer, the first touch first, with how often it
// ended in a conversion, what those were worth, and how often it ended in none. No database here.
#pragma once

#include "base/scope.h"
#include "base/text.h"

#include <stddef.h>

enum {
    PATH_CHANNELS = 1000, // at most, and each a number below
    PATH_TOUCHES = 1000,  // of one path
    CHANNEL_SLOTS = 4096,
};

// Distinct paths in lexicographic order of channel numbers: the same whatever the order of rows.
// Memory of the scope.
struct paths {
    size_t channel_count;
    size_t count;
    const size_t *starts;        // count + 1: path i is touches[starts[i] … starts[i + 1])
    const uint16_t *touches;     // < channel_count
    const int64_t *conversions;  // ≥ 0
    const int64_t *nulls;        // ≥ 0
    const int64_t *value_micros; // ≥ 0, of all conversions of the path
    int64_t conversion_total, null_total, value_total_micros, touch_total; // touches: of journeys
};

// ---- grouping ----

// Collects journeys, keeping each distinct path once: memory grows with those. Zero is empty.
struct path_set {
    struct buffer touches; // uint16_t
    struct buffer items;   // struct path_item
    uint32_t *slots;       // heap; item + 1; 0: free
    size_t mask;           // of slots; 0: none yet
};

struct path_item {
    size_t start;
    uint32_t size, hash;
    int64_t conversions, nulls, value_micros;
};

void path_set_clear(struct path_set *set);
// One or more journeys of 1 … PATH_TOUCHES touches. Amortised O(touches).
// INVALID for negative numbers and for sums past 64 bits.
code path_set_add(struct scope *scope, struct path_set *set, const uint16_t *touches, size_t count,
                  int64_t conversions, int64_t nulls, int64_t value_micros);
// Adds up the touches of all journeys by channel, PATH_CHANNELS of them.
void path_set_count(const struct path_set *set, int64_t *touches);
// The paths with channel c told as channels[c] (NULL: as they are), grouped again and sorted.
// O(paths · log paths · touches).
code path_set_finish(struct scope *scope, const struct path_set *set, const uint16_t *channels,
                     size_t channel_count, struct paths *ret_paths);

// ---- names ----

// Names by number, the number of a name.
struct channel_names {
    struct text *names; // of the arena
    size_t count, capacity;
    uint16_t slots[CHANNEL_SLOTS]; // by hash: number + 1; 0: free
};
// Adds it when it is new; PATH_CHANNELS when there is no room for another one.
size_t channel_number(struct scope *scope, struct channel_names *names, struct text name);
bool channel_find(const struct channel_names *names, struct text name, size_t *ret_number);
// The names in bytewise order, and each number's place in it: figures then do not depend on which
// name was met first. Memory of the scope.
void channel_order(struct scope *scope, const struct channel_names *names, struct text **ret_sorted,
                   uint16_t **ret_places);
