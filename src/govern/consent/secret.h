// SPDX-License-Identifier: Apache-2.0
// The secret behind suppressed addresses and public links: 256 random bits, sealed in the ledger
// with the key beside it (govern/access/seal.h). Without that key nothing can be looked up, so
// nothing is sent: it fails rather than forget who opted out.
#pragma once

#include "base/scope.h"

enum { CONSENT_KEY_BYTES = 32 };

// Keys derived from it, each for one use. On the caller's stack; clear them after use.
struct consent_secret {
    unsigned char suppression[CONSENT_KEY_BYTES];
    unsigned char token_mac[CONSENT_KEY_BYTES];
    unsigned char token_cipher[CONSENT_KEY_BYTES];
    unsigned char handed_over[CONSENT_KEY_BYTES]; // what ad platforms were told of people
};

// Made when the store has none. CONFLICT when access.key is not the one that it was sealed with.
code consent_secret_load(struct scope *scope, struct consent_secret *ret_secret);
void consent_secret_clear(struct consent_secret *secret);
