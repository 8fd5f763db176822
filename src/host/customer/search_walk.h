// SPDX-License-Identifier: Apache-2.0
// Customers that have words beginning with each of some prefixes, page by page. It knows
// search_term and alias only: what words a query means is customer_search.c's.
#pragma once

#include "base/scope.h"
#include "base/text.h"

// What one page may cost; beyond it the page is shorter.
struct search_bounds {
    int64_t gathered; // entries counted and met in memory, all words together: some 0.3 µs each
    int64_t checks; // look-ups of a word of a customer: some 10 µs each, each a page of the index
    int64_t whole;  // entries of a whole word, each looked up in another's: some 1 µs each
    int64_t whole_stretch; // of these read at first; the next are longer
    int64_t whole_vain;    // of these without a first find
    int64_t whole_counted; // of a word, to know which is the rarest
};

extern const struct search_bounds search_bounds_usual;

struct search_found {
    int64_t *customers; // each once over all pages, by the word that drives the walk; in the arena
    size_t count;       // may be smaller than the limit although there is a next page
    struct text next;   // where the next page begins; empty after the last one
};

// At least one word, at most SEARCH_WORDS_MOST; `after` is a page's `next`, empty for the first
// page; the limit is at least 1. INVALID when it is no place in this search.
code search_walk(struct scope *scope, const struct text *words, size_t word_count,
                 struct text after, size_t limit, const struct search_bounds *bounds,
                 struct search_found *ret_found);
