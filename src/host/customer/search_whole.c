// SPDX-License-Identifier: Apache-2.0
// The entries of one word lie in the order of origins, so those of two words are met by walking
// along one and looking up the other, always close to where it was looked up last. That costs what
// is between the finds and no more: among a million customers some hundred entries for "Thomas
// Müller", wherever in the list, while gathering either word touches hundreds of pages.
#include "host/customer/search_whole.h"

#include "customer_sql.h"
#include "host/customer/search_term.h"
#include "store/ledger.h"

struct whole {
    const struct text *words;
    size_t word_count;
    size_t driver, other; // the rarest, as far as they were counted, and the next
};

// ---- planning ----

static code count_words(struct scope *scope, const struct whole *whole, int64_t most,
                        int64_t counts[SEARCH_WORDS_MOST]) {
    for (size_t i = 0; i < whole->word_count; i++)
        TRY(ledger_int64(scope, sql_customer_term_count,
                         BINDS(BIND_TEXT(whole->words[i]), BIND_INT64(most)), 0, &counts[i]));
    return OK;
}

static size_t rarest(const int64_t *counts, size_t count, size_t but) {
    size_t best = but == 0 ? 1 : 0;

    for (size_t i = best + 1; i < count; i++)
        if (i != but && counts[i] < counts[best])
            best = i;
    return best;
}

// *ret_is_possible: each word is there, as a whole one.
static code plan(struct scope *scope, struct whole *whole, int64_t most, bool *ret_is_possible) {
    int64_t counts[SEARCH_WORDS_MOST];

    TRY(count_words(scope, whole, most, counts));
    whole->driver = rarest(counts, whole->word_count, SEARCH_WORDS_MOST);
    whole->other = rarest(counts, whole->word_count, whole->driver);
    *ret_is_possible = counts[whole->driver] > 0;
    return OK;
}

// ---- walking ----

static code has_words(struct scope *scope, const struct whole *whole, int64_t origin,
                      bool *ret_has) {
    int64_t has = 1;

    for (size_t i = 0; i < whole->word_count && has; i++)
        if (whole->driver == whole->other || (i != whole->driver && i != whole->other))
            TRY(ledger_int64(scope, sql_customer_has_term,
                             BINDS(BIND_TEXT(whole->words[i]), BIND_INT64(origin)), 0, &has));
    *ret_has = has;
    return OK;
}

static code customer_has(struct scope *scope, const struct whole *every, int64_t customer,
                         int64_t before, bool *ret_has) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool has = false;

    TRY(ledger_query(scope, sql_customer_own_origins, BINDS(BIND_INT64(customer)), &rows));
    while (!has && rows_next(rows))
        if (rows_int64(rows, 0) < before)
            TRY(has_words(scope, every, rows_int64(rows, 0), &has));
    TRY(rows_end(rows));
    *ret_has = has;
    return OK;
}

code search_whole_has(struct scope *scope, const struct text *words, size_t word_count,
                      int64_t customer, int64_t before, bool *ret_has) {
    const struct whole every = {.words = words, .word_count = word_count};

    return customer_has(scope, &every, customer, before, ret_has);
}

// An origin that has the driver's word, and maybe the other's. A customer of several such origins
// is found by the first.
static code is_find(struct scope *scope, const struct whole *whole, const struct rows *rows,
                    bool *ret_is_find) {
    const int64_t origin = rows_int64(rows, 0), customer = rows_int64(rows, 1);
    bool has = rows_int64(rows, 2) != 0;
    bool earlier = false;

    if (has)
        TRY(has_words(scope, whole, origin, &has));
    if (has)
        TRY(search_whole_has(scope, whole->words, whole->word_count, customer, origin, &earlier));
    *ret_is_find = has && !earlier;
    return OK;
}

static code walk(struct scope *scope, const struct whole *whole, size_t limit,
                 const struct search_bounds *bounds, int64_t *place, struct search_found *found,
                 enum whole_end *ret_end) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const bool is_first = *place == 0;
    int64_t seen = 0;

    TRY(ledger_query(scope, sql_customer_by_two_terms,
                     BINDS(BIND_TEXT(whole->words[whole->driver]),
                           BIND_TEXT(whole->words[whole->other]), BIND_INT64(*place),
                           BIND_INT64(bounds->whole)),
                     &rows));
    while (rows_next(rows)) {
        bool find;

        TRY(is_find(scope, whole, rows, &find));
        *place = rows_int64(rows, 0);
        if (find)
            found->customers[found->count++] = rows_int64(rows, 1);
        seen++;
        *ret_end = is_first && found->count == 0 ? WHOLE_VAIN : WHOLE_PAGE_IS_FULL;
        if (found->count == limit || (*ret_end == WHOLE_VAIN && seen == bounds->whole_vain))
            return OK;
    }
    TRY(rows_end(rows));
    if (seen < bounds->whole)
        *ret_end = WHOLE_ALL_FOUND;
    return OK;
}

code search_whole(struct scope *scope, const struct text *words, size_t word_count, size_t limit,
                  const struct search_bounds *bounds, int64_t *place, struct search_found *found,
                  enum whole_end *ret_end) {
    struct whole whole = {.words = words, .word_count = word_count};
    bool is_possible;

    TRY(plan(scope, &whole, bounds->whole_counted, &is_possible));
    *ret_end = WHOLE_ALL_FOUND;
    return is_possible ? walk(scope, &whole, limit, bounds, place, found, ret_end) : OK;
}
