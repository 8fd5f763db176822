// SPDX-License-Identifier: Apache-2.0
#include "push/mail/smtp.h"

#include "base/test.h"

#include <stdio.h>

TEST(replies_are_sorted_by_status_first_and_doubt_is_never_held_against_an_address) {
    static const struct {
        const char *line;
        enum mail_class class;
    } cases[] = {
        {"550 5.1.1 The email account that you tried to reach does not exist", MAIL_CLASS_ADDRESS},
        {"550 5.1.10 RESOLVER.ADR.RecipientNotFound", MAIL_CLASS_ADDRESS},
        {"550-5.1.2 host unknown", MAIL_CLASS_ADDRESS},
        {"550 user unknown", MAIL_CLASS_ADDRESS},
        {"550 5.1.1 user unknown, or your ip is blocked", MAIL_CLASS_POLICY},
        {"550 5.1.8 sender address rejected", MAIL_CLASS_POLICY},
        {"552 5.2.2 mailbox full", MAIL_CLASS_MAILBOX},
        {"550 5.2.1 mailbox disabled", MAIL_CLASS_MAILBOX},
        {"552 over quota", MAIL_CLASS_MAILBOX},
        {"550 5.2.3 message too large", MAIL_CLASS_CONTENT},
        {"552 5.3.4 headers too large", MAIL_CLASS_CONTENT},
        {"550 5.7.1 user unknown", MAIL_CLASS_POLICY},
        {"550 5.7.515 Access denied, sending domain does not meet the level", MAIL_CLASS_POLICY},
        {"550 5.7.26 unauthenticated", MAIL_CLASS_POLICY},
        {"554 rejected", MAIL_CLASS_POLICY},
        {"550 5.4.1 no answer from host", MAIL_CLASS_PLACE},
        {"550 no", MAIL_CLASS_PLACE},
        {"451 4.1.1 user unknown for now", MAIL_CLASS_PLACE},
        {"452 4.2.2 full", MAIL_CLASS_MAILBOX},
        {"421 4.7.0 rate limited", MAIL_CLASS_POLICY},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct smtp_reply reply = smtp_reply_read(text_of(cases[i].line));
        const enum mail_class class = smtp_classify(&reply, SMTP_STAGE_RECIPIENT);

        if (class != cases[i].class)
            test_fail(__FILE__, __LINE__, "%s is %s", cases[i].line, mail_class_names[class]);
    }
}

TEST(a_throttle_is_no_bounce) {
    const struct smtp_reply reply =
        smtp_reply_read(TEXT("454 Throttling failure: Maximum sending rate exceeded."));

    CHECK_INT(reply.status, 454);
    CHECK(smtp_is_throttle(&reply));
    CHECK(smtp_classify(&reply, SMTP_STAGE_RECIPIENT) == MAIL_CLASS_POLICY);
}

TEST(statuses_are_read_strictly) {
    int status[3];

    CHECK(smtp_status_read(TEXT("5.1.1 (bad)"), status) && status[0] == 5 && status[2] == 1);
    CHECK(smtp_status_read(TEXT("4.7.515"), status) && status[2] == 515);
    CHECK(!smtp_status_read(TEXT("5.1"), status));
    CHECK(!smtp_status_read(TEXT("5.1.1.1"), status));
    CHECK(!smtp_status_read(TEXT("3.1.1"), status));
    CHECK(!smtp_status_read(TEXT("5.1.1234"), status));
    CHECK(!smtp_status_read(TEXT(""), status));
}
