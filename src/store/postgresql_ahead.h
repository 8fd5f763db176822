// SPDX-License-Identifier: Apache-2.0
// Rows that were fetched before they are read: their values, one after the other, in memory.
#pragma once

#include "store/postgresql_value.h"

struct ahead_chunk;

// Zero-initialised is empty.
struct ahead {
    struct ahead_chunk *first, *last;
    size_t position; // in the first chunk
};

void ahead_clear(struct ahead *ahead);
// A copy of the first row of a result behind those that are there. False when there is no memory.
bool ahead_add(struct ahead *ahead, const PGresult *result);
// Takes the oldest row: the bytes and sizes of `count` values, which live until the next call.
// False when none is left.
bool ahead_take(struct ahead *ahead, struct postgresql_value *values, int count);
