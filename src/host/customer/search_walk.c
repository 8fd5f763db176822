// SPDX-License-Identifier: Apache-2.0
// Of several words, customers with all of them as whole words come first (search_whole.c). What is
// found so is told at once, since the rest costs ten times as much; where it is nothing, the rest
// follows on the same page.
//
// There two words of the search do the work. The customers of the rarest are gathered in memory by
// the database; the entries of the next rarest, the driver, are read in the order of the index
// (term, origin) and met with them until the page is full. So "thom mül" among a million customers
// costs reading the 10,000 entries of the one and some hundred of the other, in order, and no
// look-up by customer; those are slow, as each touches another page of the index.
//
// When even the rarest word is too common to be gathered, or there is one word only, the driver's
// customers are looked up one by one, as they are for third and further words. Among so many, most
// look-ups find.
//
// A place in the search says in which part it is. The rest leaves out whom the first part told.
//
// Words are of origins, finds are customers: an origin is made its customer when it is read, so a
// customer of joined origins is found by words that none of them has alone.
#include "host/customer/search_walk.h"

#include "customer_sql.h"
#include "host/customer/search_term.h"
#include "host/customer/search_whole.h"
#include "store/ledger.h"

#include <inttypes.h>

const struct search_bounds search_bounds_usual = {.gathered = 100000,
                                                  .checks = 800,
                                                  .whole = 50000,
                                                  .whole_stretch = 1000,
                                                  .whole_vain = 4000,
                                                  .whole_counted = 1000};

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

// Letters in the text of a place.
enum part {
    PART_WHOLE = 'w',
    PART_REST = 'r', // those of PART_WHOLE were told
    PART_ALL = 'a',  // nobody was
};

struct walk {
    const struct search_bounds *bounds;
    const struct text *texts; // the words as they were given
    enum part part;
    int64_t whole_origin; // PART_WHOLE begins behind it
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

static code measure_words(struct scope *scope, struct walk *walk) {
    for (size_t i = 0; i < walk->word_count; i++) {
        struct word *word = &walk->words[i];

        word->from = walk->texts[i];
        word->to = text_printf(&scope->arena, "%.*s" LAST_CHARACTER, TEXT_ARG(word->from));
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
    return text_printf(&scope->arena, "%c%zu:%" PRId64 ":%.*s", walk->part, walk->driver,
                       place->origin, TEXT_ARG(place->term));
}

static code refuse_place(struct scope *scope, struct text after) {
    return scope_fail_field(scope, INVALID, "after", "\"%.*s\" is no place in this search",
                            TEXT_ARG(after));
}

// "w:ORIGIN"; "r", the beginning of the rest; of the rest and of all what place_text writes.
static code read_part(struct scope *scope, struct walk *walk, struct text after,
                      struct text *ret_rest) {
    *ret_rest = (struct text){0};
    walk->part = walk->word_count > 1 ? PART_WHOLE : PART_ALL;
    if (after.size == 0)
        return OK;
    walk->part = (enum part)after.data[0];
    if (walk->word_count > 1 && text_is(after, "r"))
        return OK;
    *ret_rest = (struct text){.data = after.data + 1, .size = after.size - 1};
    if (walk->part == PART_ALL || walk->part == PART_REST)
        return OK;
    if (walk->part != PART_WHOLE || walk->word_count < 2 || !text_starts_with(after, TEXT("w:")) ||
        !text_to_int64((struct text){.data = after.data + 2, .size = after.size - 2},
                       &walk->whole_origin) ||
        walk->whole_origin <= 0)
        return refuse_place(scope, after);
    return OK;
}

static bool place_read(struct walk *walk, struct text place) {
    struct text rest, term;
    int64_t driver;

    if (!text_to_int64(text_split(place, ':', &rest), &driver) || driver < 0 ||
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

// `place` empty: from the beginning of the part.
static code plan_walk(struct scope *scope, struct walk *walk, struct text place) {
    size_t second;

    walk->most = walk->bounds->gathered / (int64_t)walk->word_count;
    TRY(measure_words(scope, walk));
    walk->rarest = rarest_word(walk, SEARCH_WORDS_MOST);
    second = rarest_word(walk, walk->rarest);
    walk->driver = walk->words[second].count < walk->most ? second : walk->rarest;
    walk->from.term = walk->words[walk->driver].from;
    if (place.data && !place_read(walk, place))
        return refuse_place(scope, place);
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
    bool was_told = false;

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
    if (has && !earlier && walk->part == PART_REST)
        TRY(search_whole_has(scope, walk->texts, walk->word_count, customer, INT64_MAX, &was_told));
    *ret_find = has && !earlier && !was_told;
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

// When nobody was found the page goes on in the next part.
static code walk_whole(struct scope *scope, struct walk *walk, size_t limit,
                       struct search_found *found) {
    enum whole_end end;

    TRY(search_whole(scope, walk->texts, walk->word_count, limit, walk->bounds, &walk->whole_origin,
                     found, &end));
    if (end == WHOLE_PAGE_IS_FULL)
        found->next = text_printf(&scope->arena, "%c:%" PRId64, PART_WHOLE, walk->whole_origin);
    else if (found->count > 0)
        found->next = TEXT("r");
    walk->part = end == WHOLE_VAIN ? PART_ALL : PART_REST;
    return OK;
}

code search_walk(struct scope *scope, const struct text *words, size_t word_count,
                 struct text after, size_t limit, const struct search_bounds *bounds,
                 struct search_found *ret_found) {
    struct walk walk = {.bounds = bounds, .texts = words, .word_count = word_count};
    struct search_found found = {.customers =
                                     arena_array(&scope->arena, limit, sizeof(*found.customers))};
    struct text place;

    TRY(read_part(scope, &walk, after, &place));
    if (walk.part == PART_WHOLE) {
        place = (struct text){0};
        TRY(walk_whole(scope, &walk, limit, &found));
    }
    if (found.next.size == 0) {
        TRY(plan_walk(scope, &walk, place));
        TRY(walk_stretch(scope, &walk, limit, &found));
    }
    *ret_found = found;
    return OK;
}
