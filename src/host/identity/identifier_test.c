// SPDX-License-Identifier: Apache-2.0
#include "host/identity/identity.h"

#include "base/test.h"

struct spelling {
    const char *raw;
    const char *country;
    const char *expected; // NULL: cannot be one
};

static void check_spellings(struct scope *scope, enum identifier_kind kind,
                            const struct spelling *spellings, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct spelling *spelling = &spellings[i];
        struct text value = TEXT("untouched");
        bool blocked = true;
        const bool possible = identifier_normalise(&scope->arena, kind, text_of(spelling->raw),
                                                   text_of(spelling->country), &value, &blocked);

        if (possible != (spelling->expected != NULL) || blocked)
            test_fail(__FILE__, __LINE__, "\"%s\" in \"%s\": possible %d, blocked %d, value %.*s",
                      spelling->raw, spelling->country, possible, blocked, TEXT_ARG(value));
        if (!text_is(value, possible ? spelling->expected : "untouched"))
            test_fail(__FILE__, __LINE__, "\"%s\" in \"%s\" became \"%.*s\"", spelling->raw,
                      spelling->country, TEXT_ARG(value));
    }
}

#define CHECK_SPELLINGS(kind, spellings)                                                           \
    check_spellings(scope, kind, spellings, sizeof(spellings) / sizeof(*(spellings)))

TEST(email_addresses_are_trimmed_and_lowered) {
    static const struct spelling spellings[] = {
        {"Anna.Weber@Example.ORG", "", "anna.weber@example.org"},
        {"  anna@example.org\r\n", "", "anna@example.org"},
        {"\xC2\xA0"
         "anna@example.org\xE2\x80\x8B",
         "", "anna@example.org"},
        {"mailto:Anna@example.org", "", "anna@example.org"},
        {"anna+shop@mail.example.co.uk", "", "anna+shop@mail.example.co.uk"},
        {"o'neil_99%x@sub-domain.example.com", "", "o'neil_99%x@sub-domain.example.com"},
        {"jürgen@bücher.example", "", "jürgen@bücher.example"},
        {"info@xn--bcher-kva.example", "", "info@xn--bcher-kva.example"},
        {"用户@例子.广告", "", "用户@例子.广告"},
    };
    CHECK_SPELLINGS(IDENTIFIER_EMAIL, spellings);
}

TEST(what_cannot_be_an_email_address_is_refused) {
    static const struct spelling spellings[] = {
        {"anna", "", NULL},
        {"anna@", "", NULL},
        {"@example.org", "", NULL},
        {"anna@localhost", "", NULL},
        {"anna@@example.org", "", NULL},
        {"anna@example..org", "", NULL},
        {"anna@-example.org", "", NULL},
        {"anna@example.org.", "", NULL},
        {".anna@example.org", "", NULL},
        {"an..na@example.org", "", NULL},
        {"an na@example.org", "", NULL},
        {"anna@example.org, bert@example.org", "", NULL},
        {"Anna <anna@example.org>", "", NULL},
        {"anna@exam ple.org", "", NULL},
        {"anna@example.org\x01x", "", NULL},
        {"anna\xFF@example.org", "", NULL},
    };
    CHECK_SPELLINGS(IDENTIFIER_EMAIL, spellings);
}

// 020 7946 0xxx and 07700 900xxx are Ofcom's numbers for drama, 555 01xx those of North America.
TEST(telephone_numbers_become_e164) {
    static const struct spelling spellings[] = {
        {"+44 20 7946 0000", "", "+442079460000"},
        {"+44 (0)20 7946-0000", "", "+442079460000"},
        {"+44 020 7946 0000", "DE", "+442079460000"},
        {"0044 20 7946 0000", "GB", "+442079460000"},
        {"(020) 7946 0000", "GB", "+442079460000"},
        {"020.7946.0000", "uk", "+442079460000"},
        {"07700 900123", "GB", "+447700900123"},
        {"tel:+44-7700-900123", "", "+447700900123"},
        {"(+44) 7700 900123", "", "+447700900123"},
        {"030 23125 000", "DE", "+493023125000"},
        {"0151/23456789", "DE", "+4915123456789"},
        {"06 12 34 56 78", "FR", "+33612345678"},
        {"06\xC2\xA0"
         "12\xE2\x80\xAF"
         "34\xE2\x80\x91"
         "56 78",
         "FR", "+33612345678"},
        {"06 12345678", "IT", "+390612345678"},
        {"612 345 678", "ES", "+34612345678"},
        {"06 1 234 5678", "HU", "+3612345678"},
        {"044 668 18 00", "CH", "+41446681800"},
        {"22 22 55 55", "NO", "+4722225555"},
        {"(212) 555-0123", "US", "+12125550123"},
        {"1-212-555-0123", "CA", "+12125550123"},
        {"011 44 20 7946 0000", "US", "+442079460000"},
        {"0011 44 20 7946 0000", "AU", "+442079460000"},
        {"(02) 5550 1234", "AU", "+61255501234"},
        {"03-1234-5678", "JP", "+81312345678"},
        {"098765 43210", "IN", "+919876543210"},
        {"(11) 96123-4567", "BR", "+5511961234567"},
        {"8 (495) 123-45-67", "RU", "+74951234567"},
        {"+681 72 12 34", "", "+681721234"}, // no plan in the table: the general lengths
    };
    CHECK_SPELLINGS(IDENTIFIER_PHONE, spellings);
}

