// SPDX-License-Identifier: Apache-2.0
// What a call of libtessera works in. The calls translate arrays of C to the kernels' records and
// back; what they mean stands in tessera.h.
#pragma once

#include "analyze/library/tessera.h"
#include "base/scope.h"

struct tessera {
    struct scope scope;
    int threads;
    char error[sizeof(((struct failure *)0)->message) + sizeof(((struct failure *)0)->hint) + 4];
};

// Forgets the last call, its memory and its error.
struct scope *place_begin(struct tessera *place);
// What the call returns, with its error told.
int place_end(struct tessera *place, code outcome);
