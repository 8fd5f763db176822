// SPDX-License-Identifier: Apache-2.0
#include "host/customer/search_term.h"

#include "base/fold.h"
#include "host/identity/phone.h"
#include "search_term_sql.h"
#include "store/ledger.h"

// ---- words ----

// "O'Brien" and "OBrien" are the same to who searches: apostrophes (also U+2019) stand for nothing.
static struct text without_apostrophes(struct arena *arena, struct text text) {
    char *copy = arena_alloc(arena, text.size + 1);
    size_t size = 0;

    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\'')
            continue;
        if (text.size - i >= 3 && memcmp(text.data + i, "\xE2\x80\x99", 3) == 0)
            i += 2;
        else
            copy[size++] = text.data[i];
    }
    return (struct text){.data = copy, .size = size};
}

// Cut between characters.
static struct text at_most(struct text word, size_t size) {
    if (word.size <= size)
        return word;
    while (size > 0 && ((unsigned char)word.data[size] & 0xC0) == 0x80)
        size--;
    return (struct text){.data = word.data, .size = size};
}

size_t search_words(struct arena *arena, struct text text, struct text words[SEARCH_WORDS_MOST]) {
    const size_t count =
        fold_words(arena, without_apostrophes(arena, text), words, SEARCH_WORDS_MOST);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        const struct text word = at_most(words[i], SEARCH_WORD_BYTES);
        size_t same = 0;

        while (same < kept && !text_equal(words[same], word))
            same++;
        words[same] = word;
        kept += same == kept;
    }
    return kept;
}

// ---- identifiers ----

static size_t email_words(struct arena *arena, struct text value,
                          struct text words[SEARCH_WORDS_MOST]) {
    struct text domain;
    size_t count = search_words(arena, text_split(value, '@', &domain), words);

    if (count == SEARCH_WORDS_MOST)
        count--;
    words[count++] = text_copy(arena, value);
    return count;
}

static size_t phone_words(struct arena *arena, struct text value,
                          struct text words[SEARCH_WORDS_MOST]) {
    const size_t code_size = phone_country_code_size(value);

    if (value.size <= code_size)
        return 0;
    words[0] = text_copy(arena, (struct text){value.data + 1, value.size - 1});
    words[1] = text_printf(arena, "0%.*s", (int)(value.size - code_size), value.data + code_size);
    return 2;
}

size_t search_identifier_words(struct arena *arena, enum identifier_kind kind, struct text value,
                               struct text words[SEARCH_WORDS_MOST]) {
    switch (kind) {
    case IDENTIFIER_EMAIL:
        return email_words(arena, value, words);
    case IDENTIFIER_PHONE:
        return phone_words(arena, value, words);
    case IDENTIFIER_LOYALTY_CARD:
    case IDENTIFIER_CUSTOMER_NUMBER:
    case IDENTIFIER_SOCIAL:
    case IDENTIFIER_PICKUP_CODE:
        return search_words(arena, value, words);
    case IDENTIFIER_COOKIE:
    case IDENTIFIER_DEVICE:
    case IDENTIFIER_MESSAGE:
    default:
        return 0;
    }
}

// ---- rows ----

static code add_words(struct scope *scope, int64_t origin, const struct text *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        TRY(ledger_exec(scope, sql_search_term_insert,
                        BINDS(BIND_TEXT(words[i]), BIND_INT64(origin))));
    return OK;
}

code search_terms_add_text(struct scope *scope, int64_t origin, struct text text) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct text words[SEARCH_WORDS_MOST];
    code result = add_words(scope, origin, words, search_words(&scope->arena, text, words));

    arena_rewind(&scope->arena, mark);
    return result;
}

code search_terms_add_identifier(struct scope *scope, int64_t origin, enum identifier_kind kind,
                                 struct text value) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct text words[SEARCH_WORDS_MOST];
    const size_t count = search_identifier_words(&scope->arena, kind, value, words);
    code result = add_words(scope, origin, words, count);

    arena_rewind(&scope->arena, mark);
    return result;
}

code search_terms_remove(struct scope *scope, int64_t origin) {
    return ledger_exec(scope, sql_search_term_delete, BINDS(BIND_INT64(origin)));
}

code search_terms_rebuild(struct scope *scope, int64_t origin) {
    CLEANUP(rows_close) struct rows *identifiers = NULL;
    CLEANUP(rows_close) struct rows *names = NULL;
    bool found;

    TRY(search_terms_remove(scope, origin));
    TRY(ledger_query(scope, sql_search_term_identifiers, BINDS(BIND_INT64(origin)), &identifiers));
    while (rows_next(identifiers))
        TRY(search_terms_add_identifier(scope, origin,
                                        (enum identifier_kind)rows_int64(identifiers, 0),
                                        rows_text(identifiers, 1)));
    TRY(rows_end(identifiers));
    TRY(ledger_find(scope, sql_search_term_names, BINDS(BIND_INT64(origin)), &names, &found));
    for (size_t column = 0; found && column < 4; column++)
        TRY(search_terms_add_text(scope, origin, rows_text(names, column)));
    return OK;
}
