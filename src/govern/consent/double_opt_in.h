// SPDX-License-Identifier: Apache-2.0
// Consents that wait for their double opt-in: somebody asked, without proof that the address is
// theirs, so a message with a link goes to the address and what it asks for is granted by the
// button behind the link (preference.h). Here is what waits; who sends it stands in
// push/confirmation.
#pragma once

#include "govern/consent/consent.h"
#include "govern/consent/permit.h"
#include "govern/consent/token.h"

// How long a pending consent may be confirmed, from when it was asked for.
#define DOUBLE_OPT_IN_US (INT64_C(30) * 86400 * 1000000)

// A pending fact, and a message that asks to confirm it waits to be sent. `as` says whom, source,
// method, proof and who wrote it down; its locale is the language asked for. Within the open
// transaction.
code consent_request(struct scope *scope, const struct consent_rule *rule,
                     const struct consent_said *as, int64_t *ret_fact_id);

// The address at which a consent for the channel is confirmed: `identifier_id` when that is of the
// channel's kind, else the newest of the customer's that is. None at which nobody is, or whose
// owner was erased. identifier_id 0: there is none.
struct confirmation_address {
    int64_t identifier_id;
    struct text address; // in the arena
};
code confirmation_address_find(struct scope *scope, const struct consent_channel *channel,
                               int64_t customer, int64_t identifier_id,
                               struct confirmation_address *ret_address);

// A message that asks to confirm, waiting or under way.
struct confirmation {
    int64_t fact_id;
    struct preference_token token;         // of the link: preference_link
    const struct consent_channel *channel; // whose kind of address it goes to
    struct text address;                   // empty: there is none now
    struct text language;
    int tries; // before this one
};
// Those that are due, the oldest first, at most `limit`. In the arena.
code confirmation_due(struct scope *scope, size_t limit, struct confirmation **ret_list,
                      size_t *ret_count);
// Of how many is the time come, by the kind of their address?
code confirmation_due_count(struct scope *scope, enum contact_kind contact, int64_t *ret_count);

// Within the open transaction that is committed before anything leaves: *ret_is_mine is false when
// another one has it, or when there is nothing to confirm any more. One that was started and of
// whose end nothing is known may have arrived: it is not sent again.
code confirmation_start(struct scope *scope, const struct confirmation *confirmation,
                        bool *ret_is_mine);
// What became of it. Within the open transaction. `detail` shows no address.
code confirmation_sent(struct scope *scope, int64_t fact_id);
code confirmation_failed(struct scope *scope, int64_t fact_id, const char *detail);
// It certainly did not leave and is tried again; or it waits because of `detail`.
code confirmation_put_off(struct scope *scope, int64_t fact_id, int64_t until_us,
                          const char *detail);
// All that are due of a kind of address.
code confirmation_put_off_all(struct scope *scope, enum contact_kind contact, int64_t until_us,
                              const char *detail);

// Channel, state (waiting, started, sent, failed, needless), detail, count, instant of the oldest.
code confirmation_counts(struct scope *scope, struct rows **ret_rows);
