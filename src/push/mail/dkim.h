// SPDX-License-Identifier: Apache-2.0
// DKIM signatures (RFC 6376, relaxed/relaxed): rsa-sha256 and, as a second one, ed25519-sha256
// (RFC 8463). What mail for many must be judged by is covered, both fields of one click among it;
// From, Subject and their like are signed once more than they occur, so that none can be added.
// Keys are made here; where they are kept is dkim_key.h's.
#pragma once

#include "base/scope.h"

enum dkim_algorithm { DKIM_RSA = 1, DKIM_ED25519 = 2 }; // values are stored: append only
extern const char *const dkim_algorithm_names[];        // of algorithm - 1, NULL-terminated

struct dkim_key; // of one thread; holds a secret

// A new secret as text that dkim_key_open reads: RSA as base64 of PKCS #8 (2048 bits), Ed25519 as
// base64 of its seed. In the arena.
code dkim_secret_make(struct scope *scope, enum dkim_algorithm algorithm, struct text *ret_secret);
// CONFLICT when it is no such secret. dkim_key_free takes NULL and forgets the secret.
code dkim_key_open(struct scope *scope, enum dkim_algorithm algorithm, struct text domain,
                   struct text selector, struct text secret, struct dkim_key **ret_key);
void dkim_key_free(struct dkim_key *key);

// What stands in DNS under SELECTOR._domainkey.DOMAIN: "v=DKIM1; k=rsa; p=…". In the arena.
code dkim_record(struct scope *scope, const struct dkim_key *key, struct text *ret_record);

// One DKIM-Signature field for each key, appended to `out`; they stand before the message, which
// has CR LF at all line ends. INVALID when the message has no From.
code dkim_sign(struct scope *scope, struct dkim_key *const *keys, size_t key_count,
               struct text message, int64_t at_us, struct buffer *out);

// The pieces, for tests with published examples: the message as it was, and a DKIM-Signature field
// ("DKIM-Signature: …; b=", without its line end) whose h= is used as it stands.
code dkim_body_hash(struct scope *scope, struct text message, struct text *ret_base64);
code dkim_sign_as(struct scope *scope, struct dkim_key *key, struct text message, struct text field,
                  struct text *ret_base64);