TEST(what_cannot_be_a_telephone_number_is_refused) {
    static const struct spelling spellings[] = {
        {"020 7946 0000", "", NULL}, // of which country?
        {"020 7946 0000", "XX", NULL},
        {"020 7946", "GB", NULL},           // too short for its plan
        {"+44 20 7946 00000000", "", NULL}, // too long for its plan
        {"+1 212 555 012", "", NULL},
        {"+12345", "", NULL},
        {"+1234567890123456", "", NULL}, // 16 digits
        {"+0 123 456 789", "", NULL},
        {"+44 20 7946 0000 ext. 12", "", NULL},
        {"020 7946 0000, 020 7946 0001", "GB", NULL},
        {"call me", "GB", NULL},
        {"++44 20 7946 0000", "", NULL},
        {"+", "", NULL},
    };
    CHECK_SPELLINGS(IDENTIFIER_PHONE, spellings);
}

TEST(numbers_and_cards_lose_their_blanks_and_keep_their_case) {
    static const struct spelling spellings[] = {
        {" 17850 ", "", "17850"},
        {"6035 9402 1234 5678", "", "6035940212345678"},
        {"K-0042/a", "", "K-0042/a"},
        {"00042", "", "00042"},
    };
    static const struct spelling handles[] = {{" @Anna_Weber ", "", "anna_weber"}, {"@", "", NULL}};

    CHECK_SPELLINGS(IDENTIFIER_CUSTOMER_NUMBER, spellings);
    CHECK_SPELLINGS(IDENTIFIER_LOYALTY_CARD, spellings);
    CHECK_SPELLINGS(IDENTIFIER_SOCIAL, handles);
}

TEST(placeholders_identify_nobody) {
    static const struct {
        enum identifier_kind kind;
        const char *raw;
    } blocked[] = {
        {IDENTIFIER_CUSTOMER_NUMBER, "0"},
        {IDENTIFIER_CUSTOMER_NUMBER, "000-00"},
        {IDENTIFIER_CUSTOMER_NUMBER, "-1"},
        {IDENTIFIER_CUSTOMER_NUMBER, " NULL "},
        {IDENTIFIER_CUSTOMER_NUMBER, "N/A"},
        {IDENTIFIER_LOYALTY_CARD, "0000 0000"},
        {IDENTIFIER_LOYALTY_CARD, "none"},
        {IDENTIFIER_COOKIE, "undefined"},
        {IDENTIFIER_EMAIL, "test@shop.example"},
        {IDENTIFIER_EMAIL, "Unknown"},
        {IDENTIFIER_EMAIL, "NoEmail@shop.example"},
        {IDENTIFIER_PHONE, "+1 111 111 1111"},
        {IDENTIFIER_PHONE, "0000000000"},
        {IDENTIFIER_DEVICE, "anonymous"},
        {IDENTIFIER_EMAIL, ""},
        {IDENTIFIER_CUSTOMER_NUMBER, " \t"},
    };
    struct text value = TEXT("untouched");

    for (size_t i = 0; i < sizeof(blocked) / sizeof(*blocked); i++) {
        bool is_blocked = false;

        if (identifier_normalise(&scope->arena, blocked[i].kind, text_of(blocked[i].raw),
                                 TEXT("US"), &value, &is_blocked) ||
            !is_blocked)
            test_fail(__FILE__, __LINE__, "\"%s\" is taken for somebody", blocked[i].raw);
    }
    CHECK_TEXT(value, "untouched");
}

TEST(identifiers_too_long_are_refused) {
    char address[400];
    struct text value = TEXT("untouched");
    bool blocked;

    memset(address, 'a', sizeof(address));
    memcpy(address + 60, "@example.org", 12);
    CHECK(identifier_normalise(&scope->arena, IDENTIFIER_EMAIL, (struct text){address, 72},
                               TEXT(""), &value, &blocked));
    CHECK(!identifier_normalise(&scope->arena, IDENTIFIER_CUSTOMER_NUMBER,
                                (struct text){address, 321}, TEXT(""), &value, &blocked));
}

TEST(masks_keep_enough_to_recognise_and_too_little_to_use) {
    struct arena *arena = &scope->arena;

    CHECK_TEXT(identifier_mask(arena, IDENTIFIER_EMAIL, TEXT("anna@example.org")),
               "a…@example.org");
    CHECK_TEXT(identifier_mask(arena, IDENTIFIER_EMAIL, TEXT("émile@example.org")),
               "é…@example.org");
    CHECK_TEXT(identifier_mask(arena, IDENTIFIER_PHONE, TEXT("+442079460789")), "+44…789");
    CHECK_TEXT(identifier_mask(arena, IDENTIFIER_PHONE, TEXT("+12125550123")), "+1…123");
    CHECK_TEXT(identifier_mask(arena, IDENTIFIER_LOYALTY_CARD, TEXT("6035940000000042")), "…0042");
    CHECK_TEXT(identifier_mask(arena, IDENTIFIER_LOYALTY_CARD, TEXT("1234")), "…34");
    CHECK_TEXT(identifier_mask(arena, IDENTIFIER_LOYALTY_CARD, TEXT("1")), "…");
    CHECK_TEXT(identifier_mask(arena, IDENTIFIER_LOYALTY_CARD, TEXT("aé")), "…");
}

TEST(kinds_have_names) {
    enum identifier_kind kind = IDENTIFIER_EMAIL;

    CHECK_STRING(identifier_kind_name(IDENTIFIER_LOYALTY_CARD), "loyalty_card");
    CHECK(identifier_kind_parse(TEXT("customer_number"), &kind));
    CHECK_INT(kind, IDENTIFIER_CUSTOMER_NUMBER);
    CHECK(!identifier_kind_parse(TEXT("Email"), &kind));
    CHECK_INT(kind, IDENTIFIER_CUSTOMER_NUMBER);
}
