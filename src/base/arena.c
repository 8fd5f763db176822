// SPDX-License-Identifier: Apache-2.0
// Blocks double up to a ceiling, so that a small request costs one malloc and a large one few.
// Only the block header is written on allocation; memory is zeroed as it is handed out.
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK_SIZE = 4096, LARGEST_BLOCK_SIZE = 1 << 20 };

struct arena_block {
    struct arena_block *previous;
    size_t size;
    _Alignas(max_align_t) char data[];
};

static void *must_have(void *memory) {
    if (memory)
        return memory;
    fputs("tessera: out of memory\n", stderr);
    abort();
}

void arena_init(struct arena *arena) {
    *arena = (struct arena){0};
}

void arena_clear(struct arena *arena) {
    arena_rewind(arena, (struct arena_mark){0});
}

static void arena_grow(struct arena *arena, size_t size) {
    size_t block_size = arena->last ? arena->last->size * 2 : FIRST_BLOCK_SIZE;
    struct arena_block *block;

    if (block_size > LARGEST_BLOCK_SIZE)
        block_size = LARGEST_BLOCK_SIZE;
    if (block_size < size)
        block_size = size;
    block = must_have(malloc(sizeof(*block) + block_size));
    block->previous = arena->last;
    block->size = block_size;
    arena->last = block;
    arena->used = 0;
    arena->allocated += block_size;
}

void *arena_alloc(struct arena *arena, size_t size) {
    const size_t alignment = _Alignof(max_align_t);
    size_t rounded;
    void *memory;

    if (__builtin_add_overflow(size, alignment - 1, &rounded))
        must_have(NULL);
    rounded &= ~(alignment - 1);
    if (!arena->last || arena->last->size - arena->used < rounded)
        arena_grow(arena, rounded);
    memory = arena->last->data + arena->used;
    arena->used += rounded;
    return memset(memory, 0, rounded);
}

void *arena_array(struct arena *arena, size_t count, size_t size) {
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        must_have(NULL);
    return arena_alloc(arena, total);
}

void *arena_copy(struct arena *arena, const void *data, size_t size) {
    void *copy = arena_alloc(arena, size);

    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...) {
    va_list arguments;
    int length;
    char *text;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        must_have(NULL);
    text = arena_alloc(arena, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

struct arena_mark arena_mark(const struct arena *arena) {
    return (struct arena_mark){.last = arena->last, .used = arena->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark) {
    while (arena->last != mark.last) {
        struct arena_block *block = arena->last;

        arena->last = block->previous;
        arena->allocated -= block->size;
        free(block);
    }
    arena->used = mark.used;
}
