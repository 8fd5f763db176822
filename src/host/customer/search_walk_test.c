// SPDX-License-Identifier: Apache-2.0
// Random customers, joins and undos; random searches beside a plain computation over all words.
#include "host/customer/search_walk.h"

#include "base/random.h"
#include "base/test.h"
#include "host/customer/search_term.h"
#include "host/identity/identity.h"
#include "store/ledger.h"
#include "store/store_testing.h"

enum { PEOPLE = 60, ROUNDS = 8, SEARCHES = 60, TERMS_MOST = 1024 };

// Few letters, so that words begin with one another and customers have several that match.
static struct text random_word(struct scope *scope, struct random *random, uint32_t letters_most) {
    char *word = arena_alloc(&scope->arena, letters_most);
    const size_t size = 1 + random_below(random, letters_most);

    for (size_t i = 0; i < size; i++)
        word[i] = (char)('a' + random_below(random, 3));
    return (struct text){.data = word, .size = size};
}

static int64_t add_person(struct scope *scope, struct resolver *resolver, struct random *random,
                          int number) {
    const struct sighted identifier = {IDENTIFIER_LOYALTY_CARD, TEXT(""),
                                       text_printf(&scope->arena, "%d", 70000 + number)};
    struct resolution resolution;

    CHECK_OK(resolver_resolve(scope, resolver,
                              &(struct sighting){.identifiers = &identifier,
                                                 .count = 1,
                                                 .import_id = 1,
                                                 .seen_at_us = 1,
                                                 .evidence = TEXT("test")},
                              &resolution));
    for (uint32_t words = 1 + random_below(random, 4); words > 0; words--)
        CHECK_OK(search_terms_add_text(scope, resolution.origin, random_word(scope, random, 4)));
    return resolution.origin;
}

// ---- the plain computation ----

struct model {
    struct text terms[TERMS_MOST];
    int64_t customers[TERMS_MOST];
    size_t count;
};

static void model_read(struct scope *scope, struct model *model) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    model->count = 0;
    CHECK_OK(ledger_query(scope,
                          "SELECT t.term, COALESCE(a.customer, t.origin) FROM search_term t "
                          "LEFT JOIN alias a ON a.origin = t.origin",
                          NO_BINDS, &rows));
    for (; rows_next(rows); model->count++) {
        CHECK(model->count < TERMS_MOST);
        model->terms[model->count] = text_copy(&scope->arena, rows_text(rows, 0));
        model->customers[model->count] = rows_int64(rows, 1);
    }
    CHECK_OK(rows_end(rows));
}

static bool model_has(const struct model *model, int64_t customer, struct text prefix) {
    for (size_t i = 0; i < model->count; i++)
        if (model->customers[i] == customer && text_starts_with(model->terms[i], prefix))
            return true;
    return false;
}

// ---- searching ----

struct search {
    struct text words[3];
    size_t word_count;
    int64_t found[TERMS_MOST];
    size_t found_count;
};

static bool has_found(const struct search *search, int64_t customer) {
    for (size_t i = 0; i < search->found_count; i++)
        if (search->found[i] == customer)
            return true;
    return false;
}

static struct search_bounds random_bounds(struct random *random) {
    const uint32_t most[] = {3, 30, 10000};

    return (struct search_bounds){.gathered = 1 + most[random_below(random, 3)],
                                  .checks = 1 + random_below(random, 20),
                                  .whole = 1 + most[random_below(random, 3)],
                                  .whole_stretch = 1 + most[random_below(random, 2)],
                                  .whole_vain = 1 + most[random_below(random, 3)],
                                  .whole_counted = most[random_below(random, 3)]};
}

// All pages, each at bounds of its own: a plan may change between pages, and customers may come.
static void search_all(struct scope *scope, struct resolver *resolver, struct random *random,
                       struct search *search, int *people) {
    struct text after = {0};

    search->found_count = 0;
    for (int page = 0; page < 10000; page++) {
        const struct search_bounds bounds = random_bounds(random);
        struct search_found found;

        CHECK_OK(search_walk(scope, search->words, search->word_count, after,
                             1 + random_below(random, 7), &bounds, &found));
        for (size_t i = 0; i < found.count; i++) {
            CHECK(!has_found(search, found.customers[i]));
            search->found[search->found_count++] = found.customers[i];
        }
        if (found.next.size == 0)
            return;
        after = found.next;
        if (random_chance(random, 0.01))
            add_person(scope, resolver, random, (*people)++);
    }
    test_fail(__FILE__, __LINE__, "the search does not end");
}

