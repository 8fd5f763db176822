// SPDX-License-Identifier: Apache-2.0
// The national rules are those of the Universal Postal Union's "Postal addressing systems" sheets
// (upu.int, one per country); for countries without a row its general rule holds: name, street,
// postal code before the town, country in capitals on the last line.
#include "push/letter/address.h"

#include "push/letter/capital.h"

#include <ctype.h>

enum place {
    CODE_BEFORE_CITY,           // 10115 Berlin
    CODE_BEFORE_CITY_REGION,    // 00187 ROMA RM
    REGION_LINE_BEHIND,         // 28013 MADRID, then the province where it is another name
    CODE_AFTER_CITY_AND_REGION, // SPRINGFIELD IL 62701
    CODE_ON_ITS_LINE,           // LONDON, then SW1A 1AA
};

// To add a country: its row. In patterns # is a digit, @ a letter, another sign stands for itself
// and may be left out in what people write; a second pattern counts as well.
static const struct postal_rule {
    char country[COUNTRY_SIZE];
    const char *patterns[2];
    const char *words; // of the patterns, for who has to mend one; NULL: no code is needed
    enum place place;
    const char *gap; // between the code and the town
    bool city_in_capitals;
    bool needs_region;
} rules[] = {
    {"AT", {"####"}, "four digits", CODE_BEFORE_CITY, " ", false, false},
    {"AU", {"####"}, "four digits", CODE_AFTER_CITY_AND_REGION, " ", true, true},
    {"BE", {"####"}, "four digits", CODE_BEFORE_CITY, " ", false, false},
    {"CA", {"@#@ #@#"}, "A1A 1A1", CODE_AFTER_CITY_AND_REGION, "  ", true, true},
    {"CH", {"####"}, "four digits", CODE_BEFORE_CITY, " ", false, false},
    {"CZ", {"### ##"}, "five digits", CODE_BEFORE_CITY, " ", false, false},
    {"DE", {"#####"}, "five digits", CODE_BEFORE_CITY, " ", false, false},
    {"DK", {"####"}, "four digits", CODE_BEFORE_CITY, " ", false, false},
    {"ES", {"#####"}, "five digits", REGION_LINE_BEHIND, " ", true, false},
    {"FI", {"#####"}, "five digits", CODE_BEFORE_CITY, " ", true, false},
    {"FR", {"#####"}, "five digits", CODE_BEFORE_CITY, " ", true, false},
    {"GB", {NULL}, "such as SW1A 1AA", CODE_ON_ITS_LINE, "", true, false},
    {"IE", {"@## @@@@", "@#@ @@@@"}, NULL, CODE_ON_ITS_LINE, "", true, false},
    {"IT", {"#####"}, "five digits", CODE_BEFORE_CITY_REGION, " ", true, false},
    {"LI", {"####"}, "four digits", CODE_BEFORE_CITY, " ", false, false},
    {"LU", {"####"}, "four digits", CODE_BEFORE_CITY, " ", true, false},
    {"NL", {"#### @@"}, "four digits and two letters", CODE_BEFORE_CITY, "  ", true, false},
    {"NO", {"####"}, "four digits", CODE_BEFORE_CITY, " ", true, false},
    {"PL", {"##-###"}, "five digits", CODE_BEFORE_CITY, " ", true, false},
    {"PT", {"####-###"}, "seven digits", CODE_BEFORE_CITY, " ", true, false},
    {"SE", {"### ##"}, "five digits", CODE_BEFORE_CITY, " ", true, false},
    {"US",
     {"#####-####", "#####"},
     "five or nine digits",
     CODE_AFTER_CITY_AND_REGION,
     " ",
     true,
     true},
};

static const struct postal_rule *rule_of(const char *country) {
    static const struct postal_rule general = {.place = CODE_BEFORE_CITY, .gap = " "};

    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
        if (memcmp(rules[i].country, country, 2) == 0)
            return &rules[i];
    return &general;
}

// ---- postal codes ----

// Only the letters and digits, in capitals; a country's sign before them ("D-10115") is dropped.
static struct text letters_and_digits(struct arena *arena, struct text raw) {
    char *kept = arena_array(arena, raw.size + 1, 1);
    size_t size = 0, begin = 0;

