// SPDX-License-Identifier: Apache-2.0
// Memory that lives as long as a unit of work: handed out in order, given back all at once.
#pragma once

#include <stddef.h>

struct arena_block;

// Embed it, arena_init before use, arena_clear when done. Not shared between threads.
struct arena {
    struct arena_block *last;
    size_t used;      // bytes handed out of *last
    size_t allocated; // bytes held from the system, over all blocks
};

// A point to return to: everything handed out after it is given back by arena_rewind.
struct arena_mark {
    struct arena_block *last;
    size_t used;
};

void arena_init(struct arena *arena);
void arena_clear(struct arena *arena);

// Zeroed memory, aligned for any type; never NULL: when the system has no memory the process stops.
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));

// count × size bytes; stops the process when the product overflows.
void *arena_array(struct arena *arena, size_t count, size_t size)
    __attribute__((malloc, returns_nonnull));

void *arena_copy(struct arena *arena, const void *data, size_t size)
    __attribute__((returns_nonnull));

// printf into the arena.
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));

struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);
