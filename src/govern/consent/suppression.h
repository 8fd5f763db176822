// SPDX-License-Identifier: Apache-2.0
// Addresses that are not written to any more. Kept as keyed hashes per channel, so that the list
// can outlive the person's data and tells nobody an address: it can only answer whether a given one
// is on it. Addresses are given normalised (host/identity/identity.h).
#pragma once

#include "govern/consent/channel.h"
#include "govern/consent/secret.h"
#include "store/rows.h"

// The ledger keeps the names.
enum suppression_reason {
    SUPPRESSION_NONE = 0,
    SUPPRESSION_UNSUBSCRIBED = 1, // from everything: of marketing
    SUPPRESSION_BOUNCED = 2,      // there is nobody at the address: of everything
    SUPPRESSION_COMPLAINED = 3,   // an objection: of marketing
    SUPPRESSION_ERASED = 4,       // of everything, also when the address comes in again
    SUPPRESSION_IMPORTED = 5,     // a list brought from elsewhere: of marketing
};
extern const char *const suppression_reason_names[]; // "", "unsubscribed", …; ends with NULL
bool suppression_reason_parse(struct text name, enum suppression_reason *ret_reason);
// Does it stop what is no marketing as well?
bool suppression_is_total(enum suppression_reason reason);

// Within the open transaction. *ret_added is false when it stood there. INVALID for a channel
// without addresses of its own.
code suppression_add(struct scope *scope, struct text channel, struct text address,
                     enum suppression_reason reason, struct text source, bool *ret_added);
// The same with the secret loaded once, for many.
code suppression_add_with(struct scope *scope, const struct consent_secret *secret,
                          const struct consent_channel *channel, struct text address,
                          enum suppression_reason reason, struct text source, bool *ret_added);
// Take it off again, for this reason or for all (SUPPRESSION_NONE). Within the open transaction.
// What was erased stays erased: CONFLICT.
code suppression_lift(struct scope *scope, struct text channel, struct text address,
                      enum suppression_reason reason, int64_t *ret_count);

// Why the address is not written to; SUPPRESSION_NONE: it may be.
code suppression_find(struct scope *scope, struct text channel, struct text address,
                      bool is_marketing, enum suppression_reason *ret_reason);
code suppression_find_with(struct scope *scope, const struct consent_secret *secret,
                           const struct consent_channel *channel, struct text address,
                           bool is_marketing, enum suppression_reason *ret_reason);

// Is there any at all? Whoever brings in addresses asks once.
code suppression_exists(struct scope *scope, bool *ret_exists);
// An identifier of this kind was just made: notes it when its address is suppressed, and tells
// whether it is one that asked to be erased. Within the open transaction.
code suppression_note(struct scope *scope, const struct consent_secret *secret, int kind,
                      int64_t identifier_id, struct text address, bool *ret_is_erased);

// channel, reason, count, newest instant.
code suppression_counts(struct scope *scope, struct rows **ret_rows);
