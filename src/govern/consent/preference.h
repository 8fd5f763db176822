// SPDX-License-Identifier: Apache-2.0
// What a person may do through a public link: take one thing back, choose for every purpose and
// channel, confirm. Giving is never more than the centre shows; taking back always works.
#pragma once

#include "govern/consent/permit.h"
#include "govern/consent/token.h"

// Whom a link means now, whatever was joined since.
struct preference_person {
    bool is_known; // false: erased, or taken back with the import that brought it
    int64_t identifier_id, origin, customer;
    enum contact_kind contact; // of the identifier
    struct text address;       // of the identifier, normalised
    struct text language;      // of the customer; may be empty
};
code preference_person(struct scope *scope, const struct preference_token *token,
                       struct preference_person *ret_person);

// A line of the centre: what is optional for the person. What a contract or a law asks for is not.
struct preference_choice {
    struct text name; // "newsletter/email"
    const struct purpose *purpose;
    const struct consent_channel *channel;
    struct purpose_channel use;
    bool is_on;
    bool is_said_on;    // but for an objection to everything
    bool is_pending;    // waits for its double opt-in
    bool is_objected;   // to all marketing through the channel
    int64_t since_us;   // of the fact that holds; 0: none does
    struct text agreed; // the words that were agreed to, when it is on by consent; else empty
};
struct preference_choices {
    struct preference_choice *list;
    size_t count;
    bool has_objected; // to all marketing through all channels
};
code preference_choices(struct scope *scope, const struct preference_person *person,
                        struct preference_choices *ret_choices);

// Each runs in a transaction of its own, looks in it at what holds, and changes nothing the second
// time. `method` says how.

// Takes the token's purpose and channel back; all marketing when it names none.
code preference_unsubscribe(struct scope *scope, const struct preference_token *token,
                            const char *method);

// What a page showed, and whether it shall be. What it did not show stays as it is; what waits to
// be confirmed goes on waiting when it is wanted. A double opt-in is answered at once only where
// the link was sent to an address of the channel's kind: such a link alone lifts "unsubscribed"
// from the address, too. BUSY when things are given too often.
struct preference_wish {
    struct text name; // of a choice
    bool is_wanted;
};
code preference_save(struct scope *scope, const struct preference_token *token,
                     const struct preference_wish *wishes, size_t count, struct text language);
// Takes everything back, objects to all marketing and suppresses the address for it.
code preference_all_off(struct scope *scope, const struct preference_token *token);
// Grants the pending consent that the token names; false when there is nothing to confirm.
code preference_confirm(struct scope *scope, const struct preference_token *token,
                        bool *ret_is_confirmed);
