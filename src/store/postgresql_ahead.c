// SPDX-License-Identifier: Apache-2.0
#include "store/postgresql_ahead.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 16 * 1024 };

// No row stands in two chunks, and none moves.
struct ahead_chunk {
    struct ahead_chunk *next;
    size_t size, capacity;
    char bytes[];
};

// Memory of `size` bytes behind the last row; NULL when there is none.
static char *grow(struct ahead *ahead, size_t size) {
    struct ahead_chunk *chunk = ahead->last;

    if (!chunk || chunk->capacity - chunk->size < size) {
        const size_t capacity = size > CHUNK_BYTES ? size : CHUNK_BYTES;

        chunk = malloc(sizeof(*chunk) + capacity);
        if (!chunk)
            return NULL;
        *chunk = (struct ahead_chunk){.capacity = capacity};
        if (ahead->last)
            ahead->last->next = chunk;
        else
            ahead->first = chunk;
        ahead->last = chunk;
    }
    chunk->size += size;
    return chunk->bytes + chunk->size - size;
}

static void drop_first(struct ahead *ahead) {
    struct ahead_chunk *first = ahead->first;

    ahead->first = first->next;
    if (!first->next)
        ahead->last = NULL;
    ahead->position = 0;
    free(first);
}

void ahead_clear(struct ahead *ahead) {
    while (ahead->first)
        drop_first(ahead);
}

// Each value is its size, -1 for NULL, and its bytes.
bool ahead_add(struct ahead *ahead, const PGresult *result) {
    const int count = PQnfields(result);
    size_t size = 1; // a row without columns is one as well
    char *place;

    for (int i = 0; i < count; i++)
        size += sizeof(int) + (size_t)PQgetlength(result, 0, i);
    place = grow(ahead, size);
    if (!place)
        return false;
    for (int i = 0; i < count; i++) {
        const int length = PQgetisnull(result, 0, i) ? -1 : PQgetlength(result, 0, i);

        memcpy(place, &length, sizeof(length));
        place += sizeof(length);
        if (length > 0)
            memcpy(place, PQgetvalue(result, 0, i), (size_t)length);
        place += length > 0 ? length : 0;
    }
    return true;
}

bool ahead_take(struct ahead *ahead, struct postgresql_value *values, int count) {
    const char *place;

    while (ahead->first && ahead->position == ahead->first->size)
        drop_first(ahead);
    if (!ahead->first)
        return false;
    place = ahead->first->bytes + ahead->position;
    for (int i = 0; i < count; i++) {
        int length;

        memcpy(&length, place, sizeof(length));
        place += sizeof(length);
        values[i].bytes = length < 0 ? NULL : place;
        values[i].size = length;
        place += length > 0 ? length : 0;
    }
    ahead->position = (size_t)(place - ahead->first->bytes) + 1;
    return true;
}
