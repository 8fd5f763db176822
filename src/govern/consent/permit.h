// SPDX-License-Identifier: Apache-2.0
// May this customer be reached for this purpose through this channel? One rule, asked in two ways:
// of one customer inside the transaction that starts a send, and of many at once on the lake. Both
// say the same.
//
// What is said of a purpose holds beside what is said of all of them (an objection to direct
// marketing). The latest fact of each origin counts; where several became one customer, the most
// restrictive of theirs. The address has the last word: there must be one that is not suppressed.
#pragma once

#include "govern/consent/purpose.h"
#include "govern/consent/suppression.h"

// In the order in which they are looked at: the first that applies is told.
enum consent_reason {
    VERDICT_PERMITTED,
    VERDICT_NO_BASIS,   // the purpose does not use the channel
    VERDICT_RESTRICTED, // processing is restricted to storage
    VERDICT_OBJECTED,   // to direct marketing, or to this
    VERDICT_WITHDRAWN,
    VERDICT_REFUSED,
    VERDICT_UNCONFIRMED, // asked for, but the double opt-in was not answered
    VERDICT_ABSENT,      // nothing was ever said
    VERDICT_NO_ADDRESS,
    VERDICT_SUPPRESSED,  // all addresses are
    VERDICT_NO_CUSTOMER, // nobody has this id, or became another customer
    VERDICT_REASON_COUNT
};
const char *consent_reason_name(enum consent_reason reason); // "permitted", "no_basis", …

struct consent_verdict {
    bool is_permitted;
    enum consent_reason reason;
    enum legal_basis basis;
    enum suppression_reason suppression; // of VERDICT_SUPPRESSED
    int64_t fact_id, since_us;           // the fact that decided; 0: none did
    // The address to use, when permitted and the channel needs one that is an identifier: the
    // newest that is not suppressed. 0: none.
    int64_t identifier_id;
    struct text address; // in the arena
};

// A purpose and a channel, made ready once for many customers. Clear it: it holds keys.
struct consent_rule {
    struct purpose purpose;
    const struct consent_channel *channel;
    struct purpose_channel use;
    struct consent_secret secret;
};
// NOT_FOUND for a purpose or a channel that there is not: without a purpose nothing is sent.
code consent_rule_load(struct scope *scope, struct text purpose, struct text channel,
                       struct consent_rule *ret_rule);
void consent_rule_clear(struct consent_rule *rule);

// What holds of the customer at this instant, within the caller's transaction when one is open: an
// opt-out that was committed before is seen.
code consent_rule_ask(struct scope *scope, const struct consent_rule *rule, int64_t customer,
                      struct consent_verdict *ret_verdict);
// The same for one customer.
code consent_permits(struct scope *scope, int64_t customer, struct text purpose,
                     struct text channel, struct consent_verdict *ret_verdict);

// ---- many at once ----

struct consent_tally {
    int64_t counts[VERDICT_REASON_COUNT];
    int64_t *permitted; // ascending, on the heap; NULL unless asked for
    size_t permitted_count;
};
void consent_tally_clear(struct consent_tally *tally);

// Of these customers (ascending; NULL: of everybody), from the lake, which is refreshed. The counts
// add up to `count`: whoever is no customer any more is among them. With `wants_permitted` their
// ids are told as well.
code consent_count(struct scope *scope, const struct consent_rule *rule, const int64_t *customers,
                   size_t count, bool wants_permitted, struct consent_tally *ret_tally);
