// SPDX-License-Identifier: Apache-2.0
// Mail as this store sends it: the relay, who it is from, the keys that sign it. Kept in the
// ledger, secrets sealed.
#pragma once

#include "push/mail/sender.h"
#include "store/rows.h"

struct mail_setup {
    struct text host; // of the relay; empty: none is set up
    int32_t port;
    int tls; // enum smtp_tls
    struct text user;
    struct text password; // never told; given empty it stays as it is
    bool has_password;
    struct text helo;
    int32_t connections, per_domain;
    struct text from_name, from_address, reply_to;
    struct text return_host; // bounces go to b+…@return_host
    struct text list_id;     // news.example.org
    struct text feedback_id; // 5 to 15 letters
    int32_t warm_up_per_day; // to one destination on the first day, half as much more on each one
                             // after it; 0: no warm-up
    int32_t warm_up_day;     // the first one, UTC
};

// What is set up; sensible values with an empty host when nothing is. In the arena.
code mail_setup_load(struct scope *scope, struct mail_setup *ret_setup);
// INVALID with the field. Within the open transaction. A relay elsewhere without TLS is refused.
code mail_setup_save(struct scope *scope, const struct mail_setup *setup);
// The store's own key of return paths and links, made with the first set-up. CONFLICT before.
code mail_secret_load(struct scope *scope, unsigned char ret_secret[VERP_KEY_BYTES]);

// ---- keys ----

// A key is made, its record goes into DNS, then it signs; the one before it stays in DNS until the
// mails that it signed were read.
enum mail_key_state { MAIL_KEY_NEW = 1, MAIL_KEY_SIGNS = 2, MAIL_KEY_RETIRED = 3 };
extern const char *const mail_key_state_names[]; // of state - 1

struct mail_key {
    struct text selector, domain, record;
    enum dkim_algorithm algorithm;
    enum mail_key_state state;
};

// Within the open transaction, as all that change something. The domain is the sender's; the
// selector is made of the algorithm and the day, unless one is given. CONFLICT when it is there.
code mail_key_make(struct scope *scope, enum dkim_algorithm algorithm, struct text selector,
                   struct mail_key *ret_key);
// From now on it signs; the one of its algorithm that did is retired. NOT_FOUND.
code mail_key_use(struct scope *scope, struct text selector);
// CONFLICT for one that signs.
code mail_key_remove(struct scope *scope, struct text selector);
// Selector, domain, algorithm, state, record, instant.
code mail_key_list(struct scope *scope, struct rows **ret_rows);

// ---- ready to send ----

// The set-up as sending needs it, with opened secrets and the keys that sign. CONFLICT when no
// relay or no sender is set up. Lives as long as the scope.
struct mail_ready {
    struct mail_setup setup;
    struct mail_route route;
};
code mail_ready_load(struct scope *scope, struct mail_ready *ret_ready);

// How many mails one destination is sent on a day of the warm-up; INT32_MAX: as many as there are.
int32_t mail_warm_up_cap(const struct mail_setup *setup, int32_t today);
