// SPDX-License-Identifier: Apache-2.0
// Search drives by the rarest of the query's words: the index gives the origins that have it in
// order, the other words are looked up per customer. Counting and walking are bounded, so a query
// of common words costs no more than a page of rare ones.
#include "customer_sql.h"
#include "host/customer/customer.h"
#include "host/customer/search_term.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    COUNT_MOST = 2000, // beyond it a word is simply common
    WALK_MOST = 2000,  // origins looked at per page: some 20 µs each
    DIGITS_OF_A_PHONE = 5,
};

// Sorts behind every text that begins with what stands before it.
#define LAST_CHARACTER "\xF4\x8F\xBF\xBF"

struct prefix {
    struct text from;
    struct text to;
};

static struct prefix prefix_of(struct scope *scope, struct text word) {
    return (struct prefix){.from = word,
                           .to = text_printf(&scope->arena, "%.*s" LAST_CHARACTER, TEXT_ARG(word))};
}

// ---- the query's words ----

// "+44 20 7946 0000" is one word, however it is grouped. False for anything but a phone number.
static bool phone_word(struct scope *scope, struct text query, struct text *ret_word) {
    char *digits = arena_alloc(&scope->arena, query.size + 1);
    size_t size = 0;

    for (size_t i = 0; i < query.size; i++) {
        if (query.data[i] >= '0' && query.data[i] <= '9')
            digits[size++] = query.data[i];
        else if (!memchr(" +-./()", query.data[i], 7))
            return false;
    }
    if (size < DIGITS_OF_A_PHONE)
        return false;
    *ret_word = (struct text){.data = digits, .size = size};
    if (text_starts_with(*ret_word, TEXT("00")))
        *ret_word = (struct text){.data = digits + 2, .size = size - 2};
    return true;
}

static size_t token_words(struct scope *scope, struct text token,
                          struct text words[SEARCH_WORDS_MOST]) {
    if (!text_contains(token, '@'))
        return search_words(&scope->arena, token, words);
    words[0] = text_lower_ascii(&scope->arena, token);
    return 1;
}

static size_t query_words(struct scope *scope, struct text query,
                          struct text words[SEARCH_WORDS_MOST]) {
    size_t count = 0;
    struct text rest = query;

    if (phone_word(scope, query, &words[0]))
        return 1;
    while (rest.data && count < SEARCH_WORDS_MOST) {
        struct text of_token[SEARCH_WORDS_MOST];
        const struct text token = text_trim(text_split(rest, ' ', &rest));
        const size_t found = token_words(scope, token, of_token);

        for (size_t i = 0; i < found && count < SEARCH_WORDS_MOST; i++)
            words[count++] = of_token[i];
    }
    return count;
}

// ---- walking ----

struct walk {
    struct prefix words[SEARCH_WORDS_MOST]; // the driving one first
    size_t word_count;
    int64_t *found;
    size_t found_count;
    size_t limit;
    struct text next;
};

// The rarest word comes first; of common ones the longest.
static code choose_driver(struct scope *scope, struct walk *walk) {
    int64_t rarest = COUNT_MOST + 1;
    size_t driver = 0;

    for (size_t i = 0; i < walk->word_count; i++) {
        const struct prefix *word = &walk->words[i];
        int64_t count;

        TRY(ledger_int64(scope, sql_customer_word_count,
                         BINDS(BIND_TEXT(word->from), BIND_TEXT(word->to), BIND_INT64(COUNT_MOST)),
                         0, &count));
        if (count > rarest || (count == rarest && word->from.size <= walk->words[driver].from.size))
            continue;
        rarest = count;
        driver = i;
    }
    const struct prefix chosen = walk->words[driver];
    walk->words[driver] = walk->words[0];
    walk->words[0] = chosen;
    return OK;
}

// Does the customer have all other words, and was it not found by an earlier word of its own?
static code is_find(struct scope *scope, const struct walk *walk, int64_t customer,
                    struct text term, int64_t origin, bool *ret_find) {
    int64_t found = 1;

    for (size_t i = 1; i < walk->word_count && found; i++)
        TRY(ledger_int64(scope, sql_customer_has_word,
                         BINDS(BIND_INT64(customer), BIND_TEXT(walk->words[i].from),
                               BIND_TEXT(walk->words[i].to)),
                         0, &found));
    if (found) {
        TRY(ledger_int64(scope, sql_customer_found_before,
                         BINDS(BIND_INT64(customer), BIND_TEXT(walk->words[0].from),
                               BIND_TEXT(term), BIND_INT64(origin)),
                         0, &found));
        found = !found;
    }
    *ret_find = found != 0;
    return OK;
}

