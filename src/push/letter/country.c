// SPDX-License-Identifier: Apache-2.0
#include "push/letter/country.h"

#include "base/fold.h"
#include "push/letter/capital.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

struct country_name {
    struct text name; // folded
    char country[COUNTRY_SIZE];
};

struct countries {
    struct country_name *names; // by name
    size_t count;
};

static const char *const languages[] = {"en", "de", "fr", "nl", "es", "it", "pl", "pt", "da", "sv"};
enum { LANGUAGE_COUNT = sizeof(languages) / sizeof(*languages), NAME_UNITS = 128 };

// What people write and ICU does not.
static const struct {
    const char *name, *country;
} aliases[] = {
    {"uk", "GB"},
    {"england", "GB"},
    {"scotland", "GB"},
    {"wales", "GB"},
    {"great britain", "GB"},
    {"northern ireland", "GB"},
    {"usa", "US"},
    {"united states of america", "US"},
    {"america", "US"},
    {"holland", "NL"},
    {"eire", "IE"},
    {"brd", "DE"},
    {"czech republic", "CZ"},
    {"republic of ireland", "IE"},
};
enum { ALIAS_COUNT = sizeof(aliases) / sizeof(*aliases) };

static struct text display_name(struct scope *scope, const char *country, const char *language) {
    UErrorCode status = U_ZERO_ERROR;
    UChar units[NAME_UNITS];
    char name[NAME_UNITS * 3], locale[8];
    int32_t size = 0;

    snprintf(locale, sizeof(locale), "und_%.2s", country);
    uloc_getDisplayCountry(locale, language, units, NAME_UNITS, &status);
    u_strToUTF8(name, sizeof(name), &size, units, -1, &status);
    return U_SUCCESS(status) ? text_copy(&scope->arena, (struct text){name, (size_t)size})
                             : (struct text){0};
}

static void add(struct scope *scope, struct countries *countries, struct text name,
                const char *country) {
    struct country_name *added = &countries->names[countries->count];

    if (name.size == 0)
        return;
    added->name = text_fold(&scope->arena, name);
    memcpy(added->country, country, COUNTRY_SIZE);
    countries->count++;
}

static int by_name(const void *a, const void *b) {
    return text_compare(((const struct country_name *)a)->name,
                        ((const struct country_name *)b)->name);
}

code countries_make(struct scope *scope, struct countries **ret_countries) {
    struct countries *countries = arena_alloc(&scope->arena, sizeof(*countries));
    const char *const *codes = uloc_getISOCountries();
    size_t count = 0;

    while (codes[count])
        count++;
    countries->names = arena_array(&scope->arena, count * (LANGUAGE_COUNT + 1) + ALIAS_COUNT,
                                   sizeof(*countries->names));
    for (size_t i = 0; i < count; i++) {
        add(scope, countries, text_of(codes[i]), codes[i]);
        for (size_t j = 0; j < LANGUAGE_COUNT; j++)
            add(scope, countries, display_name(scope, codes[i], languages[j]), codes[i]);
    }
    for (size_t i = 0; i < ALIAS_COUNT; i++)
        add(scope, countries, text_of(aliases[i].name), aliases[i].country);
    qsort(countries->names, countries->count, sizeof(*countries->names), by_name);
    *ret_countries = countries;
    return OK;
}

bool country_find(struct scope *scope, const struct countries *countries, struct text name,
                  char ret_country[COUNTRY_SIZE]) {
    const struct country_name wanted = {.name = text_fold(&scope->arena, text_trim(name))};
    const struct country_name *found =
        bsearch(&wanted, countries->names, countries->count, sizeof(*countries->names), by_name);

    if (!found)
        return false;
    memcpy(ret_country, found->country, COUNTRY_SIZE);
    return true;
}

// Of the country's post; English is understood everywhere else.
static const char *language_of(const char *country) {
    static const char *const languages_of[][2] = {
        {"DE", "de"}, {"AT", "de"}, {"CH", "de"}, {"LI", "de"}, {"FR", "fr"}, {"BE", "fr"},
        {"LU", "fr"}, {"MC", "fr"}, {"NL", "nl"}, {"ES", "es"}, {"IT", "it"}, {"PL", "pl"},
    };

    for (size_t i = 0; i < sizeof(languages_of) / sizeof(*languages_of); i++)
        if (memcmp(country, languages_of[i][0], 2) == 0)
            return languages_of[i][1];
    return "en";
}

struct text country_line(struct scope *scope, const char *country, const char *from_country) {
    return text_capital(&scope->arena, display_name(scope, country, language_of(from_country)));
}
