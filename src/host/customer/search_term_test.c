// SPDX-License-Identifier: Apache-2.0
#include "host/customer/search_term.h"

#include "base/test.h"

static const char *joined(struct scope *scope, const struct text *words, size_t count) {
    struct text all = TEXT("");

    for (size_t i = 0; i < count; i++)
        all = text_printf(&scope->arena, "%.*s%s%.*s", TEXT_ARG(all), i > 0 ? " " : "",
                          TEXT_ARG(words[i]));
    return text_string(&scope->arena, all);
}

static const char *words_of(struct scope *scope, const char *text) {
    struct text words[SEARCH_WORDS_MOST];

    return joined(scope, words, search_words(&scope->arena, text_of(text), words));
}

static const char *identifier_words_of(struct scope *scope, enum identifier_kind kind,
                                       const char *value) {
    struct text words[SEARCH_WORDS_MOST];
    const size_t count = search_identifier_words(&scope->arena, kind, text_of(value), words);

    return joined(scope, words, count);
}

TEST(names_are_searched_without_case_accents_and_punctuation) {
    CHECK_STRING(words_of(scope, "Anna  WEBER"), "anna weber");
    CHECK_STRING(words_of(scope, "Émile O'Brien-Groß"), "emile obrien gross");
    CHECK_STRING(words_of(scope, "Søren Łukasz Ærø"), "soren lukasz aero");
    CHECK_STRING(words_of(scope, "D’Angelo & Sons, Ltd."), "dangelo sons ltd");
    CHECK_STRING(words_of(scope, "ΑΛΈΞΗΣ"), "αλεξησ");
    CHECK_STRING(words_of(scope, "Boris Boris"), "boris");
    CHECK_STRING(words_of(scope, " - "), "");
}

TEST(words_are_bounded) {
    char name[2000];
    struct text words[SEARCH_WORDS_MOST];

    memset(name, 'a', sizeof(name));
    CHECK_INT((int64_t)search_words(&scope->arena, (struct text){name, sizeof(name)}, words), 1);
    CHECK_INT((int64_t)words[0].size, SEARCH_WORD_BYTES);
    for (size_t i = 0; i < sizeof(name); i++)
        name[i] = i % 3 == 2 ? ' ' : (char)('a' + i / 3 % 26);
    CHECK_INT((int64_t)search_words(&scope->arena, (struct text){name, sizeof(name)}, words),
              SEARCH_WORDS_MOST);
}

TEST(identifiers_are_searched_as_people_remember_them) {
    CHECK_STRING(identifier_words_of(scope, IDENTIFIER_EMAIL, "anna.weber@example.org"),
                 "anna weber anna.weber@example.org");
    CHECK_STRING(identifier_words_of(scope, IDENTIFIER_PHONE, "+442079460000"),
                 "442079460000 02079460000");
    CHECK_STRING(identifier_words_of(scope, IDENTIFIER_CUSTOMER_NUMBER, "K-0042"), "k 0042");
    CHECK_STRING(identifier_words_of(scope, IDENTIFIER_COOKIE, "9f86d081"), "");
}
