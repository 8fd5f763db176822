// SPDX-License-Identifier: Apache-2.0
// From a one-time link to a session and its end, request by request.
#include "app/access_testing.h"
#include "base/time.h"
#include "govern/access/authenticate_http.h"
#include "govern/access/invitation.h"
#include "govern/access/totp.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>

#define US_PER_MINUTE (60 * US_PER_SECOND)

static const char *token_of(const char *link) {
    const char *fragment = strstr(link, "/welcome#");

    CHECK(fragment != NULL);
    return fragment + strlen("/welcome#");
}

static code accept_link(struct scope *scope, struct visitor *visitor, const char *token,
                        const char *password) {
    return visit(
        scope, visitor, METHOD_POST, "/api/v1/invitations/accept",
        arena_printf(&scope->arena, "{\"token\": \"%s\", \"password\": \"%s\"}", token, password));
}

TEST(the_first_administrator_comes_in_by_a_link_and_nobody_before) {
    struct visitor ann = {0}, other = {0};
    struct text link, again;
    const char *token;

    test_store(scope);
    CHECK_CODE(try_sign_in(scope, &ann, "admin", "admin"), UNAUTHENTICATED);
    scope_forgive(scope);
    CHECK_OK(access_first_link(scope, &link));
    token = token_of(text_string(&scope->arena, link));
    CHECK(strlen(token) >= 43); // 256 bits
    CHECK(!strstr(test_ledger_rows(scope, "SELECT token_hash FROM account_invitation"), token));
    CHECK_OK(visit(scope, &ann, METHOD_POST, "/api/v1/invitations/check",
                   arena_printf(&scope->arena, "{\"token\": \"%s\"}", token)));
    CHECK_TEXT(ann.answer, "{\"name\":\"admin\",\"display_name\":\"Administrator\","
                           "\"role\":\"administrator\"}");
    CHECK_CODE(accept_link(scope, &ann, token, "password1234"), INVALID);
    CHECK_STRING(scope->failure.field, "password");
    CHECK_OK(accept_link(scope, &ann, token, TEST_PASSWORD));
    CHECK(ann.session.size > 0 && answer_holds(&ann, "\"role\":\"administrator\""));
    CHECK(answer_holds(&ann, "\"is_empty\":true"));
    CHECK_CODE(accept_link(scope, &other, token, TEST_PASSWORD), NOT_FOUND); // it is spent
    scope_forgive(scope);
    CHECK_OK(access_first_link(scope, &again));
    CHECK_TEXT(again, "");
}

TEST(a_fresh_store_takes_no_name_and_no_password) {
    static const char *const names[] = {"admin", "root", "tessera", "administrator", "karaf"};
    struct visitor anybody = {0};

    test_store(scope);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        scope->now_us += US_PER_DAY;
        CHECK_CODE(try_sign_in(scope, &anybody, names[i], names[i]), UNAUTHENTICATED);
        CHECK_CODE(try_sign_in(scope, &anybody, names[i], ""), UNAUTHENTICATED);
        CHECK_CODE(try_sign_in(scope, &anybody, names[i], "password"), UNAUTHENTICATED);
    }
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM account"), "0");
}

TEST(a_link_is_made_anew_until_it_is_used_and_holds_for_three_days) {
    struct visitor ann = {0};
    struct text first, second;

    test_store(scope);
    CHECK_OK(access_first_link(scope, &first));
    CHECK_OK(access_first_link(scope, &second));
    CHECK(!text_equal(first, second));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM account"), "1");
    CHECK_CODE(accept_link(scope, &ann, token_of(text_string(&scope->arena, first)), TEST_PASSWORD),
               NOT_FOUND);
    scope->now_us += 3 * US_PER_DAY;
    CHECK_CODE(
        accept_link(scope, &ann, token_of(text_string(&scope->arena, second)), TEST_PASSWORD),
        NOT_FOUND);
}

