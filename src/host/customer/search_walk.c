// SPDX-License-Identifier: Apache-2.0
// Two words of a search do the work. The customers of the rarest are gathered in memory by the
// database; the entries of the next rarest, the driver, are read in the order of the index (term,
// origin) and met with them until the page is full. So "Thomas Müller" among a million customers
// costs reading Thomas's 10,000 entries and some hundred of Müller's, in order, and no look-up by
// customer; those are slow, as each touches another page of the index.
//
// When even the rarest word is too common to be gathered, or there is one word only, the driver's
// customers are looked up one by one, as they are for third and further words. Among so many, most
// look-ups find.
//
// Words are of origins, finds are customers: an origin is made its customer when it is read, so a
// customer of joined origins is found by words that none of them has alone.
#include "host/customer/search_walk.h"

#include "customer_sql.h"
#include "host/customer/search_term.h"
#include "store/ledger.h"

#include <inttypes.h>

const struct search_bounds search_bounds_usual = {.gathered = 100000, .checks = 800};

// Sorts behind every text that begins with what stands before it.
#define LAST_CHARACTER "\xF4\x8F\xBF\xBF"

struct word {
    struct text from, to; // the terms that begin with it: from <= term < to
    int64_t count;        // entries, up to the most that may be gathered
};

// An entry of the driver's.
struct place {
    struct text term;
    int64_t origin;
};

struct walk {
    const struct search_bounds *bounds;
    struct word words[SEARCH_WORDS_MOST];
    size_t word_count;
    int64_t most;          // entries of a word that may be gathered
    size_t driver, rarest; // the same when there is one word only
    bool is_gathered;      // the rarest's customers are
    struct place from;     // behind it the page begins
    struct place to;       // where its stretch ends
    bool is_last_stretch;
    int64_t checks;
};

// ---- planning ----

static code measure_words(struct scope *scope, struct walk *walk, const struct text *words) {
    for (size_t i = 0; i < walk->word_count; i++) {
        struct word *word = &walk->words[i];

        word->from = words[i];
        word->to = text_printf(&scope->arena, "%.*s" LAST_CHARACTER, TEXT_ARG(words[i]));
        if (walk->word_count > 1)
            TRY(ledger_int64(
                scope, sql_customer_word_count,
                BINDS(BIND_TEXT(word->from), BIND_TEXT(word->to), BIND_INT64(walk->most)), 0,
                &word->count));
    }
    return OK;
}

// The rarest, of common ones the longest, but for one.
static size_t rarest_word(const struct walk *walk, size_t but) {
    size_t rarest = but == 0 && walk->word_count > 1 ? 1 : 0;

    for (size_t i = rarest + 1; i < walk->word_count; i++) {
        const struct word *word = &walk->words[i], *best = &walk->words[rarest];

        if (i != but && (word->count < best->count ||
                         (word->count == best->count && word->from.size > best->from.size)))
            rarest = i;
    }
    return rarest;
}

// A place names the word that drives: counts may change between two pages.
static struct text place_text(struct scope *scope, const struct walk *walk,
                              const struct place *place) {
    return text_printf(&scope->arena, "%zu:%" PRId64 ":%.*s", walk->driver, place->origin,
                       TEXT_ARG(place->term));
}

static bool place_read(struct walk *walk, struct text after) {
    struct text rest, term;
    int64_t driver;

    if (!text_to_int64(text_split(after, ':', &rest), &driver) || driver < 0 ||
        driver >= (int64_t)walk->word_count ||
        !text_to_int64(text_split(rest, ':', &term), &walk->from.origin))
        return false;
    walk->driver = (size_t)driver;
    walk->from.term = term;
    return text_compare(term, walk->words[driver].from) >= 0 &&
           text_compare(term, walk->words[driver].to) < 0;
}

static code plan_stretch(struct scope *scope, struct walk *walk) {
    const struct word *driver = &walk->words[walk->driver];
    const int64_t size = walk->is_gathered ? walk->bounds->gathered : walk->bounds->checks;
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    walk->is_last_stretch = true;
    walk->to = (struct place){driver->to, 0};
    if (walk->is_gathered && driver->count < walk->most)
        return OK;
    TRY(ledger_find(scope, sql_customer_word_stretch,
                    BINDS(BIND_TEXT(walk->from.term), BIND_TEXT(driver->to),
                          BIND_INT64(walk->from.origin), BIND_INT64(size - 1)),
                    &rows, &found));
    walk->is_last_stretch = !found;
    if (found)
        walk->to =
            (struct place){text_copy(&scope->arena, rows_text(rows, 0)), rows_int64(rows, 1)};
    return OK;
}

