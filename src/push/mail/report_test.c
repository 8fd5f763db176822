// SPDX-License-Identifier: Apache-2.0
#include "push/mail/report.h"

#include "base/test.h"

static const unsigned char key[VERP_KEY_BYTES] = "a key of thirty-two bytes for it";

static struct text path_of(struct scope *scope, int64_t id) {
    return verp_make(&scope->arena, key, id, TEXT("bounce.example.org"));
}

static struct mail_report read_report(struct scope *scope, struct text recipient,
                                      const char *mail) {
    struct mail_report report;

    mail_report_read(scope, key, recipient, text_of(mail), &report);
    return report;
}

static const char *bounce(struct scope *scope, const char *action, const char *status,
                          const char *diagnostic) {
    return arena_printf(
        &scope->arena,
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: %.*s\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"x\"\r\n\r\n"
        "--x\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; ada@example.net\r\nAction: %s\r\nStatus: %s\r\n"
        "Diagnostic-Code: smtp; %s\r\n\r\n"
        "--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: Hello\r\n\r\nHello\r\n--x--\r\n",
        TEXT_ARG(path_of(scope, 42)), action, status, diagnostic);
}

TEST(bounces_say_what_became_of_which_message) {
    static const struct {
        const char *action, *status, *diagnostic;
        enum mail_report_kind kind;
        enum mail_class class;
    } cases[] = {
        {"failed", "5.1.1", "550 5.1.1 user unknown", MAIL_REPORT_BOUNCED, MAIL_CLASS_ADDRESS},
        {"failed", "5.0.0", "550 5.1.1 <ada@example.net>: no such user", MAIL_REPORT_BOUNCED,
         MAIL_CLASS_ADDRESS},
        {"failed", "5.2.2", "552 5.2.2 over quota", MAIL_REPORT_BOUNCED, MAIL_CLASS_MAILBOX},
        {"failed", "5.7.1", "550 5.7.1 user unknown to our policy", MAIL_REPORT_BOUNCED,
         MAIL_CLASS_POLICY},
        {"failed", "5.1.1", "550 5.1.1 blocked using spamhaus", MAIL_REPORT_BOUNCED,
         MAIL_CLASS_POLICY},
        {"failed", "4.4.7", "delivery time expired", MAIL_REPORT_BOUNCED, MAIL_CLASS_PLACE},
        {"failed", "4.1.1", "450 4.1.1 user unknown", MAIL_REPORT_BOUNCED, MAIL_CLASS_PLACE},
        {"delayed", "4.4.1", "connection timed out", MAIL_REPORT_DELAYED, MAIL_CLASS_PLACE},
        {"delivered", "2.0.0", "250 ok", MAIL_REPORT_DELIVERED, MAIL_CLASS_PLACE},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct mail_report report = read_report(
            scope, TEXT(""), bounce(scope, cases[i].action, cases[i].status, cases[i].diagnostic));

        CHECK_INT(report.message_id, 42);
        if (report.kind != cases[i].kind || report.class != cases[i].class)
            test_fail(__FILE__, __LINE__, "%s %s is %s, %s", cases[i].status, cases[i].diagnostic,
                      mail_report_names[report.kind], mail_class_names[report.class]);
        CHECK_TEXT(report.recipient, "ada@example.net");
        CHECK(!memmem(report.diagnostic.data, report.diagnostic.size, "ada@", 4));
    }
}

TEST(a_bounce_to_a_made_up_return_path_is_about_nothing) {
    const char *mail = bounce(scope, "failed", "5.1.1", "550 5.1.1 user unknown");
    char *forged = arena_printf(&scope->arena, "%s", mail);

    strstr(forged, "b+42.")[2] = '5';
    CHECK_INT(read_report(scope, TEXT(""), forged).kind, MAIL_REPORT_NONE);
    CHECK_INT(read_report(scope, path_of(scope, 7), forged).message_id, 7);
}

// RFC 5965, appendix B.2, with our return path.
static const char *complaint(struct scope *scope, const char *type, struct text path) {
    return arena_printf(
        &scope->arena,
        "From: <abusedesk@example.com>\r\nSubject: FW: Earn money\r\nTo: <abuse@example.net>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=feedback-report;\r\n"
        "     boundary=\"part1_13d.2e68ed54_boundary\"\r\n\r\n"
        "--part1_13d.2e68ed54_boundary\r\nContent-Type: text/plain; charset=\"US-ASCII\"\r\n\r\n"
        "This is an email abuse report.\r\n\r\n"
        "--part1_13d.2e68ed54_boundary\r\nContent-Type: message/feedback-report\r\n\r\n"
        "Feedback-Type: %s\r\nUser-Agent: SomeGenerator/1.0\r\nVersion: 1\r\n"
        "Original-Mail-From: <%.*s>\r\n"
        "Original-Rcpt-To: <user@example.com>\r\n\r\n"
        "--part1_13d.2e68ed54_boundary\r\nContent-Type: message/rfc822\r\n\r\n"
        "From: <somespammer@example.net>\r\nSubject: Earn money\r\n\r\nSpam\r\n"
        "--part1_13d.2e68ed54_boundary--\r\n",
        type, TEXT_ARG(path));
}

TEST(complaints_are_read) {
    const struct text path = path_of(scope, 9);
    struct mail_report report = read_report(scope, TEXT(""), complaint(scope, "abuse", path));

    CHECK_INT(report.kind, MAIL_REPORT_COMPLAINED);
    CHECK_INT(report.message_id, 9);
    report = read_report(scope, TEXT(""), complaint(scope, "not-spam", path));
    CHECK_INT(report.kind, MAIL_REPORT_NONE);
}

TEST(replies_are_told_from_absence_notes) {
    const struct text path = path_of(scope, 3);

    CHECK_INT(read_report(scope, path, "From: a@b.c\r\nSubject: Re: x\r\n\r\nYes please\r\n").kind,
              MAIL_REPORT_REPLIED);
    CHECK_INT(
        read_report(scope, path, "From: a@b.c\r\nAuto-Submitted: auto-replied\r\n\r\nI am away\r\n")
            .kind,
        MAIL_REPORT_AUTOMATIC);
    CHECK_INT(read_report(scope, path, "From: a@b.c\r\nAuto-Submitted: no\r\n\r\nHello\r\n").kind,
              MAIL_REPORT_REPLIED);
    CHECK_INT(read_report(scope, TEXT("shop@example.org"), "From: a@b.c\r\n\r\nHello\r\n").kind,
              MAIL_REPORT_NONE);
}

TEST(an_empty_mail_is_about_nothing_whomever_it_came_to) {
    struct mail_report report;

    mail_report_read(scope, key, TEXT(""), (struct text){0}, &report);
    CHECK_INT(report.kind, MAIL_REPORT_NONE);
    mail_report_read(scope, key, path_of(scope, 3), (struct text){0}, &report);
    CHECK_INT(report.kind, MAIL_REPORT_NONE);
}