static void check_search(struct scope *scope, struct resolver *resolver, struct random *random,
                         int *people) {
    struct search search = {.word_count = 1 + random_below(random, 3)};
    struct model before, after;

    for (size_t i = 0; i < search.word_count; i++)
        search.words[i] = random_word(scope, random, 3);
    model_read(scope, &before);
    search_all(scope, resolver, random, &search, people);
    model_read(scope, &after);
    for (size_t i = 0; i < before.count; i++) {
        bool has_all = true;

        for (size_t j = 0; j < search.word_count; j++)
            has_all = has_all && model_has(&before, before.customers[i], search.words[j]);
        CHECK(!has_all || has_found(&search, before.customers[i]));
    }
    for (size_t i = 0; i < search.found_count; i++)
        for (size_t j = 0; j < search.word_count; j++)
            CHECK(model_has(&after, search.found[i], search.words[j]));
}

static void join_or_separate(struct scope *scope, struct random *random, const int64_t *origins) {
    int64_t customer_a, customer_b, link = 0;

    if (random_chance(random, 0.3)) {
        CHECK_OK(ledger_int64(scope,
                              "SELECT MIN(id) FROM link WHERE undone_at_us IS NULL AND id > $1",
                              BINDS(BIND_INT64(origins[random_below(random, PEOPLE)])), 0, &link));
        if (link != 0)
            CHECK_OK(identity_undo_link(scope, link));
        return;
    }
    CHECK_OK(identity_customer_of(scope, origins[random_below(random, PEOPLE)], &customer_a));
    CHECK_OK(identity_customer_of(scope, origins[random_below(random, PEOPLE)], &customer_b));
    if (customer_a != customer_b)
        CHECK_OK(identity_join(scope, customer_a, customer_b, TEXT("test"), &link));
}

TEST(a_walk_finds_what_a_plain_computation_finds_each_once) {
    struct resolver *resolver = resolver_new();
    struct random random = random_stream(20260630, 1, 1);
    int64_t origins[PEOPLE];
    int people = 0;

    test_store(scope);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(resolver_begin(scope, resolver));
    for (; people < PEOPLE; people++)
        origins[people] = add_person(scope, resolver, &random, people);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < 6; i++)
            join_or_separate(scope, &random, origins);
        CHECK_OK(resolver_begin(scope, resolver));
        for (int i = 0; i < SEARCHES; i++)
            check_search(scope, resolver, &random, &people);
    }
    resolver_free(resolver);
}

TEST(a_place_of_another_search_is_refused) {
    static const char *const places[] = {"a1:5:anna", "a0:5:bert", "a-1:5:anna", "r0:x:anna",
                                         "0:5:anna",  "anna",      "w:5",        "w5",
                                         "r",         "\xC3\xA4:5"};
    static const char *const of_two[] = {"w:0", "w:-1", "w:x", "w:", "w", "a2:5:anna", "r0:5"};
    const struct text words[] = {TEXT("anna"), TEXT("bert")};
    struct search_found found;

    test_store(scope);
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        CHECK_CODE(
            search_walk(scope, words, 1, text_of(places[i]), 1, &search_bounds_usual, &found),
            INVALID);
        scope_forgive(scope);
    }
    for (size_t i = 0; i < sizeof(of_two) / sizeof(*of_two); i++) {
        CHECK_CODE(
            search_walk(scope, words, 2, text_of(of_two[i]), 1, &search_bounds_usual, &found),
            INVALID);
        scope_forgive(scope);
    }
    CHECK_OK(search_walk(scope, words, 2, TEXT("w:5"), 1, &search_bounds_usual, &found));
    CHECK_OK(search_walk(scope, words, 2, TEXT("r"), 1, &search_bounds_usual, &found));
    CHECK_OK(search_walk(scope, words, 1, TEXT("a0:5:anna"), 1, &search_bounds_usual, &found));
}
