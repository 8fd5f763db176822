// SPDX-License-Identifier: Apache-2.0
// Text made comparable: what a person who searches would call the same. Not for display, and not
// for e-mail addresses or other identifiers, which have rules of their own.
#pragma once

#include "base/text.h"

// Compatibility forms taken apart (Unicode NFKD: "ﬁ" is "fi"), case folded ("ß" is "ss"), accents
// and other marks on letters removed, letters with strokes and ligatures written plain ("ø" is
// "o"). Folding twice changes nothing more. Bytes that are no UTF-8 become U+FFFD. The result lives
// in the arena.
struct text text_fold(struct arena *arena, struct text text);

// The words of the folded text: runs of letters, digits and the marks that belong to them. Stores
// at most `capacity` and returns how many it stored; words beyond that are dropped.
size_t fold_words(struct arena *arena, struct text text, struct text *words, size_t capacity);
