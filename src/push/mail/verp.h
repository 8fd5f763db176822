// SPDX-License-Identifier: Apache-2.0
// Return paths that name their message and that nobody else can make (VERP): b+ID.CODE@host, CODE
// being a keyed hash of the id. A bounce that comes to one is about that message, whatever it says.
#pragma once

#include "base/text.h"

enum { VERP_KEY_BYTES = 32 };

// In the arena. Letters and digits alone, small: relays change the case of what stands before the
// @.
struct text verp_make(struct arena *arena, const unsigned char key[VERP_KEY_BYTES], int64_t id,
                      struct text host);
// The id, of the address alone or of any text that begins with one; false when it is none of ours.
bool verp_read(const unsigned char key[VERP_KEY_BYTES], struct text address, int64_t *ret_id);