static code plan_walk(struct scope *scope, struct walk *walk, const struct text *words,
                      struct text after) {
    size_t second;

    walk->most = walk->bounds->gathered / (int64_t)walk->word_count;
    TRY(measure_words(scope, walk, words));
    walk->rarest = rarest_word(walk, SEARCH_WORDS_MOST);
    second = rarest_word(walk, walk->rarest);
    walk->driver = walk->words[second].count < walk->most ? second : walk->rarest;
    walk->from.term = walk->words[walk->driver].from;
    if (after.size > 0 && !place_read(walk, after))
        return scope_fail_field(scope, INVALID, "after", "\"%.*s\" is no place in this search",
                                TEXT_ARG(after));
    walk->is_gathered =
        walk->driver != walk->rarest && walk->words[walk->rarest].count < walk->most;
    return plan_stretch(scope, walk);
}

// ---- walking ----

static code read_stretch(struct scope *scope, const struct walk *walk, struct rows **ret_rows) {
    const struct word *driver = &walk->words[walk->driver], *rarest = &walk->words[walk->rarest];
    const struct bind binds[] = {
        BIND_TEXT(walk->from.term), BIND_TEXT(driver->to),       BIND_INT64(walk->from.origin),
        BIND_TEXT(walk->to.term),   BIND_INT64(walk->to.origin), BIND_TEXT(rarest->from),
        BIND_TEXT(rarest->to),
    };

    if (walk->is_gathered)
        return ledger_query(scope, sql_customer_by_two_words, (struct binds){binds, 7}, ret_rows);
    return ledger_query(scope, sql_customer_by_word, (struct binds){binds, 5}, ret_rows);
}

// Has the customer the words that the rows do not speak of, and was it not found before?
static code is_find(struct scope *scope, struct walk *walk, int64_t customer,
                    const struct place *place, bool *ret_find) {
    int64_t has = 1;
    int64_t earlier = 0;

    for (size_t i = 0; i < walk->word_count && has; i++) {
        const struct word *word = &walk->words[i];

        if (i == walk->driver || (i == walk->rarest && walk->is_gathered))
            continue;
        walk->checks++;
        TRY(ledger_int64(scope, sql_customer_has_word,
                         BINDS(BIND_INT64(customer), BIND_TEXT(word->from), BIND_TEXT(word->to)), 0,
                         &has));
    }
    if (has) {
        walk->checks++;
        TRY(ledger_int64(scope, sql_customer_found_before,
                         BINDS(BIND_INT64(customer), BIND_TEXT(walk->words[walk->driver].from),
                               BIND_TEXT(place->term), BIND_INT64(place->origin)),
                         0, &earlier));
    }
    *ret_find = has && !earlier;
    return OK;
}

static code walk_stretch(struct scope *scope, struct walk *walk, size_t limit,
                         struct search_found *found) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(read_stretch(scope, walk, &rows));
    while (rows_next(rows)) {
        const struct place place = {rows_text(rows, 0), rows_int64(rows, 1)};
        const int64_t customer = rows_int64(rows, 2);
        bool find;

        TRY(is_find(scope, walk, customer, &place, &find));
        if (find)
            found->customers[found->count++] = customer;
        if (found->count == limit || walk->checks >= walk->bounds->checks) {
            found->next = place_text(scope, walk, &place);
            return OK;
        }
    }
    if (!walk->is_last_stretch)
        found->next = place_text(scope, walk, &walk->to);
    return rows_end(rows);
}

code search_walk(struct scope *scope, const struct text *words, size_t word_count,
                 struct text after, size_t limit, const struct search_bounds *bounds,
                 struct search_found *ret_found) {
    struct walk walk = {.bounds = bounds, .word_count = word_count};
    struct search_found found = {.customers =
                                     arena_array(&scope->arena, limit, sizeof(*found.customers))};

    TRY(plan_walk(scope, &walk, words, after));
    TRY(walk_stretch(scope, &walk, limit, &found));
    *ret_found = found;
    return OK;
}
