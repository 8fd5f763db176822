// SPDX-License-Identifier: Apache-2.0
#include "analyze/library/place.h"

#include "analyze/kernel/parallel.h"

#include <stdio.h>
#include <stdlib.h>

struct tessera *tessera_open(int threads) {
    struct tessera *place = calloc(1, sizeof(*place));

    if (place == NULL)
        return NULL;
    scope_init(&place->scope);
    place->threads = parallel_threads(threads > 0 ? threads : 0);
    return place;
}

void tessera_close(struct tessera *place) {
    if (place != NULL)
        scope_clear(&place->scope);
    free(place);
}

const char *tessera_error(const struct tessera *place) {
    return place->error;
}

const char *tessera_version(void) {
    return TESSERA_VERSION;
}

struct scope *place_begin(struct tessera *place) {
    arena_clear(&place->scope.arena);
    arena_init(&place->scope.arena);
    scope_forgive(&place->scope);
    return &place->scope;
}

int place_end(struct tessera *place, code outcome) {
    const struct failure *failure = &place->scope.failure;

    if (outcome == OK)
        place->error[0] = '\0';
    else
        snprintf(place->error, sizeof(place->error), "%s%s%s", failure->message,
                 failure->hint[0] != '\0' ? ": " : "", failure->hint);
    return (int)outcome;
}
