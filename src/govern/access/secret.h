// SPDX-License-Identifier: Apache-2.0
// Secrets that Tessera makes: tokens of sessions, links and devices, API keys. 256 random bits
// each; the ledger holds only their hash.
#pragma once

#include "base/text.h"

#include <stdbool.h>

// Before anything of libsodium is used; any number of times, by any thread.
void secret_start(void);

// prefix and 43 letters of base64url. In the arena.
struct text secret_make(struct arena *arena, const char *prefix);
// SHA-256 in hexadecimal: fast is enough, since there is nothing to guess. In the arena.
struct text secret_hash(struct arena *arena, struct text secret);
// Takes the same time wherever the two differ.
bool secret_equal(struct text a, struct text b);
