// SPDX-License-Identifier: Apache-2.0
// Many mails to one relay: a few threads, each with a connection that stays open and keys of its
// own, which build, sign and send. Never more at once to one destination than is polite; a
// destination that says "slower", and a relay that does not answer, get nothing more in this call.
// It knows no database: who may be written to was decided before, what became of it is told.
#pragma once

#include "push/mail/dkim.h"
#include "push/mail/mime.h"
#include "push/mail/smtp.h"
#include "push/mail/verp.h"

struct mail_signature {
    enum dkim_algorithm algorithm;
    struct text domain, selector, secret;
};

enum { MAIL_SIGNATURES = 4, MAIL_CONNECTIONS = 64 };

struct mail_route {
    struct smtp_relay relay;
    int connections; // at once, 1 … MAIL_CONNECTIONS
    int per_domain;  // of them to one destination
    struct mail_signature signatures[MAIL_SIGNATURES];
    size_t signature_count;
    struct text return_host; // of return paths
    unsigned char verp_key[VERP_KEY_BYTES];
};

struct mail_item {
    int64_t id; // of its row; named by its return path
    struct mime_message message;
};

struct mail_sender;

// The threads wait. What `route` points to must live as long as the sender. UNAVAILABLE, CONFLICT
// (a key that cannot be read). mail_sender_close takes NULL.
code mail_sender_open(struct scope *scope, const struct mail_route *route,
                      struct mail_sender **ret_sender);
void mail_sender_close(struct mail_sender *sender);

// Send all of them; results[i] is what became of items[i]. A mail that cannot be built is
// SMTP_FAILED with MAIL_CLASS_CONTENT, or MAIL_CLASS_ADDRESS when its address cannot be one. When
// the scope is cancelled those not begun are SMTP_RETRY.
void mail_sender_send(struct scope *scope, struct mail_sender *sender,
                      const struct mail_item *items, size_t count, struct smtp_result *results);
