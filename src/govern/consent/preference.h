// SPDX-License-Identifier: Apache-2.0
// What a person may do through a public link: take one thing back, choose for every purpose and
// channel, confirm. Giving is never more than the centre shows; taking back always works.
#pragma once

#include "govern/consent/permit.h"
#include "govern/consent/token.h"

// How long a pending consent may be confirmed.
#define PREFERENCE_CONFIRM_US (INT64_C(30) * 86400 * 1000000)

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
    const struct purpose *purpose;
    const struct consent_channel *channel;
    struct purpose_channel use;
    bool is_on;
    bool is_said_on;    // but for an objection to everything
    bool is_pending;    // waits for its double opt-in
    int64_t since_us;   // of the fact that holds; 0: none does
    struct text agreed; // the words that were agreed to, when it is on by consent; else empty
};
struct preference_choices {
    struct preference_choice *list;
    size_t count;
    bool has_objected; // to all marketing
};
code preference_choices(struct scope *scope, const struct preference_person *person,
                        struct preference_choices *ret_choices);

// Each runs in a transaction of its own and changes nothing the second time. `method` says how.

// Takes the token's purpose and channel back; all marketing when it names none.
code preference_unsubscribe(struct scope *scope, const struct preference_token *token,
                            const char *method);
// `wanted[i]` says what `choices->list[i]` shall be. BUSY when things are given too often.
code preference_save(struct scope *scope, const struct preference_token *token,
                     const struct preference_person *person,
                     const struct preference_choices *choices, const bool *wanted,
                     struct text language);
// Takes everything back, objects to all marketing and suppresses the address for it.
code preference_all_off(struct scope *scope, const struct preference_token *token,
                        const struct preference_person *person,
                        const struct preference_choices *choices);
// Grants the pending consent that the token names; false when there is nothing to confirm.
code preference_confirm(struct scope *scope, const struct preference_token *token,
                        bool *ret_is_confirmed);

// ---- for who asks in the first place ----

// Somebody asked for it, without proof that the address is theirs: a pending fact, and a message
// that asks to confirm waits to be sent. Within the open transaction.
code consent_request(struct scope *scope, const struct consent_rule *rule,
                     const struct preference_person *person, struct text source, struct text method,
                     struct text proof, struct text language, int64_t *ret_fact_id);

// A confirmation that waits for its channel. The channel sends the link, then says so.
struct consent_confirmation {
    int64_t fact_id;
    struct preference_token token; // of the link: preference_link
    struct text address, language;
};
// The oldest first, at most `limit`.
code consent_confirmations(struct scope *scope, struct text channel, size_t limit,
                           struct consent_confirmation **ret_list, size_t *ret_count);
// Within the open transaction; false when another one has sent it.
code consent_confirmation_sent(struct scope *scope, int64_t fact_id, bool *ret_is_mine);
