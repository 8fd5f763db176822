// SPDX-License-Identifier: Apache-2.0
#include "push/letter/address.h"

#include "base/test.h"

static struct countries *countries_of(struct scope *scope) {
    struct countries *countries = NULL;

    CHECK_OK(countries_make(scope, &countries));
    return countries;
}

// The lines, separated by "|".
static const char *lines_of(struct scope *scope, const struct postal_address *address,
                            const char *from) {
    struct text all = {0};
    struct postal_lines lines;

    CHECK_OK(address_lines(scope, countries_of(scope), address, from, &lines));
    for (size_t i = 0; i < lines.count; i++)
        all = text_printf(&scope->arena, "%.*s%s%.*s", TEXT_ARG(all), i > 0 ? "|" : "",
                          TEXT_ARG(lines.lines[i]));
    return text_string(&scope->arena, all);
}

static struct postal_address at(const char *postal_code, const char *city, const char *region,
                                const char *country) {
    return (struct postal_address){.name = TEXT("A. Person"),
                                   .street = TEXT("1 Street"),
                                   .postal_code = text_of(postal_code),
                                   .city = text_of(city),
                                   .region = text_of(region),
                                   .country = text_of(country)};
}

TEST(each_country_has_its_address_lines) {
    static const struct {
        const char *postal_code, *city, *region, *country, *from, *lines;
    } cases[] = {
        {"D-10115", "Berlin", "", "Deutschland", "DE", "10115 Berlin"},
        {"1010", "Wien", "", "AT", "AT", "1010 Wien"},
        {"CH-8001", "Zürich", "", "Switzerland", "CH", "8001 Zürich"},
        {"1000", "Bruxelles", "", "Belgique", "BE", "1000 Bruxelles"},
        {"75008", "Paris", "", "FR", "FR", "75008 PARIS"},
        {"1071dj", "Amsterdam", "", "Nederland", "NL", "1071 DJ  AMSTERDAM"},
        {"sw1a1aa", "London", "", "UK", "GB", "LONDON|SW1A 1AA"},
        {"627011234", "Springfield", "il", "USA", "US", "SPRINGFIELD IL 62701-1234"},
        {"28013", "Madrid", "Madrid", "España", "ES", "28013 MADRID"},
        {"28770", "Colmenar Viejo", "Madrid", "ES", "ES", "28770 COLMENAR VIEJO|MADRID"},
        {"00187", "Roma", "RM", "Italia", "IT", "00187 ROMA RM"},
        {"00940", "Warszawa", "", "Polska", "PL", "00-940 WARSZAWA"},
        {"75008", "Paris", "", "France", "DE", "75008 PARIS|FRANKREICH"},
        {"10115", "Berlin", "", "DE", "GB", "10115 BERLIN|GERMANY"},
        {"100-0001", "Tokyo", "", "JP", "FR", "100-0001 TOKYO|JAPON"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct postal_address address =
            at(cases[i].postal_code, cases[i].city, cases[i].region, cases[i].country);

        CHECK_STRING(lines_of(scope, &address, cases[i].from),
                     arena_printf(&scope->arena, "A. Person|1 Street|%s", cases[i].lines));
    }
}

TEST(an_address_without_a_country_is_in_the_senders) {
    const struct postal_address address = at("10115", "Berlin", "", "");
    struct postal_lines lines;

    CHECK_STRING(lines_of(scope, &address, "DE"), "A. Person|1 Street|10115 Berlin");
    CHECK_CODE(address_lines(scope, countries_of(scope), &address, "", &lines), INVALID);
    CHECK_STRING(scope->failure.field, "country");
}

TEST(what_is_missing_in_an_address_is_refused_by_name) {
    static const struct {
        const char *postal_code, *city, *region, *country, *field;
    } cases[] = {
        {"", "Berlin", "", "DE", "postal_code"},
        {"1011", "Berlin", "", "DE", "postal_code"},
        {"10115", " ", "", "DE", "city"},
        {"62701", "Springfield", "", "US", "region"},
        {"10115", "Berlin", "", "Xy", "country"},
        {"W1 1", "London", "", "GB", "postal_code"},
        {"1111111", "London", "", "GB", "postal_code"},
    };
    struct countries *countries = countries_of(scope);
    struct postal_lines lines;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct postal_address address =
            at(cases[i].postal_code, cases[i].city, cases[i].region, cases[i].country);

        CHECK_CODE(address_lines(scope, countries, &address, "DE", &lines), INVALID);
        CHECK_STRING(scope->failure.field, cases[i].field);
        scope_forgive(scope);
    }
}

TEST(hostile_names_become_one_printable_line) {
    struct postal_address address = at("10115", "Berlin", "", "DE");

    address.name = TEXT("\xe2\x80\xae"
                        "Eve\r\n\t\x07  \x1b[31mMallory \xe2\x81\xa6");
    CHECK_STRING(lines_of(scope, &address, "DE"), "Eve [31mMallory|1 Street|10115 Berlin");
    address.street = TEXT("a\nb\nc\nd\ne\nf\ng");
    {
        struct postal_lines lines;

        CHECK_CODE(address_lines(scope, countries_of(scope), &address, "DE", &lines), INVALID);
        scope_forgive(scope);
        address.street = TEXT("\xff\xfe");
        CHECK_CODE(address_lines(scope, countries_of(scope), &address, "DE", &lines), INVALID);
        CHECK_STRING(scope->failure.field, "street");
    }
}