// A place in the walk: the last origin looked at and the word by which it came.
static code place_read(struct scope *scope, struct text after, const struct prefix *driver,
                       struct text *ret_term, int64_t *ret_origin) {
    struct text term;

    *ret_term = driver->from;
    *ret_origin = 0;
    if (after.size == 0)
        return OK;
    if (!text_to_int64(text_split(after, ':', &term), ret_origin) ||
        text_compare(term, driver->from) < 0 || text_compare(term, driver->to) >= 0)
        return scope_fail_field(scope, INVALID, "after", "\"%.*s\" is no place in this search",
                                TEXT_ARG(after));
    *ret_term = term;
    return OK;
}

static code walk_words(struct scope *scope, struct walk *walk, struct text after) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text term;
    int64_t origin;
    int64_t walked = 0;

    TRY(place_read(scope, after, &walk->words[0], &term, &origin));
    TRY(ledger_query(scope, sql_customer_by_word,
                     BINDS(BIND_TEXT(term), BIND_TEXT(walk->words[0].to), BIND_INT64(origin),
                           BIND_INT64(WALK_MOST)),
                     &rows));
    while (walk->found_count < walk->limit && rows_next(rows)) {
        bool find;

        walked++;
        term = rows_text(rows, 0);
        origin = rows_int64(rows, 1);
        TRY(is_find(scope, walk, rows_int64(rows, 2), term, origin, &find));
        if (find)
            walk->found[walk->found_count++] = rows_int64(rows, 2);
        if (walk->found_count == walk->limit || walked == WALK_MOST)
            walk->next = text_printf(&scope->arena, "%" PRId64 ":%.*s", origin, TEXT_ARG(term));
    }
    return rows_end(rows);
}

static code walk_newest(struct scope *scope, struct walk *walk, struct text after) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t before = INT64_MAX;

    if (after.size > 0 && !text_to_int64(after, &before))
        return scope_fail_field(scope, INVALID, "after", "\"%.*s\" is no customer's id",
                                TEXT_ARG(after));
    TRY(ledger_query(scope, sql_customer_newest,
                     BINDS(BIND_INT64(before), BIND_INT64((int64_t)walk->limit)), &rows));
    while (rows_next(rows))
        walk->found[walk->found_count++] = rows_int64(rows, 0);
    TRY(rows_end(rows));
    if (walk->found_count == walk->limit)
        walk->next = text_printf(&scope->arena, "%" PRId64, walk->found[walk->found_count - 1]);
    return OK;
}

// ---- what a list shows ----

static code summarise_sales(struct scope *scope, struct customer_summary *summary) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_customer_totals, BINDS(BIND_INT64(summary->id)), &rows));
    while (rows_next(rows)) {
        if (summary->receipt_count == 0) {
            summary->currency = text_copy(&scope->arena, rows_text(rows, 0));
            summary->total_micros = rows_int64(rows, 3);
        }
        summary->receipt_count += rows_int64(rows, 1);
        if (!rows_is_null(rows, 7) && rows_int64(rows, 7) > summary->last_purchase_us)
            summary->last_purchase_us = rows_int64(rows, 7);
    }
    return rows_end(rows);
}

static code summarise(struct scope *scope, int64_t customer, struct customer_summary *summary) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    *summary = (struct customer_summary){.id = customer};
    TRY(ledger_find(scope, sql_customer_summary, BINDS(BIND_INT64(customer)), &rows, &found));
    if (found) {
        summary->name = text_copy(&scope->arena, rows_text(rows, 0));
        summary->city = text_copy(&scope->arena, rows_text(rows, 1));
        summary->country = text_copy(&scope->arena, rows_text(rows, 2));
        summary->number = text_copy(&scope->arena, rows_text(rows, 3));
    }
    return summarise_sales(scope, summary);
}

code customer_search(struct scope *scope, struct text query, struct text after, size_t limit,
                     struct customer_page *ret_page) {
    struct walk walk = {.limit = limit};
    struct text words[SEARCH_WORDS_MOST];
    struct customer_page page = {0};

    query = text_trim(query);
    walk.found = arena_array(&scope->arena, limit, sizeof(*walk.found));
    walk.word_count = query_words(scope, query, words);
    for (size_t i = 0; i < walk.word_count; i++)
        walk.words[i] = prefix_of(scope, words[i]);
    if (query.size == 0) {
        TRY(walk_newest(scope, &walk, after));
    } else if (walk.word_count > 0) {
        TRY(choose_driver(scope, &walk));
        TRY(walk_words(scope, &walk, after));
    }
    page.customers = arena_array(&scope->arena, walk.found_count, sizeof(*page.customers));
    for (; page.count < walk.found_count; page.count++)
        TRY(summarise(scope, walk.found[page.count], &page.customers[page.count]));
    page.next = walk.next;
    *ret_page = page;
    return OK;
}
