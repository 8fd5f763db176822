// SPDX-License-Identifier: Apache-2.0
// Is this message from who it says? The schemes by which senders of webhooks sign: an HMAC-SHA256
// over the time and the body, with a secret that both sides know. Knows no database and no HTTP.
//
// To add a scheme: its word in signature_scheme_names, its row in schemes[] of signature.c, the
// header fields it needs here and in struct request_client, a line in docs/webhooks.md.
#pragma once

#include "base/scope.h"

#include <stddef.h>

enum signature_scheme {
    SIGNATURE_STANDARD, // Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature
    SIGNATURE_STRIPE,   // Stripe-Signature: t=…,v1=…
    SIGNATURE_SCHEME_COUNT
};
extern const char *const signature_scheme_names[]; // "standard", "stripe"; ends with NULL

enum { SIGNATURE_WINDOW_S = 300 }; // how far a message's time may be from ours, either way

// What a sender signed, and what it showed for it. Fields that it did not send are empty.
struct signed_message {
    struct text id, timestamp, signature; // of the standard scheme
    struct text stripe;
    struct text body;
};

// Is it signed with one of the secrets, lately? *ret_key names the message: one that is seen again
// is a replay. UNAUTHENTICATED, which says what is missing or wrong but not of which secret; the
// time it takes does not tell how much of a signature was right.
code signature_check(struct scope *scope, enum signature_scheme scheme,
                     const struct signed_message *message, const struct text *secrets,
                     size_t secret_count, struct text *ret_key);

// A secret of ours: "whsec_" and the base64 of 32 random bytes.
struct text signature_secret_make(struct arena *arena);
// Can it be one of that scheme? INVALID with the field "secret".
code signature_secret_check(struct scope *scope, enum signature_scheme scheme, struct text secret);

// The signature that a sender would send: "v1,…" or "t=…,v1=…". For tests and for trying a hook
// out.
struct text signature_make(struct arena *arena, enum signature_scheme scheme, struct text secret,
                           const struct signed_message *message);
