// SPDX-License-Identifier: Apache-2.0
// What a device has refused before, as its answers to the banner of this source stand in the ledger
// (plug/tag/choice.h): a message that carries no choice may be of one that was made.
#pragma once

#include "plug/collect/delivery.h"

// Whether the device of the message answered the source's banner and refused the message's purpose,
// last; of a message that names none, or one that was never asked for, all purposes. Never of an
// answer itself.
code refusal_find(struct scope *scope, const struct delivery *delivery,
                  const struct message *message, bool *ret_is_refused);
