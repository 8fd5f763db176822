// SPDX-License-Identifier: Apache-2.0
// The parts of a message that have rules of their own; for message.c only.
#pragma once

#include "plug/collect/message.h"

// Its identifiers, normalised: the surest first, which carries the event. A fault when there is
// none.
void message_read_who(struct arena *arena, const struct message_context *context,
                      const struct json *json, struct message *message);
// The event's properties: those of the message, what it says beside them, and its context.
void message_read_properties(struct arena *arena, const struct message_context *context,
                             const struct json *json, struct message *message);
// All of it, with its id and what its batch says for it. *ret_hash is the same when it is sent
// again, at another time.
struct text message_whole(struct arena *arena, const struct message_context *context,
                          const struct json *json, struct text key, uint64_t *ret_hash);
// One more part that is kept apart.
void message_add_part(struct message *message, struct message_fault fault);
// What it says of the customer. What a public key may not say is kept apart.
void message_read_traits(struct arena *arena, const struct message_context *context,
                         const struct json *json, struct message *message);
