// SPDX-License-Identifier: Apache-2.0
// The entries of one word lie in the order of origins, so those of two words are met by walking
// along one and looking up the other, always close to where it was looked up last. That costs what
// is between the finds and no more: among a million customers some hundred entries for "Thomas
// Müller", wherever in the list, while gathering either word touches hundreds of pages.
#include "host/customer/search_whole.h"

#include "customer_sql.h"
#include "host/customer/search_term.h"
#include "store/ledger.h"

enum { STRETCH_GROWTH = 4 };

struct whole {
    const struct text *words;
    size_t word_count;
    size_t driver, other; // the rarest, as far as they were counted, and the next
};

struct walk {
    const struct whole *whole;
    const struct search_bounds *bounds;
    size_t limit;
    bool is_first_page;
    int64_t place; // the origin that was read last
    int64_t seen;  // entries
    bool is_done;
    struct search_found *found;
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
    int64_t counts[SEARCH_WORDS_MOST] = {0};

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

static bool is_vain(const struct walk *walk) {
    return walk->is_first_page && walk->found->count == 0;
}

// Of the next entries of the driver. Ends before their end when `walk` is done.
static code walk_stretch(struct scope *scope, struct walk *walk, int64_t size,
                         int64_t *ret_read_count) {
    const struct whole *whole = walk->whole;
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t count = 0;

    TRY(ledger_query(scope, sql_customer_by_two_terms,
                     BINDS(BIND_TEXT(whole->words[whole->driver]),
                           BIND_TEXT(whole->words[whole->other]), BIND_INT64(walk->place),
                           BIND_INT64(size)),
                     &rows));
    while (!walk->is_done && rows_next(rows)) {
        bool find;

        TRY(is_find(scope, whole, rows, &find));
        walk->place = rows_int64(rows, 0);
        if (find)
            walk->found->customers[walk->found->count++] = rows_int64(rows, 1);
        count++;
        walk->is_done = walk->found->count == walk->limit ||
                        (is_vain(walk) && walk->seen + count == walk->bounds->whole_vain);
    }
    walk->seen += count;
    *ret_read_count = count;
    return rows_end(rows);
}

// In stretches, the first ones short: mostly they are enough, and a database may read each whole.
static code walk_all(struct scope *scope, struct walk *walk, enum whole_end *ret_end) {
    const int64_t most = walk->bounds->whole;
    int64_t size = walk->bounds->whole_stretch, read_count = size;

    for (; !walk->is_done && walk->seen < most; size *= STRETCH_GROWTH) {
        size = size < most - walk->seen ? size : most - walk->seen;
        TRY(walk_stretch(scope, walk, size, &read_count));
        if (!walk->is_done && read_count < size) {
            *ret_end = WHOLE_ALL_FOUND;
            return OK;
        }
    }
    *ret_end = is_vain(walk) ? WHOLE_VAIN : WHOLE_PAGE_IS_FULL;
    return OK;
}

code search_whole(struct scope *scope, const struct text *words, size_t word_count, size_t limit,
                  const struct search_bounds *bounds, int64_t *place, struct search_found *found,
                  enum whole_end *ret_end) {
    struct whole whole = {.words = words, .word_count = word_count};
    struct walk walk = {.whole = &whole,
                        .bounds = bounds,
                        .limit = limit,
                        .is_first_page = *place == 0,
                        .place = *place,
                        .found = found};
    bool is_possible;

    TRY(plan(scope, &whole, bounds->whole_counted, &is_possible));
    *ret_end = WHOLE_ALL_FOUND;
    if (is_possible)
        TRY(walk_all(scope, &walk, ret_end));
    *place = walk.place;
    return OK;
}
