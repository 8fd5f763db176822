// SPDX-License-Identifier: Apache-2.0
#include "base/code.h"

// To add one: append it to enum code, give it a row here, and name it in docs/exit-codes.md.
static const struct code_info infos[CODE_COUNT] = {
    [OK] = {"ok", 200, 0, "it worked"},
    [INVALID] = {"invalid", 400, 2, "the request is wrong; the message shows what"},
    [NOT_FOUND] = {"not_found", 404, 3, "what was named does not exist"},
    [CONFLICT] = {"conflict", 409, 4, "it contradicts what is there"},
    [UNAUTHENTICATED] = {"unauthenticated", 401, 5, "who is asking is not known"},
    [FORBIDDEN] = {"forbidden", 403, 6, "who is asking may not do this"},
    [TOO_LARGE] = {"too_large", 413, 7, "past a limit; the message names it"},
    [BUSY] = {"busy", 429, 8, "try again after a while"},
    [UNAVAILABLE] = {"unavailable", 503, 9, "a database, a file or a peer cannot be reached"},
    [STORAGE_FULL] = {"storage_full", 507, 10, "the disk is full; what was accepted is kept"},
    [CANCELLED] = {"cancelled", 409, 130, "stopped on request"},
    [INTERNAL] = {"internal", 500, 1, "a fault of the program: please report it"},
    [REUSED] = {"key_reused", 422, 11, "the Idempotency-Key is that of another request"},
};

const struct code_info *code_info(code reason) {
    return &infos[reason < CODE_COUNT ? reason : INTERNAL];
}
