// SPDX-License-Identifier: Apache-2.0
// The enhanced status decides where there is one; words are asked for what it leaves open, and to
// take back a "no such user" that blames the sender in the same breath.
#include "push/mail/smtp_reply.h"

#include <ctype.h>

const char *const mail_class_names[] = {"none",   "address", "mailbox", "content",
                                        "policy", "place",   NULL};

// ---- reading ----

bool smtp_status_read(struct text text, int ret_enhanced[3]) {
    int parts[3] = {0};
    size_t at = 0;

    for (int i = 0; i < 3; i++) {
        size_t digits = 0;

        for (; at < text.size && isdigit((unsigned char)text.data[at]) && digits < 3;
             at++, digits++)
            parts[i] = parts[i] * 10 + (text.data[at] - '0');
        if (digits == 0 || (i < 2 && (at >= text.size || text.data[at++] != '.')))
            return false;
    }
    if (parts[0] != 2 && parts[0] != 4 && parts[0] != 5)
        return false;
    if (at < text.size && (isalnum((unsigned char)text.data[at]) || text.data[at] == '.'))
        return false;
    memcpy(ret_enhanced, parts, sizeof(parts));
    return true;
}

struct smtp_reply smtp_reply_read(struct text line) {
    struct smtp_reply reply = {.text = text_trim(line)};

    for (size_t i = 0; i < 3; i++)
        if (i >= reply.text.size || !isdigit((unsigned char)reply.text.data[i]))
            return reply;
    reply.status = (reply.text.data[0] - '0') * 100 + (reply.text.data[1] - '0') * 10 +
                   (reply.text.data[2] - '0');
    reply.text = text_trim((struct text){reply.text.data + 3, reply.text.size - 3 - 0});
    if (reply.text.size > 0 && reply.text.data[0] == '-')
        reply.text = text_trim((struct text){reply.text.data + 1, reply.text.size - 1});
    smtp_status_read(reply.text, reply.enhanced);
    return reply;
}

// ---- sorting ----

static bool says(struct text text, const char *const words[]) {
    for (size_t i = 0; words[i]; i++) {
        const size_t size = strlen(words[i]);

        for (size_t at = 0; at + size <= text.size; at++)
            if (strncasecmp(text.data + at, words[i], size) == 0)
                return true;
    }
    return false;
}

static bool blames_the_sender(struct text text) {
    static const char *const words[] = {"spam",
                                        "block",
                                        "blacklist",
                                        "blocklist",
                                        "denylist",
                                        "policy",
                                        "reputation",
                                        "rbl",
                                        "dnsbl",
                                        " spf",
                                        "dkim",
                                        "dmarc",
                                        "banned",
                                        "abuse",
                                        "unsolicited",
                                        "rate limit",
                                        "too many",
                                        "throttl",
                                        "unauthenticated",
                                        "not authorized",
                                        "authentication required",
                                        "relay",
                                        "ptr record",
                                        "reverse dns",
                                        "greylist",
                                        "spoof",
                                        "access denied",
                                        "junk",
                                        "suspicious",
                                        "your ip",
                                        "client host",
                                        "sender rejected",
                                        NULL};

    return says(text, words);
}

static bool says_nobody_is_there(struct text text) {
    static const char *const words[] = {"user unknown",
                                        "unknown user",
                                        "no such user",
                                        "no such recipient",
                                        "does not exist",
                                        "doesn't exist",
                                        "recipient unknown",
                                        "unknown recipient",
                                        "no mailbox here",
                                        "no such mailbox",
                                        "invalid recipient",
                                        "user not found",
                                        "recipient not found",
                                        "unknown local part",
                                        "account that you tried to reach does not",
                                        "no such address",
                                        "host unknown",
                                        "domain not found",
                                        "not a valid mailbox",
                                        "address unknown",
                                        "unknown address",
                                        "unrouteable address",
                                        NULL};

    return says(text, words);
}

static bool says_full(struct text text) {
    static const char *const words[] = {"quota",
                                        "mailbox full",
                                        "mailbox is full",
                                        "over storage",
                                        "insufficient storage",
                                        "out of storage",
                                        "exceeded storage",
                                        "inbox is full",
                                        "disabled",
                                        "inactive",
                                        "suspended",
                                        "not accepting mail",
                                        NULL};

    return says(text, words);
}

// Without a status that decides.
static enum mail_class classify_words(const struct smtp_reply *reply, enum smtp_stage stage) {
    if (blames_the_sender(reply->text))
        return MAIL_CLASS_POLICY;
    if (says_full(reply->text) || (reply->status == 552 && stage == SMTP_STAGE_RECIPIENT) ||
        reply->status == 452)
        return MAIL_CLASS_MAILBOX;
    if (reply->status / 100 == 5 && says_nobody_is_there(reply->text) &&
        stage == SMTP_STAGE_RECIPIENT)
        return MAIL_CLASS_ADDRESS;
    if (stage == SMTP_STAGE_DATA && reply->status / 100 == 5)
        return reply->status == 554 ? MAIL_CLASS_POLICY : MAIL_CLASS_CONTENT;
    return reply->status == 554 ? MAIL_CLASS_POLICY : MAIL_CLASS_PLACE;
}

// x.1.y: 1 mailbox, 2 host, 3 syntax, 6 moved, 10 a domain that takes no mail; 7 and 8 are the
// sender's address.
static enum mail_class classify_address(const struct smtp_reply *reply, enum smtp_stage stage) {
    const int detail = reply->enhanced[2];

    if (detail == 7 || detail == 8 || blames_the_sender(reply->text))
        return MAIL_CLASS_POLICY;
    if (detail == 1 || detail == 2 || detail == 3 || detail == 6 || detail == 10)
        return reply->enhanced[0] == 5 ? MAIL_CLASS_ADDRESS : MAIL_CLASS_PLACE;
    return classify_words(reply, stage);
}

enum mail_class smtp_classify(const struct smtp_reply *reply, enum smtp_stage stage) {
    if (stage == SMTP_STAGE_CONNECT)
        return MAIL_CLASS_PLACE;
    if (stage == SMTP_STAGE_SENDER && reply->enhanced[1] != 1)
        return reply->status / 100 == 5 ? MAIL_CLASS_POLICY : MAIL_CLASS_PLACE;
    switch (reply->enhanced[0] ? reply->enhanced[1] : -1) {
    case 1:
        return classify_address(reply, stage);
    case 2:
        return blames_the_sender(reply->text) ? MAIL_CLASS_POLICY
               : reply->enhanced[2] == 3      ? MAIL_CLASS_CONTENT
                                              : MAIL_CLASS_MAILBOX;
    case 3:
        return reply->enhanced[2] == 4 ? MAIL_CLASS_CONTENT : MAIL_CLASS_PLACE;
    case 4:
    case 5:
        return blames_the_sender(reply->text) ? MAIL_CLASS_POLICY : MAIL_CLASS_PLACE;
    case 6:
        return MAIL_CLASS_CONTENT;
    case 7:
        return MAIL_CLASS_POLICY;
    default: // none, or x.0.0
        return classify_words(reply, stage);
    }
}

bool smtp_is_throttle(const struct smtp_reply *reply) {
    static const char *const words[] = {"rate",     "throttl",     "too many", "try again later",
                                        "deferred", "temporarily", NULL};

    return reply->status == 421 || reply->status == 454 ||
           (reply->enhanced[0] == 4 && reply->enhanced[1] == 7) ||
           (reply->status / 100 == 4 && says(reply->text, words));
}
