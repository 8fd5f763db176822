// SPDX-License-Identifier: Apache-2.0
// Codes of coupons that people read out, type and scan: twelve signs of 23 that are not mistaken
// for one another and spell no words (no vowels, no 0 1 5 8, no B I L O S U Z), the last of which
// checks the others. Eleven drawn at random are 49 bits: with a million codes issued, one guess in
// a thousand million meets one.
#pragma once

#include "base/text.h"

enum { COUPON_CODE_SIZE = 12, COUPON_SHARED_BYTES = 40 };

// A new one, from the system's random numbers. In the arena.
struct text coupon_code_make(struct arena *arena);
// As codes are compared: ASCII capitals, without blanks and hyphens. In the arena.
struct text coupon_code_normalise(struct arena *arena, struct text raw);
// Does the last sign check the others? Of any single sign that is wrong and any two that changed
// places it says no.
bool coupon_code_checks(struct text normalised);
// For people: "K7HQ-3MXW-9TRC"; others as they are. In the arena.
struct text coupon_code_shown(struct arena *arena, struct text normalised);
