// SPDX-License-Identifier: Apache-2.0
// What the files of this noun share of the question whether somebody may be written to.
#pragma once

#include "push/message/message.h"

// Who a customer is now, and where the channel would reach them. *ret_customer 0: nobody any more.
code message_addressee(struct scope *scope, const struct channel *channel, int64_t customer,
                       int64_t *ret_customer, struct message_address *ret_address,
                       bool *ret_has_address);
// As message_may, of a row: nobody who became one customer with another is sent the step twice.
code message_may_start(struct scope *scope, const struct message_rules *rules,
                       const struct message *message, enum message_refusal *ret_refusal,
                       int64_t *ret_customer, struct message_address *ret_address);