    for (size_t i = 0; i < raw.size; i++) {
        if (raw.data[i] == '-' && i > 0 && i <= 2 && size == i &&
            isalpha((unsigned char)raw.data[i - 1]))
            begin = size;
        if (isalnum((unsigned char)raw.data[i]))
            kept[size++] = (char)toupper((unsigned char)raw.data[i]);
    }
    return (struct text){kept + begin, size - begin};
}

static bool fill_pattern(struct arena *arena, const char *pattern, struct text kept,
                         struct text *ret_postal_code) {
    char *filled = arena_array(arena, strlen(pattern) + 1, 1);
    size_t used = 0;

    for (size_t i = 0; pattern[i] != '\0'; i++) {
        const bool takes = pattern[i] == '#' || pattern[i] == '@';

        filled[i] = pattern[i];
        if (!takes)
            continue;
        if (used == kept.size || !(pattern[i] == '#' ? isdigit((unsigned char)kept.data[used])
                                                     : isupper((unsigned char)kept.data[used])))
            return false;
        filled[i] = kept.data[used++];
    }
    *ret_postal_code = text_of(filled);
    return used == kept.size;
}

// Two to four signs that begin with a letter and hold a digit, then a digit and two letters.
static bool british_code(struct arena *arena, struct text kept, struct text *ret_postal_code) {
    const size_t outward = kept.size < 3 ? 0 : kept.size - 3;
    const char *inward = kept.data + outward;
    bool has_digit = false;

    for (size_t i = 0; i < outward; i++)
        has_digit = has_digit || isdigit((unsigned char)kept.data[i]);
    if (outward < 2 || outward > 4 || !isupper((unsigned char)kept.data[0]) || !has_digit ||
        !isdigit((unsigned char)inward[0]) || !isupper((unsigned char)inward[1]) ||
        !isupper((unsigned char)inward[2]))
        return false;
    *ret_postal_code = text_printf(arena, "%.*s %.3s", (int)outward, kept.data, inward);
    return true;
}

bool postal_code_normalise(struct scope *scope, const char *country, struct text raw,
                           struct text *ret_postal_code) {
    const struct postal_rule *rule = rule_of(country);
    const struct text kept = letters_and_digits(&scope->arena, raw);

    if (memcmp(country, "GB", 2) == 0)
        return british_code(&scope->arena, kept, ret_postal_code);
    for (size_t i = 0; i < 2 && rule->patterns[i]; i++)
        if (fill_pattern(&scope->arena, rule->patterns[i], kept, ret_postal_code))
            return true;
    if (rule->patterns[0])
        return false;
    *ret_postal_code = text_trim(raw);
    return true;
}

// ---- lines ----

static code clean(struct scope *scope, const char *field, struct text raw, struct text *ret_text) {
    if (!text_printable(&scope->arena, raw, ret_text))
        return scope_fail_field(scope, INVALID, field, "the address is not written in UTF-8");
    return OK;
}

// Of parts that are clean already: Dutch codes stand two blanks before the town.
static code append_line(struct scope *scope, struct postal_lines *lines, const char *field,
                        struct text line) {
    const struct text trimmed = text_trim(line);

    if (trimmed.size == 0)
        return OK;
    if (lines->count == POSTAL_LINES_MOST)
        return scope_fail_field(scope, INVALID, field, "the address has more than %d lines",
                                POSTAL_LINES_MOST);
    lines->lines[lines->count++] = trimmed;
    return OK;
}

static code add_line(struct scope *scope, struct postal_lines *lines, const char *field,
                     struct text line) {
    struct text printable;

    TRY(clean(scope, field, line, &printable));
    return append_line(scope, lines, field, printable);
}

static code missing(struct scope *scope, const char *field, const char *what) {
    return scope_fail_field(scope, INVALID, field, "the address has no %s", what);
}

static code add_addressee(struct scope *scope, const struct postal_address *address,
                          struct postal_lines *lines) {
    struct text rest = address->street;
    size_t count;

    TRY(add_line(scope, lines, "name", address->name));
    TRY(add_line(scope, lines, "company", address->company));
    if (lines->count == 0)
        return missing(scope, "name", "name");
    count = lines->count;
    while (rest.size > 0)
        TRY(add_line(scope, lines, "street", text_split(rest, '\n', &rest)));
    return lines->count == count ? missing(scope, "street", "street") : OK;
}

