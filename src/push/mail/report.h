// SPDX-License-Identifier: Apache-2.0
// Mail that comes back, read: bounces (RFC 3464), complaints (ARF, RFC 5965), replies by people and
// by programs. Which message it is about is known by its return path alone, which nobody can make
// up; everything else in it is what somebody says.
#pragma once

#include "base/scope.h"
#include "push/mail/smtp_reply.h"
#include "push/mail/verp.h"

enum mail_report_kind {
    MAIL_REPORT_NONE,      // about none of our messages, or nothing that is understood
    MAIL_REPORT_DELIVERED, // a notification of success
    MAIL_REPORT_DELAYED,   // still being tried
    MAIL_REPORT_BOUNCED,
    MAIL_REPORT_COMPLAINED,
    MAIL_REPORT_REPLIED,
    MAIL_REPORT_AUTOMATIC, // an absence note or its like
};
extern const char *const mail_report_names[];

struct mail_report {
    enum mail_report_kind kind;
    int64_t message_id;     // 0: none of ours
    int status[3];          // 5.1.1 of a bounce
    enum mail_class class;  // of a bounce
    struct text recipient;  // Final-Recipient, as it says it; may be empty
    struct text diagnostic; // without addresses
};

// Any bytes. Texts live in the scope's arena. `recipient`: whom the mail came to, when the mailbox
// or pipe tells; empty: it is looked for in the mail.
void mail_report_read(struct scope *scope, const unsigned char key[VERP_KEY_BYTES],
                      struct text recipient, struct text mail, struct mail_report *ret_report);
