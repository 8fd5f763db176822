// SPDX-License-Identifier: Apache-2.0
// What stands in public links: who, for which purpose and channel, from which message. Encrypted
// and authenticated with the store's secret, so nobody can make or read one; the same content gives
// the same link. They do not expire, but for those that confirm: a mail may be read years later.
//
// A token is good for its kind only: one that takes back gives nothing.
#pragma once

#include "base/scope.h"
#include "govern/consent/secret.h"

enum preference_kind {
    PREFERENCE_UNSUBSCRIBE = 1, // /u/TOKEN: takes back, nothing else
    PREFERENCE_CENTRE = 2,      // /c/TOKEN: shows and changes what the person agreed to
    PREFERENCE_CONFIRM = 3,     // /o/TOKEN: confirms one pending consent
};

struct preference_token {
    enum preference_kind kind;
    int64_t origin;        // or customer: whoever it is now is found by it
    int64_t identifier_id; // the address that was written to; 0: none (a letter)
    int64_t message_id;    // of the message, or the pending fact; 0: none
    struct text purpose;   // of the message; may be empty but for PREFERENCE_UNSUBSCRIBE
    struct text channel;
};

// In the arena: letters, digits, - and _. INVALID for names longer than 60 bytes.
code preference_token_make(struct scope *scope, const struct preference_token *token,
                           struct text *ret_token);
// With the secret loaded once (a rule's), for many.
code preference_token_make_with(struct scope *scope, const struct consent_secret *secret,
                                const struct preference_token *token, struct text *ret_token);
// The whole address, by base_url of the configuration: https://HOST/u/TOKEN.
code preference_link(struct scope *scope, const struct consent_secret *secret, struct text base_url,
                     const struct preference_token *token, struct text *ret_link);

// NOT_FOUND for what is no token of this store and this kind. Texts live in the arena.
code preference_token_read(struct scope *scope, enum preference_kind kind, struct text text,
                           struct preference_token *ret_token);
code preference_token_read_with(struct scope *scope, const struct consent_secret *secret,
                                enum preference_kind kind, struct text text,
                                struct preference_token *ret_token);
