// SPDX-License-Identifier: Apache-2.0
// Steps that double until one is free, then halving what lies between: walking on by ones would
// make n rows of one content cost n² / 2 looks.
#include "store/occurrence.h"

code occurrence_find_free(struct scope *scope, int64_t from, occurrence_look look, void *context,
                          int64_t *ret_occurrence) {
    int64_t last_taken = from - 1, free = from;
    bool taken;

    TRY(look(scope, context, free, &taken));
    for (int64_t step = 1; taken; step *= 2) {
        last_taken = free;
        free += step;
        TRY(look(scope, context, free, &taken));
    }
    while (free - last_taken > 1) {
        const int64_t middle = last_taken + (free - last_taken) / 2;

        TRY(look(scope, context, middle, &taken));
        if (taken)
            last_taken = middle;
        else
            free = middle;
    }
    *ret_occurrence = free;
    return OK;
}
