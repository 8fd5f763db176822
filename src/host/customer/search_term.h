// SPDX-License-Identifier: Apache-2.0
// The words by which customers are found: of their names, folded (case, accents and punctuation
// gone), and of their identifiers. One row per word and origin; searching is a prefix look-up
// (customer.c).
#pragma once

#include "base/scope.h"
#include "host/identity/identity.h"

enum { SEARCH_WORDS_MOST = 16, SEARCH_WORD_BYTES = 64 };

// The folded words of a text, at most SEARCH_WORDS_MOST, each at most SEARCH_WORD_BYTES; returns
// the count. "Émile O'Brien-Groß" gives emile, obrien, gross. In the arena.
size_t search_words(struct arena *arena, struct text text, struct text words[SEARCH_WORDS_MOST]);

// What is looked for by an identifier: e-mail by its whole (and so by its local part) and the words
// of its local part, phone by its digits with country code and as dialled at home, others by their
// words. Cookies and devices are not searched by: none.
size_t search_identifier_words(struct arena *arena, enum identifier_kind kind, struct text value,
                               struct text words[SEARCH_WORDS_MOST]);

// The terms of an origin, inside the open transaction. Adding what is there changes nothing.
code search_terms_add_text(struct scope *scope, int64_t origin, struct text text);
code search_terms_add_identifier(struct scope *scope, int64_t origin, enum identifier_kind kind,
                                 struct text value);
code search_terms_remove(struct scope *scope, int64_t origin);
// From nothing: of the origin's identifiers and the names in its customer row.
code search_terms_rebuild(struct scope *scope, int64_t origin);
