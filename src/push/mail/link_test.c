// SPDX-License-Identifier: Apache-2.0
#include "push/mail/link.h"

#include "base/test.h"
#include "base/time.h"

static const unsigned char key[VERP_KEY_BYTES] = "a key of thirty-two bytes for it";

TEST(a_link_leads_where_it_was_made_to_lead_and_nowhere_else) {
    const struct mail_link made = {INT64_C(-1) >> 1, TEXT("https://shop.example/a?b=1&c=%20#d")};
    char *token = text_string(&scope->arena, mail_link_token(&scope->arena, key, &made));
    struct mail_link link;

    CHECK_OK(mail_link_read(scope, key, text_of(token), &link));
    CHECK(link.message_id == made.message_id && text_equal(link.url, made.url));
    for (size_t at = 0; token[at]; at++) {
        const char before = token[at];

        token[at] = before == 'A' ? 'B' : 'A';
        scope_forgive(scope);
        CHECK_CODE(mail_link_read(scope, key, text_of(token), &link), NOT_FOUND);
        token[at] = before;
    }
    scope_forgive(scope);
    CHECK_CODE(mail_link_read(scope, (const unsigned char *)"another key of thirty-two bytes!",
                              text_of(token), &link),
               NOT_FOUND);
}

TEST(no_token_leads_to_a_script) {
    const struct mail_link made = {1, TEXT("javascript:alert(1)")};
    struct mail_link link;

    CHECK_CODE(mail_link_read(scope, key, mail_link_token(&scope->arena, key, &made), &link),
               NOT_FOUND);
}

TEST(links_of_a_mail_are_followed_but_not_those_of_its_own_house) {
    const struct text html = mail_link_html(
        &scope->arena, key, TEXT("https://crm.example"), 7,
        TEXT("<p>a href=\"https://no.example\"</p><a class=\"x > y\" href=\"https://shop.example/"
             "?a=1&amp;b=2\">x</a><A HREF='http://b.example'>y</A><a href=\"mailto:a@b.c\">z</a>"
             "<a href=\"https://crm.example/u/abc\">u</a><abbr href=\"https://no.example\">"));
    const char *written = text_string(&scope->arena, html);
    struct mail_link link;
    struct text token;

    CHECK(strstr(written, "<p>a href=\"https://no.example\"</p><a class=\"x > y\" "
                          "href=\"https://crm.example/l/"));
    CHECK(strstr(written, "<A HREF='https://crm.example/l/"));
    CHECK(strstr(written, "<a href=\"mailto:a@b.c\">z</a><a href=\"https://crm.example/u/abc\">"
                          "u</a><abbr href=\"https://no.example\">"));
    token = text_of(strstr(written, "/l/") + 3);
    token = text_split(token, '"', &token);
    CHECK_OK(mail_link_read(scope, key, token, &link));
    CHECK_TEXT(link.url, "https://shop.example/?a=1&b=2");
    CHECK_INT(link.message_id, 7);
}

TEST(machines_are_told_from_people) {
    const struct text browser = TEXT("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0");
    const int64_t now = INT64_C(1795383000000000);

    CHECK(!mail_link_is_machine(false, browser, now - 60 * US_PER_SECOND, now));
    CHECK(mail_link_is_machine(true, browser, now - 60 * US_PER_SECOND, now));
    CHECK(mail_link_is_machine(false, browser, now - 5 * US_PER_SECOND, now));
    CHECK(mail_link_is_machine(false, TEXT("python-requests/2"), 0, now));
    CHECK(mail_link_is_machine(false, TEXT(""), 0, now));
}
