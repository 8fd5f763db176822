// SPDX-License-Identifier: Apache-2.0
#include "push/mail/mime.h"

#include "base/test.h"
#include "base/time.h"
#include "push/mail/mime_encode.h"

static struct mime_message plain_message(void) {
    return (struct mime_message){
        .from = {.name = TEXT("The Shop"), .address = TEXT("shop@example.org")},
        .to = {.address = TEXT("ada@example.net")},
        .subject = TEXT("Your order"),
        .at_us = INT64_C(1795383000) * US_PER_SECOND,
        .message_id = TEXT("m1@example.org"),
        .text = TEXT("Hello Ada\n"),
    };
}

static const char *write_message(struct scope *scope, const struct mime_message *message) {
    struct buffer out = {0};
    const char *written;

    CHECK_OK(mime_write(scope, message, &out));
    written = text_string(&scope->arena, buffer_text(&out));
    buffer_clear(&out);
    return written;
}

// Lines end with CR LF, none has another CR or LF, none is longer than `limit`.
static bool lines_are_sound(const char *message, size_t limit) {
    while (*message) {
        const size_t size = strcspn(message, "\r\n");

        if (size > limit || message[size] != '\r' || message[size + 1] != '\n')
            return false;
        message += size + 2;
    }
    return true;
}

TEST(a_plain_mail_is_written_to_the_letter) {
    const struct mime_message message = plain_message();

    CHECK_STRING(write_message(scope, &message), "Date: Sun, 22 Nov 2026 21:30:00 +0000\r\n"
                                                 "From: The Shop <shop@example.org>\r\n"
                                                 "To: ada@example.net\r\n"
                                                 "Subject: Your order\r\n"
                                                 "Message-ID: <m1@example.org>\r\n"
                                                 "MIME-Version: 1.0\r\n"
                                                 "Content-Type: text/plain; charset=us-ascii\r\n"
                                                 "Content-Transfer-Encoding: 7bit\r\n"
                                                 "\r\n"
                                                 "Hello Ada\r\n");
}

// RFC 8058, section 8.1: the two fields as printed there.
TEST(the_fields_of_one_click_are_those_of_rfc_8058_byte_for_byte) {
    struct mime_message message = plain_message();
    const char *written;

    message.unsubscribe_url = TEXT("https://example.com/unsubscribe/opaquepart");
    written = write_message(scope, &message);
    CHECK(strstr(written, "\r\nList-Unsubscribe: <https://example.com/unsubscribe/opaquepart>\r\n"
                          "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    message.unsubscribe_url = TEXT("http://example.com/");
    struct buffer out = {0};
    CHECK_CODE(mime_write(scope, &message, &out), INVALID);
    buffer_clear(&out);
}

TEST(header_values_cannot_bring_lines_of_their_own) {
    static const char *const values[] = {"a\r\nBcc: all@example.org", "a\nb", "a\rb", "a\x01"};
    struct buffer out = {0};

    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
        struct mime_message message = plain_message();

        message.subject = text_of(values[i]);
        scope_forgive(scope);
        CHECK_CODE(mime_write(scope, &message, &out), INVALID);
        message = plain_message();
        message.from.name = text_of(values[i]);
        scope_forgive(scope);
        CHECK_CODE(mime_write(scope, &message, &out), INVALID);
        message = plain_message();
        message.feedback_id = text_of(values[i]);
        scope_forgive(scope);
        CHECK_CODE(mime_write(scope, &message, &out), INVALID);
    }
    buffer_clear(&out);
}

TEST(addresses_that_mail_cannot_carry_are_refused_without_being_shown) {
    static const char *const bad[] = {"",           "ada",         "@x.org",    "a b@x.org",
                                      "a@x",        "a@x..org",    "a@-x.org",  "a@x-.org",
                                      "a@b@c.org>", "a\r\n@x.org", "<a@x.org>", "a@x.org,b@y.org",
                                      "ü@x.org",    "a@x.org\n",   "a\0b@x.org"};
    struct text ascii;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        scope_forgive(scope);
        CHECK_CODE(mime_address(scope, text_of(bad[i]), &ascii), INVALID);
        CHECK(bad[i][0] == '\0' || !strstr(scope->failure.message, "x.org"));
    }
    CHECK_OK(mime_address(scope, TEXT("Ada.L+news@bücher.example"), &ascii));
    CHECK_TEXT(ascii, "Ada.L+news@xn--bcher-kva.example");
    CHECK_TEXT(mime_domain(&scope->arena, TEXT("Ada@Example.ORG")), "example.org");
}