static code find_country(struct scope *scope, const struct countries *countries, struct text name,
                         const char *from_country, char ret_country[COUNTRY_SIZE]) {
    if (text_trim(name).size > 0) {
        if (!country_find(scope, countries, name, ret_country))
            return scope_fail_field(scope, INVALID, "country", "country \"%.*s\" is not known",
                                    (int)(name.size < 60 ? name.size : 60), name.data);
        return OK;
    }
    if (!from_country[0]) {
        missing(scope, "country", "country");
        return scope_hint(scope, "the setting country says where you are");
    }
    memcpy(ret_country, from_country, COUNTRY_SIZE);
    return OK;
}

static code check_postal_code(struct scope *scope, const struct postal_rule *rule, struct text raw,
                              struct postal_lines *lines) {
    if (text_trim(raw).size == 0)
        return rule->words ? missing(scope, "postal_code", "postal code") : OK;
    if (!postal_code_normalise(scope, lines->country, raw, &lines->postal_code))
        return scope_fail_field(scope, INVALID, "postal_code",
                                "the postal code is not one of %s%s%s", lines->country,
                                rule->words ? ": " : "", rule->words ? rule->words : "");
    return OK;
}

static code add_place(struct scope *scope, const struct postal_rule *rule, struct text city,
                      struct text region, struct postal_lines *lines) {
    struct arena *arena = &scope->arena;
    const struct text postal_code = lines->postal_code;
    const char *gap = postal_code.size > 0 ? rule->gap : "";

    switch (rule->place) {
    case CODE_BEFORE_CITY_REGION:
        return append_line(scope, lines, "city",
                           text_printf(arena, "%.*s%s%.*s %.*s", TEXT_ARG(postal_code), gap,
                                       TEXT_ARG(city), TEXT_ARG(region)));
    case CODE_AFTER_CITY_AND_REGION:
        return append_line(scope, lines, "city",
                           text_printf(arena, "%.*s %.*s%s%.*s", TEXT_ARG(city), TEXT_ARG(region),
                                       gap, TEXT_ARG(postal_code)));
    case CODE_ON_ITS_LINE:
        TRY(append_line(scope, lines, "city", city));
        return append_line(scope, lines, "postal_code", postal_code);
    case REGION_LINE_BEHIND:
    case CODE_BEFORE_CITY:
        TRY(append_line(
            scope, lines, "city",
            text_printf(arena, "%.*s%s%.*s", TEXT_ARG(postal_code), gap, TEXT_ARG(city))));
        return rule->place == REGION_LINE_BEHIND && !text_equal_ascii_case(city, region)
                   ? append_line(scope, lines, "region", region)
                   : OK;
    }
    return OK;
}

code address_lines(struct scope *scope, const struct countries *countries,
                   const struct postal_address *address, const char *from_country,
                   struct postal_lines *ret_lines) {
    struct text city, region;
    struct postal_lines lines = {0};
    const struct postal_rule *rule;
    bool is_abroad;

    TRY(find_country(scope, countries, address->country, from_country, lines.country));
    rule = rule_of(lines.country);
    is_abroad = memcmp(lines.country, from_country, 2) != 0;
    TRY(add_addressee(scope, address, &lines));
    TRY(clean(scope, "city", address->city, &city));
    TRY(clean(scope, "region", address->region, &region));
    TRY(check_postal_code(scope, rule, address->postal_code, &lines));
    if (city.size == 0)
        return missing(scope, "city", "town");
    if (rule->needs_region && region.size == 0)
        return missing(scope, "region", "state or province");
    if (rule->city_in_capitals || is_abroad) {
        city = text_capital(&scope->arena, city);
        region = text_capital(&scope->arena, region);
    }
    TRY(add_place(scope, rule, city, region, &lines));
    if (is_abroad)
        TRY(add_line(scope, &lines, "country", country_line(scope, lines.country, from_country)));
    *ret_lines = lines;
    return OK;
}
