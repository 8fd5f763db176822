// SPDX-License-Identifier: Apache-2.0
// What a mail server meant: its reply, or the status of a bounce, sorted into what has to be done.
// Doubt is never held against an address: only what says plainly that nobody is there makes it
// dead, and what blames the sender (policy, reputation, rate, content) never touches the recipient.
#pragma once

#include "base/text.h"

enum mail_class {
    MAIL_CLASS_NONE,
    MAIL_CLASS_ADDRESS, // nobody there (5.1.1 and its like): it is suppressed at once
    MAIL_CLASS_MAILBOX, // full, disabled, put off too long: suppressed after 3 over 14 days
    MAIL_CLASS_CONTENT, // this message: too large, not taken as it is
    MAIL_CLASS_POLICY,  // the sender is refused (5.7.x): the campaign stops, nobody is suppressed
    MAIL_CLASS_PLACE,   // network, server, configuration; or nobody can tell
    MAIL_CLASS_COUNT
};
extern const char *const mail_class_names[]; // "none", "address", …

// A reply's three digits and, where it has one, the enhanced status (RFC 3463).
struct smtp_reply {
    int status;      // 250; 0: none came
    int enhanced[3]; // 5.1.1; 0.0.0: none
    struct text text;
};

// "550 5.1.1 no such user": the code, the enhanced status behind it, and what follows.
struct smtp_reply smtp_reply_read(struct text line);
// "5.1.1" alone, as bounces have it. False when it is none.
bool smtp_status_read(struct text text, int ret_enhanced[3]);

// The command that was answered.
enum smtp_stage { SMTP_STAGE_CONNECT, SMTP_STAGE_SENDER, SMTP_STAGE_RECIPIENT, SMTP_STAGE_DATA };

// Of a reply that refuses, for now (4xx) or for good (5xx).
enum mail_class smtp_classify(const struct smtp_reply *reply, enum smtp_stage stage);
// Whether nothing more should be sent there for a while: 421, 454, 4.7.x and their like.
bool smtp_is_throttle(const struct smtp_reply *reply);