TEST(headers_in_other_letters_are_encoded_words_cut_between_letters) {
    struct mime_message message = plain_message();
    const char *written;

    message.subject = TEXT("Größere Auswahl für Ihren Sommer — nur noch heute bei uns, "
                           "liebe Frau Müller-Lüdenscheidt");
    message.from.name = TEXT("Käsehaus „Zur Post“ GmbH & Söhne");
    message.to.name = TEXT("日本語の名前です、とても長い名前がここに続きます、まだ続きます");
    written = write_message(scope, &message);
    CHECK(lines_are_sound(written, 76));
    CHECK(strstr(written, "Subject: =?UTF-8?"));
    CHECK(strstr(written, "To: =?UTF-8?B?"));
    message = plain_message();
    message.from.name = TEXT("Shop, \"The\" Best");
    CHECK(strstr(write_message(scope, &message),
                 "From: \"Shop, \\\"The\\\" Best\" <shop@example.org>\r\n"));
    message.subject = TEXT("=?UTF-8?B?QQ==?= is how it looks");
    CHECK(strstr(write_message(scope, &message), "Subject: =?UTF-8?B?PT9V"));
}

TEST(bodies_are_encoded_as_shortly_as_is_safe) {
    struct buffer out = {0};

    CHECK_INT(mime_choose(TEXT("plain\nlines\n")), MIME_7BIT);
    CHECK_INT(mime_choose(TEXT("a = b\n")), MIME_7BIT);
    CHECK_INT(mime_choose(TEXT("--=_x\n")), MIME_QUOTED_PRINTABLE);
    CHECK_INT(mime_choose(TEXT("From here\n")), MIME_QUOTED_PRINTABLE);
    CHECK_INT(mime_choose(TEXT("blank \n")), MIME_QUOTED_PRINTABLE);
    CHECK_INT(mime_choose(TEXT("Grüße, und viel gewöhnlicher Text dazu\n")), MIME_QUOTED_PRINTABLE);
    CHECK_INT(mime_choose(TEXT("Привет, мир")), MIME_BASE64);
    mime_write_body(&out, MIME_QUOTED_PRINTABLE,
                    TEXT("From =\xc3\xbc\n.\rblank \r\n\r\nFrom\tx\nend\t"));
    CHECK_STRING(buffer_string(&out),
                 "=46rom =3D=C3=BC\r\n=2E\r\nblank=20\r\n\r\nFrom\tx\r\nend=09\r\n");
    buffer_clear(&out);
}

TEST(long_lines_are_cut_at_76_whatever_they_hold) {
    struct mime_message message = plain_message();
    char line[5000];

    for (size_t i = 0; i < sizeof(line); i++)
        line[i] = (char)("ab c=\xc3\xa9\t."[i % 9]);
    line[sizeof(line) - 1] = 'x'; // no half letter at the end
    line[sizeof(line) - 2] = 'x';
    while (!text_is_utf8((struct text){line, sizeof(line)}))
        line[sizeof(line) - 3] = 'x';
    message.text = (struct text){line, sizeof(line)};
    message.html = TEXT("<p>Hello <img src=\"cid:logo\"></p>");
    CHECK(lines_are_sound(write_message(scope, &message), 76));
}

TEST(images_and_files_stand_where_readers_look_for_them) {
    static const struct mime_file files[] = {
        {TEXT("image/png"), TEXT("logo.png"), TEXT("logo@example.org"), TEXT("\x89PNG")},
        {TEXT("application/pdf"), TEXT("Rechnung für März.pdf"), TEXT(""), TEXT("%PDF")}};
    struct mime_message message = plain_message();
    const char *written, *mixed, *alternative, *related;

    message.html = TEXT("<p>Hello <img src=\"cid:logo@example.org\"></p>");
    message.files = files;
    message.file_count = 2;
    written = write_message(scope, &message);
    mixed = strstr(written, "multipart/mixed");
    alternative = strstr(written, "multipart/alternative");
    related = strstr(written, "multipart/related");
    CHECK(mixed && alternative && related && mixed < alternative && alternative < related);
    CHECK(strstr(written, "Content-ID: <logo@example.org>\r\n"));
    CHECK(strstr(written, "filename*0*=UTF-8''Rechnung%20f%C3%BCr%20M%C3%A4rz.pdf"));
    CHECK(lines_are_sound(written, 76));
}
