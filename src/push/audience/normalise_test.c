// SPDX-License-Identifier: Apache-2.0
#include "push/audience/normalise.h"

#include "base/test.h"

// By sha256sum, of "test@example.com".
#define HASH_OF_EMAIL "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"

static bool same(struct scope *scope, enum audience_platform platform, enum audience_detail detail,
                 const char *a, const char *b) {
    return text_equal(audience_normalise(&scope->arena, platform, detail, text_of(a)),
                      audience_normalise(&scope->arena, platform, detail, text_of(b)));
}

TEST(an_email_is_trimmed_and_lowered_before_it_is_hashed_for_an_ad_platform) {
    for (int platform = 0; platform < AUDIENCE_PLATFORM_COUNT; platform++)
        CHECK_TEXT(audience_normalise(&scope->arena, (enum audience_platform)platform,
                                      AUDIENCE_EMAIL, TEXT(" Test@Example.COM ")),
                   HASH_OF_EMAIL);
}

TEST(a_phone_number_keeps_its_plus_for_google_and_loses_it_for_meta) {
    CHECK(!same(scope, AUDIENCE_GOOGLE, AUDIENCE_PHONE, "+18005550100", "18005550100"));
    CHECK(same(scope, AUDIENCE_META, AUDIENCE_PHONE, "+1 (800) 555-0100", "18005550100"));
    CHECK(same(scope, AUDIENCE_META, AUDIENCE_PHONE, "0018005550100", "18005550100"));
}

TEST(google_gets_country_and_postal_code_plain_and_no_town) {
    CHECK_TEXT(audience_normalise(&scope->arena, AUDIENCE_GOOGLE, AUDIENCE_COUNTRY, TEXT("DE")),
               "DE");
    CHECK_TEXT(
        audience_normalise(&scope->arena, AUDIENCE_GOOGLE, AUDIENCE_POSTAL_CODE, TEXT(" 10115 ")),
        "10115");
    CHECK_INT(
        (int64_t)audience_normalise(&scope->arena, AUDIENCE_GOOGLE, AUDIENCE_CITY, TEXT("Berlin"))
            .size,
        0);
}

TEST(meta_gets_towns_without_signs_and_postal_codes_before_the_hyphen) {
    CHECK(same(scope, AUDIENCE_META, AUDIENCE_CITY, "St. Louis (MO) 12", "stlouismo"));
    CHECK(same(scope, AUDIENCE_META, AUDIENCE_POSTAL_CODE, "62701-1234", "62701"));
    CHECK(same(scope, AUDIENCE_META, AUDIENCE_POSTAL_CODE, "SW1A 1AA", "sw1a1aa"));
    CHECK(same(scope, AUDIENCE_META, AUDIENCE_FAMILY_NAME, " Großmann\t", "großmann"));
    CHECK(same(scope, AUDIENCE_META, AUDIENCE_GIVEN_NAME, "ÄNNE", "änne"));
    CHECK(!same(scope, AUDIENCE_META, AUDIENCE_GIVEN_NAME, "änne", "anne"));
    CHECK(same(scope, AUDIENCE_META, AUDIENCE_COUNTRY, "DE", "de"));
}

TEST(what_is_hashed_already_stays_it_for_meta) {
    CHECK_TEXT(
        audience_normalise(&scope->arena, AUDIENCE_META, AUDIENCE_EMAIL, TEXT(HASH_OF_EMAIL)),
        HASH_OF_EMAIL);
    CHECK_INT(
        (int64_t)audience_normalise(&scope->arena, AUDIENCE_META, AUDIENCE_EMAIL, TEXT(" ")).size,
        0);
}