TEST(a_session_says_who_is_signed_in_and_what_they_may_do) {
    struct visitor ann = {0};

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    CHECK_OK(visit(scope, &ann, METHOD_GET, "/api/v1/session", NULL));
    CHECK_TEXT(ann.answer, "{\"account\":null,\"csrf\":null,\"needs_second_factor\":false}");
    test_sign_in(scope, &ann, "  ANN ");
    CHECK_OK(visit(scope, &ann, METHOD_GET, "/api/v1/session", NULL));
    CHECK(answer_holds(&ann, "\"name\":\"ann\""));
    CHECK(answer_holds(&ann, "\"permissions\":[\"read_customers\",\"read_reports\","
                             "\"read_segments\",\"change_segments\",\"query_sql\",\"read_jobs\","
                             "\"sign_in\",\"use_account\"]"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT action, actor, object FROM audit "
                                         "WHERE action LIKE 'session.%' ORDER BY id"),
                 "session.start|ann|account ann");
}

TEST(a_session_says_how_values_are_shown_to_those_who_may_not_read_the_settings) {
    struct visitor ann = {0};

    test_store(scope);
    test_account(scope, "ann", ROLE_AGENT);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("Asia/Tokyo")));
    CHECK_OK(setting_set(scope, TEXT("currency"), TEXT("JPY")));
    CHECK_OK(visit(scope, &ann, METHOD_GET, "/api/v1/session", NULL));
    CHECK(!answer_holds(&ann, "Tokyo"));
    test_sign_in(scope, &ann, "ann");
    CHECK(answer_holds(&ann, "\"business\":{\"zone\":\"Asia/Tokyo\",\"currency\":\"JPY\"}"));
    CHECK_OK(visit(scope, &ann, METHOD_GET, "/api/v1/session", NULL));
    CHECK(answer_holds(&ann, "\"business\":{\"zone\":\"Asia/Tokyo\",\"currency\":\"JPY\"}"));
    CHECK_CODE(visit(scope, &ann, METHOD_GET, "/api/v1/settings", NULL), FORBIDDEN);
}

TEST(a_session_gets_a_new_token_at_every_sign_in_and_the_ledger_knows_none) {
    struct visitor ann = {0};
    struct text first;

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann");
    first = ann.session;
    CHECK_INT((int64_t)first.size, 43);
    test_sign_in(scope, &ann, "ann");
    CHECK(!text_equal(first, ann.session));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM account_session"), "1");
    ann.session = first;
    CHECK_CODE(visit(scope, &ann, METHOD_GET, "/api/v1/account/sessions", NULL), UNAUTHENTICATED);
}

static void expect_signed_in(struct scope *scope, struct visitor *visitor, bool expected) {
    const code result = visit(scope, visitor, METHOD_GET, "/api/v1/account/sessions", NULL);

    CHECK_INT(result, expected ? OK : UNAUTHENTICATED);
    scope_forgive(scope);
}

TEST(a_session_ends_after_half_an_hour_without_a_request) {
    struct visitor ann = {0};

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann");
    for (int i = 0; i < 4; i++) {
        scope->now_us += 29 * US_PER_MINUTE;
        expect_signed_in(scope, &ann, true);
    }
    scope->now_us += 30 * US_PER_MINUTE;
    expect_signed_in(scope, &ann, false);
}

TEST(a_session_ends_after_twelve_hours_however_busy) {
    struct visitor ann = {0};

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann");
    for (int i = 0; i < 12 * 4 - 1; i++) {
        scope->now_us += 15 * US_PER_MINUTE;
        expect_signed_in(scope, &ann, true);
    }
    scope->now_us += 15 * US_PER_MINUTE;
    expect_signed_in(scope, &ann, false);
}

TEST(signing_out_ends_the_session_and_its_cookie) {
    struct visitor ann = {0}, thief;

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann");
    thief = ann;
    CHECK_OK(visit(scope, &ann, METHOD_DELETE, "/api/v1/session", NULL));
    CHECK_TEXT(ann.session, "");
    expect_signed_in(scope, &thief, false);
}

