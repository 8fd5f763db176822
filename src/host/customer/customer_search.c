// SPDX-License-Identifier: Apache-2.0
// What words a query means, and what a list shows of the customers that have them all; finding
// those is search_walk's.
#include "customer_sql.h"
#include "host/customer/customer.h"
#include "host/customer/search_term.h"
#include "host/customer/search_walk.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    DIGITS_OF_A_PHONE = 5,
    CANDIDATES = 500,    // that are asked whether a restriction holds of them, at a time
    CANDIDATE_TURNS = 10 // of a page
};

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

static code read_newest(struct scope *scope, int64_t before, size_t limit, int64_t *customers,
                        size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(ledger_query(scope, sql_customer_newest,
                     BINDS(BIND_INT64(before), BIND_INT64((int64_t)limit)), &rows));
    while (rows_next(rows))
        customers[count++] = rows_int64(rows, 0);
    *ret_count = count;
    return rows_end(rows);
}

// All customers, the newest first.
static code walk_newest(struct scope *scope, struct customer_restriction *restriction,
                        struct text after, size_t limit, struct search_found *ret_found) {
    struct search_found found = {.customers =
                                     arena_array(&scope->arena, limit, sizeof(*found.customers))};
    int64_t before = INT64_MAX;

    if (after.size > 0 && !text_to_int64(after, &before))
        return scope_fail_field(scope, INVALID, "after", "\"%.*s\" is no customer's id",
                                TEXT_ARG(after));
    if (restriction)
        TRY(restriction->newest(scope, restriction, before, limit, found.customers, &found.count));
    else
        TRY(read_newest(scope, before, limit, found.customers, &found.count));
    if (found.count == limit)
        found.next = text_printf(&scope->arena, "%" PRId64, found.customers[found.count - 1]);
    *ret_found = found;
    return OK;
}

// ---- words and a restriction ----

struct sought {
    const struct text *words;
    size_t word_count;
    struct customer_restriction *restriction;
};

static size_t place_of(const struct search_found *found, int64_t customer) {
    size_t i = 0;

    while (i < found->count && found->customers[i] != customer)
        i++;
    return i;
}

// One turn: those of many candidates whom the restriction leaves, and where to go on. When they are
// more than there is room for, the walk is taken again to the last one, which says where that is.
static code walk_candidates(struct scope *scope, const struct sought *sought, struct text after,
                            size_t room, struct search_found *ret_found) {
    struct search_found walked, left;
    size_t last;

    TRY(search_walk(scope, sought->words, sought->word_count, after, CANDIDATES,
                    &search_bounds_usual, &walked));
    left = walked;
    left.customers =
        arena_copy(&scope->arena, walked.customers, walked.count * sizeof(*walked.customers));
    TRY(sought->restriction->keep(scope, sought->restriction, left.customers, &left.count));
    if (left.count >= room) {
        last = place_of(&walked, left.customers[room - 1]);
        TRY(search_walk(scope, sought->words, sought->word_count, after, last + 1,
                        &search_bounds_usual, &walked));
        left.count = room;
        left.next = walked.next;
    }
    *ret_found = left;
    return OK;
}

static code walk_restricted(struct scope *scope, const struct sought *sought, struct text after,
                            size_t limit, struct search_found *ret_found) {
    struct search_found found = {
        .customers = arena_array(&scope->arena, limit, sizeof(*found.customers)), .next = after};

    for (int turn = 0; turn < CANDIDATE_TURNS && found.count < limit; turn++) {
        struct search_found more;

        TRY(walk_candidates(scope, sought, found.next, limit - found.count, &more));
        memcpy(found.customers + found.count, more.customers, more.count * sizeof(*more.customers));
        found.count += more.count;
        found.next = more.next;
        if (found.next.size == 0)
            break;
    }
    *ret_found = found;
    return OK;
}

static code walk_words(struct scope *scope, const struct sought *sought, struct text after,
                       size_t limit, struct search_found *ret_found) {
    if (sought->restriction)
        return walk_restricted(scope, sought, after, limit, ret_found);
    return search_walk(scope, sought->words, sought->word_count, after, limit, &search_bounds_usual,
                       ret_found);
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

code customer_search(struct scope *scope, struct text query,
                     struct customer_restriction *restriction, struct text after, size_t limit,
                     struct customer_page *ret_page) {
    struct search_found found = {0};
    struct text words[SEARCH_WORDS_MOST];
    struct sought sought = {.words = words, .restriction = restriction};
    struct customer_page page = {0};

    query = text_trim(query);
    sought.word_count = query_words(scope, query, words);
    if (query.size == 0)
        TRY(walk_newest(scope, restriction, after, limit, &found));
    else if (sought.word_count > 0)
        TRY(walk_words(scope, &sought, after, limit, &found));
    page.customers = arena_array(&scope->arena, found.count, sizeof(*page.customers));
    for (; page.count < found.count; page.count++)
        TRY(summarise(scope, found.customers[page.count], &page.customers[page.count]));
    page.next = found.next;
    *ret_page = page;
    return OK;
}
