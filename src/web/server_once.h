// SPDX-License-Identifier: Apache-2.0
// Requests that come with an Idempotency-Key: whoever got no answer may send such a request again,
// and what it asks for is done once. Of routes that say so (enum route_once).
//
// The key is written down, durably, before the handler runs, and the answer behind it. Where the
// process ends in between, nobody knows what came of the request; then it is not run again, as
// doing it twice is what must not happen, and that is told.
#pragma once

#include "web/server_exchange.h"

// "abc", or abc in quotes as the header's draft has it (RFC 8941, strings without escapes): 1 to
// LIMIT_IDEMPOTENCY_KEY_BYTES printable characters of ASCII. False for what is none.
bool once_parse_key(struct text field, struct text *ret_key);

// What is known of the request's body while it comes.
struct once *once_new(struct text key);
void once_take(struct once *once, const void *data, size_t size);
void once_free(struct once *once); // takes NULL

// Runs the handler for a request that came with a key, or answers as it was answered before.
// CONFLICT: it is still running, or its answer is not kept. REUSED: the key was that of another
// request. What fails is not kept: the same key may be used again.
code once_run(struct scope *scope, struct exchange *exchange, const struct request *request,
              struct response *response);

// Forgets what is older than a day; every request that comes with a key does so as well.
code once_expire(struct scope *scope);
