// SPDX-License-Identifier: Apache-2.0
#include "base/nearest.h"

enum { LONGEST_WORD = 64 };

static int smaller(int a, int b) {
    return a < b ? a : b;
}

// Optimal string alignment distance. Only three rows of the table are ever looked at.
static int slips(struct text a, struct text b) {
    int rows[3][LONGEST_WORD + 1];
    int *before = rows[0], *previous = rows[1], *current = rows[2];

    for (size_t j = 0; j <= b.size; j++)
        previous[j] = (int)j;
    for (size_t i = 1; i <= a.size; i++) {
        int *const oldest = before;

        current[0] = (int)i;
        for (size_t j = 1; j <= b.size; j++) {
            const int change = a.data[i - 1] != b.data[j - 1];

            current[j] =
                smaller(previous[j - 1] + change, smaller(previous[j], current[j - 1]) + 1);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1])
                current[j] = smaller(current[j], before[j - 2] + 1);
        }
        before = previous;
        previous = current;
        current = oldest;
    }
    return previous[b.size];
}

const char *nearest(struct text given, const char *const *candidates, size_t count) {
    int fewest = (int)(given.size / 3) + 1;
    const char *found = NULL;

    if (given.size == 0 || given.size > LONGEST_WORD)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const struct text candidate = text_of(candidates[i]);
        int distance;

        if (candidate.size > LONGEST_WORD)
            continue;
        distance = slips(given, candidate);
        if (distance < fewest || (!found && distance == fewest)) {
            fewest = distance;
            found = candidates[i];
        }
    }
    return found;
}
