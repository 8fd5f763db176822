// SPDX-License-Identifier: Apache-2.0
#include "base/code.h"

// To add one: append it to enum code, give it a row here, and name it in docs/exit-codes.md.
static const struct code_info infos[CODE_COUNT] = {
    [OK] = {"ok", 200, 0},
    [INVALID] = {"invalid", 400, 2},
    [NOT_FOUND] = {"not_found", 404, 3},
    [CONFLICT] = {"conflict", 409, 4},
    [UNAUTHENTICATED] = {"unauthenticated", 401, 5},
    [FORBIDDEN] = {"forbidden", 403, 6},
    [TOO_LARGE] = {"too_large", 413, 7},
    [BUSY] = {"busy", 429, 8},
    [UNAVAILABLE] = {"unavailable", 503, 9},
    [STORAGE_FULL] = {"storage_full", 507, 10},
    [CANCELLED] = {"cancelled", 409, 130},
    [INTERNAL] = {"internal", 500, 1},
};

const struct code_info *code_info(code reason) {
    return &infos[reason < CODE_COUNT ? reason : INTERNAL];
}
