// SPDX-License-Identifier: Apache-2.0
// Text of people made fit for one printed line.
#pragma once

#include "base/text.h"

// In capital letters, as Unicode has them ("ß" is "SS"). In the arena.
struct text text_capital(struct arena *arena, struct text text);

// In small letters, as Unicode has them. In the arena.
struct text text_small(struct arena *arena, struct text text);

// Without control characters, without marks that turn the direction of what follows, runs of blanks
// as one, none at the ends. False for what is no UTF-8.
bool text_printable(struct arena *arena, struct text text, struct text *ret_text);