TEST(a_change_of_role_state_or_password_ends_all_sessions_at_once) {
    static const char *const changes[] = {
        "{\"role\": \"agent\"}",
        "{\"state\": \"disabled\"}",
    };
    struct visitor boss = {0}, ann = {0}, phone = {0};

    test_store(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_account(scope, "ann", ROLE_MARKETER);
    test_sign_in(scope, &boss, "boss");
    for (size_t i = 0; i < 2; i++) {
        test_sign_in(scope, &ann, "ann");
        test_sign_in(scope, &phone, "ann");
        CHECK_OK(visit(scope, &boss, METHOD_PATCH, "/api/v1/accounts/ann", changes[i]));
        expect_signed_in(scope, &ann, false);
        expect_signed_in(scope, &phone, false);
        expect_signed_in(scope, &boss, true);
    }
    CHECK_CODE(try_sign_in(scope, &ann, "ann", TEST_PASSWORD), UNAUTHENTICATED);
    CHECK_OK(visit(scope, &boss, METHOD_PATCH, "/api/v1/accounts/ann", "{\"state\": \"active\"}"));
    test_sign_in(scope, &ann, "ann");
    test_sign_in(scope, &phone, "ann");
    CHECK_OK(visit(scope, &ann, METHOD_PUT, "/api/v1/account/password",
                   "{\"current\": \"" TEST_PASSWORD "\", \"password\": \"eleven blue teapots\"}"));
    expect_signed_in(scope, &ann, true); // under a new token
    expect_signed_in(scope, &phone, false);
    CHECK_CODE(try_sign_in(scope, &phone, "ann", TEST_PASSWORD), UNAUTHENTICATED);
    CHECK_OK(try_sign_in(scope, &phone, "ann", "eleven blue teapots"));
}

TEST(the_last_administrator_cannot_be_taken_away) {
    struct visitor boss = {0};

    test_store(scope);
    test_account(scope, "boss", ROLE_ADMINISTRATOR);
    test_sign_in(scope, &boss, "boss");
    CHECK_CODE(visit(scope, &boss, METHOD_PATCH, "/api/v1/accounts/boss", "{\"role\": \"agent\"}"),
               CONFLICT);
    CHECK_CODE(
        visit(scope, &boss, METHOD_PATCH, "/api/v1/accounts/boss", "{\"state\": \"disabled\"}"),
        CONFLICT);
    scope_forgive(scope);
    test_account(scope, "other", ROLE_ADMINISTRATOR);
    CHECK_OK(visit(scope, &boss, METHOD_PATCH, "/api/v1/accounts/boss", "{\"role\": \"agent\"}"));
}

TEST(cookies_are_kept_from_scripts_and_other_sites) {
    for (int is_secure = 0; is_secure <= 1; is_secure++) {
        struct visitor ann = {.is_secure = is_secure};
        struct text rest, line;
        int count = 0;

        if (!is_secure)
            test_store(scope);
        test_account(scope, is_secure ? "ann" : "bob", ROLE_ANALYST);
        test_sign_in(scope, &ann, is_secure ? "ann" : "bob");
        CHECK_OK(visit(scope, &ann, METHOD_DELETE, "/api/v1/session", NULL));
        for (rest = ann.cookies; rest.size > 0; count++) {
            line = text_split(rest, '\n', &rest);
            CHECK(text_starts_with(line, is_secure ? TEXT("__Host-tessera") : TEXT("tessera")));
            CHECK(memmem(line.data, line.size, "; Path=/;", 9) != NULL);
            CHECK(memmem(line.data, line.size, "; HttpOnly", 10) != NULL);
            CHECK(memmem(line.data, line.size, "; SameSite=Strict", 17) != NULL);
            CHECK(memmem(line.data, line.size, "Domain", 6) == NULL);
            CHECK_INT(memmem(line.data, line.size, "; Secure", 8) != NULL, is_secure);
        }
        CHECK_INT(count, 3); // session, device, the session's end
    }
}

TEST(a_request_that_another_site_has_a_browser_make_is_refused) {
    struct visitor ann = {0}, forged;

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann");
    forged = ann;
    forged.csrf = TEXT("");
    CHECK_CODE(visit(scope, &forged, METHOD_DELETE, "/api/v1/session", NULL), FORBIDDEN);
    forged.csrf = TEXT("0000000000000000000000000000000000000000000000000000000000000000");
    CHECK_CODE(visit(scope, &forged, METHOD_DELETE, "/api/v1/session", NULL), FORBIDDEN);
    forged = ann;
    forged.fetch_site = "cross-site";
    CHECK_CODE(visit(scope, &forged, METHOD_DELETE, "/api/v1/session", NULL), FORBIDDEN);
    forged.fetch_site = "same-site"; // another host of the same domain
    CHECK_CODE(visit(scope, &forged, METHOD_DELETE, "/api/v1/session", NULL), FORBIDDEN);
    forged.fetch_site = "";
    CHECK_CODE(visit(scope, &forged, METHOD_DELETE, "/api/v1/session", NULL), FORBIDDEN);
    forged.origin = "https://evil.example";
    CHECK_CODE(visit(scope, &forged, METHOD_DELETE, "/api/v1/session", NULL), FORBIDDEN);
    forged.origin = "null";
    CHECK_CODE(visit(scope, &forged, METHOD_DELETE, "/api/v1/session", NULL), FORBIDDEN);
    forged.origin = "http://crm.example.com"; // an older browser, at home
    CHECK_OK(visit(scope, &forged, METHOD_DELETE, "/api/v1/session", NULL));
}

TEST(another_site_cannot_sign_a_browser_in) {
    struct visitor victim = {.fetch_site = "cross-site"};

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    CHECK_CODE(try_sign_in(scope, &victim, "ann", TEST_PASSWORD), FORBIDDEN);
    victim = (struct visitor){.fetch_site = "", .origin = "https://evil.example"};
    CHECK_CODE(try_sign_in(scope, &victim, "ann", TEST_PASSWORD), FORBIDDEN);
    victim = (struct visitor){.fetch_site = ""}; // no browser at all
    CHECK_OK(try_sign_in(scope, &victim, "ann", TEST_PASSWORD));
}

TEST(reading_requests_write_nothing_but_once_a_minute_that_the_session_is_in_use) {
    struct visitor ann = {0};
    const char *before;

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann");
    before = test_ledger_rows(scope, "SELECT seen_at_us FROM account_session");
    scope->now_us += 59 * US_PER_SECOND;
    expect_signed_in(scope, &ann, true);
    CHECK_STRING(test_ledger_rows(scope, "SELECT seen_at_us FROM account_session"), before);
    scope->now_us += US_PER_SECOND;
    expect_signed_in(scope, &ann, true);
    CHECK(strcmp(test_ledger_rows(scope, "SELECT seen_at_us FROM account_session"), before) != 0);
}

TEST(a_page_that_only_listens_does_not_keep_its_session_alive) {
    static const struct route_answer events = {.type = ANSWER_EVENTS};
    const struct route route = {METHOD_GET, "/api/v1/live", NULL, MAY_READ_JOBS, .answer = &events};
    struct visitor ann = {0};

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann");
    for (int i = 0; i < 6; i++) {
        const struct request_client client = {.session = ann.session};
        const struct request request = {.path = TEXT("/api/v1/live"), .client = &client};
        const code result = access_authenticate(scope, &request, &route);

        CHECK_INT(result, i < 5 ? OK : UNAUTHENTICATED);
        scope_forgive(scope);
        scope->now_us += 6 * US_PER_MINUTE;
    }
}

TEST(people_see_where_they_are_signed_in_and_end_it_but_not_others) {
    struct visitor ann = {0}, phone = {0}, bob = {0};
    const char *other;

    test_store(scope);
    test_account(scope, "ann", ROLE_ANALYST);
    test_account(scope, "bob", ROLE_ANALYST);
    test_sign_in(scope, &ann, "ann");
    test_sign_in(scope, &bob, "bob");
    phone.address = "198.51.100.4";
    test_sign_in(scope, &phone, "ann");
    CHECK_OK(visit(scope, &ann, METHOD_GET, "/api/v1/account/sessions", NULL));
    CHECK(answer_holds(&ann, "198.51.100.4") && answer_holds(&ann, "\"row_count\":2"));
    other = test_ledger_rows(scope, "SELECT max(id) FROM account_session");
    CHECK_CODE(visit(scope, &bob, METHOD_DELETE,
                     arena_printf(&scope->arena, "/api/v1/account/sessions/%s", other), NULL),
               NOT_FOUND);
    CHECK_OK(visit(scope, &ann, METHOD_DELETE,
                   arena_printf(&scope->arena, "/api/v1/account/sessions/%s", other), NULL));
    expect_signed_in(scope, &phone, false);
    expect_signed_in(scope, &ann, true);
}
